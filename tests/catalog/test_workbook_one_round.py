"""All faults of a workbook in one round: those of its cells, those of the rules, and none that only follow."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from catalog.exchange.workbook.proposal import INCOMPLETE, propose
from catalog.exchange.workbook.read import Fault
from catalog.exchange.workbook.sheets import SHEETS
from tests.catalog.test_workbook_changes import catalogue_of, judge
from tests.catalog.test_workbook_items import copy_item
from tests.support.catalogue import MINIMAL, Content
from tests.support.workbook import Desk, Place, changed, column, exported, typed

DATA = exported(MINIMAL)
FORMULA = "=SUM(A1)"


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


def faults(data: bytes) -> list[Fault]:
    return list(propose(MINIMAL, catalogue_of(MINIMAL), data, judge).faults)


def told(data: bytes) -> list[tuple[str, int, str]]:
    """Sheet, row and field of each fault."""
    return [
        (fault.sheet, fault.row, SHEETS[fault.sheet].columns[fault.column - 1].field if fault.column else "")
        for fault in faults(data)
    ]


def test_cells_and_rules_are_told_in_one_round(desk: Desk) -> None:
    cells: dict[Place, Any] = {
        ("站点", 3, "phone"): FORMULA,  # cannot be read
        ("站点", 3, "name"): "甲" * 121,  # the same row, too long
        ("站点", 4, "code"): "990100109201",  # a rule: not of its street
        ("街道", 3, "body"): "无此机构",  # a rule: no such body
        ("材料", 3, "materials.copies"): "两份",  # cannot be read
        ("材料", 4, "materials.originals"): 21,  # the same item, too many
        ("事项", 4, "visits"): 0,
        ("事项", 4, "promised_limit.days"): 3,  # a rule: done at once
    }
    desk.type(cells)
    result = desk.bring("--yes")
    assert result.returncode == 1 and desk.diff() == []
    lines = result.stdout.splitlines()
    assert lines[-2] == INCOMPLETE
    assert lines[-1].startswith(f"发现 {len(lines) - 2} 处问题，未导入任何内容。")
    assert told(desk.file.read_bytes()) == [
        ("站点", 3, "name"),
        ("站点", 3, "phone"),
        ("站点", 4, "code"),
        ("街道", 3, "body"),
        ("事项", 4, "promised_limit.days"),
        ("材料", 3, "materials.copies"),
        ("材料", 4, "materials.originals"),
    ]
    listed = load_workbook(desk.file.with_name("目录-问题.xlsx"))["问题清单"]
    rows = [[cell.value for cell in row] for row in listed.iter_rows(min_row=2)]
    assert len(rows) == len(lines) - 1 and rows[-1] == [None, None, None, INCOMPLETE]


def test_where_all_was_checked_no_more_is_announced(desk: Desk) -> None:
    desk.type({("事项", 3, "promised_limit.days"): 99, ("站点", 3, "phone"): "12345"})
    result = desk.bring("--yes")
    assert result.returncode == 1 and INCOMPLETE not in result.stdout
    listed = load_workbook(desk.file.with_name("目录-问题.xlsx"))["问题清单"]
    assert listed.max_row == 3


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_cell_that_cannot_be_read_is_one_fault_and_nothing_follows(sheet: str) -> None:
    for own in SHEETS[sheet].columns:
        if own.field != "item_name":
            data = typed(DATA, {(sheet, 3, own.field): FORMULA})
            assert told(data) == [(sheet, 3, own.field)], own.field


@pytest.mark.parametrize(
    ("sheet", "row", "field"),
    [(sheet, 3, own.field) for sheet in SHEETS for own in SHEETS[sheet].columns if own.required],
)
def test_a_cell_that_was_emptied_is_one_fault_and_nothing_follows(sheet: str, row: int, field: str) -> None:
    assert told(typed(DATA, {(sheet, row, field): None})) == [(sheet, row, field)]


def new_street(book: Workbook) -> None:
    """A street with a station, of which the street's telephone is missing."""
    street = ["990100003", "丙街道", "bing-street", "街道", "丙中心", "丙路", "周一 9:00—17:00", None]
    book["街道"].append([*street, "010-00000032", "区民政局", "116.0000", "40.0000"])
    book["站点"].append(
        [
            *("990100003001", "丙社区", "bing-yi", "990100003", "丙路", "周一 9:00—17:00", "010-00000301"),
            *("116.0000", "40.0000", "否", "否", "是", "2026-07-01"),
        ]
    )


