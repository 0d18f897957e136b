"""A desk without a browser: signs in over HTTP, speaks docs/signaling.md over a WebSocket, and never sleeps."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from consult.people import Desk

SUBPROTOCOL = "kezhong.v1"
COOKIE = "kezhong"
ANSWER_SECONDS = 10.0

OFFER: dict[str, Any] = {"to": "peer-zhan1", "exchange": 1, "sdp": "v=0\r\n"}
CANDIDATE: dict[str, Any] = {
    "candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
}

Sent = dict[str, Any]


class RequestError(Exception):
    """The service answered a request with an `error`."""

    def __init__(self, answer: Sent) -> None:
        super().__init__(f"{answer['code']}: {answer['text']}")
        self.code: str = answer["code"]


async def sign_in(http: aiohttp.ClientSession, origin: str, desk: Desk, login: str, password: str) -> str:
    """The token of a new sign-in, taken from its cookie."""
    form = {"login": login, "password": password}
    url = f"{origin}/desk/{desk}/sign-in"
    async with http.post(url, data=form, headers={"Origin": origin}, allow_redirects=False) as response:
        assert response.status == 303, await response.text()
        http.cookie_jar.clear()
        return response.cookies[COOKIE].value


class DeskClient:
    """One WebSocket at a desk. What comes is kept in order until `until` takes it."""

    def __init__(self, http: aiohttp.ClientSession, origin: str, desk: Desk, token: str) -> None:
        self._http = http
        self._origin = origin
        self._desk = desk
        self._token = token
        self._refs = itertools.count(1)
        self._came = asyncio.Condition()
        self._inbox: list[Sent] = []
        self._over = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "DeskClient":
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        assert self._socket is not None
        return self._socket

    @property
    def headers(self) -> dict[str, str]:
        """What a page of this desk sends with its requests."""
        return {"Origin": self._origin, "Cookie": f"{COOKIE}={self._token}"}

    async def connect(self) -> None:
        """Opens the WebSocket and says nothing yet."""
        self._inbox, self._over = [], False
        url = f"{self._origin}/desk/{self._desk}/ws"
        self._socket = await self._http.ws_connect(url, protocols=(SUBPROTOCOL,), headers=self.headers)
        self._reader = asyncio.create_task(self._read(self._socket))

    async def leave(self) -> None:
        """Closes the WebSocket as a closed window does."""
        await self.socket.close()
        await self.closed()

    def vanish(self) -> None:
        """Drops the connection without a word, as a network does."""
        self._transport.abort()

    def stop_reading(self) -> None:
        """Takes nothing more off the network, and so answers nothing, as a machine that fell asleep."""
        self._transport.pause_reading()

    @property
    def _transport(self) -> asyncio.Transport:
        connection = self.socket._response.connection
        assert connection is not None and isinstance(connection.transport, asyncio.Transport)
        return connection.transport

    async def hello(self, peer: str) -> Sent:
        """Says hello; the welcome."""
        await self.send("hello", peer=peer)
        return await self.until("welcome")

    async def send(self, type: str, **fields: object) -> None:
        await self.socket.send_json({"type": type, **fields})

    async def send_text(self, text: str) -> None:
        """Sends a frame as it stands."""
        await self.socket.send_str(text)

    async def request(self, type: str, **fields: object) -> None:
        """Sends a request and waits for its `done`. Raises RequestError."""
        ref = f"r{next(self._refs)}"
        await self.send(type, ref=ref, **fields)
        answer = await self.until_answered(ref)
        if answer["type"] == "error":
            raise RequestError(answer)

    async def until_answered(self, ref: str) -> Sent:
        """The `done` or `error` of a request."""
        answer = await self._first(lambda m: m["type"] in ("done", "error") and m["ref"] == ref)
        self._inbox.remove(answer)
        return answer

    async def refusal(self, type: str, **fields: object) -> str:
        """The code with which a request is refused."""
        try:
            await self.request(type, **fields)
        except RequestError as error:
            return error.code
        raise AssertionError(f"expected an error, the service carried out {type}")

    async def sync(self) -> None:
        """Returns when everything that the service had to say before has come."""
        await self.request("ping")
        await self.until("pong")

    async def until(self, type: str, predicate: Callable[[Sent], bool] = lambda _: True) -> Sent:
        """The first message of a type that satisfies `predicate`; earlier ones of the type are let go."""
        found = await self._first(lambda m: m["type"] == type and predicate(m))
        before = self._inbox[: self._inbox.index(found)]
        self._inbox = [m for m in before if m["type"] != type] + self._inbox[len(before) + 1 :]
        return found

    async def consultation(self, **wanted: object) -> Sent:
        """The consultation as soon as it is told with these fields."""

        def fits(message: Sent) -> bool:
            told = message["consultation"]
            return all(told[name] == value for name, value in wanted.items())

        found = await self.until("consultation", fits)
        return dict(found["consultation"])

    def unread(self, type: str) -> list[Sent]:
        """What has come of a type and was not taken."""
        return [m for m in self._inbox if m["type"] == type]

    async def closed(self) -> int | None:
        """The code with which the connection closed, as soon as it has."""
        assert self._reader is not None
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.shield(self._reader)
        return self.socket.close_code

    async def _first(self, fits: Callable[[Sent], bool]) -> Sent:
        def found() -> Sent | None:
            return next((m for m in self._inbox if fits(m)), None)

        async with asyncio.timeout(ANSWER_SECONDS), self._came:
            while (message := found()) is None:
                assert not self._over, f"closed with {self.socket.close_code}: {self._inbox}"
                await self._came.wait()
        return message

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                async with self._came:
                    self._inbox.append(json.loads(frame.data))
                    self._came.notify_all()
        async with self._came:
            self._over = True
            self._came.notify_all()
