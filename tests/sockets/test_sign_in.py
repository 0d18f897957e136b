"""Sign-in and sign-out over HTTP, the cookie, and the pages behind it."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from http.cookies import Morsel

import aiohttp

from consult import demo
from consult.app import SERVICE
from consult.auth import WAITING_ALLOWED, hash_password
from consult.people import Desk, Person, Role
from consult.store import records
from consult.store.records import Account
from tests.support.desk import COOKIE, DeskClient
from tests.support.service import ITEM, STATION, Desks, Place, Running, desks_of, run_service

OUTSIDE = "https://kezhong.example"


async def post(desks: Desks, path: str, origin: str | None = "", **form: str) -> aiohttp.ClientResponse:
    """A form sent as a page of the service does, unless `origin` says otherwise."""
    headers = {} if origin is None else {"Origin": origin or desks.service.origin}
    url = f"{desks.service.origin}{path}"
    async with desks.http.post(url, data=form, headers=headers, allow_redirects=False) as response:
        await response.read()
    desks.http.cookie_jar.clear()
    return response


async def get(desks: Desks, path: str, login: str | None = None) -> aiohttp.ClientResponse:
    headers = {} if login is None else {"Cookie": f"{COOKIE}={desks.tokens[login]}"}
    async with desks.http.get(
        f"{desks.service.origin}{path}", headers=headers, allow_redirects=False
    ) as response:
        await response.read()
    return response


def cookie(response: aiohttp.ClientResponse) -> "Morsel[str]":
    return response.cookies[COOKIE]


async def test_signing_in_sets_a_cookie_for_that_desk_alone(desks: Desks) -> None:
    response = await post(desks, "/desk/station/sign-in", login=" zhan1 ", password=demo.PASSWORD)
    assert (response.status, response.headers["Location"]) == (303, "/desk/station/")
    told = cookie(response)
    assert len(told.value) >= 43
    assert {name: told[name] for name in ("path", "httponly", "samesite", "secure", "domain", "max-age")} == {
        "path": "/desk/station/",
        "httponly": True,
        "samesite": "Lax",
        "secure": "",
        "domain": "",
        "max-age": str(12 * 60 * 60),
    }
    kept = [row["token_hash"] for row in desks.place.rows("SELECT token_hash FROM sign_ins")]
    assert told.value not in kept
    assert len(set(kept)) == len(kept) == 6


async def test_the_item_from_the_guide_is_kept_through_the_sign_in(desks: Desks) -> None:
    page = await get(desks, f"/desk/station/?item={ITEM}")
    assert ITEM in await page.text()
    form = {"login": "zhan1", "password": demo.PASSWORD}
    response = await post(desks, "/desk/station/sign-in", item=ITEM, **form)
    assert response.headers["Location"] == f"/desk/station/?item={ITEM}"
    response = await post(desks, "/desk/station/sign-in", item="//evil.example", **form)
    assert response.headers["Location"] == "/desk/station/"


WRONG = [
    ("zhan1", "wrong"),
    ("zhan1", ""),
    ("zhan1", demo.PASSWORD.upper()),
    ("nobody", demo.PASSWORD),
    ("ZHAN1", demo.PASSWORD),
    ("' OR 1=1 --", demo.PASSWORD),
    ("\0", "\0"),
    ("x" * 10_000, "x" * 10_000),
]


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(desks: Desks) -> None:
    for login, password in WRONG:
        response = await post(desks, "/desk/station/sign-in", login=login, password=password)
        assert response.status == 401
        assert "账号或密码不对" in await response.text()
        assert COOKIE not in response.cookies


async def test_an_account_of_the_other_desk_is_shown_the_way(desks: Desks) -> None:
    response = await post(desks, "/desk/station/sign-in", login="jie1", password=demo.PASSWORD)
    assert response.status == 401
    assert "街道工作台" in await response.text()
    assert COOKIE not in response.cookies


async def test_what_was_typed_is_shown_as_text(desks: Desks) -> None:
    response = await post(desks, "/desk/station/sign-in", login='"><script>', password="x", item="<b>")
    text = await response.text()
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&#34;&gt;&lt;script&gt;" in text


async def test_another_sites_form_is_refused(desks: Desks) -> None:
    for path in ("/desk/station/sign-in", "/desk/centre/sign-in", "/desk/station/sign-out"):
        for origin in (None, "null", "http://evil.example", "http://127.0.0.1:1"):
            response = await post(desks, path, origin, login="zhan1", password=demo.PASSWORD)
            assert response.status == 403, (path, origin)
            assert COOKIE not in response.cookies


async def test_a_rebound_name_cannot_sign_in(desks: Desks) -> None:
    port = desks.service.origin.rpartition(":")[2]
    host = f"evil.example:{port}"
    form, headers = {"login": "zhan1", "password": demo.PASSWORD}, {"Host": host, "Origin": f"http://{host}"}
    async with desks.http.post(
        f"{desks.service.origin}/desk/station/sign-in", data=form, headers=headers
    ) as response:
        assert response.status == 403


NO_FORMS = [
    (b"login=%ff&password=\xff", "application/x-www-form-urlencoded"),
    (b"login=a", "application/x-www-form-urlencoded; charset=nowhere"),
    (b"login=a", "multipart/form-data"),
    (b"--a\r\n" * 10_000, "multipart/form-data; boundary=a"),
    (b"rubbish", "multipart/form-data; boundary=b"),
    (b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\na', "multipart/form-data; boundary=b"),
    (b'{"login":"zhan1"}', "application/json"),
    (b"\xff\xfe", "text/plain"),
    (b"", "application/x-www-form-urlencoded"),
]


async def test_a_form_that_is_none_is_refused(desks: Desks) -> None:
    for data, kind in NO_FORMS:
        headers = {"Origin": desks.service.origin, "Content-Type": kind}
        url = f"{desks.service.origin}/desk/station/sign-in"
        async with desks.http.post(url, data=data, headers=headers, allow_redirects=False) as response:
            assert response.status in (400, 401)
            assert COOKIE not in response.cookies


async def test_a_form_has_a_largest_size(desks: Desks) -> None:
    response = await post(desks, "/desk/station/sign-in", login="zhan1", password="x" * 200_000)
    assert response.status == 413


async def test_signing_out_ends_the_sign_in(desks: Desks) -> None:
    token = cookie(await post(desks, "/desk/station/sign-in", login="zhan1", password=demo.PASSWORD)).value
    desks.tokens["again"] = token
    assert (await get(desks, "/desk/station/items.json", "again")).status == 200
    headers = {"Origin": desks.service.origin, "Cookie": f"{COOKIE}={token}"}
    url = f"{desks.service.origin}/desk/station/sign-out"
    async with desks.http.post(url, headers=headers, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/desk/station/")
        assert (cookie(response).value, cookie(response)["path"]) == ("", "/desk/station/")
    assert (await get(desks, "/desk/station/items.json", "again")).status == 401
    assert (await get(desks, "/desk/station/items.json", "zhan1")).status == 200
    gone = DeskClient(desks.http, desks.service.origin, Desk.STATION, token)
    await gone.connect()
    assert await gone.closed() == 4401


async def test_guesses_do_not_pile_up(desks: Desks) -> None:
    asked = (post(desks, "/desk/station/sign-in", login="zhan1", password="wrong") for _ in range(40))
    answers = await asyncio.gather(*asked)
    assert {response.status for response in answers} == {401}
    # Some were tried, the others sent away at once, so that an honest person does not wait behind them all.
    sent_away = len([answer for answer in answers if "登录的人太多" in await answer.text()])
    assert 40 - 2 * WAITING_ALLOWED <= sent_away <= 40 - WAITING_ALLOWED
    assert (await post(desks, "/desk/station/sign-in", login="zhan1", password=demo.PASSWORD)).status == 303


async def test_signing_out_closes_what_is_open(desks: Desks) -> None:
    token = cookie(await post(desks, "/desk/centre/sign-in", login="jie2", password=demo.PASSWORD)).value
    async with DeskClient(desks.http, desks.service.origin, Desk.CENTRE, token) as client:
        await client.hello("peer-leaving")
        headers = {"Origin": desks.service.origin, "Cookie": f"{COOKIE}={token}"}
        url = f"{desks.service.origin}/desk/centre/sign-out"
        async with desks.http.post(url, headers=headers, allow_redirects=False):
            assert await client.closed() == 4401


async def test_a_stations_cookie_is_nothing_at_the_centre(desks: Desks) -> None:
    assert (await get(desks, "/desk/station/items.json", "zhan1")).status == 200
    assert (await get(desks, "/desk/centre/items.json", "zhan1")).status == 401
    assert (await get(desks, "/desk/station/device-check", "jie1")).status == 401
    assert "sign-in" in await (await get(desks, "/desk/centre/", "zhan1")).text()


async def test_an_expired_sign_in_is_none(place: Place, tokens: dict[str, str]) -> None:
    with closing(sqlite3.connect(place.database)) as connection, connection:
        connection.execute(
            "UPDATE sign_ins SET expires_at = '2026-01-01 00:00:00.000000' WHERE account = 'zhan1'"
        )
    async with run_service(place) as service, desks_of(service, tokens) as desks:
        assert (await get(desks, "/desk/station/items.json", "zhan1")).status == 401
        gone = await desks.connect("zhan1")
        assert await gone.closed() == 4401
        await desks.open("zhan2")


async def test_the_hash_is_argon2id(desks: Desks) -> None:
    for row in desks.place.rows("SELECT password_hash FROM accounts"):
        assert row["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert demo.PASSWORD not in row["password_hash"]


async def test_the_desks_pages(desks: Desks) -> None:
    for desk, login in (("station", "zhan1"), ("centre", "jie1"), ("centre", "qu1")):
        form = await get(desks, f"/desk/{desk}/")
        assert form.status == 200
        assert f'action="/desk/{desk}/sign-in"' in await form.text()
        page = await get(desks, f"/desk/{desk}/", login)
        text = await page.text()
        assert "示例·" in text
        assert f'action="/desk/{desk}/sign-in"' not in text
        for told in (form, page):
            assert "frame-ancestors 'none'" in told.headers["Content-Security-Policy"]
            assert "unsafe" not in told.headers["Content-Security-Policy"]
            assert told.headers["X-Content-Type-Options"] == "nosniff"
            assert told.headers["Cache-Control"] == "no-store"
            assert told.headers["Permissions-Policy"].startswith("camera=(self), microphone=(self)")


async def test_an_address_without_its_slash_is_led_on(desks: Desks) -> None:
    for desk in Desk:
        response = await get(desks, f"/desk/{desk}")
        assert (response.status, response.headers["Location"]) == (301, f"/desk/{desk}/")
    for address in ("/desk", "/desk/"):
        text = await (await get(desks, address)).text()
        assert "/desk/station/" in text and "/desk/centre/" in text


async def test_items_are_for_those_who_are_signed_in(desks: Desks) -> None:
    response = await get(desks, "/desk/station/items.json", "zhan1")
    items = await response.json()
    assert {item["code"] for item in items} >= {ITEM}
    assert set(items[0]) == {
        "code",
        "name",
        "plain_name",
        "aliases",
        "department",
        "kind",
        "kind_name",
        "theme",
    }
    item = await (await get(desks, f"/desk/centre/items/{ITEM}.json", "jie1")).json()
    assert (item["name"], len(item["materials"])) == ("就业登记", 1)
    assert (await get(desks, "/desk/station/items/000000000000.json", "zhan1")).status == 404
    assert (await get(desks, f"/desk/station/items/{ITEM}.json")).status == 401


async def test_what_is_no_desk_is_not_found(desks: Desks) -> None:
    for path in (
        "/desk/kitchen/",
        "/desk/station/nothing",
        "/desk/static/nothing.js",
        "/desk/static/..%2fapp.py",
    ):
        assert (await get(desks, path, "zhan1")).status == 404


async def test_a_strange_host_is_no_fault_of_the_services(desks: Desks) -> None:
    for host in ("localhost:port", "localhost:99999999", "[::1]:99999999"):
        assert await _status_with_host(desks.service, host) == 400, host
    for host in ("", "[", "[::1", "a b", "é"):
        assert await _status_with_host(desks.service, host) == 200, host


async def _status_with_host(service: Running, host: str) -> int:
    port = int(service.origin.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /desk/station/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])


async def test_outside_demo_mode_a_sample_account_is_none(place: Place, tokens: dict[str, str]) -> None:
    async with (
        run_service(place, demo=False, origins=(OUTSIDE,)) as service,
        desks_of(service, tokens) as desks,
    ):
        form = {"login": "zhan1", "password": demo.PASSWORD}
        response = await post(desks, "/desk/station/sign-in", OUTSIDE, **form)
        assert response.status == 401
        assert "账号或密码不对" in await response.text()
        assert demo.PASSWORD not in await response.text()
        assert (await get(desks, "/desk/station/items.json", "zhan1")).status == 401
        real = Person("r1", "zhan7", "示例·真实", "S007", Role.SOCIAL_WORKER, STATION)
        account = Account(real, hash_password("ten letters"), sample=False)
        await service.app[SERVICE].transact(lambda tx: records.add_account(tx, account, datetime.now(UTC)))
        response = await post(desks, "/desk/station/sign-in", OUTSIDE, login="zhan7", password="ten letters")
        assert response.status == 303
        assert cookie(response)["secure"] is True
        page = await get(desks, "/desk/station/")
        assert "wss://kezhong.example" in page.headers["Content-Security-Policy"]
        assert "示例账号" not in await page.text()
