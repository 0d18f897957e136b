"""Changes to the rows of a CSV table (RFC 4180) that leave every other byte as it is."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

Row = Mapping[str, str]

_CELL = re.compile(r'(?:^|,)(\s*"(?:[^"]|"")*"\s*|[^,"]*)')
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')
_MARK = "\ufeff"


def rewrite(data: bytes, key: str, wanted: Mapping[str, Row | None], after: Mapping[str, str]) -> bytes:
    """The table with the rows of `wanted`, by the value of column `key`; None takes a row out.

    A new row comes after the row that `after` names for it, or at the end.
    """
    text = data.decode("utf-8-sig")
    mark = _MARK if data.startswith(_MARK.encode()) else ""
    ending = "\r\n" if "\r\n" in text else "\n"
    header, *lines = _records(text)
    names = [cell.strip() for cell in header[1]]
    place = names.index(key)
    known = {_key(cells, place) for _, cells in lines}
    rows: dict[str, str] = {}
    for number, (raw, cells) in enumerate(lines):
        own = _key(cells, place) or f"\n{number}"
        change = wanted.get(own, {})
        if change is not None:
            rows[own] = _changed(raw, cells, names, change) if change else raw
    for own, row in wanted.items():
        if row and own not in known:
            rows = _inserted(rows, own, _line(names, row, ending), after.get(own, ""))
    return (mark + "".join(_closed([header[0], *rows.values()], ending))).encode()


def _key(cells: Sequence[str], place: int) -> str:
    """What a row is known by, "" for a blank row."""
    return cells[place].strip() if place < len(cells) else ""


def _records(text: str) -> list[tuple[str, list[str]]]:
    """Each row's own characters and its cells; a quoted line break does not end a row."""
    physical = io.StringIO(text, newline="").readlines()
    reader, begun, records = csv.reader(physical), 0, []
    for cells in reader:
        records.append(("".join(physical[begun : reader.line_num]), cells))
        begun = reader.line_num
    return records


def _changed(raw: str, cells: Sequence[str], names: Sequence[str], change: Row) -> str:
    body = raw.rstrip("\r\n")
    spelt = _CELL.findall(body)
    if len(spelt) != len(names):
        # A quotation mark inside an unquoted cell: the row is written anew.
        spelt = [_cell(cell, False) for cell in cells]
    for place, name in enumerate(names):
        if name in change and change[name] != cells[place].strip():
            spelt[place] = _cell(change[name], '"' in spelt[place])
    return ",".join(spelt) + raw[len(body) :]


def _line(names: Sequence[str], row: Row, ending: str) -> str:
    return ",".join(_cell(row[name], False) for name in names) + ending


def _cell(text: str, quoted: bool) -> str:
    return '"' + text.replace('"', '""') + '"' if quoted or _NEEDS_QUOTES.search(text) else text


def _inserted(rows: dict[str, str], own: str, line: str, before: str) -> dict[str, str]:
    if before not in rows:
        return {**rows, own: line}
    result = {}
    for name, raw in rows.items():
        result[name] = raw
        if name == before:
            result[own] = line
    return result


def _closed(lines: Sequence[str], ending: str) -> Iterator[str]:
    """Every line but the last needs its line ending; the last keeps what it had."""
    for number, line in enumerate(lines, start=1):
        yield line if number == len(lines) or line.endswith(("\n", "\r")) else line + ending
