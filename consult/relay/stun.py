"""STUN messages (RFC 8489) with the methods and attributes of TURN (RFC 8656), and ChannelData framing.

Everything here is a pure function of bytes. Addresses are (host, port) pairs, hosts in their textual form.
"""

import hmac
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple

MAGIC_COOKIE = 0x2112A442
HEADER_LENGTH = 20
CHANNEL_DATA_HEADER_LENGTH = 4
# RFC 8656 narrowed the range to 0x4fff; clients of RFC 5766, coturn 4.6's among them, draw from all of it.
CHANNEL_NUMBERS = range(0x4000, 0x8000)
UDP = 17
IPV4_FAMILY = 0x01
IPV6_FAMILY = 0x02

_HEADER = struct.Struct("!HHI12s")
_PAIR = struct.Struct("!HH")
_COOKIE = MAGIC_COOKIE.to_bytes(4, "big")
_INTEGRITY_LENGTH = 20
_FINGERPRINT_LENGTH = 4
_FINGERPRINT_XOR = 0x5354554E
_CLASS_BITS = 0x0110

REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    420: "Unknown Attribute",
    437: "Allocation Mismatch",
    438: "Stale Nonce",
    440: "Address Family not Supported",
    441: "Wrong Credentials",
    442: "Unsupported Transport Protocol",
    443: "Peer Address Family Mismatch",
    486: "Allocation Quota Reached",
    508: "Insufficient Capacity",
}
"""Error codes that the relay answers with (RFC 8489 section 14.8, RFC 8656 section 19)."""

Address = tuple[str, int]
Attributes = Iterable[tuple[str, Any]]


class StunError(ValueError):
    """Bytes that are neither a STUN message nor ChannelData."""


class Class(IntEnum):
    """Message classes, at the bits they have in the message type (RFC 8489 section 5)."""

    REQUEST = 0x000
    INDICATION = 0x010
    SUCCESS = 0x100
    ERROR = 0x110


class Method(IntEnum):
    """Methods (RFC 8489 section 18.2, RFC 8656 section 17)."""

    BINDING = 0x001
    ALLOCATE = 0x003
    REFRESH = 0x004
    SEND = 0x006
    DATA = 0x007
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009


