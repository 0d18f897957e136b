"""Plain values as YAML 1.1 text in the style of the content's files."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

_STRING = "tag:yaml.org,2002:str"
_STEP = 2
_FLOW_WIDTH = 60


def document(value: Mapping[str, Any]) -> str:
    """A whole file: one mapping, its lists of short words in one line."""
    return "".join(f"{entry(name, part, 0)}\n" for name, part in value.items())


def entry(name: str, value: Any, indent: int) -> str:
    """`name` and its value, without the indent of the first line; further lines are indented."""
    inner = " " * (indent + _STEP)
    if isinstance(value, dict):
        lines = (entry(key, part, indent + _STEP) for key, part in value.items())
        return f"{name}:" + "".join(f"\n{inner}{line}" for line in lines)
    if not isinstance(value, list):
        return f"{name}: {scalar(value, None, indent)}"
    if all(isinstance(part, str) for part in value) and len(flow(value)) <= _FLOW_WIDTH:
        return f"{name}: {flow(value)}"
    return f"{name}:" + "".join(f"\n{inner}- {_member(part, indent + _STEP)}" for part in value)


def flow(value: Any) -> str:
    """A list of texts in square brackets, or a mapping in braces."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, str):
        return value if _is_plain(value, f"[{value}]") else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def scalar(value: str | int | bool, style: str | None, indent: int) -> str:
    """One value, in the style that stood there before if it can be: ' or " or | or >, None for no quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    for written in _spellings(value, style, indent):
        if _reads_as(value, written, indent):
            return written
    return json.dumps(value, ensure_ascii=False)


def _spellings(text: str, style: str | None, indent: int) -> list[str]:
    inner = "\n" + " " * (indent + _STEP)
    block = f"{'>' if style == '>' else '|'}-"
    for line in text.split("\n"):
        block += (inner + line) if line else "\n"
        block += "\n" if style == ">" and line else ""
    if style == "'" and "\n" not in text:
        return ["'" + text.replace("'", "''") + "'"]
    if style == '"' and "\n" not in text:
        return []
    return [block.rstrip("\n")] if "\n" in text or style in ("|", ">") else [text]


def _reads_as(text: str, written: str, indent: int) -> bool:
    if "\n" not in text and not written.startswith(("|", ">", "'")):
        return _is_plain(text, f"k: {text}")
    try:
        node = yaml.compose(f"{' ' * indent}k: {written}\n", yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return isinstance(node, yaml.MappingNode) and node.value[0][1].value == text


def _is_plain(text: str, written: str) -> bool:
    """Whether a text without quotes reads as itself, and as text."""
    try:
        node = yaml.compose(written, yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    values = node.value if isinstance(node, yaml.SequenceNode | yaml.MappingNode) else []
    values = [part[1] if isinstance(part, tuple) else part for part in values]
    return [(value.tag, value.value) for value in values] == [(_STRING, text)]


def _member(value: Any, indent: int) -> str:
    if not isinstance(value, dict):
        return scalar(value, None, indent)
    inner = indent + _STEP
    return f"\n{' ' * inner}".join(entry(name, part, inner) for name, part in value.items())
