"""The consult service on the loopback over a small published release: in this process, or in one to be killed."""

import asyncio
import contextlib
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from catalog.publish import publish
from consult import demo
from consult.app import create_app
from consult.config import Config, RelaySettings
from consult.people import Desk
from tests.support.catalogue import MINIMAL
from tests.support.desk import DeskClient, sign_in

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
START_SECONDS = 30.0

ITEM = "002000010002"
ITEM_NAME = "就业登记"
STREET = "990100001"
STATION = "990100001001"
LOGINS = ("zhan1", "zhan2", "jie1", "jie2", "qu1")


@dataclass(frozen=True)
class Place:
    """Where a service keeps its things: its published site and its database file."""

    root: Path

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def database(self) -> Path:
        return self.root / "kezhong.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def copy(self, root: Path) -> "Place":
        """The same place somewhere else; no service may be at work here."""
        shutil.copytree(self.root, root, symlinks=True)
        return Place(root)

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What the database file holds, read by its own driver, past all code of the service."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def events(self, consultation: str) -> list[tuple[int, str, str, str | None]]:
        """A consultation's events in order: version, event, state, actor."""
        query = "SELECT version, event, state, actor FROM events WHERE consultation = ? ORDER BY version"
        return [tuple(row.values()) for row in self.rows(query, consultation)]


def publish_content(site: Path, content: Path = MINIMAL, now: datetime | None = None) -> str:
    """Publishes `content` to `site` as an editor would; the id of the release."""
    return publish(
        content, ROOT / "templates", site, now or datetime(2026, 11, 23, 1, 0, tzinfo=UTC), compress=False
    ).release


def point(site: Path, target: str) -> None:
    """Makes `site`/current lead to `target`, in one step."""
    os.symlink(target, site / "next")
    os.replace(site / "next", site / "current")


@dataclass(frozen=True)
class Running:
    """A service that answers at `origin`."""

    origin: str
    place: Place
    app: web.Application
    runner: web.AppRunner


@asynccontextmanager
async def run_service(place: Place, **settings: Any) -> AsyncIterator[Running]:
    """A service in this process, in demo mode unless told otherwise; outside it at home at its own address."""
    with socket.create_server((HOST, 0)) as listening:
        origin = f"http://{HOST}:{listening.getsockname()[1]}"
        if settings.get("demo") is False:
            settings.setdefault("origins", (origin,))
        told: dict[str, Any] = {"site": place.site, "database": place.url, "demo": True}
        config = Config(**told | settings, relay=RelaySettings(port=0))
        app = await create_app(config)
        runner = web.AppRunner(app, shutdown_timeout=5)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            yield Running(origin, place, app, runner)
        finally:
            await runner.cleanup()


def desk_of(login: str) -> Desk:
    """The desk that a sample login name is for."""
    return Desk.STATION if login.startswith("zhan") else Desk.CENTRE


async def make_place(root: Path) -> tuple[Place, dict[str, str]]:
    """A place with the minimal catalogue and everybody signed in; the cookies' tokens by login name."""
    place = Place(root)
    publish_content(place.site)
    async with run_service(place) as service, aiohttp.ClientSession() as http:
        tokens = {
            login: await sign_in(http, service.origin, desk_of(login), login, demo.PASSWORD)
            for login in LOGINS
        }
    return place, tokens


@dataclass(frozen=True)
class Desks:
    """The desks of one service, opened by login name with sign-ins made before."""

    service: Running
    tokens: dict[str, str]
    http: aiohttp.ClientSession
    opened: contextlib.AsyncExitStack

    @property
    def place(self) -> Place:
        return self.service.place

    async def open(self, login: str, peer: str | None = None) -> DeskClient:
        """The desk of `login`, welcomed, and closed at the end of the test."""
        client = await self.connect(login)
        await client.hello(peer or f"peer-{login}")
        return client

    async def connect(self, login: str) -> DeskClient:
        """The desk of `login`, connected, and nothing said yet."""
        client = DeskClient(self.http, self.service.origin, desk_of(login), self.tokens[login])
        await self.opened.enter_async_context(client)
        return client

    async def call(self, station: DeskClient, *centre: DeskClient, item: str = ITEM) -> str:
        """The station calls; the id of the consultation, when all the clerks given hear it ring."""
        await station.request("call", item=item)
        told = await station.consultation(version=1)
        for clerk in centre:
            await clerk.sync()
        return str(told["id"])

    async def talk(self, station: DeskClient, clerk: DeskClient) -> str:
        """The station calls, the clerk answers, and the media connect; the id of the consultation."""
        id = await self.call(station, clerk)
        await clerk.request("claim", consultation=id)
        await station.request("connected", consultation=id)
        for party in (station, clerk):
            await party.consultation(state="live")
        return id


@asynccontextmanager
async def desks_of(service: Running, tokens: dict[str, str]) -> AsyncIterator[Desks]:
    """A way to the desks of a service that is running."""
    async with aiohttp.ClientSession() as http, contextlib.AsyncExitStack() as opened:
        yield Desks(service, tokens, http, opened)


def free_port() -> int:
    with socket.create_server((HOST, 0)) as sock:
        return int(sock.getsockname()[1])


class ServiceProcess:
    """The service as its operator starts it, on one port again and again; its log is in `place`/log."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None
        self.origin = f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> "ServiceProcess":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """Returns when the service has said that it answers."""
        told = ("--database", self._place.url, "serve", "--demo", "--port", str(self._port))
        with (self._place.root / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "consult", *told, "--site", str(self._place.site)),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self._process.stdout.readline()
        assert line, (self._place.root / "log").read_text("utf-8")

    async def kill(self) -> None:
        """SIGKILL: nothing in the process gets another word."""
        if self._process is not None:
            self._process.kill()
            await self._process.communicate()
            self._process = None
