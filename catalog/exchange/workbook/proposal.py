"""A workbook against the content of today: its faults, or its changes and the files that would hold them."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.exchange.workbook import place
from catalog.exchange.workbook.changes import Change, Difference, change_list, compare
from catalog.exchange.workbook.edit import TABLES, EditError, Files, edited, item_file
from catalog.exchange.workbook.package import open_workbook
from catalog.exchange.workbook.read import Fault, Read, in_order, read
from catalog.exchange.workbook.sheets import ITEMS
from catalog.exchange.workbook.units import Unit, of_catalogue
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem

Judge = Callable[[Path], Sequence[Problem]]
"""What stops a release that is made from a content directory: the check of build.py."""


@dataclass(frozen=True)
class Proposal:
    """Either faults, or changes with the changed files as they were (None: not there) and as they would be."""

    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    before: Mapping[str, bytes | None]
    after: Files


def propose(content: Path, catalogue: Catalogue, data: bytes, judge: Judge) -> Proposal:
    """Hold a workbook against `content`, whose records are `catalogue`. Raises WorkbookError; writes nothing."""
    came = read(open_workbook(data))
    if came.keyless:
        return _refused(came.faults)
    differences, conflicts = compare(of_catalogue(catalogue), came.units, came.base, came.broken)
    found = [*came.faults, *(_conflict(unit, came) for unit in conflicts)]
    before = _before(content, differences)
    try:
        files = {file: old for file, old in before.items() if old is not None}
        after = edited(files, differences, came.units)
    except EditError as error:
        return _refused([*found, Fault("", 0, 0, str(error))])
    changed = catalogue
    if after:
        faults, judged = _judged(content, after, judge, came)
        found, changed = [*found, *faults], judged or catalogue
    if found:
        return _refused(found)
    changes = tuple(change_list(differences, catalogue, changed))
    return Proposal((), changes, {file: before[file] for file in after}, after)


def _refused(faults: Sequence[Fault]) -> Proposal:
    return Proposal(in_order(faults), (), {}, {})


def _conflict(unit: Unit, came: Read) -> Fault:
    message = f"{unit.title}在导出表格之后又改过，与表格中的修改冲突。请重新导出，再改一次。"
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


def _judged(content: Path, after: Files, judge: Judge, came: Read) -> tuple[list[Fault], Catalogue | None]:
    """The faults of the content with the changes in it, found in a copy, and its catalogue if it has one."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "content"
        shutil.copytree(content, copy)
        for file, data in after.items():
            (copy / file).write_bytes(data)
        problems = judge(copy)
        names = {problem.file for problem in problems}
        files = {name: (copy / name).read_bytes() for name in names if (copy / name).is_file()}
        catalogue = load(copy).catalogue
    return list(place.faults(problems, files, came)), catalogue