@dataclass(frozen=True, slots=True)
class Message:
    """A STUN message: its attributes in their order, and the unknown comprehension-required types."""

    method: Method
    cls: Class
    transaction_id: bytes
    attributes: tuple[tuple[str, Any], ...] = ()
    unknown: tuple[int, ...] = ()
    covered: bytes = b""
    """The bytes MESSAGE-INTEGRITY is computed over; empty where a message has none."""

    def get(self, name: str) -> Any:
        """The value of the first attribute `name`, or None."""
        return next((value for key, value in self.attributes if key == name), None)

    def all(self, name: str) -> list[Any]:
        """The values of every attribute `name`, in order."""
        return [value for key, value in self.attributes if key == name]

    def signed_by(self, key: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and was made with `key` (RFC 8489 section 14.5)."""
        digest = self.get("MESSAGE-INTEGRITY")
        return digest is not None and hmac.compare_digest(digest, _integrity(self.covered, key))

    def __str__(self) -> str:
        return f"{self.method.name} {self.cls.name} {self.transaction_id.hex()}"


class Attribute(NamedTuple):
    """One row of the attribute table; `pack` and `unpack` also take the transaction id."""

    code: int
    name: str
    pack: Callable[[Any, bytes], bytes]
    unpack: Callable[[bytes, bytes], Any]


def parse(data: bytes) -> Message:
    """Read one STUN message; StunError says what of it is not one, a wrong FINGERPRINT included."""
    method, cls, transaction_id = _parse_header(data)
    known: list[tuple[str, Any]] = []
    unknown: list[int] = []
    covered = b""
    for start, code, value in _walk(data):
        if covered and code != _FINGERPRINT:
            continue  # RFC 8489 section 14.5: nothing else after MESSAGE-INTEGRITY counts
        row = _BY_CODE.get(code)
        if row is None:
            unknown += [code] if code < 0x8000 else []
            continue
        known.append((row.name, row.unpack(value, transaction_id)))
        if code == _INTEGRITY:
            covered = _with_length(data[:start], start + 4 + _INTEGRITY_LENGTH)
        elif code == _FINGERPRINT:
            _check_fingerprint(data, start)
    return Message(method, cls, transaction_id, tuple(known), tuple(unknown), covered)


def pack(
    method: Method,
    cls: Class,
    transaction_id: bytes,
    attributes: Attributes = (),
    key: bytes | None = None,
    fingerprint: bool = False,
) -> bytes:
    """Write one STUN message; `key` adds MESSAGE-INTEGRITY, `fingerprint` adds FINGERPRINT, in that order."""
    body = b"".join(_pack_attribute(name, value, transaction_id) for name, value in attributes)
    data = _HEADER.pack(method | cls, len(body), MAGIC_COOKIE, transaction_id) + body
    if key is not None:
        covered = _with_length(data, len(data) + 4 + _INTEGRITY_LENGTH)
        data = covered + _PAIR.pack(_INTEGRITY, _INTEGRITY_LENGTH) + _integrity(covered, key)
    if fingerprint:
        covered = _with_length(data, len(data) + 4 + _FINGERPRINT_LENGTH)
        data = covered + struct.pack("!HHI", _FINGERPRINT, _FINGERPRINT_LENGTH, _fingerprint(covered))
    return data


def is_channel_data(data: bytes) -> bool:
    """Whether the first two bits say ChannelData, not STUN (RFC 8656 section 12)."""
    return len(data) >= CHANNEL_DATA_HEADER_LENGTH and data[0] & 0xC0 == 0x40


def pack_channel_data(number: int, payload: bytes) -> bytes:
    """Frame a payload for a datagram, without padding (RFC 8656 section 12.5)."""
    return _PAIR.pack(number, len(payload)) + payload


def parse_channel_data(data: bytes) -> tuple[int, bytes]:
    """Read (channel number, payload); padding after the payload is allowed and dropped."""
    if not is_channel_data(data):
        raise StunError(f"expected ChannelData of at least 4 bytes, got {len(data)} bytes {data[:4].hex()}")
    number, length = _PAIR.unpack_from(data)
    if length > len(data) - CHANNEL_DATA_HEADER_LENGTH:
        raise StunError(f"expected {length} bytes of channel payload, got {len(data) - 4}")
    return number, data[CHANNEL_DATA_HEADER_LENGTH : CHANNEL_DATA_HEADER_LENGTH + length]


def describe(data: bytes) -> str:
    """One line for a log: kind and transaction, or what is wrong; never a value."""
    try:
        if is_channel_data(data):
            number, payload = parse_channel_data(data)
            return f"ChannelData {number:#06x}, {len(payload)} bytes"
        return str(parse(data))
    except StunError as error:
        return f"not STUN: {error}"


def _parse_header(data: bytes) -> tuple[Method, Class, bytes]:
    if len(data) < HEADER_LENGTH:
        raise StunError(f"expected a STUN header of 20 bytes, got {len(data)} bytes")
    kind, length, cookie, transaction_id = _HEADER.unpack_from(data)
    if cookie != MAGIC_COOKIE:
        raise StunError(f"expected the magic cookie 0x2112a442, got {cookie:#010x}")
    if length % 4 or length != len(data) - HEADER_LENGTH:
        raise StunError(f"expected {len(data) - HEADER_LENGTH} as the message length, got {length}")
    try:
        method = Method(kind & ~_CLASS_BITS)
    except ValueError:
        raise StunError(f"expected a STUN or TURN method, got message type {kind:#06x}") from None
    return method, Class(kind & _CLASS_BITS), transaction_id


def _walk(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (offset, type, value) of each attribute of a message whose header is sound."""
    start = HEADER_LENGTH
    while start < len(data):
        code, length = _PAIR.unpack_from(data, start)
        end = start + 4 + length
        if end > len(data):
            raise StunError(f"expected {length} bytes of attribute {code:#06x}, got {len(data) - start - 4}")
        yield start, code, data[start + 4 : end]
        start = end + -length % 4


def _pack_attribute(name: str, value: Any, transaction_id: bytes) -> bytes:
    row = _BY_NAME[name]
    packed = row.pack(value, transaction_id)
    return _PAIR.pack(row.code, len(packed)) + packed + bytes(-len(packed) % 4)


def _with_length(data: bytes, total: int) -> bytes:
    """The message start `data` with the header's length as if the whole had `total` bytes."""
    return data[:2] + (total - HEADER_LENGTH).to_bytes(2, "big") + data[4:]


def _integrity(covered: bytes, key: bytes) -> bytes:
    return hmac.digest(key, covered, "sha1")


def _fingerprint(covered: bytes) -> int:
    return zlib.crc32(covered) ^ _FINGERPRINT_XOR


def _check_fingerprint(data: bytes, start: int) -> None:
    if start + 4 + _FINGERPRINT_LENGTH != len(data):
        raise StunError(f"expected FINGERPRINT as the last attribute, got it at byte {start} of {len(data)}")
    came = int.from_bytes(data[start + 4 :], "big")
    if came != _fingerprint(data[:start]):
        raise StunError(f"expected FINGERPRINT {_fingerprint(data[:start]):#010x}, got {came:#010x}")


def _exactly(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise StunError(f"expected an attribute of {length} bytes, got {len(data)}")
    return data


def _pack_text(value: str, _: bytes) -> bytes:
    return value.encode()


def _unpack_text(data: bytes, _: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise StunError(f"expected UTF-8 text, got {data[:32].hex()}") from None


def _pack_bytes(value: bytes, _: bytes) -> bytes:
    return value


def _unpack_bytes(data: bytes, _: bytes) -> bytes:
    return data


def _unpack_digest(data: bytes, _: bytes) -> bytes:
    return _exactly(data, _INTEGRITY_LENGTH)


def _unpack_token(data: bytes, _: bytes) -> bytes:
    return _exactly(data, 8)


def _number(
    size: int, reserved: int = 0
) -> tuple[Callable[[Any, bytes], bytes], Callable[[bytes, bytes], Any]]:
    """Pack and unpack an unsigned integer of `size` bytes followed by `reserved` bytes, ignored when read."""

    def pack_number(value: int, _: bytes) -> bytes:
        return value.to_bytes(size, "big") + bytes(reserved)

    def unpack_number(data: bytes, _: bytes) -> int:
        return int.from_bytes(_exactly(data, size + reserved)[:size], "big")

    return pack_number, unpack_number


def _pack_flag(_value: None, _: bytes) -> bytes:
    return b""


def _unpack_flag(data: bytes, _: bytes) -> bool:
    _exactly(data, 0)
    return True


def _pack_error(value: tuple[int, str], _: bytes) -> bytes:
    code, reason = value
    return bytes((0, 0, code // 100, code % 100)) + reason.encode()


def _unpack_error(data: bytes, _: bytes) -> tuple[int, str]:
    if len(data) < 4:
        raise StunError(f"expected an error code of at least 4 bytes, got {len(data)}")
    return (data[2] & 0x07) * 100 + data[3], _unpack_text(data[4:], b"")


def _pack_types(value: Iterable[int], _: bytes) -> bytes:
    return b"".join(code.to_bytes(2, "big") for code in value)


def _unpack_types(data: bytes, _: bytes) -> tuple[int, ...]:
    if len(data) % 2:
        raise StunError(f"expected attribute types of 2 bytes each, got {len(data)} bytes")
    return tuple(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def _xor(data: bytes, mask: bytes) -> bytes:
    width = len(data)
    return (int.from_bytes(data, "big") ^ int.from_bytes(mask[:width], "big")).to_bytes(width, "big")


def _packed_host(host: str) -> bytes:
    address = ip_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.packed  # an IPv4 client of a dual-stack socket
    return address.packed


def _pack_xor_address(value: Address, transaction_id: bytes) -> bytes:
    host = _packed_host(value[0])
    family = IPV4_FAMILY if len(host) == 4 else IPV6_FAMILY
    port = _xor(value[1].to_bytes(2, "big"), _COOKIE)
    return bytes((0, family)) + port + _xor(host, _COOKIE + transaction_id)


def _unpack_xor_address(data: bytes, transaction_id: bytes) -> Address:
    if len(data) < 2 or len(data) != {IPV4_FAMILY: 8, IPV6_FAMILY: 20}.get(data[1]):
        raise StunError(f"expected an address of family 1 (8 bytes) or 2 (20 bytes), got {data.hex()}")
    host = _xor(data[4:], _COOKIE + transaction_id)
    port = int.from_bytes(_xor(data[2:4], _COOKIE), "big")
    return str(IPv4Address(host) if len(host) == 4 else IPv6Address(host)), port


_INTEGRITY = 0x0008
_FINGERPRINT = 0x8028

ATTRIBUTES = (
    Attribute(0x0006, "USERNAME", _pack_text, _unpack_text),
    Attribute(_INTEGRITY, "MESSAGE-INTEGRITY", _pack_bytes, _unpack_digest),
    Attribute(0x0009, "ERROR-CODE", _pack_error, _unpack_error),
    Attribute(0x000A, "UNKNOWN-ATTRIBUTES", _pack_types, _unpack_types),
    Attribute(0x000C, "CHANNEL-NUMBER", *_number(2, 2)),
    Attribute(0x000D, "LIFETIME", *_number(4)),
    Attribute(0x0012, "XOR-PEER-ADDRESS", _pack_xor_address, _unpack_xor_address),
    Attribute(0x0013, "DATA", _pack_bytes, _unpack_bytes),
    Attribute(0x0014, "REALM", _pack_text, _unpack_text),
    Attribute(0x0015, "NONCE", _pack_bytes, _unpack_bytes),
    Attribute(0x0016, "XOR-RELAYED-ADDRESS", _pack_xor_address, _unpack_xor_address),
    Attribute(0x0017, "REQUESTED-ADDRESS-FAMILY", *_number(1, 3)),
    Attribute(0x0018, "EVEN-PORT", *_number(1)),
    Attribute(0x0019, "REQUESTED-TRANSPORT", *_number(1, 3)),
    Attribute(0x0020, "XOR-MAPPED-ADDRESS", _pack_xor_address, _unpack_xor_address),
    Attribute(0x0022, "RESERVATION-TOKEN", _pack_bytes, _unpack_token),
    Attribute(0x0024, "PRIORITY", *_number(4)),
    Attribute(0x0025, "USE-CANDIDATE", _pack_flag, _unpack_flag),
    Attribute(0x8022, "SOFTWARE", _pack_text, _unpack_text),
    Attribute(_FINGERPRINT, "FINGERPRINT", *_number(_FINGERPRINT_LENGTH)),
    Attribute(0x8029, "ICE-CONTROLLED", *_number(8)),
    Attribute(0x802A, "ICE-CONTROLLING", *_number(8)),
)
"""Code, name, pack, unpack. Reserved bytes are written as zero and ignored when read."""

_BY_CODE = {row.code: row for row in ATTRIBUTES}
_BY_NAME = {row.name: row for row in ATTRIBUTES}
