"""The line of a file that a problem is about, with the place marked, as an editor looks for it."""

import re
from dataclasses import dataclass

from catalog.problem import Problem

_NEWLINE = re.compile(r"\r\n|\r|\n")
_CELL = re.compile(r'"(?:[^"]|"")*"?|[^,]*')
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|.*?(?=\s+#|\s*$)')
_ITEM = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[^,\]}]*')
_KEY = re.compile(r"[^:]*")
_FIELD = re.compile(r"[\w-]+:(\s|$)")
_OF_KEYS = frozenset({"field-unknown", "yaml-duplicate-key"})
"""Rules whose faults are of a key and not of its value."""
_AROUND, _MARKED = 40, 80
"""How much of a long line is shown: before and after the marked place, and of the place itself."""


@dataclass(frozen=True)
class Quote:
    """A line of a file, in three parts: the middle one is at fault, "" where something is missing there.

    It is None where the line is only the first of what is at fault.
    """

    before: str
    marked: str | None
    after: str


def quote(data: bytes, problem: Problem) -> Quote | None:
    """The line of a file that a problem is about; None if it has no such line."""
    lines = _NEWLINE.split(data.decode("utf-8-sig", "replace"))
    if not 1 <= problem.line <= len(lines):
        return None
    line = lines[problem.line - 1]
    start, end = _span(line, problem)
    before, marked, after = _last(line[:start]), line[start:end], _first(line[end:], _AROUND)
    if _is_group(line[start:], problem):
        return Quote(before, None, _first(line[start:], _MARKED))
    return Quote(before, _first(marked, _MARKED), after)


def _span(line: str, problem: Problem) -> tuple[int, int]:
    """From where to where the place reaches: a cell of a table, else a key or a value, else the whole line."""
    if not problem.column:
        return len(line) - len(line.lstrip()), len(line)
    if problem.file.endswith(".csv"):
        return _cell(line, problem.column)
    start = min(problem.column - 1, len(line))
    is_in_list = line.count("[", 0, start) > line.count("]", 0, start)
    return start, _end(_ITEM if is_in_list else _KEY if problem.rule in _OF_KEYS else _VALUE, line, start)


def _is_group(text: str, problem: Problem) -> bool:
    """Whether the place is where a group of fields begins: the fault is none of the field that happens to be first."""
    is_written_wrong = problem.rule.startswith("yaml-") or problem.rule in _OF_KEYS
    is_value = problem.column and problem.file.endswith(".yaml") and not is_written_wrong
    return bool(is_value and _FIELD.match(text))


def _cell(line: str, number: int) -> tuple[int, int]:
    start = 0
    for _ in range(number - 1):
        start = min(_end(_CELL, line, start) + 1, len(line))
    return start, _end(_CELL, line, start)


def _end(pattern: re.Pattern[str], line: str, start: int) -> int:
    """Where what begins at a place ends; each of the patterns matches nothing, too."""
    found = pattern.match(line, start)
    assert found is not None
    return found.end()


def _first(text: str, count: int) -> str:
    return text if len(text) <= count else f"{text[:count]}…"


def _last(text: str) -> str:
    return text if len(text) <= _AROUND else f"…{text[-_AROUND:]}"
