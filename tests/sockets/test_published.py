"""The published site at /, as a web server would serve it."""

import asyncio
import gzip
import os
import re
from dataclasses import dataclass

import aiohttp
import pytest

from consult.published import KINDS
from tests.support.service import Desks, point


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def get(desks: Desks, target: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to a request for exactly this target: a client library would tidy it first."""
    port = int(desks.service.origin.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {target} HTTP/1.1", f"Host: localhost:{port}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *told = head.decode().split("\r\n")
    return Answer(int(status.split()[1]), dict(line.split(": ", 1) for line in told), body)


async def test_pages_files_and_data(desks: Desks) -> None:
    root = desks.place.site / "current"
    for target, file, kind in (
        ("/", "index.html", "text/html"),
        ("/index.html", "index.html", "text/html"),
        ("/items/", "items/index.html", "text/html"),
        ("/items/jiu-ye-deng-ji.html", "items/jiu-ye-deng-ji.html", "text/html"),
        ("/items/%6Aiu-ye-deng-ji.html?from=desk", "items/jiu-ye-deng-ji.html", "text/html"),
        ("/catalog.json", "catalog.json", "application/json"),
        ("/static/tokens.css", "static/tokens.css", "text/css"),
    ):
        answer = await get(desks, target)
        assert (answer.status, answer.body) == (200, (root / file).read_bytes()), target
        assert answer.headers["Content-Type"].startswith(kind)


async def test_pages_are_compressed_for_browsers_that_take_it(desks: Desks) -> None:
    page = (desks.place.site / "current" / "items" / "jiu-ye-deng-ji.html").read_bytes()
    async with aiohttp.ClientSession(auto_decompress=False) as client:
        target = f"{desks.service.origin}/items/jiu-ye-deng-ji.html"
        async with client.get(target, headers={"Accept-Encoding": "gzip"}) as answer:
            assert (
                answer.headers["Content-Encoding"] == "gzip" and answer.headers["Vary"] == "Accept-Encoding"
            )
            packed = await answer.read()
            etag = answer.headers["ETag"]
        assert gzip.decompress(packed) == page and len(packed) < len(page) / 2
        async with client.get(target, headers={"Accept-Encoding": "identity"}) as answer:
            assert "Content-Encoding" not in answer.headers and await answer.read() == page
        again = {"Accept-Encoding": "gzip", "If-None-Match": etag}
        async with client.get(target, headers=again) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
        async with client.head(target, headers={"Accept-Encoding": "gzip"}) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        asked = {"Accept-Encoding": "gzip"}
        async with client.get(f"{desks.service.origin}/open-data/catalog.xlsx", headers=asked) as answer:
            assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("suffix", KINDS)
async def test_open_data_says_what_it_is(desks: Desks, suffix: str) -> None:
    file = next((desks.place.site / "current" / "open-data").glob(f"*{suffix}"))
    answer = await get(desks, f"/open-data/{file.name}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, KINDS[suffix])


async def test_the_head_alone_and_no_other_methods(desks: Desks) -> None:
    answer = await get(desks, "/", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert (await get(desks, "/", method)).status == 405


async def test_every_answer_has_its_security_headers(desks: Desks) -> None:
    for target in ("/", "/catalog.json", "/nothing", "/static/tokens.css"):
        headers = (await get(desks, target)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-cache"
        assert "Set-Cookie" not in headers


async def test_a_file_whose_name_tells_its_content_may_be_kept_for_ever(desks: Desks) -> None:
    (asked,) = re.findall(r'href="(/static/site[^"]*)"', (await get(desks, "/")).body.decode())
    assert (await get(desks, asked)).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    missing = await get(desks, asked.replace("/static/site", "/static/other"))
    assert (missing.status, missing.headers["Cache-Control"]) == (404, "no-cache")


async def test_a_page_that_has_not_changed_is_not_sent_again(desks: Desks) -> None:
    etag = (await get(desks, "/")).headers["Etag"]
    answer = await get(desks, "/", If_None_Match=etag)
    assert (answer.status, answer.body) == (304, b"")


async def test_a_folder_is_led_to_its_slash(desks: Desks) -> None:
    answer = await get(desks, "/items")
    assert (answer.status, answer.headers["Location"]) == (301, "/items/")


NOWHERE = [
    "/nothing",
    "/nothing/",
    "/items/nothing.html",
    "/static/",
    "/index.html/",
    "/404.html",
    "/items/404.html",
    "/.lock",
    "/current",
    "/" + "a" * 300,
    "/" + "a/" * 1_000,
    "/%F0%9F%98%80",
    "/%ff",
    "/items%5C",
]
OUTSIDE = [
    "/../../kezhong.sqlite3",
    "/..%2f..%2f..%2fkezhong.sqlite3",
    "/%2e%2e/%2e%2e/%2e%2e/kezhong.sqlite3",
    "/%2e%2e%2f%2e%2e%2f%2e%2e%2fkezhong.sqlite3",
    "/items/..%2f..%2f..%2f..%2fkezhong.sqlite3",
    "/..%5c..%5ckezhong.sqlite3",
    "/..",
    "/..%2f",
    "/items/../items/",
    "/items%2f..%2findex.html",
    "/./index.html",
    "//index.html",
    "//items",
    "/items//",
    # Folders that are there, outside: not even that is told, and nobody is led to a host of that name.
    "//etc",
    "//tmp",
    "/%2fetc",
    "/%2Fetc/passwd",
    "//etc/passwd",
    "/%5Cevil.example/..%2fitems",
    "/index.html%00",
    "/%00",
    "/items/%00/../index.html",
]


async def test_what_is_not_in_the_release_is_the_page_that_says_so(desks: Desks) -> None:
    expected = (desks.place.site / "current" / "404.html").read_bytes()
    for target in NOWHERE + OUTSIDE:
        answer = await get(desks, target)
        assert (answer.status, answer.body) == (404, expected), target


async def test_a_link_out_of_the_release_is_not_followed(desks: Desks) -> None:
    root = (desks.place.site / "current").resolve()
    os.symlink("/etc/passwd", root / "passwd.html")
    os.symlink("/etc", root / "folder")
    os.symlink(desks.place.database, root / "items" / "data.html")
    os.symlink("ring", root / "ring")
    for target in (
        "/passwd.html",
        "/folder",
        "/folder/",
        "/folder/passwd",
        "/items/data.html",
        "/ring",
        "/ring/",
    ):
        assert (await get(desks, target)).status == 404, target


async def test_a_new_release_is_seen_at_once(desks: Desks) -> None:
    site = desks.place.site
    before = await get(desks, "/")
    old = os.readlink(site / "current")
    new = site / "releases" / "new"
    new.mkdir()
    for file in ("catalog.json", "404.html"):
        (new / file).write_bytes((site / "current" / file).read_bytes())
    (new / "index.html").write_bytes(b"<!doctype html><title>new</title>")
    point(site, "releases/new")
    assert (await get(desks, "/")).body == b"<!doctype html><title>new</title>"
    assert (await get(desks, "/items/")).status == 404
    point(site, old)
    assert (await get(desks, "/")).body == before.body
    assert (await get(desks, "/items/")).status == 200
