"""The only wiring of the service. Whoever starts a thing stops it."""

import asyncio
import contextlib
import logging
import secrets
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import IPv4Address

from aiohttp import WSCloseCode, web

from consult import demo, published
from consult.auth import Auth
from consult.bridge.device_check import DeviceChecks
from consult.clients import Clients
from consult.config import Config, is_loopback
from consult.directory import Directory
from consult.relay import Relay, RelayConfig
from consult.service import Service
from consult.store.database import open_database
from consult.switchboard import Switchboard
from consult.views import Desks

log = logging.getLogger(__name__)

SWEEP_EVERY = 1.0
LOOPBACK = "127.0.0.1"

SERVICE = web.AppKey("service", Service)


def clock() -> datetime:
    return datetime.now(UTC)


async def create_app(config: Config) -> web.Application:
    """The whole service. Raises DirectoryError, OSError (the relay's port) or SQLAlchemyError."""
    app = web.Application(client_max_size=128 * 1024)
    directory = Directory(config.site)
    engine = await asyncio.to_thread(open_database, config.database)
    service = Service(engine, directory, clock, lambda: uuid.uuid4().hex, config.absence_limit)
    relay = await Relay.start(_relay_config(config))
    if is_loopback(config.relay.host) and not config.demo:
        log.warning(
            "relay: %s is a loopback address; browsers on other machines are not relayed", config.relay.host
        )
    if config.demo:
        await demo.ensure_accounts(service, directory.current, clock)
    paths = _Paths(relay, config)
    clients = Clients(clock)
    switchboard = Switchboard(service, directory, clients, paths, clock, config.ice_transport_policy)
    checks = DeviceChecks(paths, _reached_from_here(config.relay.host))
    auth = Auth(service, clock, config.sign_in_lifetime, samples_allowed=config.demo)

    async def say_goodbye(app: web.Application) -> None:
        await clients.close_all(WSCloseCode.GOING_AWAY, "the service restarts")

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(_sweep(switchboard))
        yield
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        await checks.close()
        await relay.close()
        await service.close()

    app[SERVICE] = service
    app.on_shutdown.append(say_goodbye)
    app.cleanup_ctx.append(lifetime)
    app.add_routes(Desks(config, auth, directory, switchboard, checks).routes())
    app.add_routes([published.handler(directory)])
    return app


class _Paths:
    """The relay as MediaPaths: browsers are given the advertised host, else the one their page came from."""

    def __init__(self, relay: Relay, config: Config) -> None:
        self._relay = relay
        self._advertised = config.relay.advertised
        self.drop = relay.drop

    def ice_servers(self, consultation: str, participant: str, host: str) -> list[dict[str, object]]:
        # The relay listens on IPv4; "localhost" may mean ::1 first.
        reached = self._advertised or (LOOPBACK if host == "localhost" else host)
        return self._relay.ice_servers(consultation, participant, reached)


def _relay_config(config: Config) -> RelayConfig:
    told = config.relay
    # Where no secret is set, each start has its own: desks that come back are given new credentials.
    secret = told.secret or secrets.token_hex(32)
    return RelayConfig(
        host=told.host,
        port=config.relay_port,
        secret=secret.encode(),
        realm=told.realm,
        advertised=str(_relayed_address(told.advertised or told.host)),
    )


def _relayed_address(host: str) -> IPv4Address:
    """What stands in relayed addresses. No socket is behind them, so any address serves that no one else has."""
    try:
        address = IPv4Address(host)
    except ValueError:
        return IPv4Address(LOOPBACK)
    return IPv4Address(LOOPBACK) if address.is_unspecified else address


def _reached_from_here(host: str) -> str:
    return str(_relayed_address(host))


async def _sweep(switchboard: Switchboard) -> None:
    while True:
        try:
            await switchboard.sweep()
        except Exception:
            log.exception("the sweep failed; it is tried again")
        await asyncio.sleep(SWEEP_EVERY)
