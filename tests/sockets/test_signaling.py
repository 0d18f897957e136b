"""docs/signaling.md over real WebSockets: a consultation from the call to its outcome, and its turnings."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consult.app import SERVICE
from consult.consultation import ChatLine
from consult.people import Person, Role
from consult.store import records
from consult.store.records import Account
from tests.support.desk import CANDIDATE, OFFER, DeskClient
from tests.support.service import (
    ITEM,
    ITEM_NAME,
    STATION,
    STREET,
    Desks,
    Place,
)


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
        "present": True,
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

    await _agree_on_media(station, clerk, id)
    await station.request("connected", consultation=id)
    live = await clerk.consultation(state="live")
    await clerk.request("connected", consultation=id)
    assert (await station.consultation(state="live"))["version"] == live["version"] == 4
    await _chat_both_ways(station, clerk, id)

    await clerk.request("end", consultation=id, outcome="advised")
    for party in (station, clerk):
        told = await party.consultation(state="ended")
        assert (told["endReason"], told["outcome"]) == ("hung_up", "advised")
        assert "iceServers" not in told
    await clerk.until("queue", lambda m: m["clerks"]["free"] == 1)
    _is_on_record(desks.place, id)


async def _agree_on_media(station: DeskClient, clerk: DeskClient, id: str) -> None:
    """Everything of the media's is passed on, with its sender's peer, to the other party alone."""
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


async def _chat_both_ways(station: DeskClient, clerk: DeskClient, id: str) -> None:
    await station.request("chat", consultation=id, id="l1", text=" 您好。\n")
    await clerk.request("chat", consultation=id, id="l1", text="请讲。")
    for party in (station, clerk):
        lines = [await party.until("chat"), await party.until("chat")]
        assert [(m["side"], m["name"], m["text"]) for m in lines] == [
            ("station", "示例·安小槐", "您好。"),
            ("centre", "示例·和大林", "请讲。"),
        ]


def _is_on_record(place: Place, id: str) -> None:
    """The whole consultation is in the database."""
    (record,) = place.rows("SELECT * FROM consultations")
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
    assert place.events(id) == [
        (1, "call", "waiting", "zhan1"),
        (2, "ring", "ringing", None),
        (3, "claim", "connecting", "jie1"),
        (4, "connect", "live", "zhan1"),
        (5, "hang_up", "ended", "jie1"),
    ]
    assert len(place.rows("SELECT * FROM chat")) == 2


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


async def test_the_next_clerk_reads_what_was_written_before(desks: Desks) -> None:
    station, first, second = await desks.open("zhan1"), await desks.open("jie1"), await desks.open("jie2")
    id = await desks.call(station, first)
    await first.request("claim", consultation=id)
    await station.request("chat", consultation=id, id="l1", text="您好。")
    await first.request("chat", consultation=id, id="l2", text="请等一下。")
    await first.request("release", consultation=id)
    await second.request("claim", consultation=id)
    lines = (await second.until("history"))["lines"]
    assert [(line["name"], line["text"]) for line in lines] == [
        ("示例·安小槐", "您好。"),
        ("示例·和大林", "请等一下。"),
    ]


async def test_a_long_chat_comes_back_whole_enough(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.call(station, clerk)
    await clerk.request("claim", consultation=id)

    def work(tx: sa.Connection) -> None:
        for number in range(700):
            records.add_chat(tx, ChatLine(id, f"l{number}", "zhan1", datetime.now(UTC), f"第 {number} 句"))

    await desks.service.app[SERVICE].transact(work)
    await station.leave()
    back = await desks.open("zhan1")
    lines = (await back.until("history"))["lines"]
    assert (len(lines), lines[-1]["text"]) == (500, "第 699 句")
    await back.sync()


async def test_a_clerk_who_owes_an_outcome_is_not_free(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    id = await desks.call(station, clerk)
    await clerk.request("claim", consultation=id)
    await station.request("end", consultation=id)
    await station.consultation(state="ended")
    second = await desks.call(station)
    assert (await station.consultation(id=second, state="ringing"))["clerks"] == {"present": 1, "free": 0}
    await clerk.request("conclude", consultation=id, outcome="broken")
    await clerk.until("queue", lambda m: m["clerks"] == {"present": 1, "free": 1})


async def test_the_coordinator_is_told_of_everybody_at_work(desks: Desks) -> None:
    for login in ("jie1", "jie2"):
        await desks.open(login)
    coordinator = await desks.open("qu1")
    await coordinator.until("queue", lambda m: m["clerks"] == {"present": 3, "free": 3})


async def test_a_station_that_left_is_shown_as_away(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    await desks.call(station, clerk)
    await station.leave()
    await clerk.until("queue", lambda m: [ticket["present"] for ticket in m["tickets"]] == [False])


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
