"""The Chinese name of every field that editors fill in, and what to write there: read off the records' docstrings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel

from catalog.disclosure import (
    About,
    BuildPlan,
    Changes,
    MonthlyConsults,
    MonthlyRatings,
    MonthlyRectifications,
    Pledges,
)
from catalog.fields import Record
from catalog.model import (
    Bodies,
    District,
    Form,
    Holidays,
    Redirect,
    ServiceItem,
    StaffMember,
    Station,
    Street,
    StreetLayer,
)

RECORDS: tuple[type[Record], ...] = (
    ServiceItem,
    District,
    Street,
    Station,
    StaffMember,
    Bodies,
    StreetLayer,
    Form,
    Holidays,
    Redirect,
    About,
    Pledges,
    BuildPlan,
    Changes,
    MonthlyRatings,
    MonthlyRectifications,
    MonthlyConsults,
)
"""The records that stand in files of their own."""
_TOLD = re.compile(r"(?P<name>[^ 。]+)( \[(?P<columns>[a-z_, ]+)\])?。(?P<words>.+)", re.DOTALL)


@dataclass(frozen=True)
class Element:
    """A field as editors know it: its name, the columns of the exchange schema it fills, and what to write."""

    name: str
    columns: tuple[str, ...]
    words: str


def element(docstring: str) -> Element:
    """The parts of a field's docstring: 「基本编码 [catalog_code]。12 位……」. Raises ValueError for another form."""
    told = _TOLD.fullmatch(docstring)
    if told is None:
        raise ValueError(f"a field's docstring should read 名称 [column]。写法, not {docstring!r}")
    columns = told["columns"].split(", ") if told["columns"] else ()
    return Element(told["name"], tuple(columns), told["words"])


def nested(annotation: object) -> Iterator[type[Record]]:
    """The records that a field's type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for inner in get_args(annotation):
        yield from nested(inner)


def _elements(record: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Element]]:
    for name, field in record.model_fields.items():
        yield prefix + name, element(field.description or "")
        for inner in nested(field.annotation):
            yield from _elements(inner, f"{prefix}{name}.")


_TABLES = {record: dict(_elements(record)) for record in RECORDS}
ELEMENTS: Mapping[type[Record], Mapping[str, str]] = {
    record: {path: told.name for path, told in table.items()} for record, table in _TABLES.items()
}
"""Names by record and dotted field path: `ELEMENTS[ServiceItem]["materials.copies"]` is 复印件份数."""
DESCRIPTIONS: Mapping[type[Record], Mapping[str, str]] = {
    record: {path: told.words for path, told in table.items()} for record, table in _TABLES.items()
}
"""What to write there, by the same keys."""
