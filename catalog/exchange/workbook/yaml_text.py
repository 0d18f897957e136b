"""Plain values as YAML 1.1 text in the style of the content's files."""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

_STRING = "tag:yaml.org,2002:str"
_STEP = 2
_FLOW_WIDTH = 60
_NUMBER_LIKE = re.compile(r"[0-9.,:_+-]+")
"""Codes, dates and telephone numbers: quoted, whether YAML would take them for a number or not."""


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
        return f"{name}: {scalar(value, '', indent)}"
    if all(isinstance(part, str) for part in value) and len(flow(value)) <= _FLOW_WIDTH:
        return f"{name}: {flow(value)}"
    return f"{name}:" + "".join(f"\n{inner}- {_member(part, indent + _STEP)}" for part in value)


def flow(value: Any, style: str = "") -> str:
    """A value as it stands within brackets; a text in single quotes or double ones where `style` says so."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    if style == "'" and "\n" not in value:
        return _single(value)
    return value if style != '"' and _is_plain(value, f"[{value}]") else _double(value)


def scalar(value: str | int | bool, style: str, indent: int) -> str:
    """One value in the style that stood there before if it can be: a quotation mark, the head of a block, or ""."""
    if not isinstance(value, str):
        return json.dumps(value)
    if style == "'" and "\n" not in value:
        return _single(value)
    if style[:1] in ("|", ">") or (style != '"' and "\n" in value):
        written = _block(value, style if style[:1] in ("|", ">") else "|-", " " * (indent + _STEP))
        fits = _reading(f"{' ' * indent}k: {written}\n", yaml.CSafeLoader)[1]
        return written if isinstance(fits, str) and fits.strip() == value else _double(value)
    return value if style != '"' and _is_plain(value, f"k: {value}") else _double(value)


def _block(text: str, head: str, inner: str) -> str:
    # In a folded block a line break is written as an empty line.
    lines = text.replace("\n", "\n\n").split("\n") if head.startswith(">") else text.split("\n")
    return head + "".join(f"\n{inner}{line}" if line else "\n" for line in lines)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    """JSON is YAML (1.2, section 1.3), and so are its texts."""
    return json.dumps(text, ensure_ascii=False)


def _is_plain(text: str, written: str) -> bool:
    """Whether a text without quotes reads as itself, and as text, to libyaml and to PyYAML's own parser."""
    if _NUMBER_LIKE.fullmatch(text):
        return False
    return all(_reading(written, loader) == (_STRING, text) for loader in (yaml.CSafeLoader, yaml.SafeLoader))


def _reading(written: str, loader: type[yaml.CSafeLoader] | type[yaml.SafeLoader]) -> tuple[str, object]:
    """Tag and value of the only value in a list or mapping."""
    try:
        node = yaml.compose(written, loader)
    except yaml.YAMLError:
        return "", ""
    values = node.value if isinstance(node, yaml.CollectionNode) else []
    value = values[0] if len(values) == 1 else None
    value = value[1] if isinstance(value, tuple) else value
    return (value.tag, value.value) if isinstance(value, yaml.ScalarNode) else ("", "")


def _member(value: Any, indent: int) -> str:
    if not isinstance(value, dict):
        return scalar(value, "", indent)
    inner = indent + _STEP
    return f"\n{' ' * inner}".join(entry(name, part, inner) for name, part in value.items())
