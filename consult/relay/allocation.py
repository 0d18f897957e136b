"""Allocations, permissions and channels (RFC 8656 sections 3, 9 and 12), and the ways between them.

A relayed address is virtual: a unique (advertised host, port) pair with no socket behind it. It names an
allocation to the other members of its group, and nobody else can be reached. Times are seconds of one clock,
passed in as `now`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from consult.relay.stun import CHANNEL_NUMBERS, REASONS, Address

PORTS = range(49152, 65536)
PERMISSION_LIFETIME = 300
CHANNEL_LIFETIME = 600
DEFAULT_LIFETIME = 600
MAXIMUM_LIFETIME = 3600


class Refused(Exception):
    """A request that is answered with a STUN error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code} {REASONS[code]}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """The most allocations that may stand at once: for one user name, consultation or host, and in all."""

    per_credential: int = 12
    per_consultation: int = 48
    per_host: int = 512
    total: int = 4096


@dataclass(slots=True)
class Channel:
    """A channel binding: the peer's relayed address, and when it ends."""

    peer: Address
    expires: float


@dataclass(slots=True)
class Allocation:
    """One client's allocation; `client` stands for the 5-tuple, the server's side of which is one socket."""

    client: Address
    username: str
    group: str
    relayed: Address
    transaction_id: bytes
    lifetime: int
    expires: float
    permissions: dict[str, float] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    numbers: dict[Address, int] = field(default_factory=dict)
    """The channel numbers by peer, as `channels` has them."""

    def permitted_until(self, host: str) -> float:
        """When the permission for a host ends; 0 where there is none."""
        return self.permissions.get(host, 0.0)

    def prune(self, now: float) -> None:
        """Forget the permissions and channels that have ended."""
        self.permissions = {host: end for host, end in self.permissions.items() if end > now}
        self.channels = {
            number: channel for number, channel in self.channels.items() if channel.expires > now
        }
        self.numbers = {channel.peer: number for number, channel in self.channels.items()}


class Route(NamedTuple):
    """Where a payload goes: to `client`, on `channel` or, where that is None, as a Data indication."""

    client: Address
    channel: int | None
    sender: Address
    until: float


Path = tuple[float, int, Address]
"""A decision that holds until a time: the destination's channel number and the destination's client address."""


def granted_lifetime(requested: int | None) -> int:
    """The lifetime an allocation gets, in seconds (RFC 8656 section 7.2): never under the default."""
    if requested is None:
        return DEFAULT_LIFETIME
    return max(DEFAULT_LIFETIME, min(requested, MAXIMUM_LIFETIME))


