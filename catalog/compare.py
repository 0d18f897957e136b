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
    "kind_name": "站点怎么办",
    "note": "说明",
    "agent": "代办员",
    "relay": "代办安排",
    "url": "网址",
}
"""What catalog.json tells beside the fields that editors fill in."""
_SAID_OTHERWISE = ("kind", "level_code", "type_code", "updated", "version")
"""What only repeats another value, or only counts."""
_SHOWN = 60
_CALLED = ("text", "name", "title", "plain_name", "question", "url", "item", "code")
"""Which of the parts of a value stands for it, the first that there is."""
Document = Mapping[str, Any]


def changes(old: Document, new: Document) -> Iterator[str]:
    """One line for each thing that is new, gone or changed; items first."""
    yield from (f"全区：{told}" for told in _fields(old["district"], new["district"], District))
    for collection, kind, name, record in _KINDS:
        before, after = by_code(old, collection), by_code(new, collection)
        yield from (f"新增{kind}：{each[name]}" for code, each in after.items() if code not in before)
        yield from (f"不再有{kind}：{each[name]}" for code, each in before.items() if code not in after)
        for code in (code for code in after if code in before):
            whose = f"{kind}“{after[code][name]}”"
            yield from (f"{whose}：{told}" for told in _fields(before[code], after[code], record))


def by_code(document: Document, collection: str) -> Mapping[str, Document]:
    """What a collection of catalog.json holds, by code."""
    return {each["code"]: each for each in document[collection]}


def of_item(old: Document, new: Document) -> list[str]:
    """What changed of one item, each in a few words: 「承诺时限由“30 个工作日”改为“25 个工作日”」."""
    return list(_fields(old, new, ServiceItem))


def _fields(old: Document, new: Document, record: type[Record]) -> Iterator[str]:
    for field in dict.fromkeys([*old, *new]):
        one, other = old.get(field), new.get(field)
        if one != other and field not in _SAID_OTHERWISE:
            yield f"{ELEMENTS[record].get(field) or _OTHERS.get(field, field)}{_told(one, other)}"


def _told(one: Any, other: Any) -> str:
    if isinstance(one, list) and isinstance(other, list):
        return _lists(one, other)
    before, after = _words(one), _words(other)
    if before == after:
        return "的细节有改动"
    if not before:
        return f"补上“{after}”"
    return f"由“{before}”改为“{after}”" if after else f"删去“{before}”"


def _words(value: Any) -> str:
    """A value as a line shows it; "" for none, and for one of many parts of which none stands for it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return _called(value)
    return "" if value is None else _short(value)


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
    return (_called(value) or "一项") if isinstance(value, dict) else _short(value)


def _called(value: Document) -> str:
    return _short(next(filter(None, map(value.get, _CALLED)), ""))


def _short(value: Any) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
