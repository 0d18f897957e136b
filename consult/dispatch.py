"""The queue of one street centre: whose turn it is, who may serve, what has waited in vain. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from consult.consultation import (
    QUEUED,
    TALKING,
    Consultation,
    EndReason,
    Event,
    Refused,
    State,
    quiet,
    ring,
    unknown_consultation,
)
from consult.people import Person, Role


def queue(consultations: Iterable[Consultation]) -> list[Consultation]:
    """Those that wait, the longest wait first."""
    waiting = (c for c in consultations if c.state in QUEUED)
    return sorted(waiting, key=lambda c: (c.opened_at, c.id))


def position(consultation: Consultation, street_queue: Sequence[Consultation]) -> int | None:
    """Place from 1 in its street's queue, None when it does not wait."""
    return next((n for n, c in enumerate(street_queue, 1) if c.id == consultation.id), None)


def may_call(person: Person, unfinished: Sequence[Consultation]) -> None:
    """Raises Refused unless this person may start a consultation; `unfinished` are the person's own."""
    if person.role is not Role.SOCIAL_WORKER:
        raise Refused("wrong_role", "只有社区站点可以发起咨询。")
    if unfinished:
        raise Refused("busy", "您还有一次咨询没有结束，请先结束它。")


def may_claim(person: Person, consultation: Consultation, unfinished: Sequence[Consultation]) -> None:
    """Raises Refused unless this person may take this consultation; `unfinished` are the person's own."""
    if not person.serves(consultation.street):
        raise unknown_consultation()
    if any(c.state in TALKING for c in unfinished):
        raise Refused("busy", "您正在通话，结束后才能接听下一个。")
    if unfinished:
        raise Refused("outcome_missing", "请先选择上一次咨询的办理结果。")


def expiry(
    consultation: Consultation, station_away: timedelta, clerk_away: timedelta, limit: timedelta
) -> EndReason | None:
    """Why an open consultation ends by itself now, from how long each party has been away (0 is present)."""
    if consultation.state in QUEUED and station_away >= limit:
        return EndReason.ABANDONED
    if consultation.state in TALKING and min(station_away, clerk_away) >= limit:
        return EndReason.LOST
    return None


def bell(consultation: Consultation, heard: bool) -> tuple[Event | None, Consultation]:
    """Rings what a clerk now has on the screen and quiets what none has any more; (None, itself) when it is right."""
    if consultation.state is State.WAITING and heard:
        return Event.RING, ring(consultation)
    if consultation.state is State.RINGING and not heard:
        return Event.QUIET, quiet(consultation)
    return None, consultation


def same_day(a: datetime, b: datetime) -> bool:
    """Whether two aware times fall on one calendar day of `b`'s zone."""
    return a.astimezone(b.tzinfo).date() == b.date()
