"""Records as the service puts them on the wire. docs/signaling.md, "From the service". Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consult.consultation import TALKING, ChatLine, Consultation
from consult.directory import Area, Release
from consult.people import Desk, Person


@dataclass(frozen=True, slots=True)
class Clerks:
    """How many at the centre are at their desks, and how many of them are not in a call."""

    present: int
    free: int


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def person(who: Person, release: Release) -> dict[str, Any]:
    return {
        "name": who.name,
        "number": who.number,
        "role": who.role,
        "place": area(release.area(who.place)),
    }


def area(place: Area) -> dict[str, str]:
    return {"code": place.code, "name": place.name}


def consultation(
    c: Consultation,
    people: Mapping[str, Person],
    release: Release,
    *,
    position: int | None,
    clerks: Clerks,
    other_present: bool,
    media: Mapping[str, Any],
) -> dict[str, Any]:
    """A consultation for one party; `media` is that party's RTCConfiguration, shown while the parties talk."""
    told = {
        "id": c.id,
        "version": c.version,
        "state": c.state,
        "item": {"code": c.item, "name": c.item_name},
        "station": area(release.area(c.station)),
        "street": area(release.area(c.street)),
        "socialWorker": _named(people.get(c.social_worker)),
        "clerk": _named(people.get(c.clerk or "")),
        "openedAt": moment(c.opened_at),
        "claimedAt": moment(c.claimed_at),
        "liveAt": moment(c.live_at),
        "endedAt": moment(c.ended_at),
        "endReason": c.end_reason,
        "outcome": c.outcome,
        "position": position,
        "clerks": {"present": clerks.present, "free": clerks.free},
        "otherPresent": other_present,
    }
    return told | dict(media) if c.state in TALKING else told


def ticket(
    c: Consultation, people: Mapping[str, Person], release: Release, present: Callable[[str], bool]
) -> dict[str, Any]:
    return {
        "consultation": c.id,
        "state": c.state,
        "item": {"code": c.item, "name": c.item_name},
        "station": area(release.area(c.station)),
        "socialWorker": _named(people.get(c.social_worker)),
        "present": present(c.social_worker),
        "openedAt": moment(c.opened_at),
    }


def queue(
    waiting: Sequence[Consultation],
    people: Mapping[str, Person],
    release: Release,
    clerks: Clerks,
    present: Callable[[str], bool],
    now: datetime,
) -> dict[str, Any]:
    return {
        "type": "queue",
        "tickets": [ticket(c, people, release, present) for c in waiting],
        "clerks": {"present": clerks.present, "free": clerks.free},
        "now": moment(now),
    }


def history(consultation: str, lines: Sequence[ChatLine], people: Mapping[str, Person]) -> dict[str, Any]:
    """What was written so far, as one message."""
    told = [chat_line(line, people.get(line.sender)) for line in lines]
    return {"type": "history", "consultation": consultation, "lines": told}


def chat(line: ChatLine, sender: Person | None) -> dict[str, Any]:
    return {"type": "chat", "consultation": line.consultation, **chat_line(line, sender)}


def chat_line(line: ChatLine, sender: Person | None) -> dict[str, Any]:
    return {
        "id": line.id,
        "side": sender.desk if sender else Desk.CENTRE,
        "name": sender.name if sender else "",
        "text": line.text,
        "at": moment(line.at),
    }


def _named(who: Person | None) -> dict[str, str] | None:
    return None if who is None else {"name": who.name, "number": who.number}
