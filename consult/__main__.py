"""The operator's command: python -m consult serve | add-account."""

import argparse
import asyncio
import getpass
import logging
import re
import secrets
import signal
import sys
from errno import EADDRINUSE
from pathlib import Path

from aiohttp import web
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from consult.app import clock, create_app
from consult.auth import hash_password
from consult.config import Config, ConfigError, load
from consult.directory import Directory, DirectoryError, Release
from consult.people import DESK_OF, PLACE_DIGITS, Person, Role
from consult.store import records
from consult.store.database import open_database
from consult.store.records import Account

SHORTEST_PASSWORD = 10
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 1 when the service could not start, 2 on settings that cannot be used."""
    told = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for chatty in ("aiohttp.access", "alembic", "aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return int(told.run(told))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        hint = " (another program has it: choose another with --port or --relay-port)" * (
            error.errno == EADDRINUSE
        )
        print(f"{error}{hint}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"{error}: the database's driver is not installed", file=sys.stderr)
        return 1
    except (DirectoryError, SQLAlchemyError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="consult", description="The consult service of Kezhong")
    parser.add_argument("--config", type=Path, help="settings (TOML); docs/operating.md lists them")
    parser.add_argument("--database", help="SQLAlchemy address, instead of the settings'")
    commands = parser.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="run the service")
    serve.add_argument("--demo", action="store_true", default=None, help="sample accounts, loopback only")
    serve.add_argument("--port", type=int, help="TCP port of the pages")
    serve.add_argument(
        "--relay-port", type=int, help="UDP port of the relay; in demo mode any free one if not given"
    )
    serve.add_argument("--site", type=Path)
    serve.set_defaults(run=_serve)
    account = commands.add_parser(
        "add-account", help="add a person; the password is asked for, or read from a pipe"
    )
    account.add_argument("login")
    account.add_argument("--name", required=True)
    account.add_argument("--number", required=True, help="the number residents see")
    account.add_argument("--role", required=True, type=Role, choices=list(Role))
    account.add_argument("--place", required=True, help="area code: station 12, street 9, district 6 digits")
    account.set_defaults(run=_add_account)
    return parser


def _serve(told: argparse.Namespace) -> int:
    config = load(
        told.config,
        demo=told.demo,
        port=told.port,
        site=told.site,
        database=told.database,
        relay=None if told.relay_port is None else {"port": told.relay_port},
    )
    asyncio.run(_run(config))
    return 0


async def _run(config: Config) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(await create_app(config), shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port, reuse_address=True).start()
        _announce(config)
        await stop.wait()
    finally:
        await runner.cleanup()


def _announce(config: Config) -> None:
    origin = config.origins[0] if config.origins else f"http://localhost:{config.port}"
    lines = [
        f"  居民网站  public site   {origin}/",
        f"  站点工作台 station desk  {origin}/desk/station/",
        f"  街道工作台 clerk desk    {origin}/desk/centre/",
    ]
    print("\n".join(lines), flush=True)


def _add_account(told: argparse.Namespace) -> int:
    config = load(told.config, database=told.database, **({} if told.config else {"demo": True}))
    _check_account(told, Directory(config.site).current)
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        raise ConfigError(f"password: expected at least {SHORTEST_PASSWORD} characters, came {len(password)}")
    person = Person(secrets.token_hex(8), told.login, told.name, told.number, told.role, told.place)
    engine = open_database(config.database)
    try:
        with engine.begin() as tx:
            records.add_account(tx, Account(person, hash_password(password), sample=False), clock())
    except IntegrityError:
        raise ConfigError(f"login: {told.login} is taken") from None
    finally:
        engine.dispose()
    print(f"{told.login} may sign in at /desk/{DESK_OF[told.role]}/")
    return 0


def _check_account(told: argparse.Namespace, release: Release) -> None:
    """Refuses what could never sign in or be answered."""
    digits = PLACE_DIGITS[told.role]
    if len(told.place) != digits or told.place not in release.areas:
        raise ConfigError(
            f"--place: a {told.role} needs an area code of {digits} digits from the published catalogue, "
            f"came {told.place}"
        )
    if not LOGIN.fullmatch(told.login):
        raise ConfigError(f"login: expected 2 to 64 of a-z, 0-9, '.', '_', '-', came {told.login!r}")
    for option in ("name", "number"):
        if not getattr(told, option).strip():
            raise ConfigError(f"--{option}: expected a text that residents can read, came none")


if __name__ == "__main__":
    sys.exit(main())
