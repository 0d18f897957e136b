"""The connection itself: who is let in, who takes over, who was lost and comes back."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from consult.people import Desk
from tests.support.catalogue import REGISTRATION, Content
from tests.support.desk import COOKIE, OFFER, SUBPROTOCOL, DeskClient
from tests.support.service import (
    ITEM,
    Desks,
    Place,
    desks_of,
    point,
    publish_content,
    run_service,
)


async def test_the_newest_window_takes_over(desks: Desks) -> None:
    first, clerk = await desks.open("zhan1", "p1"), await desks.open("jie1")
    id = await desks.talk(first, clerk)
    second = await desks.connect("zhan1")
    assert (await second.hello("p2"))["consultation"]["id"] == id
    assert await first.closed() == 4409
    await clerk.request("ready", consultation=id)
    assert (await second.until("ready"))["from"] == "peer-jie1"
    await clerk.request("offer", consultation=id, **OFFER | {"to": "p2"})
    assert not any(m["consultation"]["otherPresent"] is False for m in clerk.unread("consultation"))


async def test_one_account_has_a_client_at_each_desk_of_its_own_only(desks: Desks) -> None:
    wrong = DeskClient(desks.http, desks.service.origin, Desk.CENTRE, desks.tokens["zhan1"])
    await wrong.connect()
    assert await wrong.closed() == 4401


@pytest.mark.parametrize("token", ["", "x" * 43])
async def test_who_is_not_signed_in_is_closed(desks: Desks, token: str) -> None:
    nobody = DeskClient(desks.http, desks.service.origin, Desk.STATION, token)
    await nobody.connect()
    assert await nobody.closed() == 4401


async def _refused(desks: Desks, headers: dict[str, str], protocols: tuple[str, ...] = (SUBPROTOCOL,)) -> int:
    """The status with which the handshake is refused."""
    url = f"{desks.service.origin}/desk/station/ws"
    told = {"Cookie": f"{COOKIE}={desks.tokens['zhan1']}", **headers}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desks.http.ws_connect(url, headers=told, protocols=protocols)
    return refused.value.status


@pytest.mark.parametrize("protocols", [(), ("kezhong.v2",), ("xkezhong.v1", "kezhong.v10")])
async def test_who_does_not_offer_the_subprotocol_is_refused(
    desks: Desks, protocols: tuple[str, ...]
) -> None:
    assert await _refused(desks, {"Origin": desks.service.origin}, protocols) == 400


async def test_the_subprotocol_is_chosen_among_others(desks: Desks) -> None:
    url, headers = f"{desks.service.origin}/desk/station/ws", {"Origin": desks.service.origin}
    async with desks.http.ws_connect(url, headers=headers, protocols=("other", SUBPROTOCOL)) as socket:
        assert socket.protocol == SUBPROTOCOL


@pytest.mark.parametrize(
    "origin", [None, "null", "", "http://evil.example", "http://127.0.0.1:1", "https://{host}"]
)
async def test_another_sites_page_is_refused(desks: Desks, origin: str | None) -> None:
    host = desks.service.origin.removeprefix("http://")
    headers = {} if origin is None else {"Origin": origin.format(host=host)}
    assert await _refused(desks, headers) == 403


async def test_a_rebound_name_is_refused_in_demo_mode(desks: Desks) -> None:
    """A name of another site's that now leads here brings its own Host, and an Origin to match."""
    port = desks.service.origin.rpartition(":")[2]
    for host in (f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", f"localhost.evil.example:{port}"):
        assert await _refused(desks, {"Host": host, "Origin": f"http://{host}"}) == 403


async def test_the_loopbacks_names_are_home_in_demo_mode(desks: Desks) -> None:
    port = desks.service.origin.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        url = f"{desks.service.origin}/desk/station/ws"
        async with desks.http.ws_connect(url, headers=headers, protocols=(SUBPROTOCOL,)) as socket:
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == 4401


async def test_outside_demo_mode_the_configured_origins_alone_are_home(
    place: Place, tokens: dict[str, str]
) -> None:
    async with (
        run_service(place, demo=False, origins=("https://kezhong.example",)) as service,
        desks_of(service, tokens) as desks,
    ):
        assert await _refused(desks, {"Origin": service.origin}) == 403
        headers = {"Origin": "https://kezhong.example", "Host": "kezhong.example"}
        url = f"{service.origin}/desk/station/ws"
        async with desks.http.ws_connect(url, headers=headers, protocols=(SUBPROTOCOL,)) as socket:
            assert socket.protocol == SUBPROTOCOL


async def test_a_lost_connection_comes_back_to_the_same_consultation(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    await station.request("chat", consultation=id, id="l1", text="您好。")
    await clerk.request("chat", consultation=id, id="l1", text="请讲。")
    station.vanish()
    await clerk.consultation(otherPresent=False, state="live")
    back = await desks.connect("zhan1")
    welcome = await back.hello("peer-zhan1")
    assert (welcome["consultation"]["id"], welcome["consultation"]["state"]) == (id, "live")
    assert welcome["consultation"]["iceServers"]
    lines = (await back.until("history"))["lines"]
    assert [(line["side"], line["text"]) for line in lines] == [("station", "您好。"), ("centre", "请讲。")]
    assert (await clerk.consultation(otherPresent=True))["version"] == welcome["consultation"]["version"]
    await clerk.request("offer", consultation=id, **OFFER)
    assert (await back.until("offer"))["from"] == "peer-jie1"


async def test_a_clerk_comes_back_too(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    clerk.vanish()
    await station.consultation(otherPresent=False, state="live")
    welcome = await (await desks.connect("jie1")).hello("p2")
    assert welcome["consultation"]["id"] == id
    assert welcome["queue"]["clerks"] == {"present": 1, "free": 0}
    await station.consultation(otherPresent=True)


async def test_who_stays_away_too_long_gives_up_the_place(place: Place, tokens: dict[str, str]) -> None:
    async with (
        run_service(place, absence_limit=timedelta(milliseconds=50)) as service,
        desks_of(service, tokens) as desks,
    ):
        station, clerk = await desks.open("zhan1"), await desks.open("jie1")
        other, second = await desks.open("zhan2"), await desks.open("jie2")
        waiting = await desks.call(station, clerk)
        talking = await desks.call(other, second)
        await second.request("claim", consultation=talking)
        await clerk.until("queue", lambda m: len(m["tickets"]) == 1)
        for gone in (station, other, second):
            await gone.leave()
        await clerk.until("queue", lambda m: m["tickets"] == [])
        assert (await (await desks.connect("zhan1")).hello("p3"))["consultation"] is None
        welcome = await (await desks.connect("jie2")).hello("p4")
        assert (welcome["consultation"]["id"], welcome["consultation"]["endReason"]) == (talking, "lost")
        assert place.events(waiting)[-1][1:] == ("expire", "ended", None)
        ends = place.rows("SELECT id, end_reason FROM consultations")
        assert {row["id"]: row["end_reason"] for row in ends} == {waiting: "abandoned", talking: "lost"}


async def test_who_is_silent_is_dropped_even_without_a_farewell(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await desks.open("jie1")
    monkeypatch.setattr("consult.signaling.SILENCE_LIMIT", 1.0)
    station = await desks.connect("zhan1")
    monkeypatch.undo()
    await station.hello("p1")
    await desks.talk(station, clerk)
    station.stop_reading()
    async with asyncio.timeout(3):
        await clerk.consultation(otherPresent=False)
    station.vanish()


async def test_a_new_release_is_in_use_without_a_restart(desks: Desks, tmp_path: Path) -> None:
    station = await desks.open("zhan1")
    content = Content(tmp_path / "content")
    content.edit(REGISTRATION, 'code: "002000010002"', 'code: "002000010009"')
    publish_content(desks.place.site, content.root, datetime(2026, 11, 24, tzinfo=UTC))
    assert await station.refusal("call", item=ITEM) == "unknown_item"
    await desks.call(station, item="002000010009")


async def test_a_broken_release_leaves_the_old_one_in_use(
    desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    station = await desks.open("zhan1")
    broken = desks.place.site / "releases" / "broken"
    broken.mkdir()
    (broken / "catalog.json").write_text("{")
    point(desks.place.site, "releases/broken")
    await desks.call(station)
    assert "stays in use" in caplog.text


async def test_at_a_planned_stop_everybody_is_told_to_come_back(place: Place, tokens: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as http, contextlib.AsyncExitStack() as opened:
        async with run_service(place) as service:
            desks = Desks(service, tokens, http, opened)
            station, silent = await desks.open("zhan1"), await desks.connect("jie1")
            assert await silent.refusal("ping") == "hello_first"
            begun = asyncio.get_running_loop().time()
        assert await station.closed() == 1001
        assert await silent.closed() == 1001
        assert asyncio.get_running_loop().time() - begun < 2


async def test_clients_that_go_away_any_which_way_leave_nothing_behind(
    desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = await desks.open("jie1")
    for number in range(5):
        station = await desks.open("zhan1", f"p{number}")
        station.vanish() if number % 2 else await station.leave()
    await desks.open("zhan1", "last")
    await clerk.sync()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
