"""The relay's socket: one UDP port, read in batches by the event loop."""

import asyncio
import logging
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any

from consult.relay import credentials, stun
from consult.relay.allocation import Allocations, Limits
from consult.relay.metrics import Metrics
from consult.relay.stun import Address, StunError
from consult.relay.throttle import Throttle
from consult.relay.turn import Turn

logger = logging.getLogger(__name__)

BATCH = 64
"""Datagrams read at one wake-up, so that a flood leaves the loop to others now and then."""
LARGEST_DATAGRAM = 65535
SOCKET_BUFFER = 4 * 1024 * 1024
SMALLEST_SECRET = 16


@dataclass(frozen=True)
class RelayConfig:
    """Settings of a relay: `advertised` is the IPv4 address that stands in relayed addresses.

    `port` 0 takes a free one. `unproven_per_host` and `unproven_total` bound the replies a second to senders
    that have not shown a credential. Lifetimes and intervals are seconds. ValueError where a value will not do.
    """

    host: str
    port: int
    secret: bytes = field(repr=False)
    realm: str
    advertised: str
    limits: Limits = field(default_factory=Limits)
    credential_lifetime: int = 7200
    unproven_per_host: int = 100
    unproven_total: int = 1000
    sweep_interval: float = 5.0

    def __post_init__(self) -> None:
        if len(self.secret) < SMALLEST_SECRET:
            raise ValueError(f"expected a secret of at least {SMALLEST_SECRET} bytes, got {len(self.secret)}")
        if not self.realm:
            raise ValueError("expected a realm, got an empty one")
        IPv4Address(self.advertised)


class Relay:
    """A TURN server over UDP (RFC 8656) that relays among the members of one consultation and to nobody else."""

    def __init__(self, config: RelayConfig, sock: socket.socket, clock: Callable[[], float]) -> None:
        self._config = config
        self._sock = sock
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._metrics = Metrics()
        self._allocations = Allocations(config.advertised, config.limits, secrets.randbelow)
        self._turn = Turn(
            config.secret,
            config.realm,
            secrets.token_bytes(32),
            self._allocations,
            Throttle(config.unproven_per_host, config.unproven_total),
            self._metrics,
            lambda: secrets.token_bytes(12),
        )
        self._buffer = bytearray(LARGEST_DATAGRAM)
        self._loop.add_reader(sock, self._read)
        self._timer = self._loop.call_later(config.sweep_interval, self._sweep)

    @classmethod
    async def start(cls, config: RelayConfig, clock: Callable[[], float] = time.time) -> "Relay":
        """Bind the port and serve until `close`; OSError where it cannot be bound."""
        loop = asyncio.get_running_loop()
        family, kind, protocol, _, address = (
            await loop.getaddrinfo(config.host, config.port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
        )[0]
        sock = socket.socket(family, kind, protocol)
        try:
            _prepare(sock)
            sock.bind(address)
            return cls(config, sock, clock)
        except BaseException:
            sock.close()
            raise

    @property
    def port(self) -> int:
        """The UDP port that is served."""
        port: int = self._sock.getsockname()[1]
        return port

    @property
    def metrics(self) -> Metrics:
        """The counters, brought up to now."""
        self._metrics.allocations = len(self._allocations)
        return self._metrics

    def ice_servers(self, consultation: str, participant: str, host: str) -> list[dict[str, Any]]:
        """RTCIceServer records with a fresh credential; `host` is the name or address the browser uses."""
        username, password = credentials.make(
            self._config.secret, consultation, participant, self._clock(), self._config.credential_lifetime
        )
        place = f"[{host}]" if ":" in host else host
        url = f"turn:{place}:{self.port}?transport=udp"
        return [{"urls": [url], "username": username, "credential": password}]

    def drop(self, consultation: str) -> int:
        """End a consultation's relaying at once; returns how many allocations were deleted."""
        return self._allocations.drop(consultation)

    async def close(self) -> None:
        """Stop serving and free the port; a second call does nothing."""
        self._timer.cancel()
        if self._sock.fileno() != -1:
            self._loop.remove_reader(self._sock)
            self._sock.close()

    def __repr__(self) -> str:
        return f"relay/udp:{self.port}"

    def _read(self) -> None:
        """Read a batch. A payload whose way is known goes on with only its channel number changed."""
        receive, send, buffer, paths = (
            self._sock.recvfrom_into,
            self._sock.sendto,
            self._buffer,
            self._allocations.paths,
        )
        view = memoryview(buffer)
        now = self._clock()
        packets = size = 0
        for _ in range(BATCH):
            try:
                length, source = receive(buffer)
            except OSError:
                break  # nothing waits, or the system tells of an earlier datagram's fate: the loop comes again
            try:
                number, payload_length = _unpack_head(buffer)
                until, onward, destination = paths[source][number]
            except KeyError:
                self._answer(bytes(view[:length]), source, now)
                continue
            if now >= until or payload_length + 4 > length:
                self._answer(bytes(view[:length]), source, now)
                continue
            if onward != number:
                _pack_number(buffer, 0, onward)
            packets += 1
            size += length
            try:
                send(view[:length], destination)
            except OSError:
                self._metrics.dropped += 1
        self._metrics.packets += packets
        self._metrics.bytes += size

    def _answer(self, data: bytes, source: Address, now: float) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s < %s %s", self, source, stun.describe(data))
        try:
            datagram = self._turn.answer(data, source, now)
        except StunError:
            self._metrics.rubbish += 1
            return
        if datagram is not None:
            self._send(*datagram)

    def _send(self, data: bytes, destination: Address) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s > %s %s", self, destination, stun.describe(data))
        try:
            self._sock.sendto(data, destination)
        except OSError:
            self._metrics.dropped += 1

    def _sweep(self) -> None:
        self._allocations.expire(self._clock())
        self._timer = self._loop.call_later(self._config.sweep_interval, self._sweep)


_unpack_head = struct.Struct("!HH").unpack_from
_pack_number = struct.Struct("!H").pack_into


def _prepare(sock: socket.socket) -> None:
    sock.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
