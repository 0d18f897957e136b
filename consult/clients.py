"""The clients that are connected now: one WebSocket each, with a bounded way out. Presence is theirs to say."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientConnectionResetError, web

from consult.people import Desk, Person
from consult.service import Presence

log = logging.getLogger(__name__)

OUTBOUND_LIMIT = 512
WRITE_DEADLINE = 10.0

NOT_SIGNED_IN = 4401
SUPERSEDED = 4409
TOO_SLOW = 4408


class Client:
    """One open WebSocket of a person. `host` is the host its page came from; `peer` names its end of the media,
    None until it has said hello."""

    def __init__(self, person: Person, host: str, socket: web.WebSocketResponse) -> None:
        self.person = person
        self.host = host
        self.socket = socket
        self.peer: str | None = None
        self._outbound: asyncio.Queue[str] = asyncio.Queue(OUTBOUND_LIMIT)
        self._closing: asyncio.Task[Any] | None = None

    def tell(self, message: dict[str, Any]) -> None:
        """Queues a message; a client that does not take them in time is closed, and comes back to a fresh state."""
        try:
            self._outbound.put_nowait(json.dumps(message, ensure_ascii=False))
        except asyncio.QueueFull:
            self.close(TOO_SLOW, "too slow")

    def close(self, code: int, reason: str) -> asyncio.Task[Any]:
        if self._closing is None:
            closing = self.socket.close(code=code, message=reason.encode())
            self._closing = asyncio.get_running_loop().create_task(closing)
        return self._closing

    async def write(self) -> None:
        """Sends what is queued until cancelled or closed."""
        try:
            while True:
                text = await self._outbound.get()
                log.debug("%s > %s", self.person.login, text)
                async with asyncio.timeout(WRITE_DEADLINE):
                    await self.socket.send_str(text)
        except (TimeoutError, ClientConnectionResetError):
            self.close(TOO_SLOW, "too slow")


class Clients:
    """Clients by account. An account that is away is away since its last client left, or since the start."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._started = clock()
        self._open: set[Client] = set()
        self._here: dict[str, Client] = {}
        self._left: dict[str, datetime] = {}

    def open(self, client: Client) -> None:
        self._open.add(client)

    def join(self, client: Client) -> None:
        """The newest window of an account takes over from an older one."""
        older = self._here.get(client.person.id)
        self._here[client.person.id] = client
        if older is not None:
            older.close(SUPERSEDED, "superseded")

    def leave(self, client: Client) -> bool:
        """Whether the account is away now, rather than in a newer window."""
        self._open.discard(client)
        if self._here.get(client.person.id) is not client:
            return False
        del self._here[client.person.id]
        self._left[client.person.id] = self._clock()
        return True

    def of(self, account: str | None) -> Client | None:
        return None if account is None else self._here.get(account)

    def serving(self, street: str) -> Iterator[Client]:
        """The centre's clients that may answer for a street."""
        return (client for client in list(self._here.values()) if client.person.serves(street))

    def at(self, desk: Desk) -> list[Client]:
        return [client for client in self._here.values() if client.person.desk is desk]

    @property
    def presence(self) -> Presence:
        return Presence(away=self._away, heard=lambda street: any(True for _ in self.serving(street)))

    async def close_all(self, code: int, reason: str) -> None:
        closing = [client.close(code, reason) for client in self._open]
        await asyncio.gather(*closing, return_exceptions=True)

    def _away(self, account: str) -> timedelta:
        if account in self._here:
            return timedelta()
        return self._clock() - self._left.get(account, self._started)
