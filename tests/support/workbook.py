"""A workbook as an editor would change it, and the command that brings it back."""

import difflib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange.workbook.sheets import FIRST_ROW, SHEETS
from catalog.exchange.workbook.write import encode
from catalog.load import load
from tests.support.catalogue import Content

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"
RED = "00FF9E90"
"""How a faulty cell is filled."""
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


def build(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "build.py", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "check": False} | options
    return subprocess.run(command, env=environment, **options)


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def diff(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The lines that changed, each with its file."""
    lines = []
    for file in sorted(before | after):
        old, new = (tree.get(file, b"").decode().splitlines() for tree in (before, after))
        changes = [*difflib.unified_diff(old, new, n=0, lineterm="")][2:]
        lines += [f"{file} {line}" for line in changes if line[0] in "+-"]
    return lines


class Desk:
    """An editor's content and workbook."""

    def __init__(self, content: Content, directory: Path) -> None:
        self.content = content
        self.file = directory / "目录.xlsx"
        self.file.write_bytes(exported(content.root))
        self.before = files(content.root)

    def type(self, cells: dict[Place, Any]) -> None:
        self.file.write_bytes(typed(self.file.read_bytes(), cells))

    def change(self, change: Callable[[Workbook], object]) -> None:
        self.file.write_bytes(changed(self.file.read_bytes(), change))

    def bring(self, *more: str) -> subprocess.CompletedProcess[str]:
        return build("import", self.file, "--content", self.content.root, *more)

    def diff(self) -> list[str]:
        return diff(self.before, files(self.content.root))
