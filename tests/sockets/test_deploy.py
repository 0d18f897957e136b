"""deploy/ as an operator uses it: Caddy and nginx over a published site, systemd's judgement of the units."""

import asyncio
import gzip
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import aiohttp
import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web

from catalog.compress import ONE_PACKET, TEXT
from catalog.publish import publish
from catalog.store import Store
from consult.published import HEADERS, KINDS
from tests.support.catalogue import MINIMAL, Content
from tests.support.front import DEPLOY, HOST, NAME, PLACE, SERVERS, Front, ask

ROOT = DEPLOY.parent
KINDS_OF_FRONTS = KINDS | {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/xml; charset=utf-8",
}
FINGERPRINTED = "static/site.0123456789abcdef.css"
UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Starts(Protocol):
    def __call__(self, home: Path, site: Path, upstream: int = 1) -> AbstractContextManager[Front]: ...


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal catalogue's site with its compressed files, to be copied."""
    site = tmp_path_factory.mktemp("deploy") / "site"
    publish(MINIMAL, ROOT / "templates", site, datetime(2026, 11, 23, 1, tzinfo=UTC), processes=1)
    return site


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    """A site of the test's own."""
    return Path(shutil.copytree(published, tmp_path / "site", symlinks=True))


@pytest.fixture(params=SERVERS)
def starts(request: pytest.FixtureRequest) -> Starts:
    server: Starts = SERVERS[request.param]
    return server


@pytest.fixture
def front(starts: Starts, site: Path, tmp_path: Path) -> Iterator[Front]:
    """Each server in turn over the site, nobody at the desks."""
    with starts(tmp_path, site) as front:
        yield front


def test_every_file_is_sent_as_it_lies_there(front: Front, site: Path) -> None:
    root = site / "current"
    connection = front.connect()
    seen = set()
    for path in sorted(root.rglob("*")) + sorted((root / "streets").glob("*/**/*")):
        if not path.is_file() or path.suffix in (".br", ".gz") or path.name == "404.html":
            continue
        target, data = f"/{path.relative_to(root)}", path.read_bytes()
        packed = path.suffix in TEXT and len(data) > ONE_PACKET
        for accepted, coding in ((None, None), ("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")):
            asked = {} if accepted is None else {"Accept_Encoding": accepted}
            answer = ask(connection, target, **asked)
            expected = coding if packed and path.name != "manifest.json" else None
            assert (answer.status, answer.headers.get("content-encoding")) == (200, expected), target
            assert UNPACK[expected](answer.body) == data, target
            assert answer.headers["content-type"] == KINDS_OF_FRONTS[path.suffix], target
            if packed and path.name != "manifest.json":
                assert answer.headers["vary"] == "Accept-Encoding", target
        seen.add(path.suffix)
    connection.close()
    assert seen == KINDS_OF_FRONTS.keys()