def test_who_refers_to_a_faulty_row_is_not_told_of_it() -> None:
    assert told(changed(DATA, new_street)) == [("街道", 5, "phone")]


def test_who_refers_to_a_faulty_new_item_is_not_told_of_it() -> None:
    def spoil(book: Workbook) -> None:
        copy_item(book)
        last = book["事项"].max_row
        book["事项"].cell(last, column("事项", "theme"), FORMULA)
        book["事项"].cell(4, column("事项", "related"), "chang-shou-jin")

    assert told(changed(DATA, spoil)) == [("事项", 5, "theme")]


def test_a_name_that_went_to_another_row_is_no_fault_where_the_first_cannot_be_read() -> None:
    cells: dict[Place, Any] = {("事项", 3, "aliases"): FORMULA, ("事项", 4, "aliases"): "老年津贴"}
    assert told(typed(DATA, cells)) == [("事项", 3, "aliases")]


def test_a_new_item_without_slug_is_told_once_and_other_cells_are_checked() -> None:
    def spoil(book: Workbook) -> None:
        copy_item(book)
        book["事项"].cell(book["事项"].max_row, column("事项", "slug")).value = None
        book["站点"].cell(3, column("站点", "phone"), "12345")

    data = changed(DATA, spoil)
    assert told(data) == [("站点", 3, "phone"), ("事项", 5, "slug")]
    assert faults(data)[-1].remark == INCOMPLETE


def test_a_material_without_number_is_told_once_and_its_cells_are_checked() -> None:
    cells: dict[Place, Any] = {("材料", 3, "number"): None, ("材料", 3, "materials.copies"): 21}
    assert told(typed(DATA, cells)) == [("材料", 3, "number"), ("材料", 3, "materials.copies")]


def test_a_step_that_names_no_item_is_told_and_nothing_is_said_of_too_few_steps() -> None:
    data = typed(DATA, {("环节", 3, "item"): "gao-ling-jintie"})
    assert told(data) == [("环节", 3, "item")]
    words = "“事项”表中没有网址名为 gao-ling-jintie 的事项，最接近的是 gao-ling-jin-tie。"
    assert faults(data)[0].message == words


def test_a_code_that_stands_twice_retires_nobody() -> None:
    assert told(typed(DATA, {("站点", 4, "code"): "990100001001"})) == [("站点", 4, "code")]


@pytest.mark.parametrize(
    "slug", ["../district", "../x", "a/b", "/tmp/x", "Gao", "a_b", "gao.yaml", "a" * 61, "高龄", "a\nb"]
)
def test_a_slug_that_is_none_never_becomes_a_file(desk: Desk, slug: str) -> None:
    def add(book: Workbook) -> None:
        copy_item(book)
        for sheet in book.worksheets:
            for row in sheet.iter_rows(min_row=3, max_col=1):
                if row[0].value == "chang-shou-jin":
                    row[0].value = slug

    desk.change(add)
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("“事项”表 A5 格：网址名应")
    assert desk.diff() == []


def test_an_item_of_another_slug_is_refused_in_words(desk: Desk) -> None:
    desk.type({("事项", 3, "slug"): "gao-ling"})
    result = desk.bring("--yes")
    assert result.returncode == 1
    assert result.stdout.splitlines()[:2] == [
        "“事项”表 A3 格：事项的网址名不能在表格里改，它是办事指南的网址。请改回 gao-ling-jin-tie；"
        "如果是新增的事项，请换一个没有用过的基本编码。",
        INCOMPLETE,
    ]
    desk.change(follow)
    assert desk.bring("--yes").stdout.splitlines()[:2] == result.stdout.splitlines()[:2]


def follow(book: Workbook) -> None:
    """The parts go with their item's new slug."""
    for sheet in ("材料", "环节", "依据", "问题"):
        for row in book[sheet].iter_rows(min_row=3, max_col=1):
            if row[0].value == "gao-ling-jin-tie":
                row[0].value = "gao-ling"
