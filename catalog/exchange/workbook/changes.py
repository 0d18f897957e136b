"""What a workbook changes in the content of today, told one by one."""

import json
import os.path
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.entries import item_address, station_address, street_address
from catalog.exchange.workbook.align import Pair, aligned
from catalog.exchange.workbook.sheets import ITEMS, PART_SHEETS, STATIONS, STREETS
from catalog.exchange.workbook.units import Key, Line, Unit, Units, digest
from catalog.layers import NO_LAYER, listed
from catalog.model import Catalogue
from catalog.terms import State

_STATE = "state"
_SHOWN, _AROUND = 40, 8
_BOOKMARKS = "收藏的旧网址会打不开，请把新旧网址写进 redirects.csv。"
_RECODED = "开放数据的标识会变，视频工作台的账号要重新登记，请告诉网站维护人员。"
_UNLISTED = (
    "注意：它还没有写进清单，没有街道和站点办它，办事指南上也没有办理地点。"
    "全区都办的，写进 district.yaml 的 items；只有一个街道办的，写进 streets/街道网址名.yaml 的 additions；"
    "只有一个站点办的，写进那个街道文件里这个站点的 adds。"
)


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
    """One line of the change list: whose (sheet and title), what (`field`), from what to what.

    The `notes` stand below it: what else comes of the change.
    """

    verb: Verb
    sheet: str
    title: str
    field: str = ""
    old: str = ""
    new: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = f"{self.verb} {self.sheet} {self.title}"
        if self.field:
            values = f"：{' → '.join(_shown(self.old, self.new))}" if self.verb is Verb.CHANGE else ""
            words += f" {self.field}{values}"
        return "\n    ".join((words, *self.notes))


@dataclass(frozen=True)
class _Pages:
    """The address of each unit's page before and after, and the slugs that are in a list after."""

    was: Mapping[Key, str]
    now: Mapping[Key, str]
    listed: frozenset[str]


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


def change_list(differences: Sequence[Difference], before: Catalogue, after: Catalogue) -> Iterator[Change]:
    """Every line that tells an editor of the differences between two catalogues, with what comes of each."""
    layers = after.layers.values() or [NO_LAYER]
    slugs = frozenset(slug for layer in layers for slug in listed(after.district.items, layer))
    pages = _Pages(_addresses(before), _addresses(after), slugs)
    for difference in differences:
        changes = list(_describe(difference))
        told = {column.name for column in difference.unit.sheet.columns if column.field in ("slug", _STATE)}
        place = next((i for i, change in enumerate(changes) if change.field in told), 0)
        changes[place] = replace(changes[place], notes=tuple(_notes(difference, differences, pages)))
        yield from changes


def _describe(difference: Difference) -> Iterator[Change]:
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


def _notes(difference: Difference, all: Sequence[Difference], pages: _Pages) -> Iterator[str]:
    """What comes of a difference for the pages that residents open."""
    key = difference.unit.key
    if difference.new is None:
        yield from _after_leaving(difference, all, pages)
    elif difference.old is None:
        if pages.now[key] not in pages.was.values():
            yield f"新的网页：{pages.now[key]}。"
    elif _is_cancelled(difference.new) and not _is_cancelled(difference.old):
        yield f"网页 {pages.was[key]} 保留，写明已经取消。"
    elif difference.old.line.cells["slug"] != difference.new.line.cells["slug"]:
        below = [own for own in pages.was if difference.unit.sheet is STREETS and _is_below(own, key)]
        for own in (key, *below):
            if own in pages.now:
                yield f"注意：网页 {pages.was[own]} 不再有，改为 {pages.now[own]}。{_BOOKMARKS}"
    if _comes_into_use(difference) and key[1] not in pages.listed:
        yield _UNLISTED


def _after_leaving(difference: Difference, all: Sequence[Difference], pages: _Pages) -> Iterator[str]:
    """What a station or street leaves behind; one of another code only leaves its code."""
    old = difference.unit
    new = next((other.new for other in all if other.old is None and _is_like(old, other.new)), None)
    if new is not None:
        codes = f"{old.key[1]} 改成了 {new.key[1]}"
        yield f"注意：看来是把区划代码 {codes}。这等于停用原来的，增加新的。{_RECODED}"
    address = pages.was[old.key]
    stays = address in pages.now.values()
    yield f"网页 {address} 的地址不变。" if stays else f"注意：网页 {address} 不再有。{_BOOKMARKS}"


def _is_like(old: Unit, new: Unit | None) -> bool:
    return (
        new is not None
        and new.sheet is old.sheet
        and any(new.line.cells[field] == old.line.cells[field] for field in ("slug", "name"))
    )


def _is_below(station: Key, street: Key) -> bool:
    """A station's code begins with its street's."""
    return station[0] == STATIONS.name and station[1].startswith(street[1])


def _comes_into_use(difference: Difference) -> bool:
    before, after = (unit and unit.line.cells.get(_STATE) for unit in (difference.old, difference.new))
    return after == State.IN_USE.value and before != after


def _addresses(catalogue: Catalogue) -> Mapping[Key, str]:
    streets = {street.code: street for street in catalogue.streets}
    return {
        **{(STREETS.name, street.code): street_address(street) for street in catalogue.streets},
        **{
            (STATIONS.name, station.code): station_address(streets[station.street], station)
            for station in catalogue.stations
            if station.street in streets
        },
        **{(ITEMS.name, item.slug): item_address(item.slug) for item in catalogue.items},
    }
