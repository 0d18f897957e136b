"""The workbook's sheets and columns as one table, derived from the records of the model."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from catalog.elements import DESCRIPTIONS, ELEMENTS
from catalog.fields import Record
from catalog.model import ServiceItem, Station, Street

FORMAT = 1
"""The layout's version; a workbook of another version is refused."""
GUIDE, HIDDEN, FAULTS = "说明", "版本信息", "问题清单"
HEADER_ROW, FIELD_ROW, FIRST_ROW = 1, 2, 3
"""Chinese names, hidden field names, and where the data begins."""
SLUG, NUMBER, ITEM_NAME = "item", "number", "item_name"
"""The columns of a part's sheet that say whose part a row is; the last is there to be read only."""


class Kind(StrEnum):
    """How a cell is read and checked."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """A field by its dotted path; `separator` joins the parts of a list in one cell, "" if there is one value."""

    field: str
    name: str
    told: str
    kind: Kind
    required: bool
    separator: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    default: Any = None

    @property
    def group(self) -> str:
        """The field of the record that the column is a part of: fee for fee.charged."""
        return self.field.partition(".")[0]


@dataclass(frozen=True)
class Sheet:
    """One row per record in a root's sheet; one row per entry of the list `part` of an item in a part's."""

    name: str
    record: type[Record]
    columns: tuple[Column, ...]
    key: str
    part: str = ""

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)


def _columns(record: type[Record], prefix: str = "", root: type[Record] | None = None) -> Iterator[Column]:
    """Every scalar, list of scalars and group of scalars; lists of records have sheets of their own."""
    hints = get_type_hints(record, include_extras=True)
    for field, info in record.model_fields.items():
        path, (bare, many, pattern) = f"{prefix}{field}", _bare(hints[field])
        if not issubclass(bare, Record):
            yield _column(root or record, path, info, bare, many, pattern)
        elif not many:
            for column in _columns(bare, f"{path}.", root or record):
                yield column if info.is_required() else _optional(column)


def _column(root: type[Record], path: str, info: FieldInfo, bare: type, many: bool, pattern: str) -> Column:
    group = path.rpartition(".")[0]
    name = ELEMENTS[root][path]
    closed = issubclass(bare, Enum)
    return Column(
        field=path,
        name=f"{ELEMENTS[root][group]}·{name}" if group and group not in PARTS else name,
        told=_GUIDANCE.get(path, DESCRIPTIONS[root][path]),
        kind=_kind(bare, pattern),
        required=info.is_required(),
        separator=("、" if closed or pattern or path in _NAMES else "\n") if many else "",
        choices=tuple(member.value for member in bare) if issubclass(bare, Enum) else (),
        pattern=pattern,
        default=None if info.is_required() else info.default,
    )


def _optional(column: Column) -> Column:
    values = {field: getattr(column, field) for field in column.__dataclass_fields__}
    return Column(**values | {"required": False})


def _bare(hint: Any) -> tuple[type, bool, str]:
    """The class behind optional, annotated and tuple; whether it is a tuple; the pattern of its text."""
    many, pattern = False, ""
    while (origin := get_origin(hint)) is not None:
        if origin is Annotated:
            patterns = [one.pattern for one in hint.__metadata__ if isinstance(one, StringConstraints)]
            pattern = next((str(one) for one in patterns if one), pattern)
        many = many or origin is tuple
        assert origin in (Annotated, tuple, Union, types.UnionType), f"no column can hold {hint}"
        hint = get_args(hint)[0]
    return hint, many, pattern


def _kind(bare: type, pattern: str) -> Kind:
    if issubclass(bare, Enum):
        return Kind.CHOICE
    kinds: Mapping[type, Kind] = {bool: Kind.FLAG, int: Kind.NUMBER, date: Kind.DAY, str: Kind.TEXT}
    return Kind.CODE if pattern else kinds[bare]


def _parts() -> Mapping[str, type[Record]]:
    hints = get_type_hints(ServiceItem, include_extras=True)
    bare = {field: _bare(hint) for field, hint in hints.items() if field in ServiceItem.model_fields}
    return {field: one for field, (one, many, _) in bare.items() if many and issubclass(one, Record)}


PARTS = _parts()
"""The lists of an item that have a sheet of their own."""
_PART_SHEETS = {"materials": "材料", "steps": "环节", "legal_basis": "依据", "questions": "问题"}
_NAMES = frozenset({"aliases", "joint_departments"})
"""Lists of names, which hold no mark of punctuation, unlike lists of sentences."""
_GUIDANCE = {
    "code": "数字代码，单元格保持文本格式",
    "effective": "写成 2026-01-01",
    "expires": "写成 2026-12-31；应晚于生效日期",
    "conditions": "逐条写明，一条一行（单元格内换行按 Alt+Enter）",
    "fee.charged": "是或否",
    "slug": "小写拼音，用连字符相连；它是网址的一部分，定了以后一般不改",
}
"""What to write where a cell asks for something else than a YAML file."""


def _root(name: str, record: type[Record], key: str) -> Sheet:
    columns = {column.field: column for column in _columns(record)}
    first = [columns.pop(field) for field in dict.fromkeys((key, "name"))]
    return Sheet(name, record, (*first, *columns.values()), key)


def _part(field: str, record: type[Record]) -> Sheet:
    name = ELEMENTS[ServiceItem]["name"]
    slug = ELEMENTS[ServiceItem]["slug"]
    keys = (
        Column(SLUG, f"事项{slug}", "事项表中的网址名", Kind.CODE, True),
        Column(NUMBER, "序号", "从 1 起；决定先后", Kind.NUMBER, True),
        Column(ITEM_NAME, name, "只供查看，修改无效", Kind.TEXT, False),
    )
    own = tuple(_columns(record, f"{field}.", ServiceItem))
    return Sheet(_PART_SHEETS[field], record, (*keys, *own), SLUG, field)


STREETS = _root("街道", Street, "code")
STATIONS = _root("站点", Station, "code")
ITEMS = _root("事项", ServiceItem, "slug")
PART_SHEETS: Mapping[str, Sheet] = {field: _part(field, record) for field, record in PARTS.items()}
ROOTS = (STATIONS, STREETS, ITEMS)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in (*ROOTS, *PART_SHEETS.values())}
"""Every sheet that is read back, by its name, in the workbook's order."""
REFERENCES: Mapping[tuple[str, str], Sheet] = {
    (STATIONS.name, "street"): STREETS,
    **{(sheet.name, SLUG): ITEMS for sheet in PART_SHEETS.values()},
}
"""Columns whose cells name a row of another sheet by its key."""
