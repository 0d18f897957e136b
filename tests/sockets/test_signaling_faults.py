"""Bad input over real WebSockets: each gets its stable code, and the honest client's connection goes on."""

import asyncio
import contextlib
import json

import aiohttp
import pytest

from consult.app import SERVICE
from consult.signaling import BURST, FRAME_LIMIT, OVERRUNS_ALLOWED, SUSTAINED
from tests.support.desk import CANDIDATE, OFFER
from tests.support.service import (
    ITEM,
    Desks,
)

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