def test_only_what_the_browser_takes(front: Front, site: Path) -> None:
    page = (site / "current" / "index.html").read_bytes()
    for accepted, coding in (
        ("br", "br"),
        ("gzip", "gzip"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0, br", "br"),
        ("identity", None),
        ("deflate, zstd", None),
        ("", None),
    ):
        answer = front.ask("/", Accept_Encoding=accepted)
        assert answer.headers.get("content-encoding") == coding, accepted
        assert UNPACK[coding](answer.body) == page


def test_headers_are_those_of_the_service(front: Front, site: Path) -> None:
    fingerprinted = site / "current" / FINGERPRINTED
    shutil.copy(site / "current" / "static" / "tokens.css", fingerprinted)
    for suffix, pack in ((".gz", gzip.compress), (".br", brotli.compress)):
        Path(f"{fingerprinted}{suffix}").write_bytes(pack(fingerprinted.read_bytes()))
    expected = {name.lower(): value for name, value in HEADERS.items()}
    etag = front.ask("/").headers["etag"]
    for target, status, asked in (
        ("/", 200, {}),
        ("/", 304, {"If_None_Match": etag}),
        ("/catalog.json", 200, {"Accept_Encoding": "br"}),
        ("/static/tokens.css", 200, {}),
        ("/nothing", 404, {}),
        # What is not there yet may come: that it is missing must not be kept.
        ("/static/other.0123456789abcdef.css", 404, {}),
        ("/static/site.0123456789abcde.css", 404, {}),
    ):
        answer = front.ask(target, **asked)
        assert answer.status == status, target
        assert {name: answer.headers.get(name) for name in expected} == expected, target
    for asked in ({}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br"}):
        answer = front.ask(f"/{FINGERPRINTED}", **asked)
        immutable = expected | {"cache-control": "public, max-age=31536000, immutable"}
        assert {name: answer.headers.get(name) for name in expected} == immutable
        assert UNPACK[answer.headers.get("content-encoding")](answer.body) == fingerprinted.read_bytes()


def test_a_page_that_has_not_changed_is_not_sent_again(front: Front) -> None:
    tags = set()
    for accepted in ("identity", "gzip", "br"):
        etag = front.ask("/", Accept_Encoding=accepted).headers["etag"]
        answer = front.ask("/", Accept_Encoding=accepted, If_None_Match=etag)
        assert (answer.status, answer.body) == (304, b"")
        tags.add(etag)
    assert len(tags) == 3


def test_what_is_not_there_is_the_page_that_says_so(front: Front, site: Path) -> None:
    page = (site / "current" / "404.html").read_bytes()
    os.mkdir(site / "current" / "folder")
    (site / "current" / "folder" / "file.txt").write_text("x")
    for target in (
        "/nothing",
        "/nothing/",
        "/nothing.csv",
        "/items/nothing.html",
        "/static/",
        "/folder/",
        "/index.html/",
        "/404.html",
        "/.lock",
        "/current",
        "/deskside",
        "/" + "a" * 300,
        "/" + "a/" * 1_000,
        "/%F0%9F%98%80",
        "/%ff",
        "/items%5C",
    ):
        for accepted, unpack in UNPACK.items():
            answer = front.ask(target, Accept_Encoding=accepted or "identity")
            assert (answer.status, unpack(answer.body)) == (404, page), target
            assert answer.headers["content-type"] == "text/html; charset=utf-8", target


def test_nothing_outside_the_release_is_told(front: Front, site: Path) -> None:
    (site / "secret.txt").write_text("secret")
    for target in (
        "/../../secret.txt",
        "/..%2f..%2fsecret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/items/..%2f..%2f..%2fsecret.txt",
        "/%00",
        "/static/..%5c..%5c..%5csecret.txt",
    ):
        answer = front.ask(target)
        assert answer.status in (400, 404) and b"secret" not in answer.body, target
    # Nobody is led to a host that a request names.
    for target in ("//items", "//evil.example/..%2fitems", "/%2f%2fevil.example/..%2fitems", "/.."):
        assert front.ask(target).headers.get("location", "/") in ("/", "/items/"), target


def test_a_folder_is_led_to_its_slash(front: Front, site: Path) -> None:
    for target in ("/items", "/elder/items"):
        answer = front.ask(target)
        assert answer.status in (301, 308) and answer.headers["location"] == f"{target}/"
    assert front.ask("/items/").body == (site / "current" / "items" / "index.html").read_bytes()


def test_the_head_alone_and_no_other_methods(front: Front) -> None:
    answer = front.ask("/", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert front.ask("/", method, b"").status == 405


def test_a_new_release_is_seen_by_the_next_request(front: Front, site: Path, tmp_path: Path) -> None:
    store, old = Store(site), Store(site).current()
    assert old is not None
    street = next(path for path in (site / "current" / "streets").iterdir() if path.is_symlink())
    page = f"streets/{street.name}/items/jiu-ye-deng-ji.html"
    connection = front.connect()
    before = ask(connection, f"/{page}").body
    content = Content(tmp_path / "content")
    content.edit("items/jiu-ye-deng-ji.yaml", "name: 就业登记", "name: 新的就业登记")
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    new = publish(content.root, ROOT / "templates", site, now, processes=1).release
    for accepted, unpack in UNPACK.items():
        answer = ask(connection, f"/{page}", Accept_Encoding=accepted or "identity")
        assert answer.status == 200 and "新的就业登记".encode() in unpack(answer.body)
        assert unpack(answer.body) == (site / "releases" / new / page).read_bytes()
    store.point(old)
    assert ask(connection, f"/{page}").body == before
    connection.close()


@asynccontextmanager
async def desks() -> AsyncIterator[tuple[int, list[web.BaseRequest]]]:
    """A stand-in for the service; its port, and what came to it."""
    came: list[web.BaseRequest] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        came.append(request)
        if request.path.endswith("/ws"):
            socket = web.WebSocketResponse(protocols=("kezhong.v1",))
            await socket.prepare(request)
            async for message in socket:
                await socket.send_str(f"heard {message.data}")
            return socket
        text = f"{request.method} {request.raw_path} {await request.text()}"
        headers = {
            "Content-Security-Policy": "the desk's own",
            "Set-Cookie": "kezhong=1; Path=/desk/station/",
        }
        return web.Response(text=text, status=int(request.query.get("status", "200")), headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    with socket.create_server((HOST, 0)) as listening:
        try:
            await web.SockSite(runner, listening).start()
            yield listening.getsockname()[1], came
        finally:
            await runner.cleanup()


async def test_the_desks_are_the_services(starts: Starts, site: Path, tmp_path: Path) -> None:
    async with desks() as (port, came):
        with starts(tmp_path, site, port) as front:
            for target in (
                "/desk",
                "/desk/",
                "/desk/station/?item=0020",
                "/desk/static/desk%2Ecss",
                "/desk/404.html",
            ):
                answer = await asyncio.to_thread(front.ask, target)
                assert (answer.status, answer.body) == (200, f"GET {target} ".encode())
                assert answer.headers["content-security-policy"] == "the desk's own"
                assert answer.headers["set-cookie"] == "kezhong=1; Path=/desk/station/"
                assert not {"permissions-policy", "cache-control"} & answer.headers.keys()
            for status in (401, 404, 503):
                target = f"/desk/station/sign-in?status={status}"
                answer = await asyncio.to_thread(
                    front.ask, target, "POST", b"login=zhan1", Origin=f"https://{NAME}"
                )
                assert (answer.status, answer.body) == (status, f"POST {target} login=zhan1".encode())
            assert came[-1].headers["Origin"] == f"https://{NAME}"
            assert {request.headers["Host"] for request in came} == {NAME}
            told = {name.lower() for request in came for name in request.headers}
            assert not {name for name in told if "forwarded" in name or "real" in name}


async def test_websockets_pass(starts: Starts, site: Path, tmp_path: Path) -> None:
    async with desks() as (port, came), aiohttp.ClientSession() as client:
        with starts(tmp_path, site, port) as front:
            headers = {"Host": NAME, "Origin": f"https://{NAME}"}
            target = f"{front.origin}/desk/station/ws"
            async with client.ws_connect(
                target, headers=headers, protocols=("kezhong.v1",), ssl=front.tls or True
            ) as ws:
                assert ws.protocol == "kezhong.v1"
                for text in ("one", "二" * 20_000):
                    await ws.send_str(text)
                    assert await ws.receive_str(timeout=5) == f"heard {text}"
                await ws.close(code=4001)
            assert (came[0].headers["Host"], came[0].headers["Origin"]) == (NAME, f"https://{NAME}")


def test_desks_that_do_not_answer_are_said_to_come_back(front: Front) -> None:
    answer = front.ask("/desk/station/")
    assert (answer.status, answer.headers["content-type"]) == (502, "text/plain; charset=utf-8")
    assert "请过一会儿刷新本页" in answer.body.decode()
    assert front.ask("/").status == 200


def test_nginx_leads_http_to_https(site: Path, tmp_path: Path) -> None:
    with SERVERS["nginx"](tmp_path, site) as front:
        assert front.plain is not None
        answer = Front(front.plain, None).ask("/search/?q=%E4%BD%8E%E4%BF%9D")
        assert (answer.status, answer.headers["location"]) == (
            301,
            f"https://{NAME}/search/?q=%E4%BD%8E%E4%BF%9D",
        )


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
    assert [unit.name for unit in units] == [
        "kezhong-consult.service",
        "kezhong-due.service",
        "kezhong-due.timer",
    ]
    for unit in units:
        text = unit.read_text("utf-8").replace(f"{PLACE}/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace(PLACE, str(ROOT)))
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    # What it does not understand it only warns of.
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


def test_what_falls_due_is_published_soon_after_midnight_in_china() -> None:
    timer = (DEPLOY / "kezhong-due.timer").read_text("utf-8")
    assert "Persistent=true\n" in timer
    daily, hourly = (line.partition("=")[2] for line in timer.splitlines() if line.startswith("OnCalendar="))
    base = ["systemd-analyze", "calendar", "--base-time=2026-11-23 12:00:00 UTC", "--iterations=2"]
    for rule, expected in (
        (daily, ("2026-11-23 16:00:05 UTC", "2026-11-24 16:00:05 UTC")),
        (hourly, ("2026-11-23 12:07:00 UTC", "2026-11-23 13:07:00 UTC")),
    ):
        environment = os.environ | {"TZ": "UTC"}
        told = subprocess.run(
            [*base, rule], capture_output=True, text=True, check=True, env=environment
        ).stdout
        assert all(moment in told for moment in expected), told
