"""What pydantic found wrong, in the words of an editor: the field, what was expected and what came."""

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from catalog import disclosure, fields
from catalog.elements import ELEMENTS
from catalog.fields import Record
from catalog.rules_field import code_of
from catalog.source import Path

FORMATS: Mapping[str, str] = {
    fields.SLUG: "小写拼音、数字和连字符，例如 gao-ling-jin-tie",
    fields.BASIC_CODE: "12 位数字或大写字母，例如 000120010001",
    fields.WEB: "以 https:// 开头的网址",
    fields.LONGITUDE: "经度，小数点后 4 至 6 位，例如 116.000000",
    fields.LATITUDE: "纬度，小数点后 4 至 6 位，例如 40.000000",
    disclosure.MONTH: "年和月，例如 2026-10",
    fields.SITE_CODE: "10 位数字",
    fields.ADDRESS: "以 / 开头的本站地址，例如 /items/gao-ling-jin-tie.html",
    fields.ORIGIN: "以 https:// 开头的网站地址，后面不加路径，例如 https://kezhong.example",
    fields.TELEPHONE: "带区号的电话号码，例如 010-00000000",
    fields.DISTRICT_CODE: "6 位数字",
    fields.STREET_CODE: "9 位数字",
    fields.STATION_CODE: "12 位数字",
}
"""What each pattern of the model asks for."""

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "enum": lambda ctx: "、".join(f"“{word}”" for word in re.findall(r"'([^']*)'", ctx["expected"])) + "之一",
    "string_pattern_mismatch": lambda ctx: FORMATS[ctx["pattern"]],
    "string_too_short": lambda ctx: "文字",
    "string_too_long": lambda ctx: f"不超过 {ctx['max_length']} 个字符",
    "string_type": lambda ctx: "文字",
    "int_type": lambda ctx: "整数，不加引号",
    "bool_type": lambda ctx: "true（是）或 false（否），不加引号",
    "greater_than_equal": lambda ctx: f"不小于 {ctx['ge']} 的整数",
    "less_than_equal": lambda ctx: f"不大于 {ctx['le']} 的整数",
    "tuple_type": lambda ctx: "列表，每项另起一行，以“- ”开头",
    "too_short": lambda ctx: f"至少 {ctx['min_length']} 项",
    "model_type": lambda ctx: "一组“字段: 内容”",
}


def explain(record: type[Record], error: ErrorDetails, raw: str | None) -> tuple[str, str]:
    """The rule's code and the sentence for one error; `raw` is the scalar as typed, None if it is none."""
    code, message = _explain(record, error, raw)
    unknown = code == "field-unknown"
    return (None if unknown else code_of(record, _dotted(error["loc"]))) or code, message


def _explain(record: type[Record], error: ErrorDetails, raw: str | None) -> tuple[str, str]:
    path, kind, ctx = error["loc"], error["type"], error.get("ctx", {})
    if kind == "missing":
        return "field-missing", f"{_parent(record, path)}缺少 {_field(record, path)}。"
    if kind == "extra_forbidden":
        return "field-unknown", _unknown(record, path)
    if kind == "value_error":
        return "field-rule", f"{_subject(record, path)}：{ctx['error']}。"
    words = _EXPECTED[kind](ctx)
    expected = f"{_subject(record, path)}应为{' ' if words[0].isascii() else ''}{words}"
    if kind == "string_type" and raw:
        return "field-quotes", f'{expected}，请给 {raw} 加上引号，写成 "{raw}"。'
    return "field-value", f"{expected}，现在是{_shown(error['input'], raw)}。"


def _dotted(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _name(record: type[Record], path: Path) -> str:
    return ELEMENTS[record][_dotted(path)]


def _field(record: type[Record], path: Path) -> str:
    return f"{path[-1]}（{_name(record, path)}）"


def _parent(record: type[Record], path: Path) -> str:
    """The fields around the last one by their Chinese names: 「材料第 2 项」."""
    words = []
    for end, part in enumerate(path[:-1], start=1):
        words.append(f"第 {part + 1} 项" if isinstance(part, int) else _name(record, path[:end]))
    return "".join(words)


def _subject(record: type[Record], path: Path) -> str:
    """The last field by key and name, those around it by name: 「材料第 2 项的 copies（复印件份数）」."""
    items = [part for part in path[-1:] if isinstance(part, int)]
    named = path[: len(path) - len(items)]
    parent = _parent(record, named)
    position = "".join(f"第 {part + 1} 项" for part in items)
    return (f"{parent}的 " if parent else "") + _field(record, named) + position


def _unknown(record: type[Record], path: Path) -> str:
    prefix = _dotted(path[:-1])
    siblings = [
        name.removeprefix(f"{prefix}.") if prefix else name
        for name in ELEMENTS[record]
        if name.rpartition(".")[0] == prefix
    ]
    close = difflib.get_close_matches(str(path[-1]), siblings, n=1)
    if close:
        hint = f"是不是 {_field(record, (*path[:-1], close[0]))}"
        return f"{_parent(record, path)}有不认识的字段 {path[-1]}，{hint}？"
    return f"{_parent(record, path)}有不认识的字段 {path[-1]}，应为 {'、'.join(siblings)} 之一。"


def _shown(value: object, raw: str | None) -> str:
    if isinstance(value, list):
        return f"列表，共 {len(value)} 项" if value else "空列表"
    if isinstance(value, dict):
        return "一组字段"
    return f"“{raw[:40]}”" if raw else "空白"
