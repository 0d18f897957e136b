"""A faulty workbook comes back marked, and nothing is changed."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog.exchange.workbook.proposal import INCOMPLETE
from tests.support.catalogue import Content
from tests.support.workbook import RED, Desk, Place, column, opened, row_of


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


def test_a_faulty_workbook_comes_back_marked_and_nothing_is_changed(desk: Desk) -> None:
    cells: dict[Place, Any] = {
        ("站点", 3, "phone"): 1000000101,
        ("站点", 4, "street"): "990100999",
        ("事项", 3, "promised_limit.days"): 99,
        ("材料", 3, "materials.copies"): "两份",
        ("材料", 4, "materials.copies"): 21,
        ("事项", 4, "visits"): 0,
        ("街道", 3, "hours"): "周一 8:00—17:00",
    }
    desk.type(cells)
    original = desk.file.read_bytes()
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (1, "")
    assert desk.diff() == [] and desk.file.read_bytes() == original
    copy = desk.file.with_name("目录-问题.xlsx")
    lines = result.stdout.splitlines()
    assert lines[-2] == INCOMPLETE
    assert lines[-1] == f"发现 {len(lines) - 2} 处问题，未导入任何内容。有问题的单元格已在 {copy} 中标红。"
    book = load_workbook(copy)
    listed = [[cell.value for cell in row] for row in book["问题清单"].iter_rows()]
    assert listed[0] == ["表", "行", "列", "问题"] and len(listed) == len(lines)
    assert book.active is book["问题清单"]
    assert listed[-1] == [None, None, None, INCOMPLETE]
    for sheet, row, letter, message in listed[1:-1]:
        cell = book[str(sheet)][f"{letter}{row}"]
        assert f"“{sheet}”表 {letter}{row} 格：{message}" in lines
        assert cell.fill.fgColor.rgb == RED and cell.comment is not None
        assert str(message) in cell.comment.text
    red = {
        (sheet.title, cell.row, sheet.cell(2, cell.column or 0).value)
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if cell.fill.fgColor.rgb == RED
    }
    assert red >= {
        ("站点", 3, "phone"),
        ("站点", 4, "street"),
        ("材料", 3, "materials.copies"),
    }
    assert ("街道", 3, "hours") not in red


@pytest.mark.parametrize(
    ("cells", "place", "words"),
    [
        (
            {("事项", 3, "promised_limit.days"): 99},
            ("事项", 3, "promised_limit.days"),
            "应不超过法定的 20 个工作日",
        ),
        ({("事项", 3, "slug"): "Gao"}, ("事项", 3, "slug"), "小写拼音"),
        ({("材料", 4, "materials.copies"): 21}, ("材料", 4, "materials.copies"), "应为不大于 20 的整数"),
        (
            {("材料", 3, "materials.originals"): 0, ("材料", 3, "materials.copies"): 0},
            ("材料", 3, "materials.name"),
            "originals 与 copies 不能都是 0",
        ),
        ({("站点", 3, "phone"): "12345"}, ("站点", 3, "phone"), "应为带区号的电话号码"),
        (
            {("站点", 3, "code"): "990100001009", ("站点", 4, "code"): "990100001009"},
            ("站点", 4, "code"),
            "重复",
        ),
        ({("街道", 3, "body"): "无此机构"}, ("街道", 3, "body"), "bodies.yaml 中没有名为“无此机构”"),
        ({("事项", 3, "online.url"): "https://a.example"}, ("事项", 3, "online.url"), "缺少 depth"),
        ({("事项", 3, "related"): "wu-ci-shi"}, ("事项", 3, "related"), "没有网址名为 wu-ci-shi 的事项"),
        (
            {("问题", 3, "questions.answer"): "见[这里](ftp://a)"},
            ("问题", 3, "questions.answer"),
            "链接 ftp://a",
        ),
        (
            {("站点", 4, "slug"): "jia-yi", ("站点", 4, "street"): "990100001"},
            ("站点", 4, "slug"),
            "与“站点”表第 3 行重复",
        ),
        ({("事项", 4, "aliases"): "老年津贴"}, ("事项", 4, "aliases"), "与“事项”表第 3 行的名称或别名重复"),
        ({("街道", 4, "body"): "甲街道办事处"}, ("街道", 4, "body"), "已是“街道”表第 3 行的街道所用"),
        ({("依据", 3, "legal_basis.gist"): None}, ("依据", 3, "legal_basis.gist"), "应填写内容摘要。"),
    ],
)
def test_each_rule_is_told_at_the_cell_that_breaks_it(
    desk: Desk, cells: dict[Place, Any], place: Place, words: str
) -> None:
    desk.type(cells)
    assert desk.bring("--yes").returncode == 1
    book = load_workbook(desk.file.with_name("目录-问题.xlsx"))
    comment = book[place[0]].cell(place[1], column(place[0], place[2])).comment
    assert comment is not None and words in comment.text
    assert desk.diff() == []


def test_a_marked_workbook_once_mended_is_taken_and_its_marks_go(desk: Desk) -> None:
    desk.type({("站点", 3, "phone"): "12345", ("站点", 4, "phone"): "123"})
    assert desk.bring().returncode == 1
    desk.file = desk.file.with_name("目录-问题.xlsx")
    desk.type({("站点", 3, "phone"): "010-00000777"})
    assert desk.bring("--yes").returncode == 1
    desk.file = desk.file.with_name("目录-问题2.xlsx")
    book = opened(desk.file.read_bytes())
    assert book["站点"]["G3"].comment is None and book["站点"]["G3"].fill.fgColor.rgb != RED
    assert book["站点"]["G4"].comment is not None
    assert book.sheetnames.count("问题清单") == 1
    desk.type({("站点", 4, "phone"): "010-00000778"})
    assert desk.bring("--yes").returncode == 0
    assert len(desk.diff()) == 4


def test_several_faults_of_one_cell_stand_in_one_comment(desk: Desk) -> None:
    desk.type({("站点", 3, "phone"): "010-00000011", ("站点", 3, "street"): "990100102"})
    desk.content.edit("stations.csv", "jia-yi", "jia-yi")
    desk.type({("事项", 3, "name"): "就业登记", ("事项", 3, "plain_name"): "登记就业"})
    desk.type({("事项", 3, "conditions"): "其他有关材料\n其他条件"})
    assert desk.bring().returncode == 1
    book = load_workbook(desk.file.with_name("目录-问题.xlsx"))
    comment = book["事项"].cell(3, column("事项", "conditions")).comment
    assert comment is not None and len(comment.text.split("\n")) == 2


def test_what_breaks_outside_the_workbook_is_told_without_a_cell(desk: Desk) -> None:
    row = row_of(desk.file.read_bytes(), "站点", "code", "990100102201")
    desk.change(lambda book: book["站点"].delete_rows(row))
    result = desk.bring("--yes")
    assert result.returncode == 1
    assert result.stdout.startswith("改动会使表格以外的内容出错：streets/yi-township.yaml:")
    assert desk.diff() == []
