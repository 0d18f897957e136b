"""Content files as plain values that remember line and column; every fault is a Problem, nothing is raised."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from catalog.problem import Problem

Path = tuple[int | str, ...]
"""Where a value sits in its record: ("materials", 1, "copies")."""
Place = tuple[int, int]
"""Line and column, both from 1. In a CSV file the column is the number of the cell."""

MAX_DEPTH = 20
_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_TRUE = frozenset({"yes", "true", "on"})


class Source(Protocol):
    """One record's text: its plain value and the place of every part of it."""

    @property
    def file(self) -> str: ...
    @property
    def value(self) -> object: ...

    def place(self, path: Path) -> Place:
        """Where the value at `path` begins; of a path that is not there, its nearest enclosing value."""

    def key(self, path: Path) -> Place:
        """Where the key of the value at `path` stands."""

    def raw(self, path: Path) -> str | None:
        """The text of the scalar at `path` as the editor typed it, or None."""


class NotText:
    """A YAML scalar that is neither text nor a plain number: a date, an octal, 12:30 read as base sixty."""


@dataclass
class YamlFile:
    """A YAML mapping; `value` holds only dict, list, str, int, bool, None and NotText."""

    file: str
    value: object = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    scalars: dict[Path, str] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def key(self, path: Path) -> Place:
        return self.keys.get(path) or self.place(path)

    def raw(self, path: Path) -> str | None:
        return self.scalars.get(path)


@dataclass(frozen=True)
class CsvRow:
    """One row of a table, by column name."""

    file: str
    line: int
    value: Mapping[str, str]

    def place(self, path: Path) -> Place:
        names = list(self.value)
        return self.line, names.index(str(path[0])) + 1 if path and path[0] in names else 1

    key = place

    def raw(self, path: Path) -> str | None:
        return self.value.get(str(path[0])) if path else None


