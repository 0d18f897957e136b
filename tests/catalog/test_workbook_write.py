"""The workbook that goes out: what may be typed where, and how the applications are told so."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from catalog.exchange.workbook.package import open_workbook
from catalog.exchange.workbook.read import read
from catalog.exchange.workbook.sheets import SHEETS, Kind
from catalog.exchange.workbook.units import digest, of_catalogue
from catalog.exchange.workbook.write import LONGEST_CELL
from tests.support.catalogue import ALLOWANCE, MINIMAL, Content
from tests.support.workbook import column, exported, opened


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(exported(MINIMAL))


def test_the_sheets_and_their_rows(book: Workbook) -> None:
    assert book.sheetnames == ["说明", "站点", "街道", "事项", "材料", "环节", "依据", "问题", "版本信息"]
    assert [cell.value for cell in book["站点"][1]] == [
        "区划代码",
        "站点名称",
        "网址名",
        "所属街道代码",
        "地址",
        "办公时间",
        "电话",
        "经度",
        "纬度",
        "自助办理",
        "流动服务",
        "帮办代办",
        "建成日期",
    ]
    assert [cell.value for cell in book["站点"][3]] == [
        "990100001001",
        "甲一社区",
        "jia-yi",
        "990100001",
        "样例区甲一路 2 号",
        "周一至周日 9:00—18:00",
        "010-00000101",
        "116.0010",
        "40.0020",
        "否",
        "否",
        "是",
        "2026-07-01",
    ]
    materials = [[cell.value for cell in row[:5]] for row in book["材料"].iter_rows(min_row=3)]
    assert materials[:2] == [
        ["gao-ling-jin-tie", 1, "高龄老年人津贴发放", "居民身份证", "证件证书证明"],
        ["gao-ling-jin-tie", 2, "高龄老年人津贴发放", "代办人身份证", "证件证书证明"],
    ]
    item = book["事项"]
    assert item.cell(3, column("事项", "conditions")).value == "年满 80 周岁\n有样例市户籍"
    assert item.cell(3, column("事项", "duty.advise")).value == "社区站点、街道中心"
    assert item.cell(3, column("事项", "statutory_limit.days")).value == 20
    assert item.cell(3, column("事项", "fee.charged")).value == "否"


def test_the_first_line_of_all_says_that_the_content_is_a_sample(book: Workbook) -> None:
    guide = book["说明"]
    assert book.active is guide
    assert guide["A1"].value == "本网站内容为虚构示例，不能作为办事依据。"


@pytest.mark.parametrize("name", SHEETS)
def test_the_header_is_locked_and_everything_below_is_open(book: Workbook, name: str) -> None:
    sheet, worksheet = SHEETS[name], book[name]
    assert worksheet.protection.sheet
    assert not worksheet.protection.insertRows and not worksheet.protection.deleteRows
    assert worksheet.row_dimensions[2].hidden
    assert worksheet.freeze_panes in ("C3", "D3")
    for number, own in enumerate(sheet.columns, start=1):
        head, cell = worksheet.cell(1, number), worksheet.cell(3, number)
        assert head.protection.locked and worksheet.cell(2, number).protection.locked
        assert worksheet.cell(2, number).value == own.field
        assert head.comment is not None and own.told in head.comment.text
        assert not cell.protection.locked
        expected = "0" if own.kind is Kind.NUMBER else "@"
        letter = get_column_letter(number)
        assert cell.number_format == worksheet.column_dimensions[letter].number_format == expected
        assert not worksheet.column_dimensions[letter].protection.locked
        assert 4 < worksheet.column_dimensions[letter].width <= 60


def rules(book: Workbook, name: str, field: str) -> list[Any]:
    letter = get_column_letter(column(name, field))
    found = book[name].data_validations.dataValidation
    return [rule for rule in found if str(rule.sqref).startswith(f"{letter}3:")]


def test_every_closed_list_has_its_drop_down(book: Workbook) -> None:
    for sheet in SHEETS.values():
        for own in sheet.columns:
            if own.choices or own.kind is Kind.FLAG:
                (rule,) = rules(book, sheet.name, own.field)
                assert rule.type == "list"
                assert rule.formula1 == f'"{",".join(own.choices or ("是", "否"))}"'
                # A longer list is refused by the applications (ECMA-376, 18.3.1.33).
                assert len(rule.formula1) <= 257
                assert rule.showErrorMessage is not bool(own.separator)
    (street,) = rules(book, "站点", "street")
    assert street.formula1 == "'街道'!$A$3:$A$20000"
    (days,) = rules(book, "事项", "promised_limit.days")
    assert (days.type, days.operator, days.formula1) == ("whole", "greaterThanOrEqual", "0")


def test_the_hidden_sheet_tells_what_the_workbook_was_made_from(book: Workbook, content: Content) -> None:
    hidden = book["版本信息"]
    assert hidden.sheet_state == "hidden"
    rows = [[cell.value for cell in row] for row in hidden.iter_rows()]
    catalogue = content.load().catalogue
    assert catalogue is not None
    units = of_catalogue(catalogue)
    assert rows[0][:2] == ["格式", "1"]
    assert rows[1:] == [[*key, digest(unit)] for key, unit in units.items()]
    content.edit("stations.csv", "010-00000101", "010-00000109")
    other = [cell.value for cell in opened(exported(content.root))["版本信息"][1]]
    assert other[2] != rows[0][2]


def test_the_same_catalogue_is_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = exported(MINIMAL)
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert exported(MINIMAL) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in package.read("docProps/core.xml")


@pytest.mark.parametrize(
    "text", ["=1+1", "_x0041_", "'单引号开头", "a\n\nb", "<b>&amp;", "+86", "@甲", "1E5"]
)
def test_any_text_comes_back_as_it_went(content: Content, text: str) -> None:
    content.edit(ALLOWANCE, "name: 居民身份证", f"name: {json.dumps(text, ensure_ascii=False)}")
    result = read(open_workbook(exported(content.root)))
    assert result.faults == []
    lines = result.units["事项", "gao-ling-jin-tie"].parts["materials"]
    assert lines[0].cells["materials.name"] == text


def test_what_is_too_long_for_a_cell_is_left_out_and_said_so(content: Content) -> None:
    content.edit(ALLOWANCE, "当面出示", "当面出示" + "长" * LONGEST_CELL)
    data = exported(content.root)
    result = read(open_workbook(data))
    assert ("事项", "gao-ling-jin-tie") not in result.units
    assert ("事项", "gao-ling-jin-tie") not in result.base
    guide = [row[0].value for row in opened(data)["说明"].iter_rows()]
    assert guide[-1] == "内容太长、没有列入表格的：高龄老年人津贴发放（gao-ling-jin-tie）。"
