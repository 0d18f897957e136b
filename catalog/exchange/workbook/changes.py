"""What a workbook changes in the content of today, told one by one."""

import json
import os.path
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.exchange.workbook.align import Pair, aligned
from catalog.exchange.workbook.sheets import ITEMS, PART_SHEETS, STATIONS, STREETS
from catalog.exchange.workbook.units import Key, Line, Unit, Units, digest
from catalog.terms import State

_STATE = "state"
_PLACES = (STATIONS.name, STREETS.name)
"""Sheets whose rows have a page under an address of their own."""
_ADDRESS = STATIONS.column("slug").name
_SHOWN, _AROUND = 40, 8


class Verb(StrEnum):
    """What happens to a record or a part of it."""

    ADD = "新增"
    CHANGE = "修改"
    RETIRE = "停用"


@dataclass(frozen=True)
class Difference:
    """A unit before and after; `old` is None for a new one, `new` for one that leaves its table."""

    old: Unit | None
    new: Unit | None

    @property
    def unit(self) -> Unit:
        """The later of the two that there is."""
        unit = self.new or self.old
        assert unit is not None
        return unit


@dataclass(frozen=True)
class Change:
    """One line of the change list: whose (sheet and title), what (`field`), from what to what."""

    verb: Verb
    sheet: str
    title: str
    field: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        words = f"{self.verb} {self.sheet} {self.title}"
        if not self.field:
            return words + self._warning
        values = f"：{' → '.join(_shown(self.old, self.new))}" if self.verb is Verb.CHANGE else ""
        return f"{words} {self.field}{values}{self._warning}"

    @property
    def _warning(self) -> str:
        """What else must be done, or else comes about, in brackets; by what the change does to residents."""
        if self.verb is Verb.CHANGE and self.field == _ADDRESS and self.sheet in _PLACES:
            return "（公开网址会变，旧网址打不开；请把新旧网址写进 redirects.csv）"
        if self.verb is Verb.RETIRE and not self.field and self.sheet in _PLACES:
            return "（网页会撤下；只是改了区划代码的，请把新旧网址写进 redirects.csv）"
        if self.verb is Verb.ADD and not self.field and self.sheet == ITEMS.name:
            return "（居民还看不到：请再写进 district.yaml 的 items，或者街道文件的 additions）"
        return ""


def compare(
    present: Units, theirs: Units, base: Mapping[Key, str], apart: AbstractSet[Key]
) -> tuple[list[Difference], list[Unit]]:
    """What the workbook changes, and the units changed both there and in the content since the export.

    A unit that the workbook left as it was exported stays as it is today. Those `apart` are not looked at.
    """
    differences, conflicts = [], []
    for key in dict.fromkeys((*present, *theirs, *base)):
        old, new = present.get(key), theirs.get(key)
        now, wanted, exported = _digest(old), _digest(new), base.get(key)
        if key in apart or wanted in (exported, now) or (new is None and _is_cancelled(old)):
            continue
        difference = Difference(old, _cancelled(old) if new is None else new)
        if now == exported:
            differences.append(difference)
        else:
            conflicts.append(old or difference.unit)
    return differences, conflicts


def describe(difference: Difference) -> Iterator[Change]:
    """The lines that tell an editor of one difference."""
    old, new, unit = difference.old, difference.new, difference.unit
    if old is None:
        yield Change(Verb.ADD, unit.sheet.name, unit.title)
    elif new is None or (_is_cancelled(new) and not _is_cancelled(old) and new == _cancelled(old)):
        yield Change(Verb.RETIRE, unit.sheet.name, unit.title)
    else:
        yield from _cells(old.line, new.line, unit)
        for part, lines in new.parts.items():
            yield from _lines(part, old.parts[part], lines, unit)


def summary(changes: Sequence[Change]) -> str:
    """How many there are of each kind."""
    counts = Counter(change.verb for change in changes)
    return "，".join(f"{verb} {counts[verb]} 处" for verb in Verb)


def paired(old: Sequence[Line], new: Sequence[Line]) -> list[Pair]:
    """Which of the old rows of a part each new row is."""
    return list(aligned(*([json.dumps(dict(line.cells)) for line in lines] for lines in (old, new))))


def _digest(unit: Unit | None) -> str | None:
    return None if unit is None else digest(unit)


def _is_cancelled(unit: Unit | None) -> bool:
    return unit is not None and unit.line.cells.get(_STATE) == State.CANCELLED.value


def _cancelled(unit: Unit | None) -> Unit | None:
    """What is left of a unit whose row is gone: an item is kept as cancelled, a station or a street is not."""
    if unit is None or unit.sheet is not ITEMS:
        return None
    return replace(unit, line=Line({**unit.line.cells, _STATE: State.CANCELLED.value}))


def _cells(old: Line, new: Line, unit: Unit) -> Iterator[Change]:
    for column in unit.sheet.columns:
        before, after = old.cells[column.field], new.cells[column.field]
        if before != after:
            yield Change(Verb.CHANGE, unit.sheet.name, unit.title, column.name, before, after)


def _lines(part: str, old: Sequence[Line], new: Sequence[Line], unit: Unit) -> Iterator[Change]:
    sheet = PART_SHEETS[part]
    for before, after in paired(old, new):
        if before is None or after is None:
            verb, line = (Verb.ADD, new[after or 0]) if before is None else (Verb.RETIRE, old[before])
            yield Change(verb, sheet.name, unit.title, f"“{_label(line)}”")
            continue
        for column in sheet.columns:
            was, becomes = (line.cells.get(column.field, "") for line in (old[before], new[after]))
            if was != becomes:
                field = f"“{_label(old[before])}”的{column.name}"
                yield Change(Verb.CHANGE, sheet.name, unit.title, field, was, becomes)


def _label(line: Line) -> str:
    return next(iter(line.cells.values()))


def _shown(old: str, new: str) -> tuple[str, str]:
    """Both texts, of long ones only where they differ and a little around it."""
    if max(len(old), len(new)) <= _SHOWN:
        return _quoted(old), _quoted(new)
    first = len(os.path.commonprefix((old, new)))
    last = len(os.path.commonprefix((old[first:][::-1], new[first:][::-1])))
    start, end = max(first - _AROUND, 0), max(last - _AROUND, 0)
    return _quoted(_cut(old, start, end)), _quoted(_cut(new, start, end))


def _cut(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    return ("…" if start else "") + middle + ("…" if end else "")


def _quoted(text: str) -> str:
    line = "／".join(text.split("\n"))
    return f"“{line}”" if line else "空白"
