"""Fingerprints of what is seen: equal values have equal ones, in every process and on every day.

A page that sees what it saw before is not made again. So a fingerprint is of the whole value, never of its name or
its time, and a value of an unknown type is refused: taken by its `repr` it might look unchanged.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache

from pydantic import BaseModel

LENGTH = 16
"""Bytes: 128 bits, among which no two of a city's pages meet by chance."""
_ATOMS = (str, int, float, date, Decimal)


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
        if value is None or isinstance(value, _ATOMS):
            return _digest(_plain(value))
        known = self._known.get(id(value)) or self._longer.get(id(value))
        if known is None:
            known = self._known[id(value)] = value, _digest(self._parts(value))
        return known[1]

    def _parts(self, value: object) -> bytes:
        if isinstance(value, (tuple, list)):
            return b"sequence\0" + b"".join(map(self._part, value))
        if isinstance(value, Mapping):
            return b"mapping\0" + b"".join(map(self._part, (*value, *value.values())))
        kind = type(value)
        name = kind.__qualname__.encode() + b"\0"
        if isinstance(value, Enum):
            return name + value.name.encode()
        if isinstance(value, BaseModel):
            return name + b"".join(map(self._part, value.__dict__.values()))
        if is_dataclass(value):
            return name + b"".join(self._part(getattr(value, each)) for each in _names(kind.__mro__))
        raise TypeError(f"expected a value that a page may see, came {kind.__qualname__}: {value!r:.80}")

    def _part(self, value: object) -> bytes:
        """Plain values as they are, by their length so that two cannot run into one; the rest by its fingerprint."""
        if type(value) is str:
            plain = value.encode()
            return b"%ds" % len(plain) + plain
        if value is None or isinstance(value, _ATOMS):
            plain = _plain(value)
            return b"%dp" % len(plain) + plain
        return b"\xff" + self.of(value)


@cache
def _names(kinds: tuple[type, ...]) -> tuple[str, ...]:
    """Of the fields of a dataclass, told by its line of classes."""
    return tuple(each.name for each in fields(kinds[0]))


def _plain(value: object) -> bytes:
    return f"{type(value).__name__} {value!r}".encode()


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=LENGTH).digest()
