"""A changed value is a change of its own line and of nothing else."""

import copy
import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.exchange.workbook.yaml_edit import rewrite
from catalog.exchange.workbook.yaml_text import document
from catalog.source import read_yaml
from tests.support.catalogue import MINIMAL

CONTENT = Path(__file__).parents[2] / "catalog" / "content"
FILES = sorted([*MINIMAL.rglob("*.yaml"), *CONTENT.glob("items/*.yaml")])


def value_of(text: str) -> Any:
    found, problems = read_yaml("x.yaml", text.encode())
    assert found is not None and not problems
    return found.value


def changed(text: str, new: Any) -> str:
    return rewrite(text, value_of(text), new)


def diff(old: str, new: str) -> list[str]:
    """The lines taken out and put in."""
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), n=0)
    return [f"{line[0]} {line[1:]}" for line in [*lines][2:] if line[0] in "+-"]


def scalars(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(part, (*path, key))
    else:
        yield path


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    value = copy.deepcopy(value)
    owner = value
    for part in path[:-1]:
        owner = owner[part]
    owner[path[-1]] = new
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_nothing_changed_is_nothing_written(file: Path) -> None:
    text = file.read_text("utf-8")
    assert changed(text, value_of(text)) == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_any_one_value_is_a_change_of_one_line(file: Path) -> None:
    text = file.read_text("utf-8")
    value = value_of(text)
    paths = [path for path in scalars(value) if "\n" not in str(reach(value, path))]
    # All of them in the small files, every sixtieth in the large ones.
    for path in paths if file.is_relative_to(MINIMAL) else paths[::60]:
        wanted = put(value, path, other(reach(value, path)))
        result = changed(text, wanted)
        lines = zip(text.splitlines(), result.splitlines(), strict=True)
        assert sum(before != after for before, after in lines) == 1, path
        assert value_of(result) == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_all_values_at_once_leave_keys_and_comments(file: Path) -> None:
    text = file.read_text("utf-8")
    wanted = value = value_of(text)
    for path in scalars(value):
        wanted = put(wanted, path, other(reach(value, path)))
    result = changed(text, wanted)
    assert trimmed(value_of(result)) == trimmed(wanted)
    kept = [line for line in text.splitlines() if line.startswith("#") or line.endswith(":")]
    assert [line for line in result.splitlines() if line.startswith("#") or line.endswith(":")] == kept


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"改过{value}"


def trimmed(value: Any) -> Any:
    """Blanks around a text say nothing in the content; a block ends in a line break."""
    if isinstance(value, dict):
        return {key: trimmed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [trimmed(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def reach(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


TEXT = """\
# 开头的注释
code: "0001"   # 要加引号
plain: 一行
wrapped: 第一行
  接着第二行
single: '说 ''好'''
block: |
  第一段

  第二段
folded: >-
  折起来
  的一段
short: [甲, "乙", '丙']  # 三个
pair: {days: 20, unit: 工作日}
spread:
  {name: 津贴,
  note: 说明}
# 列表前的注释
rows:
- name: 一
  # 里面的注释
  note: 甲
- name: 二

# 第三个
- name: 三
  days: 3
words:
    - 天
    - 地
empty: []
last: 完
"""

CASES: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "quotes stay": (("code",), "0002", '- code: "0001"   # 要加引号\n+ code: "0002"   # 要加引号\n'),
    "quotes come where they must": (("plain",), "12", '- plain: 一行\n+ plain: "12"\n'),
    "a colon needs quotes": (("plain",), "甲: 乙", '- plain: 一行\n+ plain: "甲: 乙"\n'),
    "single quotes stay": (("single",), "it's", "- single: '说 ''好'''\n+ single: 'it''s'\n"),
    "a wrapped text": (("wrapped",), "新", "- wrapped: 第一行\n-   接着第二行\n+ wrapped: 新\n"),
    "a block": (
        ("block",),
        "第一段\n\n第三段",
        "-   第二段\n+   第三段\n",
    ),
    "a folded text": (("folded",), "新的", "-   折起来\n-   的一段\n+   新的\n"),
    "a line becomes two": (("plain",), "一\n二", "- plain: 一行\n+ plain: |-\n+   一\n+   二\n"),
    "one of a list in brackets": (
        ("short", 1),
        "丁",
        "- short: [甲, \"乙\", '丙']  # 三个\n+ short: [甲, \"丁\", '丙']  # 三个\n",
    ),
    "one more in brackets": (
        ("short",),
        ["甲", "a, b", "乙", "丙"],
        '- short: [甲, "乙", \'丙\']  # 三个\n+ short: [甲, "a, b", "乙", \'丙\']  # 三个\n',
    ),
    "one in braces": (
        ("pair", "days"),
        30,
        "- pair: {days: 20, unit: 工作日}\n+ pair: {days: 30, unit: 工作日}\n",
    ),
    "braces over two lines": (("spread", "note"), "新", "-   note: 说明}\n+   note: 新}\n"),
    "one more in braces": (
        ("pair",),
        {"days": 20, "unit": "工作日", "note": "注"},
        "- pair: {days: 20, unit: 工作日}\n+ pair: {days: 20, unit: 工作日, note: 注}\n",
    ),
    "a row inserted": (
        ("rows",),
        [{"name": "一", "note": "甲"}, {"name": "新", "days": 1}, {"name": "二"}, {"name": "三", "days": 3}],
        "+ - name: 新\n+   days: 1\n",
    ),
    "a row before the first": (
        ("rows",),
        [{"name": "新"}, {"name": "一", "note": "甲"}, {"name": "二"}, {"name": "三", "days": 3}],
        "+ - name: 新\n",
    ),
    "a row taken out": (
        ("rows",),
        [{"name": "一", "note": "甲"}, {"name": "三", "days": 3}],
        "- - name: 二\n",
    ),
    "the first key of a row taken out": (
        ("rows", 2),
        {"days": 3},
        "- - name: 三\n-   days: 3\n+ - days: 3\n",
    ),
    "a key taken out": (("rows", 0), {"name": "一"}, "-   note: 甲\n"),
    "a key put in": (("rows", 1), {"name": "二", "note": "乙"}, "+   note: 乙\n"),
    "a key put first": (
        ("rows", 1),
        {"note": "乙", "name": "二"},
        "- - name: 二\n+ - note: 乙\n+   name: 二\n",
    ),
    "a word put in": (("words",), ["天", "人", "地"], "+     - 人\n"),
    "a list emptied": (("words",), [], "- words:\n-     - 天\n-     - 地\n+ words: []\n"),
    "a list filled": (
        ("empty",),
        [{"name": "一"}],
        "- empty: []\n+ empty:\n+   - name: 一\n",
    ),
    "the last line": (("last",), "末", "- last: 完\n+ last: 末\n"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_each_change_touches_its_own_lines_only(case: str, ending: str) -> None:
    path, new, expected = CASES[case]
    text = TEXT.replace("\n", ending)
    wanted = put(value_of(text), path, new)
    result = changed(text, wanted)
    assert "".join(diff(text, result)) == expected.replace("\n", ending)
    assert trimmed(value_of(result)) == trimmed(wanted)


def test_a_file_without_a_last_line_break_takes_one_more_key() -> None:
    assert changed("a: 1", {"a": 1, "b": "二"}) == "a: 1\nb: 二"


def test_a_key_taken_out_at_the_end() -> None:
    assert changed("a: 1\nb: 二", {"a": 1}) == "a: 1\n"


def test_a_key_with_nothing_in_it_is_filled() -> None:
    assert rewrite("a:   # 空\nb: 1\n", {"a": None, "b": 1}, {"a": "甲", "b": 1}) == "a: 甲   # 空\nb: 1\n"


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters="\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=12,
)
PROSE = st.lists(
    st.one_of(WORDS, st.sampled_from(["- ", ": ", " #", "'", '"', "true", "12", "{", "]", "|", "\n"])),
    min_size=1,
    max_size=5,
)
TEXTS = PROSE.map("".join).map(str.strip).filter(bool)
LEAVES = st.one_of(TEXTS, st.booleans(), st.integers(0, 999))
ROWS = st.dictionaries(st.sampled_from(["name", "note", "days"]), LEAVES, min_size=1)
VALUES = st.fixed_dictionaries(
    {"code": LEAVES},
    optional={
        "plain": LEAVES, "wrapped": LEAVES, "single": LEAVES, "block": LEAVES, "folded": LEAVES,
        "short": st.lists(TEXTS, max_size=4), "pair": ROWS, "spread": ROWS, "rows": st.lists(ROWS, max_size=5),
        "words": st.lists(TEXTS, max_size=4), "empty": st.lists(ROWS, max_size=2), "last": LEAVES, "new": LEAVES,
    },
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_whatever_is_wanted_is_what_the_file_then_says(wanted: dict[str, Any]) -> None:
    assert trimmed(value_of(changed(TEXT, wanted))) == wanted


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_a_whole_document_says_what_it_is_made_of(wanted: dict[str, Any]) -> None:
    text = document(wanted)
    assert value_of(text) == wanted
    assert isinstance(yaml.compose(text), yaml.MappingNode)