class Allocations:
    """All allocations of a relay. `draw(n)` gives a random integer from 0 to n - 1.

    `paths` is the table of the fast path: client address, then channel number, to `Path`. It holds only what
    `channel_route` has decided, and a group's part of it is emptied when an allocation of the group changes.
    """

    def __init__(self, advertised: str, limits: Limits, draw: Callable[[int], int]) -> None:
        self._advertised = advertised
        self._limits = limits
        self._draw = draw
        self._by_client: dict[Address, Allocation] = {}
        self._by_port: dict[int, Allocation] = {}
        self._groups: dict[str, dict[Address, Allocation]] = {}
        self._per_credential: Counter[str] = Counter()
        self._per_host: Counter[str] = Counter()
        self.paths: dict[Address, dict[int, Path]] = {}

    def __len__(self) -> int:
        return len(self._by_client)

    def find(self, client: Address, now: float) -> Allocation | None:
        """The allocation of a client, unless it has ended."""
        allocation = self._by_client.get(client)
        return allocation if allocation is not None and now < allocation.expires else None

    def create(
        self,
        client: Address,
        username: str,
        group: str,
        transaction_id: bytes,
        lifetime: int,
        now: float,
        even: bool = False,
    ) -> Allocation:
        """Allot a virtual relayed address; a request sent again gets the same one.

        Refused with 437 (the client has another), 486 (its quota is spent) or 508 (the relay is full).
        """
        present = self._by_client.get(client)
        if present is not None and now < present.expires:
            if (present.transaction_id, present.username) == (transaction_id, username):
                return present
            raise Refused(437)
        if present is not None:
            self.remove(present)
        self._check_limits(client, username, group)
        relayed = self._advertised, self._free_port(even)
        allocation = Allocation(client, username, group, relayed, transaction_id, lifetime, now + lifetime)
        self._add(allocation)
        return allocation

    def refresh(self, allocation: Allocation, lifetime: int, now: float) -> None:
        """Let an allocation end `lifetime` seconds from `now`."""
        allocation.expires = now + lifetime
        self._forget_paths(allocation.group)

    def remove(self, allocation: Allocation) -> None:
        """Delete an allocation at once, and every path to and from it."""
        self._forget_paths(allocation.group)
        host, port = allocation.client[0], allocation.relayed[1]
        del self._by_client[allocation.client]
        del self._by_port[port]
        members = self._groups[allocation.group]
        del members[allocation.client]
        if not members:
            del self._groups[allocation.group]
        for counter, name in ((self._per_credential, allocation.username), (self._per_host, host)):
            counter[name] -= 1
            if not counter[name]:
                del counter[name]

    def drop(self, group: str) -> int:
        """Delete the allocations of a group; returns how many there were."""
        members = list(self._groups.get(group, {}).values())
        for allocation in members:
            self.remove(allocation)
        return len(members)

    def expire(self, now: float) -> int:
        """Delete the allocations that have ended and prune the others; returns how many were deleted."""
        ended = [allocation for allocation in self._by_client.values() if allocation.expires <= now]
        for allocation in ended:
            self.remove(allocation)
        for allocation in self._by_client.values():
            allocation.prune(now)
        return len(ended)

    def permit(self, allocation: Allocation, peers: Iterable[Address], now: float) -> None:
        """Install or renew permissions for the hosts of `peers`, all or none.

        Refused with 403 where one of them is not the relayed address of a member of the group.
        """
        hosts = [self._member(allocation.group, peer, now).relayed[0] for peer in peers]
        allocation.permissions.update(dict.fromkeys(hosts, now + PERMISSION_LIFETIME))

    def bind(self, allocation: Allocation, number: int, peer: Address, now: float) -> None:
        """Bind or renew a channel and the permission that goes with it (RFC 8656 section 12.2).

        Refused with 400 where the number is out of range, or number or peer is bound otherwise, and with 403
        where the peer is not the relayed address of a member of the group.
        """
        if number not in CHANNEL_NUMBERS:
            raise Refused(400)
        self._member(allocation.group, peer, now)
        allocation.prune(now)
        bound = allocation.channels.get(number)
        if (bound is not None and bound.peer != peer) or allocation.numbers.get(peer, number) != number:
            raise Refused(400)
        allocation.channels[number] = Channel(peer, now + CHANNEL_LIFETIME)
        allocation.numbers[peer] = number
        self.permit(allocation, [peer], now)

    def route(self, client: Address, peer: Address, now: float) -> Route | None:
        """The way from a client to a relayed address, or None where either side does not permit the other."""
        sender = self.find(client, now)
        receiver = self._by_port.get(peer[1])
        if sender is None or receiver is None or receiver.relayed != peer or receiver.group != sender.group:
            return None
        until = min(
            sender.expires,
            receiver.expires,
            sender.permitted_until(peer[0]),
            receiver.permitted_until(sender.relayed[0]),
        )
        if until <= now:
            return None
        number = receiver.numbers.get(sender.relayed)
        if number is None or receiver.channels[number].expires <= now:
            return Route(receiver.client, None, sender.relayed, until)
        return Route(receiver.client, number, sender.relayed, min(until, receiver.channels[number].expires))

    def channel_route(self, client: Address, number: int, now: float) -> Route | None:
        """The way of a client's channel; one that ends in a channel is kept in `paths`."""
        sender = self.find(client, now)
        channel = sender.channels.get(number) if sender is not None else None
        if channel is None or channel.expires <= now:
            return None
        route = self.route(client, channel.peer, now)
        if route is not None and route.channel is not None:
            path = min(route.until, channel.expires), route.channel, route.client
            self.paths.setdefault(client, {})[number] = path
        return route

    def _member(self, group: str, peer: Address, now: float) -> Allocation:
        allocation = self._by_port.get(peer[1])
        if (
            allocation is None
            or allocation.relayed != peer
            or allocation.group != group
            or allocation.expires <= now
        ):
            raise Refused(403)
        return allocation

    def _check_limits(self, client: Address, username: str, group: str) -> None:
        limits = self._limits
        if len(self) >= limits.total:
            raise Refused(508)
        spent = (
            (self._per_credential[username], limits.per_credential),
            (len(self._groups.get(group, ())), limits.per_consultation),
            (self._per_host[client[0]], limits.per_host),
        )
        if any(count >= limit for count, limit in spent):
            raise Refused(486)

    def _free_port(self, even: bool) -> int:
        step = 2 if even else 1
        places = len(PORTS) // step
        start = self._draw(places)
        for offset in range(places):
            port = PORTS[(start + offset) % places * step]
            if port not in self._by_port:
                return port
        raise Refused(508)

    def _add(self, allocation: Allocation) -> None:
        self._by_client[allocation.client] = allocation
        self._by_port[allocation.relayed[1]] = allocation
        self._groups.setdefault(allocation.group, {})[allocation.client] = allocation
        self._per_credential[allocation.username] += 1
        self._per_host[allocation.client[0]] += 1

    def _forget_paths(self, group: str) -> None:
        for client in self._groups[group]:
            self.paths.pop(client, None)
