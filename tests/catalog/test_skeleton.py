"""A new item's file: what is to be filled in, what is said of it, and that it is an item once it is filled in."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from build import main
from catalog.elements import ELEMENTS
from catalog.item import ServiceItem
from catalog.load import load
from catalog.skeleton import item
from catalog.terms import Audience, Theme
from tests.support.catalogue import Content
from tests.support.site import CONTENT

DAY = date(2026, 11, 24)
SKELETON = item("xin-shixiang", DAY)
FILE = "items/xin-shixiang.yaml"
_FIELD = re.compile(r"(?P<mark>#?)(?P<indent> *)(?P<dash>- )?(?P<name>[a-z_]+):")
ITEMS = sorted(
    path.stem for path in (CONTENT / "items").glob("*.yaml") if "materials: []" not in path.read_text("utf-8")
)


def fields() -> list[tuple[int, bool, tuple[int | str, ...]]]:
    """Line, whether it must be filled in, and path of every field in the skeleton."""
    found = []
    open_at: list[tuple[int, int | str]] = []
    numbers: dict[tuple[int | str, ...], int] = {}
    for line, text in enumerate(SKELETON.splitlines(), start=1):
        told = _FIELD.match(text)
        if told is None:
            continue
        indent = len(told["indent"])
        open_at = [each for each in open_at if each[0] < indent]
        parent = tuple(name for _, name in open_at)
        if told["dash"]:
            numbers[parent] = numbers.get(parent, -1) + 1
            open_at.append((indent, numbers[parent]))
            parent = (*parent, numbers[parent])
        open_at.append((indent + (2 if told["dash"] else 0), told["name"]))
        found.append((line, not told["mark"], (*parent, told["name"])))
    return found


def filled(item: dict[str, Any]) -> str:
    """The skeleton with the values of an item, as an editor fills it in: what the item lacks stays as it is."""
    lines = SKELETON.splitlines()
    for number, _, path in fields():
        value: Any = item
        for part in path:
            inner = isinstance(value, list) and isinstance(part, int) and part < len(value)
            value = value[part] if inner or (isinstance(value, dict) and part in value) else None
        if value is None:
            continue
        line = lines[number - 1].removeprefix("#").partition(":")[0]
        is_group = isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict))
        lines[number - 1] = f"{line}:" if is_group else f"{line}: {json.dumps(value, ensure_ascii=False)}"
    return "\n".join(line for line in lines if line.strip() != "-") + "\n"


def test_every_field_is_there_in_order_with_its_name_and_how_to_write_it() -> None:
    paths = [".".join(part for part in path if isinstance(part, str)) for _, _, path in fields()]
    assert list(dict.fromkeys(paths)) == list(ELEMENTS[ServiceItem])
    lines = SKELETON.splitlines()
    told = {path[0]: number for number, _, path in reversed(fields())}
    for name, number in told.items():
        above = "\n".join(lines[max(0, number - 6) : number - 1])
        assert f"# {ELEMENTS[ServiceItem][str(name)]}" in above


def test_closed_lists_have_their_words_and_defaults_are_told() -> None:
    assert f"#   选一个：{'、'.join(each.value for each in Theme)}\ntheme:\n" in SKELETON
    assert f"#   可以选几个：{'、'.join(each.value for each in Audience)}\naudience: []\n" in SKELETON
    assert "# 事项状态（不写就是“在用”）：" in SKELETON and "\n#state: 在用\n" in SKELETON
    assert "\n#channels: [窗口办理]\n" in SKELETON and "\n#express: false\n" in SKELETON
    assert "\nslug: xin-shixiang\n" in SKELETON and '\nupdated: "2026-11-24"\n' in SKELETON
    assert max(map(len, SKELETON.splitlines())) < 80


def test_all_that_is_empty_is_a_fault_at_its_line_and_nothing_else_is(content: Content) -> None:
    content.write(FILE, SKELETON)
    text = SKELETON.splitlines()
    empty = {
        number
        for number, line in enumerate(text, start=1)
        if not line.startswith("#") and line.endswith(("[]", "-"))
    }
    groups = {path[:-1] for _, _, path in fields()} | {path[:-2] for _, _, path in fields()}
    for number, is_needed, path in fields():
        if is_needed and text[number - 1].endswith(":") and path not in groups and path != ("conditions",):
            empty.add(number)
    faults = content.faults()
    assert {int(fault.split(":")[1]) for fault in faults} == empty
    assert all(
        fault.startswith(f"{FILE}:") and fault.endswith(("现在是空白。", "现在是空列表。"))
        for fault in faults
    )
    assert len(faults) == len(empty) > 30


@pytest.mark.parametrize("slug", ITEMS)
def test_filled_in_it_is_the_item(slug: str, tmp_path: Path) -> None:
    written = yaml.safe_load((CONTENT / "items" / f"{slug}.yaml").read_text("utf-8"))
    for name, count in (("materials", 1), ("steps", 2), ("legal_basis", 1), ("questions", 1)):
        written[name] = written[name][:count]
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / f"{slug}.yaml").write_text(filled(written), "utf-8")
    (entry,) = load(tmp_path).items
    assert entry.record == ServiceItem.model_validate(written)


def test_the_command_writes_it_and_says_what_comes_next(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "item", "xin-shixiang", "--content", str(content.root)]) == 0
    path = content.root / FILE
    said = capsys.readouterr()
    assert said.err == "" and said.out.startswith(f"已写出 {path}。接下来：\n1. ")
    assert "district.yaml 的 items" in said.out and "build.py preview" in said.out
    begun = re.search(r'updated: "(\S+)"', path.read_text("utf-8"))
    assert begun is not None
    assert path.read_text("utf-8") == item("xin-shixiang", date.fromisoformat(begun[1]))


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        (
            "Gaoling",
            "网址名应是小写拼音、数字和连字符，不超过 60 个字符，例如 gaoling-jintie，现在是 Gaoling。没有写入。\n",
        ),
        ("a" * 61, f"不超过 60 个字符，例如 gaoling-jintie，现在是 {'a' * 61}。没有写入。\n"),
        ("../x", "现在是 ../x。没有写入。\n"),
        ("gaoling\n", "现在是 gaoling\n。没有写入。\n"),
        ("gao-ling-jin-tie", "gao-ling-jin-tie.yaml。请换一个网址名，或直接修改它。没有写入。\n"),
        ("hou-lai", "hou-lai@2027-01-01.yaml。请换一个网址名，或直接修改它。没有写入。\n"),
    ],
)
def test_a_faulty_or_taken_slug_is_refused_and_nothing_is_written(
    content: Content, slug: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content.write("items/hou-lai@2027-01-01.yaml", "")
    before = sorted(path.read_bytes() for path in content.root.rglob("*.*"))
    assert main(["new", "item", slug, "--content", str(content.root)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.endswith(expected)
    assert sorted(path.read_bytes() for path in content.root.rglob("*.*")) == before


def test_what_is_no_content_directory_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "none"
    assert main(["new", "item", "xin-shixiang", "--content", str(root)]) == 2
    assert capsys.readouterr().err == f"{root} 不是内容目录，里面没有 items。没有写入。\n"
    assert not root.exists()
