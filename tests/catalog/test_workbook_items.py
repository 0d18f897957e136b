"""Items and their parts that an editor changed, added and took out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content
from tests.support.workbook import Desk, Place, column, exported, opened, row_of


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


def test_one_changed_value_is_a_change_of_one_line(desk: Desk) -> None:
    desk.type({("事项", 3, "promised_limit.days"): 10})
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "修改 事项 高龄老年人津贴发放（gao-ling-jin-tie） 承诺办结时限·天数：“15” → “10”",
        "共 1 处修改：新增 0 处，修改 1 处，停用 0 处。",
        f"已写入 1 个文件：{ALLOWANCE}。",
    ]
    line = "promised_limit: {days: %d, unit: 工作日, note: 公示时间不计算在内}"
    assert desk.diff() == [f"{ALLOWANCE} -{line % 15}", f"{ALLOWANCE} +{line % 10}"]
    desk.file.write_bytes(exported(desk.content.root))
    assert desk.bring().stdout == "没有修改。\n"


def test_an_item_whose_row_is_gone_is_cancelled_and_kept(content: Content, tmp_path: Path) -> None:
    content.edit(REGISTRATION, "theme: 就业", "theme: 养老")
    desk = Desk(content, tmp_path)

    def clear(book: Workbook) -> None:
        for cell in book["事项"][3]:
            cell.value = None

    desk.change(clear)
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[0] == "停用 事项 高龄老年人津贴发放（gao-ling-jin-tie）"
    assert desk.diff() == [f"{ALLOWANCE} +state: 取消"]
    assert desk.bring("--yes").stdout == "没有修改。\n"


def test_parts_are_added_changed_and_taken_out(desk: Desk) -> None:
    data = desk.file.read_bytes()
    last = row_of(data, "材料", "materials.name", "代办人身份证")
    blank = opened(data)["材料"].max_row + 1
    new = {"item": "gao-ling-jin-tie", "number": 3, "materials.name": "银行卡", "materials.type": "其他"}
    new |= {"materials.necessity": "必要", "materials.source": "申请人自备", "materials.form": "纸质"}
    new |= {"materials.originals": 0, "materials.copies": 1}
    cells: dict[Place, Any] = {("材料", blank, field): value for field, value in new.items()}
    cells |= {
        ("材料", last, "materials.note"): None,
        ("问题", 3, "questions.answer"): "可以。\n带上*身份证*: 原件",
    }
    desk.type(cells)
    result = desk.bring("--yes")
    item = "高龄老年人津贴发放（gao-ling-jin-tie）"
    assert result.stdout.splitlines()[:4] == [
        f"修改 材料 {item} “代办人身份证”的材料说明：“代办人当面出示” → 空白",
        f"新增 材料 {item} “银行卡”",
        f"修改 问题 {item} “可以请人代办吗？”的答案：“可以，代办人带上**本人身份证**。” → “可以。／带上*身份证*: 原件”",
        "共 3 处修改：新增 1 处，修改 2 处，停用 0 处。",
    ]
    assert [line.removeprefix(f"{ALLOWANCE} ") for line in desk.diff()] == [
        "-    note: 代办人当面出示",
        "+  - name: 银行卡",
        "+    type: 其他",
        "+    necessity: 必要",
        "+    source: 申请人自备",
        "+    form: 纸质",
        "+    originals: 0",
        "+    copies: 1",
        "-    answer: 可以，代办人带上**本人身份证**。",
        "+    answer: |-",
        "+      可以。",
        "+      带上*身份证*: 原件",
    ]


def test_a_part_whose_row_is_gone_is_taken_out(desk: Desk) -> None:
    desk.change(lambda book: book["材料"].delete_rows(3))
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[0] == "停用 材料 高龄老年人津贴发放（gao-ling-jin-tie） “居民身份证”"
    assert len(desk.diff()) == 7 and all(" -" in line for line in desk.diff())


def test_groups_and_lists_of_an_item(desk: Desk) -> None:
    cells: dict[Place, Any] = {
        ("事项", 3, "online.depth"): "Ⅰ级",
        ("事项", 3, "online.url"): "https://ban.example.com/a",
        ("事项", 3, "effective"): datetime(2026, 1, 1),
        ("事项", 3, "aliases"): "老年津贴、高龄钱",
        ("事项", 3, "conditions"): "年满 80 周岁\n有样例市户籍\n本人: 申请",
        ("事项", 3, "duty.advise"): "街道中心",
        ("事项", 3, "promised_limit.note"): None,
        ("事项", 3, "express"): "是",
    }
    desk.type(cells)
    assert desk.bring("--yes").returncode == 0
    assert [line.removeprefix(f"{ALLOWANCE} ") for line in desk.diff()] == [
        "-aliases: [老年津贴, 八十岁补贴]",
        "+aliases: [老年津贴, 高龄钱]",
        "+online:",
        "+  depth: I级",
        "+  url: https://ban.example.com/a",
        "+express: true",
        '+  - "本人: 申请"',
        "-promised_limit: {days: 15, unit: 工作日, note: 公示时间不计算在内}",
        "+promised_limit: {days: 15, unit: 工作日}",
        "-  advise: [社区站点, 街道中心]",
        "+  advise: [街道中心]",
        '+effective: "2026-01-01"',
    ]
    desk.file.write_bytes(exported(desk.content.root))
    desk.type({("事项", 3, "online.depth"): None, ("事项", 3, "online.url"): None})
    assert desk.bring("--yes").returncode == 0
    assert "online" not in (desk.content.root / ALLOWANCE).read_text("utf-8")


def copy_item(book: Workbook) -> None:
    """A new item like the first, with another name and code, and its parts."""
    for sheet in book.worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        if sheet.title in ("事项", "材料", "环节", "依据", "问题"):
            for row in [row for row in rows if row[0] == "gao-ling-jin-tie"]:
                sheet.append(["chang-shou-jin", *row[1:]])
    last = book["事项"].max_row
    own = {"name": "长寿金发放", "plain_name": "长寿金", "aliases": "百岁金", "code": "000500010009"}
    for field, value in own.items():
        book["事项"].cell(last, column("事项", field), value)


def test_a_new_item_is_a_new_file_that_passes_the_check(desk: Desk) -> None:
    desk.change(copy_item)
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[0] == "新增 事项 长寿金发放（chang-shou-jin）"
    assert result.returncode == 0
    made = desk.content.load()
    items = {entry.record.slug: entry.record for entry in made.items}
    new, like = items["chang-shou-jin"], items["gao-ling-jin-tie"]
    assert (new.name, new.aliases, new.code) == ("长寿金发放", ("百岁金",), "000500010009")
    same = {"name", "plain_name", "aliases", "code", "slug"}
    assert new.model_dump(exclude=same) == like.model_dump(exclude=same)
    text = (desk.content.root / "items/chang-shou-jin.yaml").read_text("utf-8")
    assert text.startswith('code: "000500010009"\nslug: chang-shou-jin\nname: 长寿金发放\n')
    assert "state:" not in text and "  - name: 居民身份证\n    type: 证件证书证明\n" in text
