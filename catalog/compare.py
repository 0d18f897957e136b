"""What the public sees change from one release to another, in words, by their catalog.json."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.elements import ELEMENTS
from catalog.fields import Record
from catalog.model import District, ServiceItem, Station, Street

_KINDS = (
    ("items", "事项", "plain_name", ServiceItem),
    ("streets", "街道（乡镇）", "name", Street),
    ("stations", "站点", "name", Station),
)
_OTHERS = {
    "implementations": "办理的事项",
    "items": "办理的事项",
    "intake_hours": "收材料时间",
    "note": "说明",
    "agent": "代办员",
    "relay": "代办安排",
    "url": "网址",
}
_CODES = ("kind_name", "level_code", "type_code")
"""What only repeats another value."""
_SHOWN = 60
Document = Mapping[str, Any]


def changes(old: Document, new: Document) -> Iterator[str]:
    """One line for each thing that is new, gone or changed; items first."""
    yield from _fields("", old["district"], new["district"], District)
    for collection, kind, name, record in _KINDS:
        before = {each["code"]: each for each in old[collection]}
        after = {each["code"]: each for each in new[collection]}
        yield from (f"新增{kind}：{each[name]}" for code, each in after.items() if code not in before)
        yield from (f"不再有{kind}：{each[name]}" for code, each in before.items() if code not in after)
        for code in (code for code in after if code in before):
            yield from _fields(f"{kind}“{after[code][name]}”", before[code], after[code], record)


def _fields(whose: str, old: Document, new: Document, record: type[Record]) -> Iterator[str]:
    for field in dict.fromkeys([*old, *new]):
        one, other = old.get(field), new.get(field)
        if one == other or field in _CODES:
            continue
        name = ELEMENTS[record].get(field) or _OTHERS.get(field, field)
        yield f"{whose or '全区'}：{name}{_told(one, other)}"


def _told(one: Any, other: Any) -> str:
    if isinstance(one, list) and isinstance(other, list):
        return _lists(one, other)
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return "有改动"
    if one in (None, ""):
        return f"补上“{_short(other)}”"
    if other in (None, ""):
        return f"删去“{_short(one)}”"
    return f"由“{_short(one)}”改为“{_short(other)}”"


def _lists(one: list[Any], other: list[Any]) -> str:
    added = [_entry(each) for each in other if each not in one]
    gone = [_entry(each) for each in one if each not in other]
    both = [each for each in added if each in gone]
    told = [
        *_told_of("改动", both),
        *_told_of("增加", [each for each in added if each not in both]),
        *_told_of("去掉", [each for each in gone if each not in both]),
    ]
    return "，".join(told) or "换了次序"


def _told_of(verb: str, entries: Iterable[str]) -> Iterator[str]:
    words = "、".join(f"“{each}”" for each in entries)
    if words:
        yield f"{verb}{words}"


def _entry(value: Any) -> str:
    """What an entry of a list is called."""
    if isinstance(value, dict):
        names = (value.get(key) for key in ("name", "title", "plain_name", "question", "item", "code"))
        return _short(next((name for name in names if name), "一项"))
    return _short(value)


def _short(value: Any) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
