"""A faulty workbook with its faults marked where they are, and listed."""

import io
import re
from collections import defaultdict
from collections.abc import Sequence

from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange.workbook.package import open_workbook
from catalog.exchange.workbook.read import Fault
from catalog.exchange.workbook.sheets import FAULTS, FIRST_ROW, SHEETS

_RED = PatternFill("solid", fgColor="FF9E90")
_NONE = PatternFill()
_HEADER = ("表", "行", "列", "问题")
_WIDTHS = (10, 8, 8, 100)


def marked(data: bytes, faults: Sequence[Fault]) -> bytes:
    """The workbook with the faulty cells red and commented, and a first sheet that lists all faults."""
    book = open_workbook(data)
    messages_at: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for fault in faults:
        if fault.row and fault.column:
            messages_at[fault.sheet, fault.row, fault.column].append(fault.message)
    for name in SHEETS:
        # The marks of an earlier attempt; a header's comment says how to fill in the column and stays.
        for (row, _), cell in book[name]._cells.items():
            if row >= FIRST_ROW and cell.fill.fgColor.rgb == _RED.fgColor.rgb:
                cell.fill, cell.comment = _NONE, None
    for (name, row, column), messages in messages_at.items():
        cell = book[name].cell(row, column)
        cell.fill = _RED
        cell.comment = Comment("\n".join(messages), "刻钟", height=40 + 40 * len(messages), width=320)
    if FAULTS in book.sheetnames:
        del book[FAULTS]
    _list(book.create_sheet(FAULTS, 0), faults)
    book.active = 0
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _list(worksheet: Worksheet, faults: Sequence[Fault]) -> None:
    rows = [(fault.sheet, *_place(fault), fault.message) for fault in faults]
    rows += [("", "", "", fault.remark) for fault in faults if fault.remark]
    for number, words in enumerate((_HEADER, *rows), start=1):
        for column, word in enumerate(words, start=1):
            cell = worksheet.cell(number, column, word or None)
            cell.font = Font(bold=number == 1)
            if word:
                # A message may quote what begins with "=".
                cell.data_type = "s"
    for column, width in enumerate(_WIDTHS, start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = width
    worksheet.freeze_panes = "A2"


def _place(fault: Fault) -> tuple[str, str]:
    return (str(fault.row), get_column_letter(fault.column)) if fault.row and fault.column else ("", "")


def told(fault: Fault) -> str:
    """One fault as a line for the terminal."""
    row, column = _place(fault)
    words = f"“{fault.sheet}”表 {column}{row} 格：{fault.message}" if row else fault.message
    return f"{words}\n{fault.remark}" if fault.remark else words


def copy_name(name: str) -> str:
    """What the marked copy of a workbook is called; the copy of a copy does not take its place."""
    found = re.fullmatch(r"(.+)-问题([0-9]*)", stem := name.removesuffix(".xlsx"))
    return f"{found[1]}-问题{int(found[2] or 1) + 1}.xlsx" if found else f"{stem}-问题.xlsx"
