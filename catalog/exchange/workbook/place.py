"""Where in the workbook a fault of the changed content stands."""

import re
from collections.abc import Iterator, Mapping, Sequence

from catalog import source
from catalog.exchange.workbook.edit import TABLES, UNNUMBERED, Files, slug_of
from catalog.exchange.workbook.read import Fault, Read
from catalog.exchange.workbook.sheets import ITEMS, NUMBER, PART_SHEETS, Sheet
from catalog.exchange.workbook.units import Line, Unit
from catalog.problem import Problem

Cell = tuple[str, int, int]
"""Sheet, row and column."""
_NOWHERE: Cell = ("", 0, 0)
_LINE = re.compile(r" ?([a-z]+\.csv|items/[^ ]+\.yaml) 第 ([0-9]+) 行")
"""How a message says where another value stands: rule.where."""


def files_of(problems: Sequence[Problem]) -> set[str]:
    """The files that problems are in, and those that their messages name."""
    named = (found[1] for problem in problems for found in _LINE.finditer(problem.message))
    return {problem.file for problem in problems} | set(named)


def faults(problems: Sequence[Problem], files: Files, came: Read) -> Iterator[Fault]:
    """Each problem at the cell that says it; one that no row of the workbook says keeps its place in the files."""
    paths = {problem: _path(problem, files) for problem in problems}
    for problem, path in paths.items():
        if _follows(problem, paths):
            continue
        cell = _table_cell(problem, files, came) or _item_cell(problem, path, came) or _NOWHERE
        elsewhere = f"改动会使表格以外的内容出错：{problem}请先改好那里，再导入。"
        yield Fault(*cell, _in_rows(problem.message, files, came) if cell[1] else elsewhere)


def _follows(problem: Problem, paths: Mapping[Problem, source.Path]) -> bool:
    """Whether a list of parts is called too short because its faulty entries are not counted (by pydantic)."""
    path = paths[problem]
    within = (other for each, other in paths.items() if each.file == problem.file)
    return len(path) == 1 and path[0] in PART_SHEETS and any(path == other[:1] != other for other in within)


def _path(problem: Problem, files: Files) -> source.Path:
    """Where in an item's file a problem is; of any other file and of a whole file the empty path."""
    found, _ = (
        source.read_yaml(problem.file, files.get(problem.file, b"")) if slug_of(problem.file) else (None, [])
    )
    if found is None:
        return ()
    place = (problem.line, problem.column)
    paths = [path for path, there in (*found.places.items(), *found.keys.items()) if there == place]
    return max(paths, key=len, default=())


def _in_rows(message: str, files: Files, came: Read) -> str:
    """A message that names the row of a sheet where it named the line of a file."""

    def row(found: re.Match[str]) -> str:
        file, line = found[1], int(found[2])
        _, unit = _table_row(file, line, files, came)
        unit = unit or came.units.get((ITEMS.name, slug_of(file)))
        return f"“{unit.sheet.name}”表第 {unit.line.row} 行" if unit else found[0]

    return _LINE.sub(row, message)


def _table_cell(problem: Problem, files: Files, came: Read) -> Cell | None:
    row, unit = _table_row(problem.file, problem.line, files, came)
    if row is None or unit is None:
        return None
    return _cell(came, unit.sheet, unit.line, list(row.value)[problem.column - 1])


def _table_row(file: str, line: int, files: Files, came: Read) -> tuple[source.CsvRow | None, Unit | None]:
    """The row of a table at a line of its file, and its unit in the workbook."""
    sheet = TABLES.get(file)
    if sheet is None or file not in files:
        return None, None
    rows, _ = source.read_csv(file, files[file], list(sheet.record.model_fields))
    row = next((row for row in rows if row.line == line), None)
    return row, came.units.get((sheet.name, row.value[sheet.key])) if row else None


def _item_cell(problem: Problem, path: source.Path, came: Read) -> Cell | None:
    unit = came.units.get((ITEMS.name, slug_of(problem.file)))
    return None if unit is None else _at(came, unit, path)


def _at(came: Read, unit: Unit, path: source.Path) -> Cell:
    """The cell of a path into the item: of a list's entry in its own sheet, else in the item's row."""
    names = ".".join(str(part) for part in path if isinstance(part, str))
    index = next((part for part in path if isinstance(part, int)), 0)
    part = str(path[0]) if path else ""
    if part in PART_SHEETS and index < len(unit.parts[part]):
        return _cell(came, PART_SHEETS[part], unit.parts[part][index], names)
    return _cell(came, ITEMS, unit.line, names)


def _cell(came: Read, sheet: Sheet, line: Line, names: str) -> Cell:
    fields = [column.field for column in sheet.columns]
    if names == f"{sheet.part}.{UNNUMBERED}":
        names = NUMBER
    within = [field for field in fields if field == names or field.startswith(f"{names}.")]
    return sheet.name, line.row, came.places[sheet.name, within[0] if names and within else fields[0]]
