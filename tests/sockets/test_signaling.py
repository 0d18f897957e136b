"""docs/signaling.md, word by word, over real WebSockets."""

import asyncio
import contextlib
import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from consult.app import SERVICE
from consult.people import Desk, Person, Role
from consult.signaling import BURST, FRAME_LIMIT, OVERRUNS_ALLOWED, SUSTAINED
from consult.store import records
from consult.store.records import Account
from tests.support.catalogue import REGISTRATION, Content
from tests.support.desk import COOKIE, SUBPROTOCOL, DeskClient
from tests.support.service import (
    ITEM,
    ITEM_NAME,
    STATION,
    STREET,
    Desks,
    Place,
    desks_of,
    point,
    publish_content,
    run_service,
)

OFFER = {"to": "peer-zhan1", "exchange": 1, "sdp": "v=0\r\n"}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}


async def test_the_welcome_tells_who_one_is(desks: Desks) -> None:
    station, clerk = await desks.connect("zhan1"), await desks.connect("jie1")
    welcome = await station.hello("p1")
    now = datetime.fromisoformat(welcome.pop("now"))
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)
    assert welcome == {
        "type": "welcome",
        "protocol": 1,
        "person": {
            "name": "示例·安小槐",
            "number": "S001",
            "role": "social_worker",
            "place": {"code": STATION, "name": "甲一社区"},
        },
        "consultation": None,
        "checkedToday": False,
    }
    welcome = await clerk.hello("p2")
    assert welcome["person"]["place"] == {"code": STREET, "name": "甲街道"}
    assert welcome["queue"]["tickets"] == []
    assert welcome["queue"]["clerks"] == {"present": 1, "free": 1}


