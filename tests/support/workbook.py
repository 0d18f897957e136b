"""A workbook as an editor would change it, and the command that brings it back."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange.workbook.sheets import FIRST_ROW, SHEETS
from catalog.exchange.workbook.write import encode
from catalog.load import load

Place = tuple[str, int, str]
"""Sheet, row and field."""


def exported(content: Path) -> bytes:
    """The workbook of a content directory that reads without a fault."""
    catalogue = load(content).catalogue
    assert catalogue is not None
    return encode(catalogue)


def column(sheet: str, field: str) -> int:
    """The number of a field's column as it is exported."""
    return [column.field for column in SHEETS[sheet].columns].index(field) + 1


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook after `change` was done to it."""
    book = opened(data)
    change(book)
    return saved(book)


def typed(data: bytes, cells: Mapping[Place, Any]) -> bytes:
    """The workbook with other values in some cells."""
    book = opened(data)
    for (sheet, row, field), value in cells.items():
        cell = book[sheet].cell(row, column(sheet, field))
        cell.value = value
        if isinstance(value, str) and not value.startswith("=SUM"):
            cell.data_type = "s"
    return saved(book)


def row_of(data: bytes, sheet: str, field: str, text: str) -> int:
    """The first row whose cell reads `text`."""
    worksheet = opened(data)[sheet]
    assert isinstance(worksheet, Worksheet)
    place = column(sheet, field)
    return next(
        row
        for row in range(FIRST_ROW, worksheet.max_row + 1)
        if str(worksheet.cell(row, place).value) == text
    )
