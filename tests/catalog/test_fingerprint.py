"""Fingerprints: equal values alike, whatever else differs told apart."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum

import pytest
from pydantic import BaseModel

from catalog.fingerprint import LENGTH, Fingerprints


class Colour(Enum):
    RED = 1
    BLUE = 2


class Word(StrEnum):
    RED = "红"


class Shade(Enum):
    RED = 1


@dataclass(frozen=True)
class Pair:
    one: object
    other: object


@dataclass(frozen=True)
class Twin:
    one: object
    other: object


class Record(BaseModel):
    name: str
    count: int = 0


DIFFERENT = [
    None,
    "",
    "None",
    "1",
    1,
    1.0,
    True,
    Decimal("1"),
    Decimal("1.0"),
    date(2026, 11, 24),
    "2026-11-24",
    Colour.RED,
    Colour.BLUE,
    Shade.RED,
    Word.RED,
    "红",
    (),
    {},
    ("ab", "c"),
    ("a", "bc"),
    ("abc",),
    (("a",), "bc"),
    {"a": "bc"},
    {"a": "b", "c": ""},
    {"c": "", "a": "b"},
    Pair("a", "b"),
    Pair("b", "a"),
    Pair("a", None),
    Twin("a", "b"),
    Record(name="a"),
    Record(name="a", count=1),
    Pair(Record(name="a"), ()),
]


def test_different_values_have_different_fingerprints() -> None:
    made = [Fingerprints().of(value) for value in DIFFERENT]
    assert len(set(made)) == len(DIFFERENT)
    assert {len(each) for each in made} == {LENGTH}


@pytest.mark.parametrize("value", DIFFERENT, ids=repr)
def test_a_value_has_the_same_one_wherever_it_stands_and_whoever_makes_it(value: object) -> None:
    every = Fingerprints()
    assert every.of(value) == every.of(value) == Fingerprints().of(value) == every.beside().of(value)
    assert every.of((value,)) == Fingerprints().of([value])


def test_an_equal_copy_has_the_same() -> None:
    every = Fingerprints()
    assert every.of(Pair(Record(name="a"), {"b": (1,)})) == every.of(Pair(Record(name="a"), {"b": [1]}))


def test_what_is_seen_beside_is_not_kept() -> None:
    every = Fingerprints()
    shared = Record(name="shared")
    every.of(shared)
    own = every.beside()
    own.of((shared, Record(name="own")))
    assert len(every._known) == 1
    assert {type(value) for value, _ in own._known.values()} == {tuple, Record}


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", iter(()), lambda: None], ids=lambda value: type(value).__name__
)
def test_a_value_that_might_look_unchanged_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"^expected a value that a page may see, came a \w+$"):
        Fingerprints().of((value,))
