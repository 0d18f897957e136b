"""A workbook that came back as units, and every fault of its cells; never stops at the first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange.workbook.cells import NO, YES, CellError, canonical, value_of
from catalog.exchange.workbook.package import WorkbookError
from catalog.exchange.workbook.sheets import (
    FIELD_ROW,
    FIRST_ROW,
    FORMAT,
    HEADER_ROW,
    HIDDEN,
    ITEM_NAME,
    ITEMS,
    NUMBER,
    PART_SHEETS,
    ROOTS,
    SHEETS,
    SLUG,
    Column,
    Kind,
    Sheet,
)
from catalog.exchange.workbook.units import Key, Line, Unit
from catalog.faults import FORMATS

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXACT = 10**15
"""Up to here a spreadsheet keeps every digit of a number."""
_AGAIN = "请从最近导出的表格开始修改"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell; row and column from 1, 0 where no cell of the workbook is at fault."""

    sheet: str
    row: int
    column: int
    message: str


@dataclass
class Read:
    """What a workbook says. `broken` are the units with a fault; `keyless` if a fault hides which unit it is in.

    `base` holds the digests of the content that the workbook was made from.
    """

    units: dict[Key, Unit] = field(default_factory=dict)
    base: Mapping[Key, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Key] = field(default_factory=set)
    keyless: bool = False
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """The column's number by sheet and field."""


@dataclass(frozen=True)
class _Row:
    line: Line
    faulty: bool

    def __getitem__(self, name: str) -> str:
        return self.line.cells[name]


def read(book: Workbook) -> Read:
    """The units of a workbook. Raises WorkbookError if sheets or columns are missing or of another version."""
    result = Read(base=_base(book))
    _check_layout(book, result)
    rows = {name: _rows(book[name], sheet, result) for name, sheet in SHEETS.items()}
    for sheet in ROOTS:
        _roots(sheet, rows[sheet.name], result)
    for name, sheet in PART_SHEETS.items():
        _parts(name, sheet, rows[sheet.name], result)
    return result


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by sheet, row and column; those of no cell come last."""
    places = {name: number for number, name in enumerate(SHEETS)}
    keyed = {
        (places.get(fault.sheet, len(places)), fault.row, fault.column, fault.message): fault
        for fault in faults
    }
    return tuple(keyed[key] for key in sorted(keyed))


def _base(book: Workbook) -> Mapping[Key, str]:
    worksheet = book[HIDDEN] if HIDDEN in book.sheetnames else None
    lines = _lines(worksheet) if isinstance(worksheet, Worksheet) else []
    texts = [tuple(str(cell.value) for cell in cells.values()) for _, cells in lines]
    if not texts or any(len(text) != 3 for text in texts):
        raise WorkbookError(f"工作簿缺少隐藏的“{HIDDEN}”表。{_AGAIN}。")
    if texts[0][1] != str(FORMAT):
        raise WorkbookError(f"工作簿的格式应为第 {FORMAT} 版，现在是第 {texts[0][1]} 版。{_AGAIN}。")
    return {(sheet, key): value for sheet, key, value in texts[1:]}


def _lines(worksheet: Worksheet) -> list[tuple[int, dict[int, Cell]]]:
    """The cells that hold something, by row and column."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    # iter_rows would make every cell that is not there, down to a stray one in the last row of all.
    for (row, column), cell in sorted(worksheet._cells.items()):
        if isinstance(cell, Cell) and cell.value is not None and str(cell.value).strip():
            rows[row][column] = cell
    return sorted(rows.items())


def _check_layout(book: Workbook, result: Read) -> None:
    missing = [name for name in SHEETS if not isinstance(_sheet(book, name), Worksheet)]
    if missing:
        raise WorkbookError(f"工作簿缺少表：{'、'.join(missing)}。{_AGAIN}。")
    told = []
    for name, sheet in SHEETS.items():
        header = dict(_lines(book[name])).get(FIELD_ROW, {})
        fields = {_string(cell): column for column, cell in header.items()}
        result.places |= {(name, known): column for known, column in fields.items()}
        lost = [column.name for column in sheet.columns if column.field not in fields]
        if lost:
            told.append(f"“{name}”表缺少列：{'、'.join(lost)}")
    if told:
        raise WorkbookError(f"{'；'.join(told)}。{_AGAIN}。")


def _sheet(book: Workbook, name: str) -> object:
    return book[name] if name in book.sheetnames else None


def _rows(worksheet: Worksheet, sheet: Sheet, result: Read) -> list[_Row]:
    columns = {result.places[sheet.name, column.field]: column for column in sheet.columns}
    for merged in worksheet.merged_cells.ranges:
        message = f"{merged.coord} 是合并的单元格，请取消合并，每格分别填写。"
        result.faults.append(Fault(sheet.name, merged.min_row, merged.min_col, message))
    rows = []
    for number, cells in _lines(worksheet):
        result.faults += _stray(sheet, number, cells, columns)
        known = {place: cell for place, cell in cells.items() if place in columns}
        if number >= FIRST_ROW and {columns[place].field for place in known} - {ITEM_NAME}:
            rows.append(_row(sheet, number, known, columns, result))
    return rows