def decode(file: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """UTF-8 text without its byte order mark, or the place of the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        message = (
            "文件应为 UTF-8 编码，这里有无法识别的字节。请另存为 UTF-8 再提交（表格软件选“CSV UTF-8”）。"
        )
        return None, [Problem(file, line, column, "encoding", message)]


def read_yaml(file: str, data: bytes) -> tuple[YamlFile | None, list[Problem]]:
    """The mapping in a YAML file, and its faults; None where no mapping could be made out."""
    text, problems = decode(file, data)
    if text is None:
        return None, problems
    problems = _tabs(file, text)
    try:
        problems = problems or _forbidden(file, text)
        root = None if problems else yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        return None, [_syntax(file, data, error)]
    if problems:
        return None, problems
    if root is None:
        return None, [Problem(file, 1, 1, "yaml-empty", "文件是空的，应有内容。")]
    if not isinstance(root, yaml.MappingNode):
        message = "文件应由“字段: 内容”组成，现在是列表或一段文字。"
        return None, [Problem(file, *_mark(root.start_mark), "yaml-not-mapping", message)]
    walk = _Walk(YamlFile(file))
    walk.source.value = walk.read(root, ())
    return walk.source, walk.problems


def read_csv(file: str, data: bytes, columns: Sequence[str]) -> tuple[list[CsvRow], list[Problem]]:
    """The rows of a CSV table whose header names `columns` in any order; blank rows are left out."""
    text, problems = decode(file, data)
    if text is None:
        return [], problems
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        problems = [
            Problem(file, start, 1, "csv-syntax", f"这一行不是完整的 CSV，多半是引号没有成对（{error}）。")
        ]
    lines = [(line, cells) for line, cells in lines if any(cells)]
    if not lines:
        return [], problems or [
            Problem(file, 1, 1, "csv-empty", f"文件是空的，第一行应为：{','.join(columns)}。")
        ]
    (line, header), *rest = lines
    faults = _header(file, line, header, columns)
    if faults:
        return [], faults + problems
    rows = [_row(file, line, header, cells) for line, cells in rest]
    return [row for row in rows if isinstance(row, CsvRow)], problems + [
        row for row in rows if isinstance(row, Problem)
    ]


def _header(file: str, line: int, header: list[str], columns: Sequence[str]) -> list[Problem]:
    faults = (
        ("缺少", [name for name in columns if name not in header]),
        ("不认识", [name or "（空白）" for name in header if name not in columns]),
        ("重复了", [name for name in columns if header.count(name) > 1]),
    )
    came = "；".join(f"{fault} {'、'.join(names)}" for fault, names in faults if names)
    message = f"表头应为 {','.join(columns)}，现在{came}。"
    return [Problem(file, line, 1, "csv-header", message)] if came else []


def _row(file: str, line: int, header: list[str], cells: list[str]) -> CsvRow | Problem:
    if len(cells) != len(header):
        message = f"这一行应有 {len(header)} 格，现在有 {len(cells)} 格。"
        return Problem(file, line, min(len(cells), len(header)), "csv-row", message)
    return CsvRow(file, line, dict(zip(header, cells, strict=True)))


def _position(before: str) -> Place:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _mark(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _tabs(file: str, text: str) -> list[Problem]:
    message = "这里有制表符（Tab），应改为空格。"
    return [
        Problem(file, number, line.index("\t") + 1, "yaml-tab", message)
        for number, line in enumerate(text.split("\n"), start=1)
        if "\t" in line
    ]


def _forbidden(file: str, text: str) -> list[Problem]:
    """What must be refused before a tree is built from it: references, and nesting that has no end.

    Events come one by one in constant memory, whereas building a tree recurses.
    """
    problems = []
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        place = _mark(event.start_mark)
        if getattr(event, "anchor", None):
            message = "不能使用 & 和 * 引用，请把内容完整写出来；如果是文字，请加上引号。"
            problems.append(Problem(file, *place, "yaml-alias", message))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return [*problems, Problem(file, *place, "yaml-depth", f"层次应不超过 {MAX_DEPTH} 层。")]
    return problems


_SYNTAX: Mapping[str, str] = {
    "mapping values are not allowed in this context": "这里不应出现冒号。请检查上一行的缩进；文字中有冒号时请加引号",
    "could not find expected ':'": "这里缺少冒号。请按“字段: 内容”书写，冒号用半角，后面空一格",
    "did not find expected key": "这里应为一个字段名。请检查缩进和引号",
    "did not find expected '-' indicator": "这里应为列表的下一项，以“- ”开头。请检查缩进",
    "did not find expected ',' or ']'": "方括号没有成对",
    "did not find expected ',' or '}'": "花括号没有成对",
    "found unexpected end of stream": "引号没有成对，到文件末尾仍未结束",
    "found character that cannot start any token": "内容不能以 @、%、` 开头。如果是文字，请加上引号",
    "found undefined alias": "不能使用 * 引用。如果是文字，请加上引号",
    "but found another document": "一个文件只能写一份内容，不应出现“---”分隔的第二份",
    "did not find expected comment or line break": "这里多了内容。一行只写一个“字段: 内容”；注释写在 # 后面",
    "found unknown escape character": "双引号中有不认识的反斜杠写法。请改用单引号",
}


def _syntax(file: str, data: bytes, error: yaml.YAMLError) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        place = _mark(error.problem_mark)
        words = _SYNTAX.get(error.problem or "", f"YAML 写法有误（{error.problem}）")
    else:
        offset = getattr(error, "position", 0)
        place = _position(data.decode("utf-8-sig").encode()[:offset].decode("utf-8", "replace"))
        words = "这里有看不见的控制字符，应删除"
    return Problem(file, *place, "yaml-syntax", f"{words}。")


class _Walk:
    """Turns nodes into plain values and notes the place of each; a key said twice keeps its first value."""

    def __init__(self, source: YamlFile) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def read(self, node: yaml.Node, path: Path) -> object:
        self.source.places[path] = _mark(node.start_mark)
        kind = node.tag.removeprefix(_TAG)
        if kind.startswith("!") or "/" in kind:
            message = "不能使用以 ! 开头的标记。如果是文字，请加上引号。"
            self._report(self.source.places[path], "yaml-tag", message)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        self.source.scalars[path] = node.value
        return _plain(kind, node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, value in node.value:
            place = _mark(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                self._report(place, "yaml-key", "字段名应为一个词，不能是列表或一组字段。")
            elif key.value in result:
                first = self.source.keys[(*path, key.value)][0]
                self._report(
                    place, "yaml-duplicate-key", f"字段 {key.value} 写了两次，第一次在第 {first} 行。"
                )
            else:
                self.source.keys[(*path, key.value)] = place
                result[key.value] = self.read(value, (*path, key.value))
        return result

    def _report(self, place: Place, rule: str, message: str) -> None:
        self.problems.append(Problem(self.source.file, *place, rule, message))


def _plain(kind: str, text: str) -> object:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind == "int" and _DECIMAL.fullmatch(text) and len(text) < 19:
        return int(text)
    return NotText() if kind in ("int", "float", "timestamp") else text
