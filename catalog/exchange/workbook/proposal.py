"""A workbook against the content of today: its faults, or its changes and the files that would hold them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.check import RULES
from catalog.exchange.workbook import place
from catalog.exchange.workbook.changes import Change, Difference, change_list, compare
from catalog.exchange.workbook.edit import TABLES, EditError, Files, edited, item_file
from catalog.exchange.workbook.package import open_workbook
from catalog.exchange.workbook.read import Fault, Read, in_order, read
from catalog.exchange.workbook.sheets import ITEMS
from catalog.exchange.workbook.units import Key, Unit, Units, of_catalogue
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem

Judge = Callable[[Path], Sequence[Problem]]
"""What stops a release that is made from a content directory: the check of build.py."""
INCOMPLETE = "以上问题没有改好以前，有的内容还没有核对。改好以后再导入，可能还会列出别的问题。"
_BETWEEN_ROWS = frozenset(rule.code for rule in RULES)


@dataclass(frozen=True)
class Proposal:
    """Either faults, or changes with the changed files as they were (None: not there) and as they would be."""

    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    before: Mapping[str, bytes | None]
    after: Files


def propose(content: Path, catalogue: Catalogue, data: bytes, judge: Judge) -> Proposal:
    """Hold a workbook against `content`, whose records are `catalogue`. Raises WorkbookError; writes nothing."""
    came, present = read(open_workbook(data)), of_catalogue(catalogue)
    renamed = _renamed(present, came)
    differences, conflicts = compare(present, came.units, came.base, came.broken | renamed.keys())
    told = [*came.faults, *renamed.values(), *(_conflict(unit, came) for unit in conflicts)]
    whole = not (came.keyless or renamed or conflicts)
    # Never written: with a fault told, all of this serves to find the others.
    spoilt = [Difference(None, came.units[key]) for key in sorted(came.broken) if key in came.units]
    applied = [each for each in (*differences, *spoilt) if whole or _is_sure(each, present, came)]
    before = _before(content, applied)
    try:
        files = {file: old for file, old in before.items() if old is not None}
        after = edited(files, applied, came.units)
    except EditError as error:
        return _refused([*told, Fault("", 0, 0, str(error))], False)
    found, changed = _judged(content, after, judge, came, whole) if after else ([], catalogue)
    faults = [*told, *_others(found, told)]
    if faults or changed is None:
        return _refused(faults, whole and not came.broken)
    changes = tuple(change_list(differences, catalogue, changed))
    return Proposal((), changes, {file: before[file] for file in after}, after)


def _others(found: Sequence[Fault], told: Sequence[Fault]) -> Iterator[Fault]:
    """What the check found in other cells: in the same it follows from what was told."""
    places = {(fault.sheet, fault.row, fault.column) for fault in told}
    return (fault for fault in found if (fault.sheet, fault.row, fault.column) not in places)


def _renamed(present: Units, came: Read) -> Mapping[Key, Fault]:
    """Items that came back with another slug, which names their file, their page and all that refers to them."""
    codes = {unit.line.cells["code"]: key for key, unit in present.items() if unit.sheet is ITEMS}
    faults: dict[Key, Fault] = {}
    for key, unit in came.units.items():
        old = codes.get(unit.line.cells["code"]) if unit.sheet is ITEMS else None
        if old and key not in present and old not in came.units:
            message = (
                f"事项的网址名不能在表格里改，它是办事指南的网址。请改回 {old[1]}；"
                "如果是新增的事项，请换一个没有用过的基本编码。"
            )
            fault = Fault(ITEMS.name, unit.line.row, came.places[ITEMS.name, ITEMS.key], message)
            faults |= {old: fault, key: fault}
    return faults


def _is_sure(difference: Difference, present: Units, came: Read) -> bool:
    """Whether a unit is as the workbook says, although there are rows in it of which nobody knows whose they are."""
    unit, old = difference.unit, present.get(difference.unit.key)
    if unit.key not in came.units:
        return False
    if not came.orphans or unit.sheet is not ITEMS:
        return True
    return old is not None and all(len(lines) >= len(old.parts[part]) for part, lines in unit.parts.items())


def _refused(faults: Sequence[Fault], complete: bool) -> Proposal:
    """All faults; where they kept something from being checked, the last one says so."""
    *first, last = in_order(faults)
    return Proposal((*first, last if complete else replace(last, remark=INCOMPLETE)), (), {}, {})


def _conflict(unit: Unit, came: Read) -> Fault:
    since = "在导出表格之后又改过（也可能是您上次导入的修改）"
    message = f"{unit.title}{since}，与表格中的修改冲突。请重新导出，再改一次。"
    theirs = came.units.get(unit.key)
    if theirs is None:
        return Fault("", 0, 0, f"{unit.sheet.name}{message}")
    column = came.places[unit.sheet.name, unit.sheet.key]
    return Fault(unit.sheet.name, theirs.line.row, column, message)


def _before(content: Path, differences: Sequence[Difference]) -> dict[str, bytes | None]:
    items = {item_file(each.unit.key[1]) for each in differences if each.unit.sheet is ITEMS}
    return {file: _bytes(content / file) for file in (*TABLES, *sorted(items))}


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _judged(
    content: Path, after: Files, judge: Judge, came: Read, whole: bool
) -> tuple[list[Fault], Catalogue | None]:
    """The faults of the content with the changes in it, found in a copy, and its catalogue if it has one.

    Where it is not the `whole` workbook that is in the copy, what each cell says is judged and no more.
    """
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "content"
        shutil.copytree(content, copy)
        for file, data in after.items():
            (copy / file).write_bytes(data)
        problems = [problem for problem in judge(copy) if whole or problem.rule not in _BETWEEN_ROWS]
        paths = {name: copy / name for name in place.files_of(problems)}
        files = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
        catalogue = None if problems else load(copy).catalogue
    faults = place.faults(problems, files, came)
    return [fault for fault in faults if whole or fault.row], catalogue
