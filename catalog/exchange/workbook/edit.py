"""Differences of units as new bytes of the content's files; nothing is written here."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from catalog import source
from catalog.exchange.workbook import csv_edit, yaml_edit, yaml_text
from catalog.exchange.workbook.cells import Plain, canonical, value_of
from catalog.exchange.workbook.changes import Difference, paired
from catalog.exchange.workbook.sheets import ITEMS, NUMBER, PART_SHEETS, STATIONS, STREETS, Column, Sheet
from catalog.exchange.workbook.units import Key, Line, Unit, Units
from catalog.load import ITEMS as ITEMS_DIRECTORY
from catalog.load import STATIONS as STATIONS_FILE
from catalog.load import STREETS as STREETS_FILE
from catalog.model import ServiceItem

Files = Mapping[str, bytes]
"""Bytes by path below the content's directory."""

TABLES: Mapping[str, Sheet] = {STREETS_FILE: STREETS, STATIONS_FILE: STATIONS}
UNREADABLE = ""
"""Stands in a file that is only judged where a cell could not be read: no field takes it."""
UNNUMBERED = "序号"
"""The field of a part, which knows none of this name, that holds a number that could not be read."""
_MARK = b"\xef\xbb\xbf"


class EditError(ValueError):
    """A file that is written so that no change fits in; the text names it, in Chinese for editors."""


def item_file(slug: str) -> str:
    """Where an item of this slug stands in the content."""
    return f"{ITEMS_DIRECTORY}/{slug}.yaml"


def slug_of(file: str) -> str:
    """The slug of an item's file, "" for any other file."""
    path = PurePosixPath(file)
    return path.stem if str(path.parent) == ITEMS_DIRECTORY else ""


def edited(files: Files, differences: Sequence[Difference], theirs: Units) -> Files:
    """The files that change, with their new bytes. Raises EditError."""
    result = {}
    for file, sheet in TABLES.items():
        own = [difference for difference in differences if difference.unit.sheet is sheet]
        if own:
            result[file] = _table(files[file], sheet, own, theirs)
    for difference in differences:
        if difference.new is not None and difference.new.sheet is ITEMS:
            file = item_file(difference.new.key[1])
            result[file] = _item(file, files.get(file), difference.old, difference.new)
    return result


def _table(data: bytes, sheet: Sheet, differences: Sequence[Difference], theirs: Units) -> bytes:
    wanted = {each.unit.key[1]: each.new.line.cells if each.new else None for each in differences}
    return csv_edit.rewrite(data, sheet.key, wanted, dict(_neighbours(sheet, theirs)))


def _neighbours(sheet: Sheet, theirs: Units) -> Iterator[Key]:
    """Each key of a sheet and the key of the row above it."""
    keys = [key for name, key in theirs if name == sheet.name]
    return zip(keys[1:], keys, strict=False)


def _item(file: str, data: bytes | None, old: Unit | None, new: Unit) -> bytes:
    if data is None or old is None:
        return yaml_text.document(_fresh(new)).encode()
    text = data.decode("utf-8-sig")
    value = _value(file, data)
    wanted = None if value is None else _changed(value, old, new)
    rewritten = b"" if wanted is None else yaml_edit.rewrite(text, value, wanted).encode()
    if wanted is None or _value(file, rewritten) != _trimmed(wanted):
        raise EditError(f"{file} 的写法特殊，不能由表格修改，请用文本编辑器修改。")
    return (_MARK if data.startswith(_MARK) else b"") + rewritten


def _value(file: str, data: bytes) -> Any:
    """The plain value of a file; what cannot be read has none."""
    found, problems = source.read_yaml(file, data)
    return None if found is None or problems else _trimmed(found.value)


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _trimmed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_trimmed(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def _changed(value: Mapping[str, Any], old: Unit, new: Unit) -> dict[str, Any]:
    result = copy.deepcopy(dict(value))
    for column in ITEMS.columns:
        if old.line.cells[column.field] != new.line.cells[column.field]:
            _put(result, column, value_of(column, new.line.cells[column.field]))
    for part, lines in new.parts.items():
        if lines != old.parts[part]:
            entries = _entries(part, value.get(part) or [], old.parts[part], lines)
            if entries or ServiceItem.model_fields[part].is_required():
                _insert(result, part, entries, list(ServiceItem.model_fields))
            else:
                result.pop(part, None)
    return result


def _put(item: dict[str, Any], column: Column, value: Plain | None) -> None:
    """Set or take out the value at a dotted field, with its group where that is missing or left empty."""
    group, _, name = column.field.rpartition(".")
    owner = item
    if group:
        if not isinstance(item.get(group), dict):
            _insert(item, group, {}, list(ServiceItem.model_fields))
        owner = item[group]
    if value is None:
        owner.pop(name, None)
    else:
        fields = [one.field.rpartition(".")[2] for one in ITEMS.columns if one.group == group]
        _insert(owner, name, value, fields if group else list(ServiceItem.model_fields))
    if group and not owner:
        item.pop(group)


def _insert(mapping: dict[str, Any], name: str, value: Any, order: Sequence[str]) -> None:
    """Set a value; a new name comes behind the nearest one that precedes it in the model."""
    if name in mapping:
        mapping[name] = value
        return
    earlier = (key for key in reversed(order[: order.index(name)]) if key in mapping)
    before = next(earlier, None)
    place = 0 if before is None else list(mapping).index(before) + 1
    items = list(mapping.items())
    mapping.clear()
    mapping.update([*items[:place], (name, value), *items[place:]])


def _entries(
    part: str, values: Sequence[dict[str, Any]], old: Sequence[Line], new: Sequence[Line]
) -> list[dict[str, Any]]:
    result = []
    for was, becomes in paired(old, new):
        if becomes is not None:
            before = Line({}) if was is None else old[was]
            result.append(_entry(part, {} if was is None else values[was], before, new[becomes]))
    return result


def _entry(part: str, value: dict[str, Any], old: Line, new: Line) -> dict[str, Any]:
    result = dict(value)
    columns = [column for column in PART_SHEETS[part].columns if column.field in new.cells]
    order = [column.field.rpartition(".")[2] for column in columns]
    for column, name in zip(columns, order, strict=True):
        text = new.cells[column.field]
        if text == old.cells.get(column.field, canonical(column, "")) or column.field in new.faulty:
            continue
        filled = value_of(column, text)
        if filled is None:
            result.pop(name, None)
        else:
            _insert(result, name, filled, order)
    faulty = (UNNUMBERED if field == NUMBER else field.rpartition(".")[2] for field in new.faulty)
    return result | dict.fromkeys(faulty, UNREADABLE)


def _fresh(unit: Unit) -> dict[str, Any]:
    """A whole item of the cells that say more than the defaults."""
    item: dict[str, Any] = {}
    for column in ITEMS.columns:
        text = unit.line.cells[column.field]
        if column.field in unit.line.faulty:
            _put(item, column, UNREADABLE)
        elif column.required or text != canonical(column, ""):
            _put(item, column, value_of(column, text))
    for part, lines in unit.parts.items():
        entries = _entries(part, [], [], lines)
        if entries or ServiceItem.model_fields[part].is_required():
            _insert(item, part, entries, list(ServiceItem.model_fields))
    return item
