"""What the relay answers to a STUN or ChannelData message (RFC 8656): rules only, no sockets."""

from collections.abc import Callable
from typing import Any

from consult.relay import credentials, stun
from consult.relay.allocation import Allocation, Allocations, Refused, Route, granted_lifetime
from consult.relay.metrics import Metrics
from consult.relay.stun import REASONS, Address, Class, Message, Method, StunError
from consult.relay.throttle import Throttle

NONCE_LIFETIME = 3600

Datagram = tuple[bytes, Address]
Attributes = list[tuple[str, Any]]


class Turn:
    """The rules of one relay. Each message in gives at most one datagram out.

    `draw_id` gives 12 random bytes: the transaction id of a Data indication.
    """

    def __init__(
        self,
        secret: bytes,
        realm: str,
        nonce_key: bytes,
        allocations: Allocations,
        throttle: Throttle,
        metrics: Metrics,
        draw_id: Callable[[], bytes],
    ) -> None:
        self._secret = secret
        self._realm = realm
        self._nonce_key = nonce_key
        self._allocations = allocations
        self._throttle = throttle
        self._metrics = metrics
        self._draw_id = draw_id

    def answer(self, data: bytes, client: Address, now: float) -> Datagram | None:
        """The datagram to send for one that came from `client`, or None; StunError for rubbish."""
        if stun.is_channel_data(data):
            number, payload = stun.parse_channel_data(data)
            return self._forward(self._allocations.channel_route(client, number, now), payload, len(data))
        message = stun.parse(data)
        if message.cls is Class.INDICATION and message.method is Method.SEND:
            return self._send(message, client, now, len(data))
        if message.cls is Class.INDICATION and message.method is Method.BINDING:
            return None  # a keep-alive (RFC 8489 section 6.3.2)
        if message.cls is not Class.REQUEST or message.method not in _REQUESTS:
            raise StunError(f"expected a request or a Send indication, got {message}")
        return self._answer_request(message, client, now)

    def _answer_request(self, message: Message, client: Address, now: float) -> Datagram | None:
        key = None
        try:
            if message.method is not Method.BINDING:
                key = self._authenticate(message, client, now)
            if message.unknown:
                raise Refused(420)
            attributes = _REQUESTS[message.method](self, message, client, now)
        except Refused as refusal:
            return self._refuse(message, client, now, refusal.code, key)
        if key is None and not self._may_reply(client, now):
            return None
        return self._reply(message, client, Class.SUCCESS, attributes, key)

    def _refuse(
        self, message: Message, client: Address, now: float, code: int, key: bytes | None
    ) -> Datagram | None:
        if key is None and not self._may_reply(client, now):
            return None
        self._metrics.refusals[code] += 1
        attributes: Attributes = [("ERROR-CODE", (code, REASONS[code]))]
        if code == 420:
            attributes.append(("UNKNOWN-ATTRIBUTES", message.unknown))
        if code in (401, 438):
            nonce = credentials.make_nonce(self._nonce_key, client, now, NONCE_LIFETIME)
            attributes += [("REALM", self._realm), ("NONCE", nonce)]
        return self._reply(message, client, Class.ERROR, attributes, key)

    def _may_reply(self, client: Address, now: float) -> bool:
        if self._throttle.allow(client[0], now):
            return True
        self._metrics.throttled += 1
        return False

    def _reply(
        self, message: Message, client: Address, cls: Class, attributes: Attributes, key: bytes | None
    ) -> Datagram:
        fingerprint = message.get("FINGERPRINT") is not None
        data = stun.pack(message.method, cls, message.transaction_id, attributes, key, fingerprint)
        return data, client

    def _authenticate(self, message: Message, client: Address, now: float) -> bytes:
        """The key a request is rightly signed with, by the steps of RFC 8489 section 9.2.4."""
        if message.get("MESSAGE-INTEGRITY") is None:
            raise Refused(401)
        username, realm, nonce = (message.get(name) for name in ("USERNAME", "REALM", "NONCE"))
        if username is None or realm is None or nonce is None:
            raise Refused(400)
        if not credentials.nonce_is_fresh(self._nonce_key, nonce, client, now):
            raise Refused(438)
        key = credentials.check(self._secret, self._realm, username)
        if key is None or not message.signed_by(key):
            raise Refused(401)
        return key

    def _bind_address(self, message: Message, client: Address, now: float) -> Attributes:
        return [("XOR-MAPPED-ADDRESS", client)]

    def _allocate(self, message: Message, client: Address, now: float) -> Attributes:
        username = message.get("USERNAME")
        parts = credentials.parse_username(username)
        if parts is None or parts.expiry <= now:
            raise Refused(401)
        _check_allocate(message)
        allocation = self._allocations.create(
            client,
            username,
            parts.group,
            message.transaction_id,
            granted_lifetime(message.get("LIFETIME")),
            now,
            even=message.get("EVEN-PORT") is not None,
        )
        return [
            ("XOR-RELAYED-ADDRESS", allocation.relayed),
            ("LIFETIME", allocation.lifetime),
            ("XOR-MAPPED-ADDRESS", client),
        ]

    def _refresh(self, message: Message, client: Address, now: float) -> Attributes:
        allocation = self._own(message, client, now)
        _check_family(message, 443)
        requested = message.get("LIFETIME")
        if requested == 0:
            self._allocations.remove(allocation)
            return [("LIFETIME", 0)]
        lifetime = granted_lifetime(requested)
        self._allocations.refresh(allocation, lifetime, now)
        return [("LIFETIME", lifetime)]

    def _create_permission(self, message: Message, client: Address, now: float) -> Attributes:
        allocation = self._own(message, client, now)
        peers = message.all("XOR-PEER-ADDRESS")
        if not peers:
            raise Refused(400)
        self._allocations.permit(allocation, peers, now)
        return []

    def _channel_bind(self, message: Message, client: Address, now: float) -> Attributes:
        allocation = self._own(message, client, now)
        number, peer = message.get("CHANNEL-NUMBER"), message.get("XOR-PEER-ADDRESS")
        if number is None or peer is None:
            raise Refused(400)
        self._allocations.bind(allocation, number, peer, now)
        return []

    def _own(self, message: Message, client: Address, now: float) -> Allocation:
        allocation = self._allocations.find(client, now)
        if allocation is None:
            raise Refused(437)
        if allocation.username != message.get("USERNAME"):
            raise Refused(441)
        return allocation

    def _send(self, message: Message, client: Address, now: float, size: int) -> Datagram | None:
        peer, payload = message.get("XOR-PEER-ADDRESS"), message.get("DATA")
        route = None
        if peer is not None and payload is not None and not message.unknown:
            route = self._allocations.route(client, peer, now)
        return self._forward(route, payload, size)

    def _forward(self, route: Route | None, payload: bytes, size: int) -> Datagram | None:
        if route is None:
            self._metrics.unrouted += 1
            return None
        self._metrics.packets += 1
        self._metrics.bytes += size
        if route.channel is not None:
            return stun.pack_channel_data(route.channel, payload), route.client
        attributes = [("XOR-PEER-ADDRESS", route.sender), ("DATA", payload)]
        return stun.pack(Method.DATA, Class.INDICATION, self._draw_id(), attributes), route.client


