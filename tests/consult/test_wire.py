from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from consult import wire
from consult.consultation import ChatLine, Consultation, EndReason, Outcome, State
from consult.directory import Area, Release
from consult.people import Desk, Person, Role

NOW = datetime(2026, 11, 23, 1, 2, 3, 456_789, tzinfo=UTC)
WORKER = Person("w1", "zhan1", "示例·甲", "S001", Role.SOCIAL_WORKER, "990100001001")
CLERK = Person("k1", "jie1", "示例·乙", "J001", Role.CLERK, "990100001")
PEOPLE = {"w1": WORKER, "k1": CLERK}
RELEASE = Release(
    id="r1",
    district=Area(code="990100", name="样例区"),
    areas={
        "990100": Area(code="990100", name="样例区"),
        "990100001": Area(code="990100001", name="甲街道"),
        "990100001001": Area(code="990100001001", name="甲一社区"),
    },
    stations={},
    items={},
    guides={},
)
LIVE = Consultation(
    id="c1",
    version=4,
    state=State.LIVE,
    district="990100",
    street="990100001",
    station="990100001001",
    item="002000010002",
    item_name="就业登记",
    social_worker="w1",
    opened_at=NOW,
    clerk="k1",
    claimed_at=NOW + timedelta(seconds=1),
    live_at=NOW + timedelta(seconds=2),
)
WAITING = replace(LIVE, state=State.WAITING, clerk=None, claimed_at=None, live_at=None)
MEDIA = {"iceServers": [{"urls": ["turn:192.0.2.1:3478"]}], "iceTransportPolicy": "all"}


def test_times_are_utc_with_milliseconds() -> None:
    assert wire.moment(NOW) == "2026-11-23T01:02:03.456Z"
    assert wire.moment(NOW.astimezone(timezone(timedelta(hours=8)))) == "2026-11-23T01:02:03.456Z"
    assert wire.moment(None) is None


def test_a_person_is_shown_with_number_and_place() -> None:
    assert wire.person(CLERK, RELEASE) == {
        "name": "示例·乙",
        "number": "J001",
        "role": "clerk",
        "place": {"code": "990100001", "name": "甲街道"},
    }


def test_a_place_that_has_left_the_catalogue_is_named_by_its_code() -> None:
    moved = replace(WORKER, place="990100001099")
    assert wire.person(moved, RELEASE)["place"] == {"code": "990100001099", "name": "990100001099"}


def on_the_wire(c: Consultation, position: int | None = None) -> dict[str, object]:
    return wire.consultation(
        c,
        PEOPLE,
        RELEASE,
        position=position,
        clerks=wire.Clerks(2, 1),
        other_present=True,
        media=MEDIA,
    )


def test_a_consultation_on_the_wire() -> None:
    assert on_the_wire(LIVE) == {
        "id": "c1",
        "version": 4,
        "state": "live",
        "item": {"code": "002000010002", "name": "就业登记"},
        "station": {"code": "990100001001", "name": "甲一社区"},
        "street": {"code": "990100001", "name": "甲街道"},
        "socialWorker": {"name": "示例·甲", "number": "S001"},
        "clerk": {"name": "示例·乙", "number": "J001"},
        "openedAt": "2026-11-23T01:02:03.456Z",
        "claimedAt": "2026-11-23T01:02:04.456Z",
        "liveAt": "2026-11-23T01:02:05.456Z",
        "endedAt": None,
        "endReason": None,
        "outcome": None,
        "position": None,
        "clerks": {"present": 2, "free": 1},
        "otherPresent": True,
        **MEDIA,
    }


@pytest.mark.parametrize("state", State)
def test_the_ways_for_the_media_are_told_only_while_the_parties_talk(state: State) -> None:
    told = on_the_wire(replace(LIVE, state=state))
    assert set(MEDIA) <= set(told) if state in (State.CONNECTING, State.LIVE) else not set(MEDIA) & set(told)


def test_who_waits_has_a_position_and_no_clerk() -> None:
    told = on_the_wire(WAITING, position=3)
    assert (told["position"], told["clerk"], told["claimedAt"]) == (3, None, None)


def test_how_it_ended() -> None:
    ended = replace(
        LIVE,
        state=State.ENDED,
        ended_at=NOW + timedelta(minutes=5),
        end_reason=EndReason.HUNG_UP,
        outcome=Outcome.NOTICE,
    )
    told = on_the_wire(ended)
    assert (told["endedAt"], told["endReason"], told["outcome"]) == (
        "2026-11-23T01:07:03.456Z",
        "hung_up",
        "notice",
    )


def test_the_queue_in_its_order() -> None:
    second = replace(WAITING, id="c2", state=State.RINGING, social_worker="gone")
    told = wire.queue([WAITING, second], PEOPLE, RELEASE, wire.Clerks(1, 0), PEOPLE.__contains__, NOW)
    assert told == {
        "type": "queue",
        "tickets": [
            {
                "consultation": "c1",
                "state": "waiting",
                "item": {"code": "002000010002", "name": "就业登记"},
                "station": {"code": "990100001001", "name": "甲一社区"},
                "socialWorker": {"name": "示例·甲", "number": "S001"},
                "present": True,
                "openedAt": "2026-11-23T01:02:03.456Z",
            },
            {
                "consultation": "c2",
                "state": "ringing",
                "item": {"code": "002000010002", "name": "就业登记"},
                "station": {"code": "990100001001", "name": "甲一社区"},
                "socialWorker": None,
                "present": False,
                "openedAt": "2026-11-23T01:02:03.456Z",
            },
        ],
        "clerks": {"present": 1, "free": 0},
        "now": "2026-11-23T01:02:03.456Z",
    }


@pytest.mark.parametrize(
    ("sender", "side", "name"),
    [(WORKER, Desk.STATION, "示例·甲"), (CLERK, Desk.CENTRE, "示例·乙"), (None, Desk.CENTRE, "")],
)
def test_a_line_of_chat_says_from_which_side(sender: Person | None, side: Desk, name: str) -> None:
    line = ChatLine("c1", "l1", "somebody", NOW, "请稍等。")
    assert wire.chat(line, sender) == {
        "type": "chat",
        "consultation": "c1",
        "id": "l1",
        "side": side,
        "name": name,
        "text": "请稍等。",
        "at": "2026-11-23T01:02:03.456Z",
    }
