"""Clients and presence: a bounded way out, one client an account, away since when."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientConnectionResetError

from consult import clients
from consult.clients import OUTBOUND_LIMIT, SUPERSEDED, TOO_SLOW, Client, Clients
from consult.people import Desk, Person, Role

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WORKER = Person("w1", "zhan1", "示例·甲", "S001", Role.SOCIAL_WORKER, "990100001001")
CLERK = Person("k1", "jie1", "示例·乙", "J001", Role.CLERK, "990100001")


class Socket:
    """What a Client uses of a WebSocket: it keeps what is sent, blocks or breaks as told."""

    def __init__(self, fault: Exception | None = None, blocked: bool = False) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.closed: asyncio.Queue[int] = asyncio.Queue()
        self._fault = fault
        self._blocked = blocked

    async def send_str(self, text: str) -> None:
        if self._fault is not None:
            raise self._fault
        if self._blocked:
            await asyncio.Event().wait()
        self.sent.put_nowait(text)

    async def close(self, *, code: int, message: bytes) -> None:
        self.closed.put_nowait(code)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def client(person: Person = WORKER, socket: Socket | None = None) -> Client:
    told: Any = socket or Socket()
    return Client(person, "localhost", told)


async def test_messages_are_written_in_order() -> None:
    socket = Socket()
    told = client(socket=socket)
    writer = asyncio.create_task(told.write())
    for number in range(3):
        told.tell({"type": "n", "text": "好", "n": number})
    texts = [await socket.sent.get() for _ in range(3)]
    assert [json.loads(text)["n"] for text in texts] == [0, 1, 2]
    assert "好" in texts[0]
    writer.cancel()


async def test_who_takes_nothing_is_closed_and_not_waited_for() -> None:
    socket = Socket()
    slow = client(socket=socket)
    for _ in range(OUTBOUND_LIMIT + 5):
        slow.tell({"type": "pong"})
    assert await socket.closed.get() == TOO_SLOW
    assert socket.closed.empty()


@pytest.mark.parametrize("fault", [None, ClientConnectionResetError("gone")])
async def test_a_write_that_does_not_come_through_closes(
    monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    monkeypatch.setattr(clients, "WRITE_DEADLINE", 0.01)
    socket = Socket(fault, blocked=fault is None)
    stuck = client(socket=socket)
    stuck.tell({"type": "pong"})
    await stuck.write()
    assert await socket.closed.get() == TOO_SLOW


async def test_the_newest_client_of_an_account_is_the_one() -> None:
    here = Clients(Clock())
    sockets = Socket(), Socket()
    first, second = (client(socket=socket) for socket in sockets)
    here.join(first)
    here.join(second)
    assert await sockets[0].closed.get() == SUPERSEDED
    assert here.of("w1") is second
    assert not here.leave(first)
    assert here.of("w1") is second
    assert here.leave(second)
    assert (here.of("w1"), here.of(None)) == (None, None)


async def test_an_account_is_away_since_its_client_left_or_since_the_start() -> None:
    clock = Clock()
    here = Clients(clock)
    clock.now += timedelta(seconds=7)
    assert here.presence.away("w1") == timedelta(seconds=7)
    joined = client()
    here.join(joined)
    clock.now += timedelta(seconds=7)
    assert here.presence.away("w1") == timedelta()
    here.leave(joined)
    clock.now += timedelta(seconds=5)
    assert here.presence.away("w1") == timedelta(seconds=5)


async def test_a_street_is_heard_by_those_who_serve_it() -> None:
    here = Clients(Clock())
    here.join(client(WORKER))
    assert not here.presence.heard("990100001")
    here.join(client(CLERK))
    assert here.presence.heard("990100001")
    assert not here.presence.heard("990100002")
    assert [c.person for c in here.at(Desk.CENTRE)] == [CLERK]


async def test_all_who_are_connected_are_closed_hello_or_not() -> None:
    here = Clients(Clock())
    sockets = Socket(), Socket()
    silent, joined = (client(socket=socket) for socket in sockets)
    for one in (silent, joined):
        here.open(one)
    here.join(joined)
    await here.close_all(1001, "the service restarts")
    assert [socket.closed.get_nowait() for socket in sockets] == [1001, 1001]
    here.leave(silent)
    await here.close_all(1001, "again")
    assert sockets[0].closed.empty()
