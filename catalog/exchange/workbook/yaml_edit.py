"""Changes to the values of a YAML file that leave every other character as it is.

Each change replaces the exact span of a value in the text: comments, key order, quotes and wrapped lines of all
else stay. A round trip through a YAML writer would join wrapped lines and reset indents and blanks.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from catalog.exchange.workbook.align import aligned
from catalog.exchange.workbook.yaml_text import entry, flow, scalar

Value = Mapping[str, Any]
"""A mapping of plain values: dict, list, str, int, bool."""


def rewrite(text: str, old: Value, new: Value) -> str:
    """The text of a YAML mapping, whose value is `old`, with `new` in its place; the two share a key at least.

    Texts have no blanks at their ends.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    root = yaml.compose(text, yaml.CSafeLoader)
    assert root is not None
    editor = _Editor(text)
    editor.change(root, old, new, 0)
    return editor.result(ending)


class _Editor:
    """Collects replacements of spans of the text, as (start, end, new text)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[tuple[int, int, str]] = []

    def result(self, ending: str) -> str:
        text = self._text
        # From the back, so that positions hold; of two insertions at one place, the first made comes first.
        for _, (start, end, new) in sorted(enumerate(self._spans), key=_order, reverse=True):
            text = text[:start] + new.replace("\n", ending) + text[end:]
        return text

    def change(self, node: yaml.Node, old: Any, new: Any, indent: int) -> None:
        """Replace the value of `node` in a block, whose key or dash stands at column `indent`."""
        if old == new:
            return
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            self._flow(node, old, new)
        elif isinstance(node, yaml.MappingNode):
            self._mapping(node, old, new)
        elif isinstance(node, yaml.SequenceNode):
            self._sequence(node, old, new)
        else:
            start, end = node.start_mark.index, _end(self._text, node)
            self._replace(start, end, scalar(new, self._style(node), indent))

    def _flow(self, node: yaml.Node, old: Any, new: Any) -> None:
        """Replace within brackets: one by one where nothing comes or goes, else all that they hold."""
        if old == new:
            return
        if isinstance(node, yaml.MappingNode) and list(old) == list(new):
            for key, value in node.value:
                self._flow(value, old[key.value], new[key.value])
        elif isinstance(node, yaml.SequenceNode) and len(old) == len(new):
            for value, was, becomes in zip(node.value, old, new, strict=True):
                self._flow(value, was, becomes)
        elif isinstance(node, yaml.SequenceNode):
            self._replace(
                node.start_mark.index, node.end_mark.index, f"[{', '.join(self._kept(node, old, new))}]"
            )
        else:
            self._replace(node.start_mark.index, node.end_mark.index, flow(new, self._style(node)))

    def _kept(self, node: yaml.SequenceNode, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
        """The new entries; those that were there before as they were written."""
        for was, becomes in aligned(_texts(old), _texts(new)):
            if becomes is not None and was is not None and old[was] == new[becomes]:
                own = node.value[was]
                yield self._text[own.start_mark.index : own.end_mark.index]
            elif becomes is not None:
                yield flow(new[becomes])

    def _mapping(self, node: yaml.MappingNode, old: Value, new: Value) -> None:
        pairs = {key.value: (key, value) for key, value in node.value}
        column = node.start_mark.column
        for name, (key, value) in pairs.items():
            if name in new and _fits(value, old[name], new[name]):
                self.change(value, old[name], new[name], column)
            elif name in new:
                self._replace(key.start_mark.index, _end(self._text, value), entry(name, new[name], column))
        self._take_keys(node, new)
        before = None
        for name, value in new.items():
            if name in pairs:
                before = pairs[name][1]
            elif before is not None:
                self._after(_end(self._text, before), " " * column + entry(name, value, column))
            else:
                start = node.start_mark.index
                self._replace(start, start, f"{entry(name, value, column)}\n{' ' * column}")

    def _take_keys(self, node: yaml.MappingNode, new: Value) -> None:
        start = node.start_mark.index
        kept = next(key.start_mark.index for key, _ in node.value if key.value in new)
        # The first key of a list's entry shares its line with the dash: the first one kept takes its place.
        first = kept if self._text[self._line_start(start) : start].strip() else start
        if first > start:
            self._replace(start, first, "")
        for key, value in node.value:
            if key.value not in new and key.start_mark.index >= first:
                self._take_lines(key.start_mark.index, _end(self._text, value))

    def _sequence(self, node: yaml.SequenceNode, old: Sequence[Any], new: Sequence[Any]) -> None:
        column = node.start_mark.column
        before = None
        for was, becomes in aligned(_texts(old), _texts(new)):
            if was is not None and becomes is not None:
                before = node.value[was]
                self._entry(before, old[was], new[becomes], column)
            elif was is not None:
                start = self._dash(node.value[was], column)
                self._take_lines(start, _end(self._text, node.value[was]))
            elif becomes is not None:
                lines = " " * column + _dashed(new[becomes], column)
                if before is not None:
                    self._after(_end(self._text, before), lines)
                else:
                    start = self._line_start(node.start_mark.index)
                    self._replace(start, start, lines + "\n")

    def _entry(self, node: yaml.Node, old: Any, new: Any, column: int) -> None:
        if _fits(node, old, new):
            self.change(node, old, new, column)
        else:
            self._replace(self._dash(node, column), _end(self._text, node), _dashed(new, column))

    def _style(self, node: yaml.Node) -> str:
        """The quotation mark of a scalar, or the head of a block: |, >- and the like; "" for neither."""
        if not isinstance(node, yaml.ScalarNode) or node.style in (None, ""):
            return ""
        line = self._text[node.start_mark.index : self._line_end(node.start_mark.index)]
        return line.split()[0] if node.style in ("|", ">") else str(node.style)

    def _dash(self, node: yaml.Node, column: int) -> int:
        line = self._line_start(node.start_mark.index)
        while self._text[line + column : line + column + 1] != "-":
            line = self._line_start(line - 1)
        return line + column

    def _line_start(self, position: int) -> int:
        return self._text.rfind("\n", 0, position) + 1

    def _line_end(self, position: int) -> int:
        end = self._text.find("\n", position)
        end = len(self._text) if end < 0 else end
        return end - 1 if self._text[end - 1 : end] == "\r" else end

    def _take_lines(self, start: int, end: int) -> None:
        following = self._text.find("\n", end) + 1
        self._replace(self._line_start(start), following or len(self._text), "")

    def _after(self, position: int, lines: str) -> None:
        end = self._line_end(position)
        self._replace(end, end, "\n" + lines)

    def _replace(self, start: int, end: int, new: str) -> None:
        self._spans.append((start, end, new))


def _order(numbered: tuple[int, tuple[int, int, str]]) -> tuple[int, int, int]:
    number, (start, end, _) = numbered
    return start, end, number


def _fits(node: yaml.Node, old: Any, new: Any) -> bool:
    """Whether `new` can be written into what stands there: a value of the same make, with something to keep."""
    if isinstance(node, yaml.ScalarNode):
        return node.start_mark.index < node.end_mark.index and not isinstance(new, dict | list)
    if isinstance(node, yaml.MappingNode):
        return isinstance(new, dict) and bool(set(old) & set(new))
    if not isinstance(new, list) or not new or not old:
        return False
    block = isinstance(node, yaml.SequenceNode) and not node.flow_style
    return block or all(isinstance(part, str) for part in new)


def _end(text: str, node: yaml.Node) -> int:
    """Behind the last character of a value; PyYAML ends a block where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _dashed(value: Any, column: int) -> str:
    if not isinstance(value, dict):
        return f"- {scalar(value, '', column)}"
    inner = column + 2
    lines = (entry(name, part, inner) for name, part in value.items())
    return "- " + f"\n{' ' * inner}".join(lines)


def _texts(values: Sequence[Any]) -> list[str]:
    return [json.dumps(value, sort_keys=True, default=str) for value in values]