def _stray(
    sheet: Sheet, row: int, cells: Mapping[int, Cell], columns: Mapping[int, Column]
) -> Iterator[Fault]:
    for place, cell in cells.items():
        if place not in columns and row != FIELD_ROW:
            words = "这一列不认识" if row == HEADER_ROW else "这一格不在任何一列的下面"
            yield Fault(sheet.name, row, place, f"{words}，不会导入。请移走或删去“{_string(cell)[:20]}”。")


def _row(
    sheet: Sheet, number: int, cells: Mapping[int, Cell], columns: Mapping[int, Column], result: Read
) -> _Row:
    texts, faulty = {}, False
    for place, column in columns.items():
        try:
            typed = _typed(column, cells[place]) if place in cells else ""
            texts[column.field] = canonical(column, typed)
            value_of(column, texts[column.field])
        except CellError as error:
            texts.setdefault(column.field, "")
            faulty = True
            result.faults.append(Fault(sheet.name, number, place, str(error)))
            result.keyless |= column.field in (sheet.key, NUMBER)
    return _Row(Line(texts, number), faulty)


def _typed(column: Column, cell: Cell) -> str:
    """What the editor meant, of what the spreadsheet made of it. Raises CellError."""
    value, kind = cell.value, cell.data_type
    if column.field == ITEM_NAME:
        return ""
    if kind == "f":
        raise CellError("这一格是公式，应为内容本身。请复制这一格，再“选择性粘贴”为数值。")
    if kind == "e":
        raise CellError(f"这一格是表格软件的错误值 {value}，请重新填写。")
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime | date | time | timedelta):
        return _day(column, value)
    if isinstance(value, int | float):
        return _digits(column, value)
    return _string(cell)


def _day(column: Column, value: datetime | date | time | timedelta) -> str:
    at_midnight = not isinstance(value, datetime) or value.time() == time()
    if column.kind is Kind.DAY and isinstance(value, date) and at_midnight:
        return value.strftime("%Y-%m-%d") if value.year > 999 else str(value)
    raise CellError(f"表格软件把这一格变成了日期或时间（{value}）。请把单元格设为文本格式，重新填写。")


def _digits(column: Column, value: int | float) -> str:
    whole = abs(value) < _EXACT and value == int(value)
    text = str(int(value)) if whole else str(value)
    if column.kind is Kind.CODE and not (whole and re.search(column.pattern, text)):
        shape = f"应为{FORMATS[column.pattern]}，" if column.pattern else ""
        raise CellError(
            f"表格软件把这一格变成了数字 {text}，开头的 0 或连字符可能丢了。{shape}请设为文本格式，重新填写。"
        )
    if not whole and abs(value) >= _EXACT:
        raise CellError(f"表格软件把这一格变成了数字 {text}，末几位已经丢了。请设为文本格式，重新填写。")
    return text


def _string(cell: Cell) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(cell.value))


def _roots(sheet: Sheet, rows: Sequence[_Row], result: Read) -> None:
    for row in rows:
        unit = Unit(sheet, row.line, dict.fromkeys(PART_SHEETS, ()) if sheet is ITEMS else {})
        first = result.units.setdefault(unit.key, unit)
        if first is not unit and row[sheet.key]:
            message = (
                f"{sheet.column(sheet.key).name}“{row[sheet.key]}”与第 {first.line.row} 行重复，应各不相同。"
            )
            result.faults.append(_at(result, sheet, row, sheet.key, message))
            result.keyless = True
        if row.faulty:
            result.broken.add(unit.key)


def _parts(name: str, sheet: Sheet, rows: Sequence[_Row], result: Read) -> None:
    numbered: dict[str, dict[int, _Row]] = defaultdict(dict)
    for row in rows:
        key = (ITEMS.name, row[SLUG])
        if row.faulty:
            result.broken.add(key)
        if not (row[SLUG] and row[NUMBER].isdecimal()):
            continue
        first = numbered[row[SLUG]].setdefault(int(row[NUMBER]), row)
        if first is not row:
            message = f"这个事项的序号 {row[NUMBER]} 与第 {first.line.row} 行重复，应各不相同。"
            result.faults.append(_at(result, sheet, row, NUMBER, message))
            result.keyless = True
        if key not in result.units and key not in result.base:
            message = f"“{ITEMS.name}”表中没有网址名为 {row[SLUG]} 的事项。"
            result.faults.append(_at(result, sheet, row, SLUG, message))
    for slug, own in numbered.items():
        unit = result.units.get((ITEMS.name, slug))
        if unit is not None:
            lines = tuple(_own_cells(own[number].line) for number in sorted(own))
            result.units[unit.key] = replace(unit, parts={**unit.parts, name: lines})


def _own_cells(line: Line) -> Line:
    keys = (SLUG, NUMBER, ITEM_NAME)
    return Line({name: text for name, text in line.cells.items() if name not in keys}, line.row)


def _at(result: Read, sheet: Sheet, row: _Row, name: str, message: str) -> Fault:
    return Fault(sheet.name, row.line.row, result.places[sheet.name, name], message)
