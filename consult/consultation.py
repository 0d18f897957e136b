"""The state machine of one consultation: pure functions of (consultation, who, now).

docs/signaling.md, "States". Nothing here reads a clock, makes an id or knows how a consultation is kept.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    RINGING = "ringing"
    CONNECTING = "connecting"
    LIVE = "live"
    ENDED = "ended"


QUEUED = frozenset({State.WAITING, State.RINGING})
TALKING = frozenset({State.CONNECTING, State.LIVE})
OPEN = QUEUED | TALKING


class Event(StrEnum):
    CALL = "call"
    RING = "ring"
    QUIET = "quiet"
    CLAIM = "claim"
    RELEASE = "release"
    CONNECT = "connect"
    CANCEL = "cancel"
    HANG_UP = "hang_up"
    EXPIRE = "expire"
    CONCLUDE = "conclude"


TRANSITIONS: dict[Event, dict[State, State]] = {
    Event.RING: {State.WAITING: State.RINGING},
    Event.QUIET: {State.RINGING: State.WAITING},
    Event.CLAIM: dict.fromkeys(QUEUED, State.CONNECTING),
    Event.RELEASE: dict.fromkeys(TALKING, State.WAITING),
    Event.CONNECT: {State.CONNECTING: State.LIVE},
    Event.CANCEL: dict.fromkeys(QUEUED, State.ENDED),
    Event.HANG_UP: dict.fromkeys(TALKING, State.ENDED),
    Event.EXPIRE: dict.fromkeys(OPEN, State.ENDED),
    Event.CONCLUDE: {State.ENDED: State.ENDED},
}


class EndReason(StrEnum):
    CANCELLED = "cancelled"
    HUNG_UP = "hung_up"
    ABANDONED = "abandoned"
    LOST = "lost"


class Outcome(StrEnum):
    """What a consultation came to, in the clerk's choice."""

    ADVISED = "advised"
    NOTICE = "notice"
    PREREVIEWED = "prereviewed"
    ACCEPTED = "accepted"
    REFERRED = "referred"
    BROKEN = "broken"


class Refused(Exception):
    """A request that the rules do not allow. `code` is stable, `text` is for the person at the desk."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Consultation:
    """One call and its place in the queue. `version` counts its transitions from 1; times are aware."""

    id: str
    version: int
    state: State
    district: str
    street: str
    station: str
    item: str
    item_name: str
    social_worker: str
    opened_at: datetime
    clerk: str | None = None
    claimed_at: datetime | None = None
    live_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    outcome: Outcome | None = None

    def party(self, account: str) -> bool:
        return account in (self.social_worker, self.clerk)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of text; `id` is its sender's own."""

    consultation: str
    id: str
    sender: str
    at: datetime
    text: str


def ring(consultation: Consultation) -> Consultation:
    """A clerk now has it on the screen."""
    return _moved(consultation, Event.RING)


def quiet(consultation: Consultation) -> Consultation:
    """No clerk has it on the screen any more."""
    return _moved(consultation, Event.QUIET)


def claim(consultation: Consultation, clerk: str, now: datetime) -> Consultation:
    """`clerk` takes it. Raises Refused `already_claimed` when another was first."""
    if consultation.state in TALKING:
        raise Refused("already_claimed", "另一位工作人员已经接听。")
    return replace(_moved(consultation, Event.CLAIM), clerk=clerk, claimed_at=now)


def release(consultation: Consultation, by: str) -> Consultation:
    """Its clerk gives it back; it keeps its place, because the queue goes by `opened_at`."""
    _of_clerk(consultation, by)
    return replace(_moved(consultation, Event.RELEASE), clerk=None, claimed_at=None, live_at=None)


def connect(consultation: Consultation, by: str, now: datetime) -> Consultation:
    """A party's media are connected. Returns the consultation itself when it is live already."""
    _of_party(consultation, by)
    if consultation.state is State.LIVE:
        return consultation
    return replace(_moved(consultation, Event.CONNECT), live_at=now)


def cancel(consultation: Consultation, by: str, now: datetime) -> Consultation:
    if by != consultation.social_worker:
        raise unknown_consultation()
    return _ended(consultation, Event.CANCEL, EndReason.CANCELLED, now)


def hang_up(consultation: Consultation, by: str, outcome: Outcome | None, now: datetime) -> Consultation:
    """Either party ends it; only the clerk may say what came of it."""
    _of_party(consultation, by)
    if outcome is not None and by != consultation.clerk:
        raise Refused("wrong_role", "办理结果由街道工作人员填写。")
    return replace(_ended(consultation, Event.HANG_UP, EndReason.HUNG_UP, now), outcome=outcome)


def expire(consultation: Consultation, reason: EndReason, now: datetime) -> Consultation:
    return _ended(consultation, Event.EXPIRE, reason, now)


def conclude(consultation: Consultation, by: str, outcome: Outcome) -> Consultation:
    """The clerk says what came of an ended consultation, once."""
    _of_clerk(consultation, by)
    if consultation.outcome is not None:
        raise Refused("wrong_state", "这次咨询的结果已经填写过了。")
    return replace(_moved(consultation, Event.CONCLUDE), outcome=outcome)


def talking(consultation: Consultation) -> Consultation:
    """The consultation itself while its parties talk. Raises Refused otherwise."""
    if consultation.state not in TALKING:
        raise _wrong_state(consultation)
    return consultation


def unknown_consultation() -> Refused:
    """The same answer for one that does not exist and one that is somebody else's."""
    return Refused("unknown_consultation", "没有找到这次咨询，可能已由他人处理。")


def _ended(consultation: Consultation, event: Event, reason: EndReason, now: datetime) -> Consultation:
    return replace(_moved(consultation, event), ended_at=now, end_reason=reason)


def _moved(consultation: Consultation, event: Event) -> Consultation:
    to = TRANSITIONS[event].get(consultation.state)
    if to is None:
        raise _wrong_state(consultation)
    return replace(consultation, state=to, version=consultation.version + 1)


def _wrong_state(consultation: Consultation) -> Refused:
    return Refused("wrong_state", f"这次咨询{_STATE_WORDS[consultation.state]}，不能做这一步。")


def _of_party(consultation: Consultation, by: str) -> None:
    if not consultation.party(by):
        raise unknown_consultation()


def _of_clerk(consultation: Consultation, by: str) -> None:
    if by != consultation.clerk:
        raise unknown_consultation()


_STATE_WORDS = {
    State.WAITING: "还在排队",
    State.RINGING: "正在响铃",
    State.CONNECTING: "正在接通",
    State.LIVE: "正在通话",
    State.ENDED: "已经结束",
}