async def test_a_consultation_from_the_call_to_its_outcome(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    await station.request("call", item=ITEM)
    told = await station.consultation(state="ringing")
    id = told["id"]
    assert told["item"] == {"code": ITEM, "name": ITEM_NAME}
    assert told["station"] == {"code": STATION, "name": "甲一社区"}
    assert told["street"] == {"code": STREET, "name": "甲街道"}
    assert (told["position"], told["clerks"], told["otherPresent"]) == (1, {"present": 1, "free": 1}, False)
    assert "iceServers" not in told

    (ticket,) = (await clerk.until("queue", lambda m: _states(m) == ["ringing"]))["tickets"]
    assert ticket == {
        "consultation": id,
        "state": "ringing",
        "item": told["item"],
        "station": told["station"],
        "socialWorker": {"name": "示例·安小槐", "number": "S001"},
        "openedAt": told["openedAt"],
    }
    await clerk.request("claim", consultation=id)
    seen = [await party.consultation(state="connecting") for party in (station, clerk)]
    for told in seen:
        assert told["clerk"] == {"name": "示例·和大林", "number": "J001"}
        assert (told["position"], told["otherPresent"], told["iceTransportPolicy"]) == (None, True, "all")
    of_station, of_clerk = (told["iceServers"][0] for told in seen)
    assert of_station["urls"] == of_clerk["urls"]
    assert of_station["username"] != of_clerk["username"]
    assert id in of_station["username"] and id in of_clerk["username"]
    assert _states(await clerk.until("queue", lambda m: m["clerks"]["free"] == 0)) == []

    await clerk.request("ready", consultation=id)
    assert (await station.until("ready")) == _passed("ready", id, "peer-jie1", restart=False)
    await station.request("ready", consultation=id, restart=True)
    assert (await clerk.until("ready")) == _passed("ready", id, "peer-zhan1", restart=True)
    await clerk.request("offer", consultation=id, **OFFER)
    assert (await station.until("offer")) == _passed("offer", id, "peer-jie1", exchange=1, sdp="v=0\r\n")
    await station.request("answer", consultation=id, **OFFER | {"to": "peer-jie1"})
    assert (await clerk.until("answer")) == _passed("answer", id, "peer-zhan1", exchange=1, sdp="v=0\r\n")
    for sender, hearer, peer, to in (
        (station, clerk, "peer-zhan1", "peer-jie1"),
        (clerk, station, "peer-jie1", "peer-zhan1"),
    ):
        await sender.request("candidate", consultation=id, to=to, **CANDIDATE)
        assert (await hearer.until("candidate")) == _passed(
            "candidate", id, peer, **CANDIDATE, usernameFragment=None
        )

    await station.request("connected", consultation=id)
    live = await clerk.consultation(state="live")
    await clerk.request("connected", consultation=id)
    assert (await station.consultation(state="live"))["version"] == live["version"] == 4

    await station.request("chat", consultation=id, id="l1", text=" 您好。\n")
    await clerk.request("chat", consultation=id, id="l1", text="请讲。")
    for party in (station, clerk):
        lines = [await party.until("chat"), await party.until("chat")]
        assert [(m["side"], m["name"], m["text"]) for m in lines] == [
            ("station", "示例·安小槐", "您好。"),
            ("centre", "示例·和大林", "请讲。"),
        ]

    await clerk.request("end", consultation=id, outcome="advised")
    for party in (station, clerk):
        told = await party.consultation(state="ended")
        assert (told["endReason"], told["outcome"]) == ("hung_up", "advised")
        assert "iceServers" not in told
    await clerk.until("queue", lambda m: m["clerks"]["free"] == 1)

    (record,) = desks.place.rows("SELECT * FROM consultations")
    assert {
        name: record[name] for name in ("id", "version", "state", "item", "item_name", "clerk", "outcome")
    } == {
        "id": id,
        "version": 5,
        "state": "ended",
        "item": ITEM,
        "item_name": ITEM_NAME,
        "clerk": "jie1",
        "outcome": "advised",
    }
    assert desks.place.events(id) == [
        (1, "call", "waiting", "zhan1"),
        (2, "ring", "ringing", None),
        (3, "claim", "connecting", "jie1"),
        (4, "connect", "live", "zhan1"),
        (5, "hang_up", "ended", "jie1"),
    ]
    assert len(desks.place.rows("SELECT * FROM chat")) == 2


def _states(queue: dict[str, Any]) -> list[str]:
    return [ticket["state"] for ticket in queue["tickets"]]


def _passed(type: str, id: str, sender: str, **fields: object) -> dict[str, object]:
    return {"type": type, "consultation": id, "from": sender, **fields}


async def test_the_station_hangs_up_and_the_clerk_concludes(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    assert await station.refusal("end", consultation=id, outcome="advised") == "wrong_role"
    await station.request("end", consultation=id)
    assert (await clerk.consultation(state="ended"))["outcome"] is None
    second = await desks.call(station, clerk)
    assert await clerk.refusal("claim", consultation=second) == "outcome_missing"
    assert await station.refusal("conclude", consultation=id, outcome="advised") == "wrong_role"
    await clerk.request("conclude", consultation=id, outcome="notice")
    assert await clerk.refusal("conclude", consultation=id, outcome="broken") == "wrong_state"
    await clerk.request("claim", consultation=second)
    (record,) = desks.place.rows("SELECT outcome FROM consultations WHERE id = ?", id)
    assert record["outcome"] == "notice"


async def test_a_clerk_without_the_outcome_is_asked_for_it_at_the_next_welcome(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    await station.request("end", consultation=id)
    await clerk.leave()
    welcome = await (await desks.connect("jie1")).hello("p2")
    assert (welcome["consultation"]["id"], welcome["consultation"]["state"]) == (id, "ended")


async def test_cancelling_leaves_the_queue(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.call(station, clerk)
    await clerk.until("queue", lambda m: _states(m) == ["ringing"])
    assert await clerk.refusal("cancel", consultation=id) == "wrong_role"
    await station.request("cancel", consultation=id)
    assert (await station.consultation(state="ended"))["endReason"] == "cancelled"
    await clerk.until("queue", lambda m: _states(m) == [])
    assert await clerk.refusal("claim", consultation=id) == "wrong_state"
    assert await station.refusal("cancel", consultation=id) == "wrong_state"
    await desks.call(station)


async def test_a_released_one_goes_back_to_its_old_place(desks: Desks) -> None:
    first, second, clerk = await desks.open("zhan1"), await desks.open("zhan2"), await desks.open("jie1")
    id = await desks.call(first, clerk)
    other = await desks.call(second, clerk)
    assert (await second.consultation(state="ringing"))["position"] == 2
    await clerk.request("claim", consultation=id)
    assert (await second.consultation(position=1))["state"] == "ringing"
    await clerk.request("release", consultation=id)
    told = await clerk.consultation(id=id, state="waiting")
    assert (told["clerk"], told["claimedAt"], "iceServers" in told) == (None, None, False)
    assert (await first.consultation(state="ringing", version=5))["position"] == 1
    assert (await second.consultation(position=2))["id"] == other
    queue = await clerk.until("queue", lambda m: _states(m) == ["ringing", "ringing"])
    assert [ticket["consultation"] for ticket in queue["tickets"]] == [id, other]
    assert await clerk.refusal("release", consultation=id) == "unknown_consultation"


async def test_a_clerk_who_leaves_takes_the_ringing_away(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    await desks.call(station, clerk)
    await station.consultation(state="ringing")
    await clerk.leave()
    told = await station.consultation(state="waiting")
    assert told["clerks"] == {"present": 0, "free": 0}
    await desks.open("jie2")
    assert (await station.consultation(state="ringing"))["version"] == 4


async def test_who_is_in_another_street_neither_hears_nor_claims(desks: Desks) -> None:
    far = Person("jie9", "jie9", "示例·远山", "J009", Role.CLERK, "990100102")
    await _add(desks, far)
    station, clerk, elsewhere = await desks.open("zhan1"), await desks.open("jie1"), await desks.open("jie9")
    id = await desks.call(station, clerk, elsewhere)
    assert all(queue["tickets"] == [] for queue in elsewhere.unread("queue"))
    assert await elsewhere.refusal("claim", consultation=id) == "unknown_consultation"
    assert (await station.consultation(state="ringing"))["clerks"] == {"present": 1, "free": 1}


async def _add(desks: Desks, person: Person) -> None:
    """An account that is signed in already."""
    at = datetime.now(UTC)
    token = f"token-of-{person.login}"

    def work(tx: sa.Connection) -> None:
        records.add_account(tx, Account(person, "no hash", sample=False), at)
        digest = hashlib.sha256(token.encode()).hexdigest()
        records.add_sign_in(tx, digest, person.id, at, at + timedelta(hours=1))

    await desks.service.app[SERVICE].transact(work)
    desks.tokens[person.login] = token


async def test_the_coordinator_sees_the_whole_district_and_answers(desks: Desks) -> None:
    far = Person("zhan9", "zhan9", "示例·远乡", "S009", Role.SOCIAL_WORKER, "990100102201")
    await _add(desks, far)
    near, mountain, coordinator = (
        await desks.open("zhan1"),
        await desks.open("zhan9"),
        await desks.open("qu1"),
    )
    await desks.call(near, coordinator)
    id = await desks.call(mountain, coordinator)
    queue = await coordinator.until("queue", lambda m: len(m["tickets"]) == 2)
    assert queue["tickets"][1]["station"] == {"code": "990100102201", "name": "乙上村"}
    await coordinator.request("claim", consultation=id)
    assert (await mountain.consultation(state="connecting"))["clerk"]["number"] == "Q001"


async def test_the_days_device_check_is_on_record(desks: Desks) -> None:
    station = await desks.open("zhan1")
    found = {
        "camera": "fine",
        "microphone": "poor",
        "network": "failed",
        "roundTripMs": 41.5,
        "lossPercent": 2,
    }
    await station.request("checked", **found)
    (record,) = desks.place.rows("SELECT * FROM device_checks")
    assert (record["account"], record["network"], record["round_trip_ms"], record["loss_percent"]) == (
        "zhan1",
        "failed",
        41.5,
        2.0,
    )
    await station.leave()
    assert (await (await desks.connect("zhan1")).hello("p2"))["checkedToday"] is True
    assert await (await desks.open("jie1")).refusal("checked", **found) == "wrong_role"


FAULTS: list[tuple[str, str]] = [
    ("", "malformed"),
    ("call", "malformed"),
    ('{"type":"ping"', "malformed"),
    ("[1,2]", "malformed"),
    ("{}", "malformed"),
    ('{"type":"call"}', "malformed"),
    ('{"type":"ping","colour":"teal"}', "malformed"),
    ('{"type":"ping","ref":"\\ud800"}', "malformed"),
    ('{"type":"ping","\\udfff":1}', "malformed"),
    ("[" * 60_000, "malformed"),
    ('{"type":"fly"}', "unknown_type"),
    ('{"type":"\\ud83d\\ude00"}', "unknown_type"),
    ('{"type":"hello","peer":"again"}', "wrong_state"),
    (f'{{"type":"call","item":"{"0" * 12}"}}', "unknown_item"),
    ('{"type":"claim","consultation":"c1"}', "wrong_role"),
    ('{"type":"cancel","consultation":"c1"}', "unknown_consultation"),
    ('{"type":"ready","consultation":"c1"}', "unknown_consultation"),
    ('{"type":"chat","consultation":"c1","id":"1","text":"好"}', "unknown_consultation"),
    ('{"type":"end","consultation":"c1"}', "unknown_consultation"),
]


async def test_bad_messages_get_their_codes_and_the_connection_goes_on(desks: Desks) -> None:
    station = await desks.open("zhan1")
    for text, code in FAULTS:
        await station.send_text(text)
        error = await station.until("error")
        assert (error["code"], error["ref"]) == (code, None), text
        assert error["text"].strip()
    await station.socket.send_bytes(b'{"type":"ping"}')
    assert (await station.until("error"))["code"] == "malformed"
    await desks.call(station)
    assert desks.place.rows("SELECT count(*) AS n FROM consultations") == [{"n": 1}]


async def test_an_error_has_the_ref_of_its_message(desks: Desks) -> None:
    station = await desks.open("zhan1")
    for text in ('{"type":"fly","ref":"r-7"}', '{"type":"call","ref":"r-7"}', '{"ref":"r-7"}'):
        await station.send_text(text)
        assert (await station.until("error"))["ref"] == "r-7"


async def test_a_request_is_answered_once_and_what_has_no_ref_not_at_all(desks: Desks) -> None:
    station = await desks.open("zhan1")
    await station.send("ping")
    await station.send("ping", ref="a")
    await station.sync()
    assert [m["ref"] for m in station.unread("done")] == ["a"]
    assert station.unread("error") == []


async def test_the_first_message_is_hello(desks: Desks) -> None:
    station = await desks.connect("zhan1")
    for type, fields in (("ping", {}), ("call", {"item": ITEM}), ("cancel", {"consultation": "c1"})):
        assert await station.refusal(type, **fields) == "hello_first"
    assert await station.refusal("hello") == "malformed"
    assert (await station.hello("p1"))["consultation"] is None
    await station.sync()


async def test_what_the_state_does_not_allow_is_refused(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.call(station, clerk)
    for type, fields in (
        ("connected", {}),
        ("end", {}),
        ("ready", {}),
        ("offer", OFFER),
        ("answer", OFFER),
        ("candidate", {"to": "peer-jie1", **CANDIDATE}),
        ("chat", {"id": "l1", "text": "有人吗？"}),
    ):
        assert await station.refusal(type, consultation=id, **fields) == "wrong_state"
    assert await station.refusal("call", item=ITEM) == "busy"
    await clerk.request("claim", consultation=id)
    assert await station.refusal("cancel", consultation=id) == "wrong_state"
    assert await clerk.refusal("conclude", consultation=id, outcome="advised") == "wrong_state"
    assert await clerk.refusal("claim", consultation=id) == "busy"


async def test_somebody_elses_consultation_is_unknown(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    strangers = await desks.open("zhan2"), await desks.open("jie2")
    about: tuple[tuple[str, dict[str, object]], ...] = (
        ("connected", {}),
        ("end", {}),
        ("ready", {}),
        ("offer", OFFER),
        ("answer", OFFER),
        ("candidate", {"to": "peer-zhan1", **CANDIDATE}),
        ("chat", {"id": "l1", "text": "我也在。"}),
    )
    for stranger in strangers:
        for type, fields in about:
            assert await stranger.refusal(type, consultation=id, **fields) == "unknown_consultation"
    assert await strangers[0].refusal("cancel", consultation=id) == "unknown_consultation"
    assert await strangers[1].refusal("release", consultation=id) == "unknown_consultation"
    assert await strangers[1].refusal("conclude", consultation=id, outcome="broken") == "unknown_consultation"
    assert await strangers[1].refusal("claim", consultation=id) == "already_claimed"
    for party in (station, clerk):
        await party.sync()
        assert not any(party.unread(type) for type in ("ready", "offer", "answer", "candidate", "chat"))


async def test_roles_are_kept_apart(desks: Desks) -> None:
    clerk = await desks.open("jie1")
    assert await clerk.refusal("call", item=ITEM) == "wrong_role"
    station = await desks.open("zhan1")
    for type, fields in (("claim", {}), ("release", {}), ("conclude", {"outcome": "advised"})):
        assert await station.refusal(type, consultation="c1", **fields) == "wrong_role"


async def test_what_is_meant_for_an_older_page_is_not_passed_on(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    assert await clerk.refusal("offer", consultation=id, **OFFER | {"to": "older"}) == "peer_absent"
    await station.leave()
    await clerk.consultation(otherPresent=False)
    assert await clerk.refusal("offer", consultation=id, **OFFER) == "peer_absent"
    await clerk.request("ready", consultation=id)


async def test_a_line_sent_twice_is_told_as_it_was_kept(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.talk(station, clerk)
    await station.request("chat", consultation=id, id="l1", text="第一句。")
    first = await clerk.until("chat")
    await station.request("chat", consultation=id, id="l1", text="换了一句。")
    assert await clerk.until("chat") == first
    assert desks.place.rows("SELECT text FROM chat") == [{"text": "第一句。"}]


@pytest.mark.parametrize(
    ("length", "code"), [(FRAME_LIMIT, None), (FRAME_LIMIT + 1, 1009), (4 * FRAME_LIMIT, 1009)]
)
async def test_a_frame_has_a_longest_length(desks: Desks, length: int, code: int | None) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    frame = json.dumps({"type": "ping", "ref": "long"})
    await station.send_text(frame + " " * (length - len(frame)))
    if code is None:
        assert (await station.until("done"))["ref"] == "long"
    else:
        assert await station.closed() == code
    await clerk.sync()


async def test_over_the_rate_messages_are_refused_and_the_connection_goes_on(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    refs = [f"p{number}" for number in range(int(BURST) + 20)]
    for ref in refs:
        await station.send("ping", ref=ref)
    answers = [await station.until_answered(ref) for ref in refs]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert {answer["code"] for answer in refused} == {"too_many"}
    # The hello was a message too.
    assert 0 < len(refused) <= 21
    await clerk.sync()
    # As long as it takes for two messages to be let through again.
    await asyncio.sleep(2 / SUSTAINED)
    await desks.call(station, clerk)


@pytest.mark.parametrize("text", ["rubbish", '{"type":"ping"}'])
async def test_a_flood_is_cut_off_and_nobody_else_notices(desks: Desks, text: str) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    with contextlib.suppress(aiohttp.ClientError, ConnectionError):
        for _ in range(int(BURST) + 5 * OVERRUNS_ALLOWED):
            await station.send_text(text)
    assert await station.closed() == 4429
    await clerk.sync()
    await desks.call(await desks.open("zhan1"), clerk)


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
    assert [(await back.until("chat"))["text"] for _ in range(2)] == ["您好。", "请讲。"]
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
    monkeypatch.setattr("consult.signaling.SILENCE_LIMIT", 0.1)
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


async def test_a_fault_of_the_service_is_told_and_nothing_is_changed(
    desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    station = await desks.open("zhan1")
    service = desks.service.app[SERVICE]
    stop = "CREATE TRIGGER stop BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    await service.transact(lambda tx: tx.exec_driver_sql(stop))
    assert await station.refusal("call", item=ITEM) == "internal"
    assert "zhan1: a message could not be carried out" in caplog.text
    assert desks.place.rows("SELECT * FROM consultations") == []
    await service.transact(lambda tx: tx.exec_driver_sql("DROP TRIGGER stop"))
    await desks.call(station)


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
