"""The relay on its own: python -m consult.relay --host 192.0.2.1 --secret-file relay.secret."""

import argparse
import asyncio
import logging
import signal
from dataclasses import fields
from pathlib import Path

from consult.relay import Limits, Relay, RelayConfig

logger = logging.getLogger(__name__)


def parse_arguments() -> RelayConfig:
    """The settings named on the command line; the secret is a file, so that no list of processes shows it."""
    parser = argparse.ArgumentParser(prog="consult.relay", description="TURN relay scoped to a consultation")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3478)
    parser.add_argument("--advertised", help="IPv4 address of relayed addresses; the host where not given")
    parser.add_argument("--realm", default="kezhong")
    parser.add_argument("--secret-file", type=Path, required=True)
    parser.add_argument("--unproven-per-host", type=int, default=RelayConfig.unproven_per_host)
    for limit in fields(Limits):
        parser.add_argument("--" + limit.name.replace("_", "-"), type=int, default=limit.default)
    given = parser.parse_args()
    return RelayConfig(
        host=given.host,
        port=given.port,
        secret=given.secret_file.read_bytes().strip(),
        realm=given.realm,
        advertised=given.advertised or given.host,
        limits=Limits(**{limit.name: getattr(given, limit.name) for limit in fields(Limits)}),
        unproven_per_host=given.unproven_per_host,
    )


async def serve(config: RelayConfig) -> None:
    """Relay until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    relay = await Relay.start(config)
    logger.info("%s serves on %s", relay, config.host)
    await stop.wait()
    logger.info("%s ends: %s", relay, relay.metrics)
    await relay.close()


logging.basicConfig(level=logging.INFO)
asyncio.run(serve(parse_arguments()))
