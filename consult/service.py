"""The use cases of a consultation, each one transaction.

A use case returns what has to be told; whoever tells it does so after the commit, so that a kill at any instant
loses nothing that anyone has seen. All transactions run in one thread: the loop that carries the media never
waits for the disk, and two requests never cross.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from consult import consultation as rules
from consult import dispatch
from consult.consultation import ChatLine, Consultation, Event, Outcome, Refused, State
from consult.directory import Directory
from consult.people import Person
from consult.store import records

T = TypeVar("T")

CONFLICTS_BORNE = 5
CHAT_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Scene:
    """A place (area code) after a change: what is open in its district, what just changed, and who is named in it.

    `engaged` are the clerks who can take no other now.
    """

    place: str
    open: tuple[Consultation, ...]
    changed: tuple[Consultation, ...]
    engaged: frozenset[str]
    people: dict[str, Person]

    def waiting(self, serves: Callable[[str], bool]) -> list[Consultation]:
        """The queue of the streets for which `serves` is true."""
        return dispatch.queue(c for c in self.open if serves(c.street))


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is at a desk now, as the socket layer sees it: how long an account has been away, who hears a street."""

    away: Callable[[str], timedelta]
    heard: Callable[[str], bool]


class Service:
    def __init__(
        self,
        engine: sa.Engine,
        directory: Directory,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        absence_limit: timedelta,
    ) -> None:
        self._engine = engine
        self._directory = directory
        self._clock = clock
        self._new_id = new_id
        self._absence_limit = absence_limit
        self._writer = ThreadPoolExecutor(1, "writer")

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.shutdown)
        self._engine.dispose()

    async def transact(self, work: Callable[[sa.Connection], T]) -> T:
        """Runs `work` in a transaction of the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._transaction, work)

    def _transaction(self, work: Callable[[sa.Connection], T]) -> T:
        # Another process on the same database may be first: then the rules are asked again, on what it wrote.
        for _ in range(CONFLICTS_BORNE):
            with contextlib.suppress(records.Conflict), self._engine.begin() as tx:
                return work(tx)
        raise records.Conflict(f"expected to write within {CONFLICTS_BORNE} tries")

    async def call(self, person: Person, item: str) -> Scene:
        """A new consultation waits. Raises Refused `wrong_role`, `busy` or `unknown_item`."""
        now, release = self._clock(), self._directory.current
        if item not in release.items:
            raise Refused("unknown_item", "目录里没有这个事项，可能刚刚更新过。请重新选择。")

        def work(tx: sa.Connection) -> Scene:
            dispatch.may_call(person, records.unfinished_of(tx, person))
            consultation = Consultation(
                id=self._new_id(),
                version=1,
                state=State.WAITING,
                district=person.place[:6],
                street=person.place[:9],
                station=person.place,
                item=item,
                item_name=release.items[item].name,
                social_worker=person.id,
                opened_at=now,
            )
            records.insert(tx, consultation, now)
            return _scene(tx, consultation.street, [consultation])

        return await self.transact(work)

    async def claim(self, person: Person, id: str) -> Scene:
        """`person` takes it; of several at once exactly one does, the others get Refused `already_claimed`."""
        now = self._clock()

        def rule(tx: sa.Connection, before: Consultation) -> Consultation:
            dispatch.may_claim(person, before, records.unfinished_of(tx, person))
            return rules.claim(before, person.id, now)

        return await self._move(person, id, Event.CLAIM, rule)

    async def release(self, person: Person, id: str) -> Scene:
        return await self._move(person, id, Event.RELEASE, lambda tx, c: rules.release(c, person.id))

    async def connected(self, person: Person, id: str) -> Scene:
        now = self._clock()
        return await self._move(person, id, Event.CONNECT, lambda tx, c: rules.connect(c, person.id, now))

    async def cancel(self, person: Person, id: str) -> Scene:
        now = self._clock()
        return await self._move(person, id, Event.CANCEL, lambda tx, c: rules.cancel(c, person.id, now))

    async def hang_up(self, person: Person, id: str, outcome: Outcome | None) -> Scene:
        now = self._clock()
        return await self._move(
            person, id, Event.HANG_UP, lambda tx, c: rules.hang_up(c, person.id, outcome, now)
        )

    async def conclude(self, person: Person, id: str, outcome: Outcome) -> Scene:
        return await self._move(
            person, id, Event.CONCLUDE, lambda tx, c: rules.conclude(c, person.id, outcome)
        )

    async def talking(self, person: Person, id: str) -> Consultation:
        """The consultation in which this person talks now. Raises Refused when there is no such."""
        return await self.transact(lambda tx: _talking(tx, person, id))

    async def say(self, person: Person, id: str, line_id: str, text: str) -> tuple[Consultation, ChatLine]:
        """Keeps a line of chat, and returns it as kept: the same id again changes nothing."""
        line = ChatLine(id, line_id, person.id, self._clock(), text)

        def work(tx: sa.Connection) -> tuple[Consultation, ChatLine]:
            consultation = _talking(tx, person, id)
            return consultation, records.add_chat(tx, line)

        return await self.transact(work)

    async def chat_of(self, id: str) -> tuple[list[ChatLine], dict[str, Person]]:
        """What was written so far, as far as a desk shows it, and by whom."""

        def work(tx: sa.Connection) -> tuple[list[ChatLine], dict[str, Person]]:
            lines = records.chat_of(tx, id, CHAT_SHOWN)
            return lines, records.people(tx, {line.sender for line in lines})

        return await self.transact(work)

    async def checked(self, person: Person, found: dict[str, Any]) -> None:
        """Puts what a device check found on record."""
        now = self._clock()
        await self.transact(lambda tx: records.add_device_check(tx, person.id, now, found))

    async def last_check(self, person: Person) -> datetime | None:
        return await self.transact(lambda tx: records.last_device_check(tx, person.id))

    async def scene(self, person: Person) -> Scene:
        """The scene of a person's place; `changed` is what still needs the person: at most one consultation."""

        def work(tx: sa.Connection) -> Scene:
            return _scene(tx, person.place[:9], records.unfinished_of(tx, person)[:1])

        return await self.transact(work)

    async def sweep(self, presence: Presence) -> list[Scene]:
        """Rings, falls quiet and expires what presence and time ask for; the scenes of the streets that changed."""
        now = self._clock()

        def work(tx: sa.Connection) -> list[Scene]:
            changed: dict[str, list[Consultation]] = {}
            for before in records.open_ones(tx):
                event, after = self._due(before, presence, now)
                if event is not None:
                    records.update(tx, before, after, event, None, now)
                    changed.setdefault(after.street, []).append(after)
            return [_scene(tx, street, ones) for street, ones in changed.items()]

        return await self.transact(work)

    def _due(
        self, before: Consultation, presence: Presence, now: datetime
    ) -> tuple[Event | None, Consultation]:
        clerk_away = presence.away(before.clerk) if before.clerk else timedelta()
        reason = dispatch.expiry(before, presence.away(before.social_worker), clerk_away, self._absence_limit)
        if reason is not None:
            return Event.EXPIRE, rules.expire(before, reason, now)
        return dispatch.bell(before, presence.heard(before.street))

    async def _move(
        self,
        person: Person,
        id: str,
        event: Event,
        rule: Callable[[sa.Connection, Consultation], Consultation],
    ) -> Scene:
        """One transition: read, ask the rule, write with its event."""
        now = self._clock()

        def work(tx: sa.Connection) -> Scene:
            before = records.by_id(tx, id)
            if before is None:
                raise rules.unknown_consultation()
            after = rule(tx, before)
            if after is not before:
                records.update(tx, before, after, event, person.id, now)
            return _scene(tx, after.street, [after])

        return await self.transact(work)


def _scene(tx: sa.Connection, place: str, changed: Sequence[Consultation]) -> Scene:
    open_ones = records.open_ones(tx, place[:6])
    named = {id for c in (*open_ones, *changed) for id in (c.social_worker, c.clerk) if id}
    engaged = records.engaged_clerks(tx, place[:6])
    return Scene(place, tuple(open_ones), tuple(changed), engaged, records.people(tx, named))


def _talking(tx: sa.Connection, person: Person, id: str) -> Consultation:
    consultation = records.by_id(tx, id)
    if consultation is None or not consultation.party(person.id):
        raise rules.unknown_consultation()
    return rules.talking(consultation)
