"""Rows to records and back. Every function takes the transaction it works in; none opens or ends one."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.consultation import OPEN, ChatLine, Consultation, EndReason, Event, Outcome, State
from consult.people import Person, Role
from consult.store.tables import accounts, chat, consultations, device_checks, events, sign_ins


class Conflict(Exception):
    """The row is no longer at the version that was read: another transaction was first."""


@dataclass(frozen=True, slots=True)
class Account:
    person: Person
    password_hash: str
    sample: bool


def add_account(tx: sa.Connection, account: Account, now: datetime) -> None:
    """Raises sqlalchemy.exc.IntegrityError when the login name is taken."""
    row = asdict(account.person) | {"password_hash": account.password_hash, "sample": account.sample}
    tx.execute(accounts.insert().values(**row, created_at=now))


def account_by_login(tx: sa.Connection, login: str) -> Account | None:
    row = tx.execute(accounts.select().where(accounts.c.login == login)).mappings().one_or_none()
    return None if row is None else Account(_person(row), row["password_hash"], row["sample"])


def people(tx: sa.Connection, ids: Iterable[str]) -> dict[str, Person]:
    rows = tx.execute(accounts.select().where(accounts.c.id.in_(set(ids)))).mappings()
    return {row["id"]: _person(row) for row in rows}


def add_sign_in(
    tx: sa.Connection, token_hash: str, account: str, now: datetime, expires_at: datetime
) -> None:
    tx.execute(sign_ins.delete().where(sign_ins.c.expires_at <= now))
    row = {"token_hash": token_hash, "account": account, "created_at": now, "expires_at": expires_at}
    tx.execute(sign_ins.insert().values(row))


def signed_in(tx: sa.Connection, token_hash: str, now: datetime) -> Account | None:
    query = (
        sa.select(accounts)
        .join(sign_ins, sign_ins.c.account == accounts.c.id)
        .where(sign_ins.c.token_hash == token_hash, sign_ins.c.expires_at > now)
    )
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else Account(_person(row), row["password_hash"], row["sample"])


def drop_sign_in(tx: sa.Connection, token_hash: str) -> None:
    tx.execute(sign_ins.delete().where(sign_ins.c.token_hash == token_hash))


def insert(tx: sa.Connection, consultation: Consultation, now: datetime) -> None:
    """A new consultation with its first event."""
    tx.execute(consultations.insert().values(**asdict(consultation)))
    _log(tx, consultation, Event.CALL, consultation.social_worker, now)


def update(
    tx: sa.Connection,
    before: Consultation,
    after: Consultation,
    event: Event,
    actor: str | None,
    now: datetime,
) -> None:
    """Writes `after` over `before` with its event. Raises Conflict when the row has moved on since."""
    same = (consultations.c.id == before.id) & (consultations.c.version == before.version)
    if tx.execute(consultations.update().where(same).values(**asdict(after))).rowcount != 1:
        raise Conflict(before.id)
    _log(tx, after, event, actor, now)


def by_id(tx: sa.Connection, id: str) -> Consultation | None:
    row = tx.execute(consultations.select().where(consultations.c.id == id)).mappings().one_or_none()
    return None if row is None else _consultation(row)


def open_ones(tx: sa.Connection, district: str | None = None) -> list[Consultation]:
    """Every open consultation, of one district or of all."""
    query = consultations.select().where(consultations.c.state.in_(OPEN))
    if district is not None:
        query = query.where(consultations.c.district == district)
    return [_consultation(row) for row in tx.execute(query).mappings()]


def unfinished_of(tx: sa.Connection, person: Person) -> list[Consultation]:
    """The person's own that still need them: open ones, and for a clerk those without outcome."""
    c = consultations.c
    mine = (c.social_worker == person.id) & c.state.in_(OPEN)
    served = (c.clerk == person.id) & (c.state.in_(OPEN) | c.outcome.is_(None))
    rows = tx.execute(consultations.select().where(mine | served).order_by(c.opened_at)).mappings()
    return [_consultation(row) for row in rows]


def engaged_clerks(tx: sa.Connection, district: str) -> frozenset[str]:
    """Clerks who talk, or owe the outcome of their last consultation."""
    c = consultations.c
    unfinished = (c.district == district) & c.clerk.is_not(None) & (c.state.in_(OPEN) | c.outcome.is_(None))
    return frozenset(tx.scalars(sa.select(c.clerk).where(unfinished)))


def add_chat(tx: sa.Connection, line: ChatLine) -> ChatLine:
    """Keeps a line; the line as it is kept, which is the first of its sender's with that id."""
    same = (
        (chat.c.consultation == line.consultation) & (chat.c.sender == line.sender) & (chat.c.id == line.id)
    )
    kept = tx.execute(chat.select().where(same)).mappings().one_or_none()
    if kept is not None:
        return _line(kept)
    tx.execute(chat.insert().values(**asdict(line)))
    return line


def chat_of(tx: sa.Connection, consultation: str, most: int) -> list[ChatLine]:
    """The last `most` lines, in order."""
    query = (
        chat.select().where(chat.c.consultation == consultation).order_by(chat.c.number.desc()).limit(most)
    )
    return [_line(row) for row in tx.execute(query).mappings()][::-1]


def add_device_check(tx: sa.Connection, account: str, now: datetime, found: dict[str, Any]) -> None:
    tx.execute(device_checks.insert().values(account=account, at=now, **found))


def last_device_check(tx: sa.Connection, account: str) -> datetime | None:
    at: datetime | None = tx.scalar(
        sa.select(device_checks.c.at)
        .where(device_checks.c.account == account)
        .order_by(device_checks.c.at.desc())
        .limit(1)
    )
    return at


def _log(tx: sa.Connection, after: Consultation, event: Event, actor: str | None, now: datetime) -> None:
    row = {
        "consultation": after.id,
        "version": after.version,
        "at": now,
        "event": event,
        "state": after.state,
    }
    tx.execute(events.insert().values(row | {"actor": actor}))


def _person(row: sa.RowMapping) -> Person:
    return Person(row["id"], row["login"], row["name"], row["number"], Role(row["role"]), row["place"])


def _line(row: sa.RowMapping) -> ChatLine:
    return ChatLine(row["consultation"], row["id"], row["sender"], row["at"], row["text"])


def _consultation(row: sa.RowMapping) -> Consultation:
    enums = {
        "state": State(row["state"]),
        "end_reason": None if row["end_reason"] is None else EndReason(row["end_reason"]),
        "outcome": None if row["outcome"] is None else Outcome(row["outcome"]),
    }
    return Consultation(**(dict(row) | enums))
