"""What the workbook is compared by: each station, street and item as the texts of its cells."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.exchange.workbook.cells import text_of
from catalog.exchange.workbook.sheets import ITEMS, PART_SHEETS, STATIONS, STREETS, Sheet
from catalog.fields import Record
from catalog.model import Catalogue

Key = tuple[str, str]
"""Name of the root's sheet and the record's code or slug."""
_DIGEST = 16
"""Hexadecimal digits kept of SHA-256: enough to tell changed from unchanged, not to withstand an attack."""


@dataclass(frozen=True)
class Line:
    """The canonical texts of one row by field; `row` is its number in the workbook, 0 if it is in none.

    `faulty` names the fields whose cells could not be read.
    """

    cells: Mapping[str, str]
    row: int = field(default=0, compare=False)
    faulty: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Unit:
    """One record: its own row, and the rows of its parts in their order, by the field of the item."""

    sheet: Sheet
    line: Line
    parts: Mapping[str, tuple[Line, ...]]

    @property
    def key(self) -> Key:
        return self.sheet.name, self.line.cells[self.sheet.key]

    @property
    def title(self) -> str:
        """The record by name and key, as an editor calls it."""
        return f"{self.line.cells['name']}（{self.key[1]}）"


Units = Mapping[Key, Unit]


def of_catalogue(catalogue: Catalogue) -> Units:
    """Every street, station and item, in the order of the content's files."""
    roots: Iterable[tuple[Sheet, Iterable[Record]]] = (
        (STREETS, catalogue.streets),
        (STATIONS, catalogue.stations),
        (ITEMS, catalogue.items),
    )
    units = (_unit(sheet, record) for sheet, records in roots for record in records)
    return {unit.key: unit for unit in units}


def digest(unit: Unit) -> str:
    """What changes when any cell of the unit changes."""
    content = [
        dict(unit.line.cells),
        {name: [dict(line.cells) for line in unit.parts[name]] for name in unit.parts},
    ]
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:_DIGEST]


def release_digest(digests: Mapping[Key, str]) -> str:
    """One digest for all units, whatever their order."""
    lines = sorted(f"{sheet}\t{key}\t{value}" for (sheet, key), value in digests.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _unit(sheet: Sheet, record: Record) -> Unit:
    own = PART_SHEETS if sheet is ITEMS else {}
    parts = {
        name: tuple(_line(part, entry, f"{name}.") for entry in getattr(record, name))
        for name, part in own.items()
    }
    return Unit(sheet, _line(sheet, record), parts)


def _line(sheet: Sheet, record: Record, prefix: str = "") -> Line:
    cells = {}
    for column in sheet.columns:
        if column.field.startswith(prefix):
            value = _value(record, column.field.removeprefix(prefix))
            cells[column.field] = text_of(column, value)
    return Line(cells)


def _value(record: Any, path: str) -> object:
    for name in path.split("."):
        record = None if record is None else getattr(record, name)
    return record
