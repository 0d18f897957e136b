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
from catalog.rule import closest

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXACT = 10**15
"""Up to here a spreadsheet keeps every digit of a number."""
_LONGEST_KEY = 60
_AGAIN = "请从最近导出的表格开始修改"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell; row and column from 1, 0 where no cell of the workbook is at fault.

    `remark` is a sentence about all faults, told behind the last one.
    """

    sheet: str
    row: int
    column: int
    message: str
    remark: str = ""


@dataclass
class Read:
    """What a workbook says. `broken` are the units with a cell that could not be read.

    `keyless` if there is a row of which it cannot be said whose it is, `orphans` if it is a part of some item.
    `base` holds the digests of the content that the workbook was made from.
    """

    units: dict[Key, Unit] = field(default_factory=dict)
    base: Mapping[Key, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Key] = field(default_factory=set)
    keyless: bool = False
    orphans: bool = False
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """The column's number by sheet and field."""


def read(book: Workbook) -> Read:
    """The units of a workbook. Raises WorkbookError if sheets or columns are missing or of another version."""
    result = Read(base=_base(book))
    _check_layout(book, result)
    rows = {name: _rows(book[name], sheet, result) for name, sheet in SHEETS.items()}
    for sheet in ROOTS:
        _roots(sheet, rows[sheet.name], result)
    nameless = any(ITEMS.key in row.faulty for row in rows[ITEMS.name])
    for name, sheet in PART_SHEETS.items():
        _parts(name, sheet, rows[sheet.name], nameless, result)
    result.keyless |= result.orphans
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


def _rows(worksheet: Worksheet, sheet: Sheet, result: Read) -> list[Line]:
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
) -> Line:
    texts, faulty = {}, set()
    for place, column in columns.items():
        try:
            typed = _typed(column, cells[place]) if place in cells else ""
            texts[column.field] = canonical(column, typed)
            value_of(column, texts[column.field])
            if column.field == sheet.key:
                _check_key(column, texts[column.field])
        except CellError as error:
            texts.setdefault(column.field, "")
            faulty.add(column.field)
            result.faults.append(Fault(sheet.name, number, place, str(error)))
            # Other rows and files refer to a row by either.
            result.keyless |= column.field in (sheet.key, "slug")
    return Line(texts, number, frozenset(faulty))


def _check_key(column: Column, text: str) -> None:
    """A key becomes the name of a file: what is none must not get that far. Raises CellError."""
    if not re.search(column.pattern, text):
        raise CellError(f"{column.name}应为{FORMATS[column.pattern]}，现在是“{text[:_LONGEST_KEY]}”。")
    if len(text) > _LONGEST_KEY:
        raise CellError(f"{column.name}应不超过 {_LONGEST_KEY} 个字符，现在有 {len(text)} 个。")


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


def _roots(sheet: Sheet, rows: Sequence[Line], result: Read) -> None:
    for row in rows:
        if sheet.key in row.faulty:
            continue
        unit = Unit(sheet, row, dict.fromkeys(PART_SHEETS, ()) if sheet is ITEMS else {})
        first = result.units.setdefault(unit.key, unit)
        if first is not unit:
            name, key = sheet.column(sheet.key).name, unit.key[1]
            message = f"{name}“{key}”与第 {first.line.row} 行重复，应各不相同。"
            result.faults.append(_at(result, sheet, row, sheet.key, message))
            result.keyless = True
        if row.faulty or first is not unit:
            result.broken.add(unit.key)


def _parts(name: str, sheet: Sheet, rows: Sequence[Line], nameless: bool, result: Read) -> None:
    """The rows of all items' parts; where an item's own row is `nameless`, parts may be of it."""
    owned: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        key = (ITEMS.name, row.cells[SLUG])
        if SLUG in row.faulty:
            continue
        if key in result.units or key in result.base:
            owned[key[1]].append(row)
        elif not nameless:
            hint = closest(key[1], (slug for sheet, slug in result.units if sheet == ITEMS.name))
            message = f"“{ITEMS.name}”表中没有网址名为 {key[1]} 的事项{hint}。"
            result.faults.append(_at(result, sheet, row, SLUG, message))
    result.orphans |= any(row.cells[SLUG] not in owned for row in rows)
    for slug, lines in owned.items():
        key = (ITEMS.name, slug)
        numbered = [_own_cells(line) for line in _in_order(sheet, lines, result)]
        if any(line.faulty for line in numbered):
            result.broken.add(key)
        if key in result.units:
            unit = result.units[key]
            result.units[key] = replace(unit, parts={**unit.parts, name: tuple(numbered)})


def _in_order(sheet: Sheet, lines: Sequence[Line], result: Read) -> list[Line]:
    """The rows of one item by their numbers; at the end those whose number is missing or stands twice."""
    numbered: dict[int, Line] = {}
    others = []
    for line in lines:
        if NUMBER in line.faulty:
            others.append(line)
            continue
        first = numbered.setdefault(int(line.cells[NUMBER]), line)
        if first is not line:
            number = line.cells[NUMBER]
            message = f"这个事项的序号 {number} 与第 {first.row} 行重复，应各不相同。"
            result.faults.append(_at(result, sheet, line, NUMBER, message))
            others.append(replace(line, faulty=line.faulty | {NUMBER}))
    return [*(numbered[number] for number in sorted(numbered)), *others]


def _own_cells(line: Line) -> Line:
    keys = (SLUG, NUMBER, ITEM_NAME)
    return replace(line, cells={name: text for name, text in line.cells.items() if name not in keys})


def _at(result: Read, sheet: Sheet, row: Line, name: str, message: str) -> Fault:
    return Fault(sheet.name, row.row, result.places[sheet.name, name], message)