def _check_allocate(message: Message) -> None:
    """Steps 2 to 8 of RFC 8656 section 7.2, but for what virtual addresses make moot.

    A reservation asked for by EVEN-PORT is not made, so that a RESERVATION-TOKEN is never one of ours.
    """
    transport = message.get("REQUESTED-TRANSPORT")
    if transport is None:
        raise Refused(400)
    if transport != stun.UDP:
        raise Refused(442)
    if message.get("RESERVATION-TOKEN") is not None:
        exclusive = (message.get("EVEN-PORT"), message.get("REQUESTED-ADDRESS-FAMILY"))
        raise Refused(508 if exclusive == (None, None) else 400)
    _check_family(message, 440)


def _check_family(message: Message, code: int) -> None:
    """Relayed addresses are IPv4 only: ICE pairs like with like, and two families would split a consultation."""
    if message.get("REQUESTED-ADDRESS-FAMILY") not in (None, stun.IPV4_FAMILY):
        raise Refused(code)


_REQUESTS: dict[Method, Callable[[Turn, Message, Address, float], Attributes]] = {
    Method.BINDING: Turn._bind_address,
    Method.ALLOCATE: Turn._allocate,
    Method.REFRESH: Turn._refresh,
    Method.CREATE_PERMISSION: Turn._create_permission,
    Method.CHANNEL_BIND: Turn._channel_bind,
}
