import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consult import consultation as rules
from consult.consultation import (
    OPEN,
    QUEUED,
    TALKING,
    TRANSITIONS,
    Consultation,
    EndReason,
    Event,
    Outcome,
    Refused,
    State,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
WORKER, CLERK, OTHER = "worker", "clerk", "other"

WAITING = Consultation(
    id="c1",
    version=1,
    state=State.WAITING,
    district="990100",
    street="990100001",
    station="990100001001",
    item="002000010002",
    item_name="就业登记",
    social_worker=WORKER,
    opened_at=NOW,
)
CONNECTING = replace(WAITING, state=State.CONNECTING, version=3, clerk=CLERK, claimed_at=NOW)
ENDED = replace(
    CONNECTING, state=State.ENDED, version=5, live_at=NOW, ended_at=NOW, end_reason=EndReason.HUNG_UP
)
IN_STATE = {
    State.WAITING: WAITING,
    State.RINGING: replace(WAITING, state=State.RINGING, version=2),
    State.CONNECTING: CONNECTING,
    State.LIVE: replace(CONNECTING, state=State.LIVE, version=4, live_at=NOW),
    State.ENDED: ENDED,
}
ACTS: dict[Event, Callable[[Consultation], Consultation]] = {
    Event.RING: rules.ring,
    Event.QUIET: rules.quiet,
    Event.CLAIM: lambda c: rules.claim(c, CLERK, LATER),
    Event.RELEASE: lambda c: rules.release(c, CLERK),
    Event.CONNECT: lambda c: rules.connect(c, WORKER, LATER),
    Event.CANCEL: lambda c: rules.cancel(c, WORKER, LATER),
    Event.HANG_UP: lambda c: rules.hang_up(c, WORKER, None, LATER),
    Event.EXPIRE: lambda c: rules.expire(c, EndReason.LOST, LATER),
    Event.CONCLUDE: lambda c: rules.conclude(c, CLERK, Outcome.ADVISED),
}
# The drawing in docs/signaling.md, "States", written out.
MOVES = {
    (Event.RING, State.WAITING): State.RINGING,
    (Event.QUIET, State.RINGING): State.WAITING,
    (Event.CLAIM, State.WAITING): State.CONNECTING,
    (Event.CLAIM, State.RINGING): State.CONNECTING,
    (Event.RELEASE, State.CONNECTING): State.WAITING,
    (Event.RELEASE, State.LIVE): State.WAITING,
    (Event.CONNECT, State.CONNECTING): State.LIVE,
    (Event.CANCEL, State.WAITING): State.ENDED,
    (Event.CANCEL, State.RINGING): State.ENDED,
    (Event.HANG_UP, State.CONNECTING): State.ENDED,
    (Event.HANG_UP, State.LIVE): State.ENDED,
    (Event.EXPIRE, State.WAITING): State.ENDED,
    (Event.EXPIRE, State.RINGING): State.ENDED,
    (Event.EXPIRE, State.CONNECTING): State.ENDED,
    (Event.EXPIRE, State.LIVE): State.ENDED,
    (Event.CONCLUDE, State.ENDED): State.ENDED,
}
# Where a refusal says more than that the state is wrong, or where saying it again does nothing.
OTHERWISE = {
    (Event.CLAIM, State.CONNECTING): "already_claimed",
    (Event.CLAIM, State.LIVE): "already_claimed",
    (Event.CONNECT, State.LIVE): None,
    # Nobody is the clerk of what waits.
    (Event.RELEASE, State.WAITING): "unknown_consultation",
    (Event.RELEASE, State.RINGING): "unknown_consultation",
    (Event.CONCLUDE, State.WAITING): "unknown_consultation",
    (Event.CONCLUDE, State.RINGING): "unknown_consultation",
}


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.text.endswith("。")
    return refused.value.code


def test_the_table_is_the_drawing() -> None:
    assert {(event, state): to for event, row in TRANSITIONS.items() for state, to in row.items()} == MOVES
    assert set(ACTS) == set(Event) - {Event.CALL}


@pytest.mark.parametrize(("event", "state"), list(itertools.product(ACTS, State)))
def test_every_event_in_every_state_moves_or_is_refused(event: Event, state: State) -> None:
    before = IN_STATE[state]
    to = MOVES.get((event, state))
    if to is not None:
        after = ACTS[event](before)
        assert (after.state, after.version) == (to, before.version + 1)
    elif (expected := OTHERWISE.get((event, state), "wrong_state")) is None:
        assert ACTS[event](before) is before
    else:
        assert code(lambda: ACTS[event](before)) == expected


def test_a_claim_names_the_clerk_and_the_time() -> None:
    after = rules.claim(WAITING, CLERK, LATER)
    assert after == replace(WAITING, state=State.CONNECTING, version=2, clerk=CLERK, claimed_at=LATER)


@pytest.mark.parametrize("state", sorted(TALKING))
def test_a_released_one_is_as_if_never_claimed_but_for_its_version(state: State) -> None:
    before = IN_STATE[state]
    assert rules.release(before, CLERK) == replace(WAITING, version=before.version + 1)


@pytest.mark.parametrize("party", [WORKER, CLERK])
def test_either_party_says_that_it_is_connected_and_the_first_counts(party: str) -> None:
    live = rules.connect(CONNECTING, party, LATER)
    assert live == replace(CONNECTING, state=State.LIVE, version=4, live_at=LATER)
    assert rules.connect(live, WORKER, LATER + timedelta(seconds=1)) is live


def test_cancelling_says_when_and_why() -> None:
    after = rules.cancel(WAITING, WORKER, LATER)
    assert (after.ended_at, after.end_reason, after.clerk) == (LATER, EndReason.CANCELLED, None)


@pytest.mark.parametrize("party", [WORKER, CLERK])
def test_either_party_hangs_up(party: str) -> None:
    after = rules.hang_up(CONNECTING, party, None, LATER)
    assert (after.ended_at, after.end_reason, after.outcome) == (LATER, EndReason.HUNG_UP, None)


def test_the_clerk_may_hang_up_with_the_outcome_and_the_social_worker_may_not() -> None:
    after = rules.hang_up(CONNECTING, CLERK, Outcome.NOTICE, LATER)
    assert after.outcome is Outcome.NOTICE
    assert code(lambda: rules.hang_up(CONNECTING, WORKER, Outcome.NOTICE, LATER)) == "wrong_role"


@pytest.mark.parametrize("reason", EndReason)
def test_expiry_keeps_its_reason(reason: EndReason) -> None:
    after = rules.expire(IN_STATE[State.LIVE], reason, LATER)
    assert (after.end_reason, after.ended_at, after.clerk) == (reason, LATER, CLERK)


def test_an_outcome_is_given_once() -> None:
    after = rules.conclude(ENDED, CLERK, Outcome.REFERRED)
    assert (after.outcome, after.version) == (Outcome.REFERRED, 6)
    assert code(lambda: rules.conclude(after, CLERK, Outcome.BROKEN)) == "wrong_state"


@pytest.mark.parametrize("state", State)
def test_to_a_stranger_there_is_no_such_consultation(state: State) -> None:
    before = IN_STATE[state]
    strange = [
        lambda: rules.release(before, OTHER),
        lambda: rules.connect(before, OTHER, LATER),
        lambda: rules.cancel(before, OTHER, LATER),
        lambda: rules.hang_up(before, OTHER, None, LATER),
        lambda: rules.conclude(before, OTHER, Outcome.ADVISED),
    ]
    assert {code(act) for act in strange} == {"unknown_consultation"}


def test_what_is_the_other_partys_is_refused_to_a_party() -> None:
    for act in (
        lambda: rules.release(CONNECTING, WORKER),
        lambda: rules.conclude(ENDED, WORKER, Outcome.ADVISED),
        lambda: rules.cancel(CONNECTING, CLERK, LATER),
    ):
        assert code(act) == "unknown_consultation"


@pytest.mark.parametrize("state", State)
def test_talking_is_connecting_or_live(state: State) -> None:
    if state in TALKING:
        assert rules.talking(IN_STATE[state]) is IN_STATE[state]
    else:
        assert code(lambda: rules.talking(IN_STATE[state])) == "wrong_state"


def test_its_parties_are_the_social_worker_and_the_clerk_it_has() -> None:
    assert [CONNECTING.party(who) for who in (WORKER, CLERK, OTHER)] == [True, True, False]
    assert [WAITING.party(who) for who in (WORKER, CLERK)] == [True, False]


def test_the_groups_of_states() -> None:
    assert QUEUED | TALKING == OPEN == set(State) - {State.ENDED}
    assert not QUEUED & TALKING


class Walk(RuleBasedStateMachine):
    """Anybody does anything at any time: what comes of it is always a consultation that can be."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.before = self.after = WAITING

    def attempt(self, act: Callable[[Consultation], Consultation]) -> None:
        self.now += timedelta(seconds=1)
        self.before = self.after
        try:
            self.after = act(self.before)
        except Refused as refused:
            assert refused.code in {"wrong_state", "wrong_role", "already_claimed", "unknown_consultation"}

    @rule(act=st.sampled_from([rules.ring, rules.quiet]))
    def bell(self, act: Callable[[Consultation], Consultation]) -> None:
        self.attempt(act)

    @rule(clerk=st.sampled_from([CLERK, OTHER]))
    def claim(self, clerk: str) -> None:
        self.attempt(lambda c: rules.claim(c, clerk, self.now))

    @rule(by=st.sampled_from([WORKER, CLERK, OTHER]))
    def release(self, by: str) -> None:
        self.attempt(lambda c: rules.release(c, by))

    @rule(by=st.sampled_from([WORKER, CLERK, OTHER]))
    def connect(self, by: str) -> None:
        self.attempt(lambda c: rules.connect(c, by, self.now))

    @rule(by=st.sampled_from([WORKER, CLERK, OTHER]))
    def cancel(self, by: str) -> None:
        self.attempt(lambda c: rules.cancel(c, by, self.now))

    @rule(by=st.sampled_from([WORKER, CLERK, OTHER]), outcome=st.none() | st.sampled_from(Outcome))
    def hang_up(self, by: str, outcome: Outcome | None) -> None:
        self.attempt(lambda c: rules.hang_up(c, by, outcome, self.now))

    @rule(reason=st.sampled_from([EndReason.ABANDONED, EndReason.LOST]))
    def expire(self, reason: EndReason) -> None:
        self.attempt(lambda c: rules.expire(c, reason, self.now))

    @rule(by=st.sampled_from([WORKER, CLERK, OTHER]), outcome=st.sampled_from(Outcome))
    def conclude(self, by: str, outcome: Outcome) -> None:
        self.attempt(lambda c: rules.conclude(c, by, outcome))

    @precondition(lambda self: self.after.state is State.ENDED)
    @rule()
    def call_again(self) -> None:
        self.before = self.after = WAITING

    @invariant()
    def the_version_grows_by_one_or_nothing_changed(self) -> None:
        assert self.after == self.before or self.after.version == self.before.version + 1

    @invariant()
    def what_has_ended_stays_ended_and_says_when_and_why(self) -> None:
        c = self.after
        assert (c.state is State.ENDED) == (c.ended_at is not None) == (c.end_reason is not None)
        assert self.before.state is not State.ENDED or c.state is State.ENDED

    @invariant()
    def who_talks_has_a_clerk_and_who_waits_has_none(self) -> None:
        c = self.after
        assert c.state not in TALKING or c.clerk is not None
        assert c.state not in QUEUED or (c.clerk, c.claimed_at, c.live_at) == (None, None, None)
        assert (c.clerk is None) == (c.claimed_at is None)

    @invariant()
    def it_was_live_only_after_a_claim(self) -> None:
        c = self.after
        assert c.state is not State.LIVE or c.live_at is not None
        assert c.state is not State.CONNECTING or c.live_at is None
        times = [t for t in (c.opened_at, c.claimed_at, c.live_at, c.ended_at) if t is not None]
        assert times == sorted(times)

    @invariant()
    def an_outcome_is_of_an_ended_one_that_had_a_clerk_and_stays(self) -> None:
        c = self.after
        assert c.outcome is None or (c.state is State.ENDED and c.clerk is not None)
        assert self.before.outcome in (None, c.outcome)

    @invariant()
    def what_was_asked_stays_as_it_was(self) -> None:
        told = ("id", "district", "street", "station", "item", "item_name", "social_worker", "opened_at")
        assert all(getattr(self.after, name) == getattr(WAITING, name) for name in told)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
