"""One cell: the text of a value, one spelling for all ways to type the same, and the value of a text."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum

from catalog.exchange.workbook.sheets import Column, Kind

Plain = str | int | bool | list[str]
"""What stands in a content file."""

YES, NO = "是", "否"
_FLAGS = {YES: YES, NO: NO, "true": YES, "false": NO}
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What neither a workbook nor a YAML file may hold."""
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_DECIMAL = re.compile(r"[0-9]{1,9}")
_APART: Mapping[str, re.Pattern[str]] = {"、": re.compile(r"[、，,；;\n]"), "\n": re.compile(r"\n")}
"""What may stand between the entries of a list, by what is written there."""
_LONGEST_SHOWN = 40


class CellError(ValueError):
    """What a cell should hold and what it holds, as a Chinese sentence."""


def text_of(column: Column, value: object) -> str:
    """The canonical text of a record's value; "" for None."""
    return canonical(column, _text(value, column.separator))


def canonical(column: Column, typed: str) -> str:
    """The one spelling of what was typed; a blank cell means the field's default. Faulty text stays as it is."""
    text = _CONTROL.sub("", _BREAK.sub("\n", typed).replace("\t", " ")).strip()
    if column.separator:
        parts = (_spelt(column, part.strip()) for part in _APART[column.separator].split(text))
        text = column.separator.join(part for part in parts if part)
    else:
        text = _spelt(column, text)
    return text or _text(column.default, column.separator)


def value_of(column: Column, text: str) -> Plain | None:
    """The value of a canonical text, None for a field to be left out. Raises CellError."""
    if not text:
        if column.required:
            raise CellError(f"应填写{column.name}。")
        return None
    if column.separator:
        return [str(_VALUES[column.kind](column, part)) for part in text.split(column.separator)]
    return _VALUES[column.kind](column, text)


def _text(value: object, separator: str) -> str:
    if isinstance(value, tuple):
        return separator.join(_text(part, separator) for part in value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None else str(value)


def _spelt(column: Column, text: str) -> str:
    """Full-width digits and letters folded (Unicode NFKC) wherever the cell is no prose."""
    return text if column.kind is Kind.TEXT else _SPELLINGS[column.kind](column, _folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _choice_spelt(column: Column, text: str) -> str:
    return next((choice for choice in column.choices if _folded(choice) == text), text)


def _day_spelt(column: Column, text: str) -> str:
    found = _DAY.fullmatch(text)
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else text


def _number_spelt(column: Column, text: str) -> str:
    return str(int(text)) if _DECIMAL.fullmatch(text) else text


_SPELLINGS: Mapping[Kind, Callable[[Column, str], str]] = {
    Kind.CODE: lambda column, text: _DASHES.sub("-", text),
    Kind.NUMBER: _number_spelt,
    Kind.FLAG: lambda column, text: _FLAGS.get(text.lower(), text),
    Kind.DAY: _day_spelt,
    Kind.CHOICE: _choice_spelt,
}


def _number(column: Column, text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise _expected(column, "整数", text)
    return int(text)


def _flag(column: Column, text: str) -> bool:
    if text not in (YES, NO):
        raise _expected(column, f"{YES}或{NO}", text)
    return text == YES


def _day(column: Column, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _expected(column, "日历上有的一天，写成 2026-01-01", text) from None


def _choice(column: Column, text: str) -> str:
    if text not in column.choices:
        raise _expected(column, "、".join(f"“{choice}”" for choice in column.choices) + "之一", text)
    return text


_VALUES: Mapping[Kind, Callable[[Column, str], str | int | bool]] = {
    Kind.TEXT: lambda column, text: text,
    Kind.CODE: lambda column, text: text,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.CHOICE: _choice,
}


def _expected(column: Column, words: str, came: str) -> CellError:
    return CellError(f"{column.name}应为{words}，现在是“{came[:_LONGEST_SHOWN]}”。")
