"""A workbook that came back spoilt: each fault at its cell, in words that say what to do."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from catalog.exchange.workbook import package
from catalog.exchange.workbook.package import WorkbookError, open_workbook
from catalog.exchange.workbook.read import Read, in_order, read
from catalog.exchange.workbook.units import of_catalogue
from catalog.load import load
from tests.support.catalogue import MINIMAL
from tests.support.workbook import Place, changed, column, exported, typed

DATA = exported(MINIMAL)
ITEM = ("事项", "gao-ling-jin-tie")


def came(data: bytes) -> Read:
    return read(open_workbook(data))


def told(result: Read) -> list[tuple[str, int, int, str]]:
    return [(fault.sheet, fault.row, fault.column, fault.message) for fault in in_order(result.faults)]


def test_what_went_out_comes_back() -> None:
    result = came(DATA)
    catalogue = load(MINIMAL).catalogue
    assert catalogue is not None
    assert (result.faults, result.broken, result.keyless) == ([], set(), False)
    assert result.units == of_catalogue(catalogue)


@pytest.mark.parametrize(
    ("sheet", "field", "value", "text"),
    [
        ("站点", "code", 990100001001, "990100001001"),
        ("站点", "street", 990100001.0, "990100001"),
        ("站点", "name", 12, "12"),
        ("站点", "address", 1.5, "1.5"),
        ("事项", "effective", datetime(2026, 1, 1), "2026-01-01"),
        ("事项", "effective", date(2026, 1, 1), "2026-01-01"),
        ("事项", "visits", 2.0, "2"),
        ("事项", "visits", "２", "2"),
        ("事项", "express", True, "是"),
        ("事项", "express", False, "否"),
        ("事项", "summary", "  =不是公式 ", "=不是公式"),
    ],
)
def test_what_a_spreadsheet_made_of_it_is_turned_back(sheet: str, field: str, value: Any, text: str) -> None:
    result = came(typed(DATA, {(sheet, 3, field): value}))
    assert result.faults == []
    first = next(unit for unit in result.units.values() if unit.sheet.name == sheet)
    assert first.line.cells[field] == text


ZEROS = "开头的 0 或连字符可能丢了。"
AGAIN = "请设为文本格式，重新填写。"
DATED = "请把单元格设为文本格式，重新填写。"


@pytest.mark.parametrize(
    ("sheet", "field", "value", "message"),
    [
        (
            "站点",
            "phone",
            1000000101,
            f"表格软件把这一格变成了数字 1000000101，{ZEROS}应为带区号的电话号码，例如 010-00000000，{AGAIN}",
        ),
        ("站点", "street", 90100001, f"表格软件把这一格变成了数字 90100001，{ZEROS}应为9 位数字，{AGAIN}"),
        ("事项", "local_code", 1.1e30, f"表格软件把这一格变成了数字 1.1e+30，末几位已经丢了。{AGAIN}"),
        ("站点", "hours", time(9, 30), f"表格软件把这一格变成了日期或时间（09:30:00）。{DATED}"),
        (
            "站点",
            "address",
            date(2026, 1, 2),
            f"表格软件把这一格变成了日期或时间（2026-01-02 00:00:00）。{DATED}",
        ),
        (
            "事项",
            "effective",
            datetime(2026, 1, 1, 9),
            f"表格软件把这一格变成了日期或时间（2026-01-01 09:00:00）。{DATED}",
        ),
        ("事项", "name", "=SUM(A1)", "这一格是公式，应为内容本身。请复制这一格，再“选择性粘贴”为数值。"),
        (
            "事项",
            "name",
            ArrayFormula("B3", "=A1:A2"),
            "这一格是公式，应为内容本身。请复制这一格，再“选择性粘贴”为数值。",
        ),
        ("事项", "visits", 1.5, "到办事现场次数应为整数，现在是“1.5”。"),
        ("事项", "visits", -1, "到办事现场次数应为整数，现在是“-1”。"),
        ("事项", "theme", None, "应填写领域。"),
        ("事项", "theme", " 　", "应填写领域。"),
        ("材料", "materials.form", "纸", "材料形式应为“纸质”、“电子化”、“纸质或电子化”之一，现在是“纸”。"),
    ],
)
def test_each_faulty_cell_is_told(sheet: str, field: str, value: Any, message: str) -> None:
    result = came(typed(DATA, {(sheet, 3, field): value}))
    assert told(result) == [(sheet, 3, column(sheet, field), message)]
    assert len(result.broken) == 1 and not result.keyless


def test_an_error_value_is_told() -> None:
    def spoil(book: Workbook) -> None:
        book["事项"]["B3"].value = "#N/A"
        assert book["事项"]["B3"].data_type == "e"

    assert told(came(changed(DATA, spoil))) == [("事项", 3, 2, "这一格是表格软件的错误值 #N/A，请重新填写。")]


def test_all_faults_are_told_at_once_in_their_order() -> None:
    cells: dict[Place, Any] = {("问题", 3, "number"): "一", ("街道", 3, "kind"): "乡"}
    cells |= {("站点", 4, "name"): None, ("站点", 3, "name"): None}
    result = came(typed(DATA, cells))
    assert [fault[:3] for fault in told(result)] == [
        ("站点", 3, 2),
        ("站点", 4, 2),
        ("街道", 3, 4),
        ("问题", 3, 2),
    ]
    assert result.broken == {
        ("站点", "990100001001"),
        ("站点", "990100102201"),
        ("街道", "990100001"),
        ITEM,
    }


def test_keys_that_stand_twice() -> None:
    cells = {
        ("站点", 4, "code"): "990100001001",
        ("材料", 4, "number"): 1,
    }
    result = came(typed(DATA, cells))
    assert told(result) == [
        ("站点", 4, 1, "区划代码“990100001001”与第 3 行重复，应各不相同。"),
        ("材料", 4, 2, "这个事项的序号 1 与第 3 行重复，应各不相同。"),
    ]
    assert result.keyless


def test_a_part_of_no_item() -> None:
    result = came(typed(DATA, {("材料", 3, "item"): "wu-ci-shi"}))
    assert told(result) == [("材料", 3, 1, "“事项”表中没有网址名为 wu-ci-shi 的事项。")]


def test_the_parts_of_an_item_whose_row_is_gone_are_no_fault() -> None:
    result = came(changed(DATA, lambda book: book["事项"].delete_rows(3)))
    assert result.faults == []
    assert ITEM not in result.units and ITEM in result.base


def test_a_number_decides_the_order_and_may_leave_gaps() -> None:
    result = came(typed(DATA, {("材料", 3, "number"): 9}))
    names = [line.cells["materials.name"] for line in result.units[ITEM].parts["materials"]]
    assert names == ["代办人身份证", "居民身份证"]


def test_blank_rows_and_rows_with_nothing_but_the_name_are_none() -> None:
    def spread(book: Workbook) -> None:
        book["站点"].insert_rows(4)
        book["站点"]["B9"].value = "  "
        book["材料"].cell(50, column("材料", "item_name")).value = "高龄老年人津贴发放"

    result = came(changed(DATA, spread))
    assert result.faults == []
    assert result.units == came(DATA).units


def test_merged_cells_and_what_stands_beside_the_columns() -> None:
    def spoil(book: Workbook) -> None:
        book["站点"].merge_cells("F3:F4")
        book["站点"]["N1"].value = "备注"
        book["站点"]["P4"].value = "记得改"

    assert told(came(changed(DATA, spoil))) == [
        ("站点", 1, 14, "这一列不认识，不会导入。请移走或删去“备注”。"),
        ("站点", 3, 6, "F3:F4 是合并的单元格，请取消合并，每格分别填写。"),
        ("站点", 4, 6, "应填写办公时间。"),
        ("站点", 4, 16, "这一格不在任何一列的下面，不会导入。请移走或删去“记得改”。"),
    ]


def test_columns_in_another_order_are_read_all_the_same() -> None:
    def turn(book: Workbook) -> None:
        for row in book["站点"].iter_rows(max_col=13):
            for cell, value in zip(row, [cell.value for cell in reversed(row)], strict=True):
                cell.value = value

    assert came(changed(DATA, turn)).units == came(DATA).units


def without_columns(book: Workbook) -> None:
    book["站点"].delete_cols(7)
    book["材料"].delete_cols(4, 2)


def renamed(old: str) -> Callable[[Workbook], None]:
    def rename(book: Workbook) -> None:
        book[old].title = "别的"

    return rename


def other_version(book: Workbook) -> None:
    book["版本信息"]["B1"].value = "2"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (renamed("站点"), "工作簿缺少表：站点。请从最近导出的表格开始修改。"),
        (lambda book: [book.remove(book[name]) for name in ("街道", "问题")], "工作簿缺少表：街道、问题。请"),
        (renamed("版本信息"), "工作簿缺少隐藏的“版本信息”表。请从最近导出的表格开始修改。"),
        (other_version, "工作簿的格式应为第 1 版，现在是第 2 版。请从最近导出的表格开始修改。"),
        (without_columns, "“站点”表缺少列：电话；“材料”表缺少列：材料名称、材料类型。请从"),
        (lambda book: book["街道"].delete_rows(2), "“街道”表缺少列：区划代码、街道名称、网址名、"),
    ],
)
def test_a_workbook_that_lacks_what_is_needed_is_refused(
    spoil: Callable[[Workbook], object], message: str
) -> None:
    with pytest.raises(WorkbookError, match=f"^{message}"):
        came(changed(DATA, spoil))


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return target.getvalue()


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(DATA)) as package:
        return {name: package.read(name) for name in package.namelist()}


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet2.xml"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件应为 .xlsx 工作簿，现在不是。"),
        (b"code,slug\n", "文件应为 .xlsx 工作簿，现在不是。"),
        (COMPOUND + bytes(600), "文件是旧的 .xls 格式。请另存为 .xlsx 格式再导入。"),
        (
            COMPOUND + "EncryptedPackage".encode("utf-16-le"),
            "文件有密码，无法读取。请取消密码，另存后再导入。",
        ),
        (packed({"mimetype": b"application/vnd.oasis"}), "文件应为 .xlsx 工作簿，现在是别的压缩文件。"),
        (packed(parts() | {"xl/vbaProject.bin": b"x"}), "文件含有宏。请另存为不含宏的 .xlsx 格式再导入。"),
        (packed(parts() | {SHEET: b"<worksheet>"}), "文件已损坏，无法打开（"),
        (packed(parts() | {"xl/workbook.xml": b""}), "文件已损坏，无法打开（"),
        (DATA[:-2000], "文件应为 .xlsx 工作簿，现在不是。"),
        (DATA[:500] + bytes(5000) + DATA[5500:], "文件已损坏，无法打开（"),
        (
            packed(parts() | {SHEET: b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'}),
            f"文件中有不允许的内容（{SHEET}）。",
        ),
        (packed({f"xl/{number}": b"" for number in range(1001)} | parts()), "文件中的部件应不超过 1000 个，"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(WorkbookError) as error:
        came(data)
    assert str(error.value).startswith(message)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = packed(parts() | {"xl/media/a.bin": bytes(package.MOST_UNPACKED)})
    assert len(data) < 2**20
    with pytest.raises(WorkbookError, match="^文件太大：展开后应不超过 96 MB，现在是 96 MB。$"):
        came(data)


@pytest.mark.parametrize(
    ("cell", "limit"),
    [(b'<x:c r="A1"/>', "MOST_CELLS"), (b"<c/>", "MOST_CELLS"), (b'<row r="9">', "MOST_ROWS")],
)
def test_more_cells_or_rows_than_any_catalogue_has_are_refused(cell: bytes, limit: str) -> None:
    content = b"<worksheet>" + cell * (getattr(package, limit) + 1)
    with pytest.raises(WorkbookError, match="^表格太大：应不超过 1000000 格、200000 行，现在是 "):
        came(packed(parts() | {SHEET: content}))


def test_a_stray_cell_in_the_last_row_of_all_costs_nothing() -> None:
    result = came(changed(DATA, lambda book: book["站点"].cell(1_048_576, 16_384, "远")))
    assert [(fault.row, fault.column) for fault in result.faults] == [(1_048_576, 16_384)]


def test_a_file_larger_than_any_workbook_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(bytes(3 * 2**20))
    monkeypatch.setattr(package, "MOST_UNPACKED", 2 * 2**20)
    with pytest.raises(WorkbookError, match="^文件太大：应不超过 2 MB，现在是 3 MB。$"):
        package.read_bytes(path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_rubbish_is_refused_or_told_and_never_a_traceback(data: st.DataObject) -> None:
    spoilt = bytearray(DATA)
    for place in data.draw(st.lists(st.integers(0, len(DATA) - 1), min_size=1, max_size=30)):
        spoilt[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(DATA)) | st.just(len(DATA)))
    try:
        came(bytes(spoilt[:end]))
    except WorkbookError as error:
        assert str(error).endswith("。")


XML_PARTS = sorted(name for name in parts() if name.endswith(".xml"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_rubbish_inside_a_sound_package_is_refused_or_told(data: st.DataObject) -> None:
    files = parts()
    name = data.draw(st.sampled_from(XML_PARTS))
    content = files[name]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    piece = data.draw(
        st.sampled_from([b"", b"<", b'"', b"99999999999", b"<c r='ZZZZ1'><v>1</v></c>", content[:300]])
    )
    files[name] = content[:start] + piece + content[min(end, start + 200) :]
    try:
        came(packed(files))
    except WorkbookError as error:
        assert str(error).endswith("。")
