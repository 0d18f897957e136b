from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import dispatch
from consult.consultation import OPEN, QUEUED, TALKING, Consultation, EndReason, Event, Refused, State
from consult.people import Person, Role

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LIMIT = timedelta(seconds=120)
HERE, ALMOST, LONG = timedelta(), timedelta(seconds=119.999), LIMIT

WORKER = Person("w1", "zhan1", "示例·甲", "S001", Role.SOCIAL_WORKER, "990100001001")
CLERK = Person("k1", "jie1", "示例·乙", "J001", Role.CLERK, "990100001")
COORDINATOR = Person("q1", "qu1", "示例·丙", "Q001", Role.COORDINATOR, "990100")


def consultation(
    state: State, id: str = "c1", opened: datetime = NOW, clerk: str | None = None
) -> Consultation:
    return Consultation(
        id=id,
        version=7,
        state=state,
        district="990100",
        street="990100001",
        station="990100001001",
        item="002000010002",
        item_name="就业登记",
        social_worker="w1",
        opened_at=opened,
        clerk=clerk,
    )


def code(act: Callable[[], None]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@given(st.lists(st.tuples(st.sampled_from(State), st.integers(0, 3), st.uuids()), max_size=12))
def test_the_queue_holds_who_waits_the_longest_wait_first(told: list[tuple[State, int, object]]) -> None:
    every = [consultation(state, str(id), NOW + timedelta(minutes=minutes)) for state, minutes, id in told]
    queue = dispatch.queue(every)
    assert {c.id for c in queue} == {c.id for c in every if c.state in QUEUED}
    assert [(c.opened_at, c.id) for c in queue] == sorted((c.opened_at, c.id) for c in queue)
    assert dispatch.queue(reversed(every)) == queue
    assert [dispatch.position(c, queue) for c in queue] == list(range(1, len(queue) + 1))


def test_who_does_not_wait_has_no_position() -> None:
    waiting, live = consultation(State.WAITING), consultation(State.LIVE, "c2")
    assert dispatch.position(live, dispatch.queue([waiting, live])) is None


def test_a_released_one_comes_back_to_its_old_place() -> None:
    first, second = (consultation(State.WAITING, str(n), NOW + timedelta(minutes=n)) for n in (1, 2))
    back = replace(first, version=first.version + 3)
    assert dispatch.queue([second, back]) == [back, second]


def test_only_a_social_worker_without_a_consultation_calls() -> None:
    dispatch.may_call(WORKER, [])
    assert code(lambda: dispatch.may_call(WORKER, [consultation(State.WAITING)])) == "busy"
    assert code(lambda: dispatch.may_call(CLERK, [])) == "wrong_role"
    assert code(lambda: dispatch.may_call(COORDINATOR, [])) == "wrong_role"


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (CLERK, None),
        (COORDINATOR, None),
        (replace(CLERK, place="990100002"), "unknown_consultation"),
        (replace(COORDINATOR, place="990200"), "unknown_consultation"),
        (WORKER, "unknown_consultation"),
    ],
)
def test_who_may_claim_goes_by_role_and_place(person: Person, expected: str | None) -> None:
    def act() -> None:
        dispatch.may_claim(person, consultation(State.RINGING), [])

    if expected is None:
        act()
    else:
        assert code(act) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(State.CONNECTING, "busy"), (State.LIVE, "busy"), (State.ENDED, "outcome_missing")],
)
def test_a_clerk_finishes_one_before_the_next(state: State, expected: str) -> None:
    unfinished = [consultation(state, "c0", clerk="k1")]
    assert code(lambda: dispatch.may_claim(CLERK, consultation(State.RINGING), unfinished)) == expected


@pytest.mark.parametrize("state", sorted(QUEUED))
def test_a_waiting_one_is_abandoned_when_the_station_has_been_away_for_the_limit(state: State) -> None:
    waiting = consultation(state)
    assert dispatch.expiry(waiting, ALMOST, LONG, LIMIT) is None
    assert dispatch.expiry(waiting, LONG, HERE, LIMIT) is EndReason.ABANDONED


@pytest.mark.parametrize("state", sorted(TALKING))
def test_a_call_is_lost_only_when_both_have_been_away_for_the_limit(state: State) -> None:
    call = consultation(state, clerk="k1")
    for station, clerk in ((LONG, HERE), (HERE, LONG), (LONG, ALMOST), (ALMOST, LONG), (HERE, HERE)):
        assert dispatch.expiry(call, station, clerk, LIMIT) is None
    assert dispatch.expiry(call, LONG, LONG, LIMIT) is EndReason.LOST


def test_what_has_ended_does_not_expire() -> None:
    assert dispatch.expiry(consultation(State.ENDED), LONG, LONG, LIMIT) is None


@pytest.mark.parametrize(
    ("state", "heard", "event", "after"),
    [
        (State.WAITING, True, Event.RING, State.RINGING),
        (State.RINGING, False, Event.QUIET, State.WAITING),
    ],
)
def test_the_bell_follows_the_clerks(state: State, heard: bool, event: Event, after: State) -> None:
    rung, changed = dispatch.bell(consultation(state), heard)
    assert (rung, changed.state, changed.version) == (event, after, 8)


@pytest.mark.parametrize(
    ("state", "heard"),
    [
        (State.WAITING, False),
        (State.RINGING, True),
        *((state, heard) for state in (*sorted(TALKING), State.ENDED) for heard in (False, True)),
    ],
)
def test_a_bell_that_is_right_is_left_alone(state: State, heard: bool) -> None:
    before = consultation(state)
    event, after = dispatch.bell(before, heard)
    assert event is None
    assert after is before


def test_the_day_is_that_of_the_second_times_zone() -> None:
    beijing = timezone(timedelta(hours=8))
    before_midnight = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    morning = datetime(2026, 11, 23, 9, 0, tzinfo=beijing)
    assert not dispatch.same_day(before_midnight, morning)
    assert dispatch.same_day(before_midnight + timedelta(minutes=1), morning)
    assert dispatch.same_day(before_midnight, before_midnight)


def test_every_open_state_waits_or_talks() -> None:
    assert QUEUED | TALKING == OPEN
