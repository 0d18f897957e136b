"""Fingerprints of what is seen: equal values have equal ones, in every process and on every day.

A page that sees what it saw before is not made again. So a fingerprint is of the whole value, never of its name or
its time, and a value of an unknown type is refused: taken by its `repr` it might look unchanged.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

LENGTH = 16
"""Bytes: 128 bits, among which no two of a city's pages meet by chance."""


class Fingerprints:
    """Makes fingerprints; a record that many pages see is looked at once. Values are not changed meanwhile.

    It keeps every value that it has seen. For values that are soon gone there is `beside`.
    """

    def __init__(self, longer: "Fingerprints | None" = None) -> None:
        # By identity, and kept with its value: an identity is used anew when its value is gone.
        self._known: dict[int, tuple[object, bytes]] = {}
        self._longer = longer._known if longer else {}

    def beside(self) -> "Fingerprints":
        """Others that know what these know; what they come to know goes with them."""
        return Fingerprints(self)

    def of(self, value: object) -> bytes:
        """LENGTH bytes. Raises TypeError for what is no plain value, record, dataclass, sequence or mapping."""
        known = self._known.get(id(value)) or self._longer.get(id(value))
        if known is not None:
            return known[1]
        parts = _way(type(value))
        if parts is None:
            return _digest(_plain(value))
        digest = _digest(parts(self, value))
        self._known[id(value)] = value, digest
        return digest

    def _part(self, value: object) -> bytes:
        """Plain values as they are, by their length so that two cannot run into one; the rest by its fingerprint."""
        if type(value) is str:
            plain = value.encode()
            return b"%ds" % len(plain) + plain
        known = self._known.get(id(value)) or self._longer.get(id(value))
        if known is not None:
            return b"\xff" + known[1]
        if _way(type(value)) is None:
            plain = _plain(value)
            return b"%dp" % len(plain) + plain
        return b"\xff" + self.of(value)

    def _sequence(self, value: Any) -> bytes:
        return b"sequence\0" + b"".join(map(self._part, value))

    def _mapping(self, value: Any) -> bytes:
        return b"mapping\0" + b"".join(map(self._part, (*value, *value.values())))

    def _member(self, value: Any) -> bytes:
        name: str = value.name
        return _name(type(value)) + name.encode()

    def _record(self, value: Any) -> bytes:
        return _name(type(value)) + b"".join(map(self._part, value.__dict__.values()))

    def _dataclass(self, value: Any) -> bytes:
        kind = type(value)
        return _name(kind) + b"".join(self._part(getattr(value, each)) for each in _fields[kind])


_Way = Callable[[Fingerprints, Any], bytes]
_WAYS: tuple[tuple[type, _Way | None], ...] = (
    (Enum, Fingerprints._member),
    *((kind, None) for kind in (type(None), str, int, float, date, Decimal)),
    (tuple, Fingerprints._sequence),
    (list, Fingerprints._sequence),
    (Mapping, Fingerprints._mapping),
    (BaseModel, Fingerprints._record),
)
"""How the parts of a value are told; None where it has none."""


_ways: dict[type, _Way | None] = {}
_fields: dict[type, tuple[str, ...]] = {}


def _way(kind: type) -> _Way | None:
    if kind not in _ways:
        _ways[kind] = next((way for base, way in _WAYS if issubclass(kind, base)), _of_dataclass(kind))
    return _ways[kind]


def _of_dataclass(kind: type) -> _Way | None:
    if is_dataclass(kind):
        _fields[kind] = tuple(each.name for each in fields(kind))
        return Fingerprints._dataclass
    if not issubclass(kind, tuple(base for base, _ in _WAYS)):
        raise TypeError(f"expected a value that a page may see, came a {kind.__qualname__}")
    return None


def _name(kind: type) -> bytes:
    return kind.__qualname__.encode() + b"\0"


def _plain(value: object) -> bytes:
    return f"{type(value).__name__} {value!r}".encode()


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=LENGTH).digest()
