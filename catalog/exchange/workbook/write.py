"""The catalogue as a workbook that an editor fills in; the same bytes for the same catalogue."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange.workbook.cells import NO, YES
from catalog.exchange.workbook.sheets import (
    FIELD_ROW,
    FIRST_ROW,
    FORMAT,
    GUIDE,
    HEADER_ROW,
    HIDDEN,
    ITEM_NAME,
    ITEMS,
    NUMBER,
    REFERENCES,
    SHEETS,
    SLUG,
    Column,
    Kind,
    Sheet,
)
from catalog.exchange.workbook.units import Unit, Units, digest, of_catalogue, release_digest
from catalog.model import Catalogue

LONGEST_CELL = 32767
"""Characters that a cell can hold (ECMA-376 as applications implement it)."""
_LAST_COLUMN = 16384
_LAST_ROW = 20000
"""Down to here the drop-downs reach."""
_WIDEST = 60
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_HEAD, _FILL, _NOTE = "表头", "填写", "说明文字"

_WORDS = (
    "这个工作簿用来修改站点、街道和事项。改完保存，交给负责导入的同事。",
    "",
    "怎么改",
    "直接改单元格。鼠标停在表头上，可以看到这一列怎么填。",
    "有下拉箭头的，从下拉列表里选。可以多选的，用顿号隔开，例如：社区站点、街道中心。",
    "代码、电话和日期的单元格是文本格式，请不要改。日期写成 2026-01-01。",
    "一格写多条的（受理条件），一条一行，单元格内换行按 Alt+Enter。",
    "",
    "怎么增加",
    "在表格下面的空行填写，或者插入一行。事项的材料、环节、依据和问题各有一张表，用网址名和序号对应。",
    "序号决定先后，同一事项内不能重复。中间空出一个序号没有关系。",
    "新增的事项还要写进全区或者街道的清单，才有街道和站点办它。",
    "清单不在这个工作簿里，请负责导入的同事来写。",
    "",
    "怎么停用",
    "删除整行，或者把整行清空。站点和街道会从名单中去掉；事项会改为“取消”，内容仍然保留。",
    "",
    "不能做的",
    "不要改表头，不要删除工作表或列，不要合并单元格，不要写公式。",
    "",
    "一般不要改的",
    "改站点、街道的网址名，网页换了地址，旧网址打不开；街道的网址名改了，它的站点的网页也一起换。",
    "改站点、街道的区划代码，等于停用原来的，增加新的；开放数据的标识会变，视频工作台的账号要重新登记。",
    "事项的网址名不能在表格里改，它是办事指南的网址。",
    "",
    "导入时会先检查。有问题的单元格会标红，并写明怎么改；这时什么都不会写入。",
)


def encode(catalogue: Catalogue) -> bytes:
    """The workbook of all streets, stations and items, with what is needed to bring it back."""
    units = of_catalogue(catalogue)
    fitting = {key: unit for key, unit in units.items() if _fits(unit)}
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    guide = book.active
    assert isinstance(guide, Worksheet)
    left_out = [unit.title for key, unit in units.items() if key not in fitting]
    _write_guide(guide, catalogue.district.illustrative, left_out)
    for sheet in SHEETS.values():
        _write_sheet(book.create_sheet(sheet.name), sheet, list(_rows(sheet, fitting)))
    _write_hidden(book.create_sheet(HIDDEN), fitting)
    target = io.BytesIO()
    book.save(target)
    return _timeless(target.getvalue())


def _fits(unit: Unit) -> bool:
    lines = [unit.line, *(line for part in unit.parts.values() for line in part)]
    return all(len(_escaped(text)) <= LONGEST_CELL for line in lines for text in line.cells.values())


def _styles() -> Iterable[NamedStyle]:
    wrapped = Alignment(wrap_text=True, vertical="top")
    open_ = Protection(locked=False)
    head = NamedStyle(
        _HEAD, font=Font(bold=True, color="FFFFFF"), fill=PatternFill("solid", fgColor="0B5D57")
    )
    head.alignment = wrapped
    note = NamedStyle(
        _NOTE, font=Font(color="7A8481"), alignment=wrapped, protection=open_, number_format="@"
    )
    return head, note, NamedStyle(_FILL, alignment=wrapped, protection=open_, number_format="@")


def _write_guide(worksheet: Worksheet, notice: str, left_out: Sequence[str]) -> None:
    worksheet.title = GUIDE
    worksheet.column_dimensions["A"].width = 100
    rest = [f"内容太长、没有列入表格的：{'、'.join(left_out)}。"] if left_out else []
    for row, words in enumerate((notice, "", *_WORDS, *rest), start=1):
        cell = worksheet.cell(row, 1)
        if words:
            cell.value = _escaped(words)
            cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=words.startswith(("怎么", "不能", "一般")))
    worksheet.protection.sheet = True


def _rows(sheet: Sheet, units: Units) -> Iterator[dict[str, str]]:
    for unit in units.values():
        if unit.sheet is sheet:
            yield dict(unit.line.cells)
        elif sheet.part and unit.sheet is ITEMS:
            own = {SLUG: unit.key[1], ITEM_NAME: unit.line.cells["name"]}
            for number, line in enumerate(unit.parts[sheet.part], start=1):
                yield {**own, NUMBER: str(number), **line.cells}


def _write_sheet(worksheet: Worksheet, sheet: Sheet, rows: Sequence[dict[str, str]]) -> None:
    for index, column in enumerate(sheet.columns, start=1):
        _write_header(worksheet, index, column)
        width = max((_width(row[column.field]) for row in rows), default=0)
        own = worksheet.column_dimensions[get_column_letter(index)]
        own.width = min(max(width, _width(column.name)) + 4, _WIDEST)
        _open(own, column)
        _validate(worksheet, sheet, index, column)
    # A row can be deleted only where all of it is unlocked, beyond the last column too.
    beyond = worksheet.column_dimensions[get_column_letter(len(sheet.columns) + 1)]
    beyond.min, beyond.max = len(sheet.columns) + 1, _LAST_COLUMN
    beyond.protection = Protection(locked=False)
    for number, row in enumerate(rows, start=FIRST_ROW):
        for index, column in enumerate(sheet.columns, start=1):
            _write_cell(worksheet, number, index, column, row[column.field])
    worksheet.row_dimensions[FIELD_ROW].hidden = True
    worksheet.freeze_panes = worksheet.cell(FIRST_ROW, 4 if sheet.part else 3).coordinate
    _protect(worksheet)


def _write_header(worksheet: Worksheet, index: int, column: Column) -> None:
    head = worksheet.cell(HEADER_ROW, index, column.name)
    head.style = _HEAD
    must = "必填。" if column.required else ""
    comment = Comment(f"{must}{column.told}。", "刻钟", height=120, width=240)
    head.comment = comment
    worksheet.cell(FIELD_ROW, index, column.field)


def _open(dimension: ColumnDimension, column: Column) -> None:
    dimension.protection = Protection(locked=False)
    dimension.number_format = _number_format(column)
    dimension.alignment = Alignment(wrap_text=True, vertical="top")


def _number_format(column: Column) -> str:
    return "0" if column.kind is Kind.NUMBER else "@"


def _write_cell(worksheet: Worksheet, row: int, index: int, column: Column, text: str) -> None:
    cell = worksheet.cell(row, index)
    cell.style = _NOTE if column.field == ITEM_NAME else _FILL
    if column.kind is Kind.NUMBER:
        cell.number_format = _number_format(column)
        cell.value = int(text)
    elif text:
        cell.value = _escaped(text)
        # Text that begins with "=" is no formula here.
        cell.data_type = "s"


def _escaped(text: str) -> str:
    """ECMA-376, 22.4.2.4: _x0041_ in a text would be read as the character of that number."""
    return _ESCAPED.sub("_x005F_", text)


def _validate(worksheet: Worksheet, sheet: Sheet, index: int, column: Column) -> None:
    letter = get_column_letter(index)
    rule = _rule(sheet, column)
    if rule is not None:
        rule.errorTitle, rule.error = column.name, f"{column.told}。"
        rule.add(f"{letter}{FIRST_ROW}:{letter}{_LAST_ROW}")
        worksheet.add_data_validation(rule)


def _rule(sheet: Sheet, column: Column) -> DataValidation | None:
    """The drop-down of a column; one that may hold several words, or a new key, is not enforced while typing."""
    other = REFERENCES.get((sheet.name, column.field))
    choices = (YES, NO) if column.kind is Kind.FLAG else column.choices
    if choices:
        words = f'"{",".join(choices)}"'
        return DataValidation("list", formula1=words, showErrorMessage=not column.separator, allow_blank=True)
    if other is not None:
        keys = f"'{other.name}'!$A${FIRST_ROW}:$A${_LAST_ROW}"
        return DataValidation("list", formula1=keys, showErrorMessage=False, allow_blank=True)
    if column.kind is Kind.NUMBER:
        return DataValidation(
            "whole", operator="greaterThanOrEqual", formula1="0", showErrorMessage=True, allow_blank=True
        )
    return None


def _protect(worksheet: Worksheet) -> None:
    """Locked cells are those of the header; everything else may be done with the rows."""
    protection = worksheet.protection
    protection.sheet = True
    for allowed in ("insertRows", "deleteRows", "formatRows", "formatColumns", "sort", "autoFilter"):
        setattr(protection, allowed, False)


def _write_hidden(worksheet: Worksheet, units: Units) -> None:
    digests = {key: digest(unit) for key, unit in units.items()}
    worksheet.append(["格式", str(FORMAT), release_digest(digests)])
    for (sheet, key), value in digests.items():
        worksheet.append([sheet, key, value])
    for row in worksheet.iter_rows():
        for cell in row:
            cell.number_format = "@"
    worksheet.sheet_state = "hidden"
    worksheet.protection.sheet = True


def _width(text: str) -> int:
    wide = (1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text[:_WIDEST])
    return sum(wide)


def _timeless(data: bytes) -> bytes:
    """The same package without the time of its making, in its entries and in its properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            plain = zipfile.ZipInfo(entry.filename, _EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(plain, content)
    return target.getvalue()
