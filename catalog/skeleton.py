"""A new item's file before it is filled in: every field in order, with its name and how to write it.

What is to be filled in is left empty, which is valid for no field: an unfinished item is never published.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from catalog.elements import DESCRIPTIONS, ELEMENTS
from catalog.item import ServiceItem

_WIDTH = 42
"""How many characters of a closed list stand in a line."""
_HEAD = """\
# 新的事项，还没有填完
# 每一项上面是说明。冒号后面空着的都要填；[] 里填词，用半角逗号隔开，例如 [自然人, 企业法人]。
# 行首有“#”的字段可以不填；要填，先删去行首的“#”，再写内容。
# 材料、环节、依据、问题有几份就写几份：照第一份的样子，再加以“- ”开头的一组。
"""


def item(slug: str, day: date) -> str:
    """The file items/<slug>.yaml, begun on a day."""
    given = {"slug": slug, "updated": f'"{day}"'}
    return _HEAD + "".join(f"{line}\n" for line in _fields(ServiceItem, "", given))


def _fields(
    record: type[BaseModel], prefix: str, given: Mapping[str, str], is_told: bool = True
) -> Iterator[str]:
    """The lines of a record's fields; `is_told`: with what to write there."""
    for name, field in record.model_fields.items():
        if is_told:
            yield from _comment(prefix + name, field)
        mark = "" if field.is_required() else "#"
        lines = [f"{name}: {given[name]}"] if name in given else list(_value(name, prefix, field, is_told))
        yield from (f"{mark}{line}" for line in lines)


def _comment(path: str, field: FieldInfo) -> Iterator[str]:
    name, words = ELEMENTS[ServiceItem][path], DESCRIPTIONS[ServiceItem][path]
    yield f"# {name}{_need(field)}：{words}"
    choice, is_several = _kind(field), get_origin(field.annotation) is tuple
    if issubclass(choice, Enum):
        yield from _choices("可以选几个" if is_several else "选一个", [str(each.value) for each in choice])


def _need(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    default = _written(field.default)
    return f"（不写就是“{default.strip('[]')}”）" if default.strip("[]") else "（可不填）"


def _choices(begins: str, words: list[str]) -> Iterator[str]:
    line = f"{begins}："
    for number, word in enumerate(words):
        if len(line) + len(word) > _WIDTH:
            yield f"#   {line}"
            line = ""
        line += word + ("、" if number < len(words) - 1 else "")
    yield f"#   {line}"


def _value(name: str, prefix: str, field: FieldInfo, is_told: bool) -> Iterator[str]:
    kind, is_list = _kind(field), get_origin(field.annotation) is tuple
    if issubclass(kind, BaseModel):
        yield f"{name}:"
        for number in range(_least(field) if is_list else 1):
            inner = list(_fields(kind, f"{prefix}{name}.", {}, is_told and number == 0))
            yield from _listed(inner) if is_list else (_indented(line) for line in inner)
    elif is_list and field.is_required() and kind is str:
        yield from (f"{name}:", "  -")
    elif is_list:
        yield f"{name}: {_written(() if field.is_required() else field.default)}"
    else:
        yield f"{name}: {_written(field.get_default())}".rstrip()


def _listed(lines: list[str]) -> Iterator[str]:
    """A record of a list: its first field, below what is told of it, begins with a dash."""
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    for number, line in enumerate(lines):
        yield f"  - {line}" if number == first else _indented(line, 4)


def _indented(line: str, by: int = 2) -> str:
    """A field that is left out keeps its mark at the line's begin, where it is deleted."""
    is_left_out = line.startswith("#") and not line.startswith("# ")
    return f"#{' ' * by}{line[1:]}" if is_left_out else f"{' ' * by}{line}"


def _kind(field: FieldInfo) -> type[Any]:
    """What a field, or each of its list, is made of: a record, a closed list of words, or a plain value."""
    kind: Any = field.annotation
    while inner := [each for each in get_args(kind) if each not in (NoneType, Ellipsis)]:
        kind = inner[0]
    return kind if isinstance(kind, type) else str


def _least(field: FieldInfo) -> int:
    """How many of a list there must be, one at least."""
    return max([1, *(getattr(each, "min_length", 1) for each in field.metadata)])


def _written(value: object) -> str:
    """A default as YAML; "" where there is none."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool | int) else ""
