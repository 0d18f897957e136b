"""A relay on a free port of the loopback, and a TURN client that shows every answer it gets."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from consult.relay import Relay, RelayConfig, stun
from consult.relay.credentials import long_term_key
from consult.relay.stun import Address, Class, Message, Method

SECRET = b"a sample secret of the relay"
REALM = "relay.example"
HOST = "127.0.0.1"
ANSWER_SECONDS = 5.0

UDP_TRANSPORT = ("REQUESTED-TRANSPORT", stun.UDP)


class Clock:
    """Time that stands until it is set."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def run_relay(clock: Callable[[], float] | None = None, **settings: Any) -> AsyncIterator[Relay]:
    """A relay that advertises the loopback, closed at the end."""
    values: dict[str, Any] = {"host": HOST, "port": 0, "secret": SECRET, "realm": REALM, "advertised": HOST}
    relay = await Relay.start(RelayConfig(**values | settings), clock or Clock())
    try:
        yield relay
    finally:
        await relay.close()


@dataclass
class Client:
    """One UDP socket that speaks STUN with a relay; each answer and each arriving datagram is returned raw."""

    sock: socket.socket
    server: Address
    username: str = ""
    password: str = ""
    realm: str = REALM
    nonce: bytes = b""
    relayed: Address = ("", 0)
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def address(self) -> Address:
        host, port = self.sock.getsockname()[:2]
        return host, port

    @property
    def key(self) -> bytes:
        return long_term_key(self.username, self.realm, self.password)

    def next_id(self) -> bytes:
        return next(self.ids).to_bytes(12, "big")

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendto(self.sock, data, self.server)

    async def receive(self) -> bytes:
        """The next datagram; TimeoutError where none comes."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(ANSWER_SECONDS):
            return await loop.sock_recv(self.sock, 65535)

    async def ask(self, data: bytes) -> Message:
        await self.send(data)
        return stun.parse(await self.receive())

    def request(self, method: Method, *attributes: tuple[str, Any], id: bytes | None = None) -> bytes:
        """A signed request, with whatever credentials and nonce the client now holds."""
        signed = [("USERNAME", self.username), ("REALM", self.realm), ("NONCE", self.nonce), *attributes]
        return stun.pack(method, Class.REQUEST, id or self.next_id(), signed, self.key)

    async def call(self, method: Method, *attributes: tuple[str, Any]) -> Message:
        return await self.ask(self.request(method, *attributes))

    async def challenge(self) -> Message:
        """Ask without a credential, and keep the nonce of the answer."""
        answer = await self.ask(stun.pack(Method.ALLOCATE, Class.REQUEST, self.next_id(), [UDP_TRANSPORT]))
        self.nonce = answer.get("NONCE")
        return answer

    async def allocate(self, *attributes: tuple[str, Any]) -> Message:
        """Fetch a nonce, allocate, and keep the relayed address."""
        await self.challenge()
        answer = await self.call(Method.ALLOCATE, UDP_TRANSPORT, *attributes)
        if answer.cls is Class.SUCCESS:
            self.relayed = answer.get("XOR-RELAYED-ADDRESS")
        return answer

    async def permit(self, *peers: Address) -> Message:
        return await self.call(Method.CREATE_PERMISSION, *(("XOR-PEER-ADDRESS", peer) for peer in peers))

    async def bind(self, number: int, peer: Address) -> Message:
        return await self.call(Method.CHANNEL_BIND, ("CHANNEL-NUMBER", number), ("XOR-PEER-ADDRESS", peer))

    async def indicate(self, peer: Address, payload: bytes) -> None:
        attributes = [("XOR-PEER-ADDRESS", peer), ("DATA", payload)]
        await self.send(stun.pack(Method.SEND, Class.INDICATION, self.next_id(), attributes))

    async def arrived(self) -> list[bytes]:
        """What has come until now, told by the answer to a Binding request: a barrier in place of waiting."""
        id = self.next_id()
        await self.send(stun.pack(Method.BINDING, Class.REQUEST, id))
        before = []
        while (data := await self.receive())[8:20] != id:
            before.append(data)
        return before


@asynccontextmanager
async def connect_to(port: int, username: str = "", password: str = "") -> AsyncIterator[Client]:
    """A client of whatever serves the loopback's `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind((HOST, 0))
        yield Client(sock, (HOST, port), username, password)


@asynccontextmanager
async def connect(
    relay: Relay, consultation: str = "", participant: str = "station"
) -> AsyncIterator[Client]:
    """A client of the relay, with a credential where a consultation is named."""
    given = {"username": "", "credential": ""}
    if consultation:
        (given,) = relay.ice_servers(consultation, participant, HOST)
    async with connect_to(relay.port, given["username"], given["credential"]) as client:
        yield client


@asynccontextmanager
async def allocated_pair(relay: Relay, consultation: str = "c-1") -> AsyncIterator[tuple[Client, Client]]:
    """Two clients of one consultation that permit each other."""
    async with connect(relay, consultation, "station") as a, connect(relay, consultation, "clerk") as b:
        await a.allocate()
        await b.allocate()
        await a.permit(b.relayed)
        await b.permit(a.relayed)
        yield a, b


def code(answer: Message) -> int | None:
    """The error code of an answer, or None for a success."""
    error = answer.get("ERROR-CODE")
    return None if error is None else error[0]
