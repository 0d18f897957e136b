"""A workbook brought back by the command: what it says, what it writes, and what it leaves alone."""

import difflib
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.catalogue import ALLOWANCE, MINIMAL, REGISTRATION, Content
from tests.support.workbook import Place, changed, column, exported, opened, row_of, typed

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"
RED = "00FF9E90"


def build(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "build.py", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "check": False} | options
    return subprocess.run(command, env=environment, **options)


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def diff(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The lines that changed, each with its file."""
    lines = []
    for file in sorted(before | after):
        old, new = (tree.get(file, b"").decode().splitlines() for tree in (before, after))
        changes = [*difflib.unified_diff(old, new, n=0, lineterm="")][2:]
        lines += [f"{file} {line}" for line in changes if line[0] in "+-"]
    return lines


class Desk:
    """An editor's content and workbook."""

    def __init__(self, content: Content, directory: Path) -> None:
        self.content = content
        self.file = directory / "目录.xlsx"
        self.file.write_bytes(exported(content.root))
        self.before = files(content.root)

    def type(self, cells: dict[Place, Any]) -> None:
        self.file.write_bytes(typed(self.file.read_bytes(), cells))

    def change(self, change: Callable[[Workbook], object]) -> None:
        self.file.write_bytes(changed(self.file.read_bytes(), change))

    def bring(self, *more: str) -> subprocess.CompletedProcess[str]:
        return build("import", self.file, "--content", self.content.root, *more)

    def diff(self) -> list[str]:
        return diff(self.before, files(self.content.root))


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


@pytest.mark.parametrize("content", [MINIMAL, SAMPLE], ids=["minimal", "sample"])
def test_out_and_back_changes_nothing(content: Path, tmp_path: Path) -> None:
    own = shutil.copytree(content, tmp_path / "content")
    before = files(own)
    out = build("export", "--to", "xlsx", tmp_path / "a.xlsx", "--content", own)
    assert (out.returncode, out.stderr) == (0, "")
    back = build("import", tmp_path / "a.xlsx", "--content", own, "--yes")
    assert (back.returncode, back.stdout, back.stderr) == (0, "没有修改。\n", "")
    assert files(own) == before


def soffice(file: Path, directory: Path) -> Path:
    """The workbook as LibreOffice saves it after opening it."""
    program = shutil.which("soffice")
    assert program, "this test needs LibreOffice Calc (Debian's package libreoffice-calc-nogui)"
    # A profile of its own: another LibreOffice at work would take the request and this one would do nothing.
    profile = f"-env:UserInstallation={(directory / 'profile').as_uri()}"
    out = directory / "saved"
    command = [program, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(file)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    assert (out / file.name).is_file(), result.stdout + result.stderr
    return out / file.name


@pytest.mark.parametrize("content", [MINIMAL, SAMPLE], ids=["minimal", "sample"])
def test_out_and_back_through_libreoffice_changes_nothing(content: Path, tmp_path: Path) -> None:
    own = shutil.copytree(content, tmp_path / "content")
    before = files(own)
    (tmp_path / "a.xlsx").write_bytes(exported(own))
    saved = soffice(tmp_path / "a.xlsx", tmp_path)
    assert saved.read_bytes() != (tmp_path / "a.xlsx").read_bytes()
    back = build("import", saved, "--content", own, "--yes")
    assert (back.returncode, back.stdout, back.stderr) == (0, "没有修改。\n", "")
    assert files(own) == before


def test_libreoffice_keeps_locks_drop_downs_and_formats_and_brings_an_edit_back(desk: Desk) -> None:
    saved = soffice(desk.file, desk.file.parent)
    book = load_workbook(saved)
    assert book["版本信息"].sheet_state == "hidden"
    assert book["站点"].protection.sheet and book["站点"].row_dimensions[2].hidden
    assert book["站点"]["A1"].protection.locked and not book["站点"]["A3"].protection.locked
    assert book["站点"]["A3"].number_format == "@"
    assert any("在用" in str(rule.formula1) for rule in book["事项"].data_validations.dataValidation)
    desk.file.write_bytes(typed(saved.read_bytes(), {("事项", 3, "promised_limit.days"): 10}))
    assert desk.bring("--yes").returncode == 0
    assert len(desk.diff()) == 2


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


def test_a_station_changes_in_its_own_cells(desk: Desk) -> None:
    desk.content.edit("stations.csv", "甲一社区,", '"甲一社区",')
    desk.before = files(desk.content.root)
    desk.type({("站点", 3, "name"): "甲一，社区", ("站点", 3, "phone"): "０１０－００００９９９９"})
    desk.type({("站点", 4, "address"): "样例区乙乡, 新址"})
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[:3] == [
        "修改 站点 甲一，社区（990100001001） 站点名称：“甲一社区” → “甲一，社区”",
        "修改 站点 甲一，社区（990100001001） 电话：“010-00000101” → “010-00009999”",
        "修改 站点 乙上村（990100102201） 地址：“样例区乙乡乙上村 1 号” → “样例区乙乡, 新址”",
    ]
    after = (desk.content.root / "stations.csv").read_text("utf-8").splitlines()
    assert after[1:] == [
        '990100001001,jia-yi,"甲一，社区",990100001,样例区甲一路 2 号,周一至周日 9:00—18:00,010-00009999'
        ",116.0010,40.0020,否,否,是,2026-07-01",
        '990100102201,yi-shang,乙上村,990100102,"样例区乙乡, 新址",周一至周五 9:00—16:00,010-00000201'
        ",116.0010,40.0020,否,否,是,2026-07-01",
    ]


def test_a_new_station_comes_after_the_row_above_it(desk: Desk) -> None:
    def insert(book: Workbook) -> None:
        sheet = book["站点"]
        sheet.insert_rows(4)
        values = [
            "990100001002",
            "甲二社区",
            "jia-er",
            "990100001",
            "样例区甲二路",
            "周一 9:00—17:00",
            "010-00000102",
            "116.0012",
            "40.0021",
            "否",
            "否",
            "是",
            "2026-07-01",
        ]
        for place, value in enumerate(values, start=1):
            sheet.cell(4, place, value)

    desk.change(insert)
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[0] == "新增 站点 甲二社区（990100001002）"
    assert desk.diff() == [
        "stations.csv +990100001002,jia-er,甲二社区,990100001,样例区甲二路,周一 9:00—17:00,010-00000102"
        ",116.0012,40.0021,否,否,是,2026-07-01"
    ]
    assert (desk.content.root / "stations.csv").read_text("utf-8").splitlines()[2].startswith("990100001002")


def test_a_stations_new_address_is_warned_of(desk: Desk) -> None:
    desk.type({("站点", 3, "slug"): "jia-yi-xin"})
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[0] == (
        "修改 站点 甲一社区（990100001001） 网址名：“jia-yi” → “jia-yi-xin”"
        "（公开网址会变，旧网址打不开；请把新旧网址写进 redirects.csv）"
    )


def test_a_fault_of_a_rule_alone_asks_for_no_second_round(desk: Desk) -> None:
    desk.type({("事项", 3, "promised_limit.days"): 99})
    assert desk.bring("--yes").stdout.splitlines()[-1].startswith("发现 1 处问题，未导入任何内容。")


def test_a_station_whose_row_is_gone_leaves_the_table(desk: Desk) -> None:
    desk.change(lambda book: book["站点"].delete_rows(3))
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[:2] == [
        "停用 站点 甲一社区（990100001001）（网页会撤下；只是改了区划代码的，请把新旧网址写进 redirects.csv）",
        "共 1 处修改：新增 0 处，修改 0 处，停用 1 处。",
    ]
    assert [line[:26] for line in desk.diff()] == ["stations.csv -990100001001"]


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
    assert result.stdout.splitlines()[0] == (
        "新增 事项 长寿金发放（chang-shou-jin）"
        "（居民还看不到：请再写进 district.yaml 的 items，或者街道文件的 additions）"
    )
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
    *lines, again = result.stdout.splitlines()
    assert again == "单元格填错的行，改好以后请再导入一次，才会继续检查这些行的其他内容。"
    assert lines[-1] == f"发现 {len(lines) - 1} 处问题，未导入任何内容。有问题的单元格已在 {copy} 中标红。"
    book = load_workbook(copy)
    listed = [[cell.value for cell in row] for row in book["问题清单"].iter_rows()]
    assert listed.pop()[3] == again
    assert listed[0] == ["表", "行", "列", "问题"] and len(listed) == len(lines)
    assert book.active is book["问题清单"]
    for sheet, row, letter, message in listed[1:]:
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


def test_a_file_that_is_no_workbook_is_refused_in_words(desk: Desk) -> None:
    desk.file.write_bytes(b"code,slug\n")
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "目录.xlsx：文件应为 .xlsx 工作簿，现在不是。请从最近导出的表格开始修改。",
        "未导入任何内容。",
    ]
    assert not desk.file.with_name("目录-问题.xlsx").exists()


def test_a_file_that_is_not_there_and_content_that_cannot_be_read(desk: Desk) -> None:
    missing = build("import", desk.file.with_name("b.xlsx"), "--content", desk.content.root)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("无法读写 ")
    desk.content.edit(ALLOWANCE, "visits: 1", "visits: x")
    result = desk.bring("--yes")
    assert result.returncode == 1
    assert result.stdout.endswith("\n发现 1 处问题，未导入任何内容。\n")


def test_what_others_changed_since_stays_where_the_workbook_left_it(desk: Desk) -> None:
    desk.content.edit("stations.csv", "010-00000201", "010-00000299")
    desk.content.edit(REGISTRATION, "name: 就业信息表", "name: 就业登记表")
    desk.before = files(desk.content.root)
    desk.type({("站点", 3, "phone"): "010-00000199"})
    result = desk.bring("--yes")
    assert result.returncode == 0
    assert result.stdout.splitlines()[1] == "共 1 处修改：新增 0 处，修改 1 处，停用 0 处。"
    assert len(desk.diff()) == 2


def test_what_changed_on_both_sides_is_refused_by_name(desk: Desk) -> None:
    desk.content.edit("stations.csv", "010-00000201", "010-00000299")
    desk.content.edit(REGISTRATION, "name: 就业信息表", "name: 就业登记表")
    desk.before = files(desk.content.root)
    desk.type({("站点", 4, "name"): "乙上新村", ("事项", 4, "quota"): "每年一次"})
    desk.type({("站点", 3, "phone"): "010-00000199"})
    result = desk.bring("--yes")
    assert result.returncode == 1
    since = "在导出表格之后又改过，与表格中的修改冲突。请重新导出，再改一次。"
    assert result.stdout.splitlines()[:2] == [
        f"“站点”表 A4 格：乙上村（990100102201）{since}",
        f"“事项”表 A4 格：就业登记（jiu-ye-deng-ji）{since}",
    ]
    assert desk.diff() == []


def test_what_others_added_or_took_out_since_is_left_so(desk: Desk) -> None:
    row = "990100001002,jia-er,甲二社区,990100001,样例区甲二路,周一 9:00—17:00,010-00000102"
    row += ",116.0012,40.0021,否,否,是,2026-07-01\n"
    desk.content.append("stations.csv", row)
    first = (desk.content.root / "stations.csv").read_text("utf-8").splitlines()[1]
    desk.content.edit("stations.csv", f"{first}\n", "")
    desk.before = files(desk.content.root)
    assert desk.bring("--yes").stdout == "没有修改。\n"
    assert desk.diff() == []


def test_the_same_change_made_here_already_is_none(desk: Desk) -> None:
    desk.type({("站点", 3, "phone"): "010-00000199"})
    desk.content.edit("stations.csv", "010-00000101", "010-00000199")
    assert desk.bring("--yes").stdout == "没有修改。\n"


def test_without_a_terminal_nothing_is_written_unless_told_so(desk: Desk) -> None:
    desk.type({("站点", 3, "phone"): "010-00000199"})
    result = desk.bring()
    assert result.returncode == 2
    assert result.stdout.endswith("共 1 处修改：新增 0 处，修改 1 处，停用 0 处。\n")
    assert result.stderr == "没有写入。核对以后，请加上 --yes 再运行一次。\n"
    assert desk.diff() == []


@pytest.mark.parametrize(
    ("answer", "written"), [("y\n", True), ("是\n", True), ("n\n", False), ("\n", False), ("\x04", False)]
)
def test_on_a_terminal_the_editor_is_asked(desk: Desk, answer: str, written: bool) -> None:
    desk.type({("站点", 3, "phone"): "010-00000199"})
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        result = build("import", desk.file, "--content", desk.content.root, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert result.returncode == 0
    assert "写入以上修改吗？(y/N) " in result.stdout
    assert ("已写入 1 个文件：stations.csv。" in result.stdout) is written
    assert ("没有写入，内容保持原样。" in result.stdout) is not written
    assert bool(desk.diff()) is written


def test_sorting_the_rows_is_no_change(desk: Desk) -> None:
    def turn(book: Workbook) -> None:
        for name in ("站点", "材料"):
            sheet = book[name]
            assert isinstance(sheet, Worksheet)
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
            for number, row in enumerate(reversed(rows), start=3):
                for place, value in enumerate(row, start=1):
                    sheet.cell(number, place).value = value

    desk.change(turn)
    assert desk.bring("--yes").stdout == "没有修改。\n"
