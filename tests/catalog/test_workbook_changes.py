"""What a workbook changes, three ways; tables that keep every other byte; files replaced all or none."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.check import check
from catalog.exchange.workbook import csv_edit
from catalog.exchange.workbook.cells import canonical, value_of
from catalog.exchange.workbook.changes import Change, Difference, Verb, compare, summary
from catalog.exchange.workbook.edit import EditError, edited
from catalog.exchange.workbook.mark import copy_name
from catalog.exchange.workbook.package import WorkbookError
from catalog.exchange.workbook.proposal import propose
from catalog.exchange.workbook.sheets import SHEETS, Column, Kind
from catalog.exchange.workbook.store import replace_all
from catalog.exchange.workbook.units import Line, Unit, Units, digest, of_catalogue
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem, errors
from catalog.render import prose_links
from tests.support.catalogue import ALLOWANCE, MINIMAL, Content
from tests.support.workbook import Place, column, exported, opened, typed

STATION = SHEETS["站点"]


def station(code: str, **cells: str) -> Unit:
    blank = {column.field: "" for column in STATION.columns}
    return Unit(STATION, Line({**blank, "code": code, **cells}), {})


def units(*stations: Unit) -> Units:
    return {one.key: one for one in stations}


OLD, MINE, YOURS = station("1", name="旧"), station("1", name="我的"), station("1", name="你的")


@pytest.mark.parametrize(
    ("base", "theirs", "present", "outcome"),
    [
        (OLD, OLD, OLD, "none"),
        (OLD, MINE, OLD, "changed"),
        (OLD, OLD, YOURS, "none"),
        (OLD, MINE, MINE, "none"),
        (OLD, MINE, YOURS, "conflict"),
        (None, MINE, None, "changed"),
        (None, None, YOURS, "none"),
        (None, MINE, MINE, "none"),
        (None, MINE, YOURS, "conflict"),
        (OLD, None, OLD, "changed"),
        (OLD, None, YOURS, "conflict"),
        (OLD, None, None, "none"),
        (OLD, OLD, None, "none"),
        (OLD, MINE, None, "conflict"),
    ],
)
def test_three_ways(base: Unit | None, theirs: Unit | None, present: Unit | None, outcome: str) -> None:
    now, came = (units(*[one] if one else []) for one in (present, theirs))
    digests = {base.key: digest(base)} if base else {}
    differences, conflicts = compare(now, came, digests, set())
    assert (len(differences), len(conflicts)) == {"none": (0, 0), "changed": (1, 0), "conflict": (0, 1)}[
        outcome
    ]
    assert compare(now, came, digests, {("站点", "1")}) == ([], [])


def test_a_change_tells_long_texts_where_they_differ() -> None:
    long = "甲" * 30 + "五天" + "乙" * 30
    change = Change(Verb.CHANGE, "事项", "高龄津贴（g）", "事项简介", long, long.replace("五", "十"))
    around = "甲" * 8 + "{}天" + "乙" * 7
    assert str(change) == (
        f"修改 事项 高龄津贴（g） 事项简介：“…{around.format('五')}…” → “…{around.format('十')}…”"
    )
    grown = Change(Verb.CHANGE, "事项", "高", "简介", "甲" * 41, "甲" * 41 + "乙")
    assert str(grown) == f"修改 事项 高 简介：“…{'甲' * 8}” → “…{'甲' * 8}乙”"
    assert summary([change, grown]) == "新增 0 处，修改 2 处，停用 0 处"


ROWS = 'code,name,note\r\n1,"甲",  x \r\n\r\n2,乙,"一\r\n二"\r\n3,丙,\r\n'


@pytest.mark.parametrize(
    ("wanted", "after", "expected"),
    [
        ({"1": {"code": "1", "name": "新", "note": "x"}}, {}, ROWS.replace('"甲"', '"新"')),
        ({"2": {"code": "2", "name": "乙", "note": "三"}}, {}, ROWS.replace('"一\r\n二"', '"三"')),
        ({"3": {"code": "3", "name": "a,b", "note": ""}}, {}, ROWS.replace("丙", '"a,b"')),
        ({"3": {"code": "3", "name": 'a"b', "note": ""}}, {}, ROWS.replace("丙", '"a""b"')),
        ({"2": None}, {}, ROWS.replace('2,乙,"一\r\n二"\r\n', "")),
        ({"4": {"code": "4", "name": "丁", "note": "n"}}, {}, ROWS + "4,丁,n\r\n"),
        (
            {"4": {"code": "4", "name": "丁", "note": "n"}},
            {"4": "1"},
            ROWS.replace("x \r\n", "x \r\n4,丁,n\r\n"),
        ),
        (
            {"4": {"code": "4", "name": "丁", "note": ""}, "5": {"code": "5", "name": "戊", "note": ""}},
            {"4": "1", "5": "4"},
            ROWS.replace("x \r\n", "x \r\n4,丁,\r\n5,戊,\r\n"),
        ),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False], ids=["closed", "open"])
def test_a_table_keeps_every_other_byte(
    wanted: dict[str, Any], after: dict[str, str], expected: str, mark: str, last: bool
) -> None:
    before = mark + (ROWS if last else ROWS.removesuffix("\r\n"))
    result = csv_edit.rewrite(before.encode(), "code", wanted, after)
    grown = "4" in wanted and not after
    assert result.decode() == mark + (expected if last or grown else expected.removesuffix("\r\n"))


def test_the_columns_of_a_table_may_stand_in_any_order() -> None:
    data = "name,code\n甲,1\n".encode()
    rows = {"1": {"code": "1", "name": "乙"}, "2": {"code": "2", "name": "丙"}}
    assert csv_edit.rewrite(data, "code", rows, {}).decode() == "name,code\n乙,1\n丙,2\n"


def test_a_quotation_mark_inside_a_cell_without_quotes() -> None:
    data = 'code,name\n1,6"管\n'.encode()
    assert (
        csv_edit.rewrite(data, "code", {"1": {"code": "1", "name": "管"}}, {}).decode() == "code,name\n1,管\n"
    )


def judge(content: Path) -> list[Problem]:
    loaded = load(content)
    return errors([*loaded.problems, *check(loaded, prose_links)])


def catalogue_of(content: Path) -> Catalogue:
    catalogue = load(content).catalogue
    assert catalogue is not None
    return catalogue


def test_a_file_that_takes_no_change_is_left_to_an_editor(content: Content) -> None:
    content.edit(ALLOWANCE, "plain_name: 高龄津贴", "? plain_name\n: 高龄津贴")
    data = typed(exported(content.root), {("事项", 3, "plain_name"): "高龄钱", ("事项", 3, "state"): "暂停"})
    catalogue = catalogue_of(content.root)
    proposal = propose(content.root, catalogue, data, judge)
    assert proposal.faults == () and proposal.changes
    old = of_catalogue(catalogue)["事项", "gao-ling-jin-tie"]
    new = Unit(old.sheet, Line({**old.line.cells, "plain_name": "高龄钱"}), old.parts)
    broken = {ALLOWANCE: (content.root / ALLOWANCE).read_bytes() + "\nplain_name: 又一个\n".encode()}
    with pytest.raises(EditError, match=f"^{ALLOWANCE} 的写法特殊，不能由表格修改，请用文本编辑器修改。$"):
        edited(broken, [Difference(old, new)], {})


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("目录", "目录-问题.xlsx"),
        ("目录-问题", "目录-问题2.xlsx"),
        ("目录-问题2", "目录-问题3.xlsx"),
        ("目录-问题集", "目录-问题集-问题.xlsx"),
    ],
)
def test_a_marked_copy_never_takes_the_place_of_its_original(name: str, copy: str) -> None:
    assert copy_name(name) == copy


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"old {name}")
    (tmp_path / "a").chmod(0o640)
    return tmp_path


BEFORE = {"a": b"old a", "b": b"old b", "c": None}
AFTER = {"a": b"new a", "b": b"new b", "c": b"new c"}


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir()}


def test_all_files_are_replaced_and_keep_their_modes(tree: Path) -> None:
    replace_all(tree, BEFORE, AFTER)
    assert contents(tree) == AFTER
    assert (tree / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left"), KeyboardInterrupt()], ids=["full", "interrupt"]
)
def test_a_failure_in_the_middle_leaves_all_as_it_was(
    tree: Path, monkeypatch: pytest.MonkeyPatch, failing: int, error: BaseException
) -> None:
    replace: Callable[..., None] = os.replace
    calls = []

    def fails(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == failing:
            raise error
        replace(*arguments)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(type(error)):
        replace_all(tree, BEFORE, AFTER)
    assert contents(tree) == {"a": b"old a", "b": b"old b"}


def test_a_file_that_cannot_be_staged_leaves_all_as_it_was(tree: Path) -> None:
    with pytest.raises(OSError):
        replace_all(tree, {**BEFORE, "none/d": None}, {**AFTER, "none/d": b"x"})
    assert contents(tree) == {"a": b"old a", "b": b"old b"}


def test_a_file_that_changed_meanwhile_stops_all(tree: Path) -> None:
    (tree / "b").write_text("newer")
    with pytest.raises(WorkbookError, match="^b 刚才有别人改过。请再导入一次。$"):
        replace_all(tree, BEFORE, AFTER)
    assert contents(tree) == {"a": b"old a", "b": b"newer"}


WORDS = st.text("甲乙丙abc12：，。、/-# \"'[]{}&*!|>%@`=+", min_size=1, max_size=20)
TYPED: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: WORDS,
    Kind.CODE: st.sampled_from(["990100001", "990100102", "jia-er", "010-00000555", "https://a.example/b"]),
    Kind.NUMBER: st.integers(0, 12) | st.sampled_from(["3", "４", "三"]),
    Kind.FLAG: st.sampled_from(["是", "否", True, "TRUE", "也许"]),
    Kind.DAY: st.sampled_from(["2026-01-01", "2026/2/3", "2026年12月31日", "明天"]),
}


def typing(own: Column) -> st.SearchStrategy[Any]:
    some = st.sampled_from([*own.choices, "、".join(own.choices[:2])]) if own.choices else TYPED[own.kind]
    return some | st.none()


DATA = exported(MINIMAL)
CELLS = [
    (sheet.name, row, own)
    for sheet in SHEETS.values()
    for row in range(3, opened(DATA)[sheet.name].max_row + 1)
    for own in sheet.columns
    if own.field not in (sheet.key, "item", "number", "item_name", "slug")
]


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def places(cell: tuple[str, int, Column]) -> Place:
    return cell[0], cell[1], cell[2].field


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_after_an_import_the_content_says_what_was_typed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cells = data.draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=3, unique_by=places))
    values = {places(cell): data.draw(typing(cell[2])) for cell in cells}
    meant = {places(cell): canonical(cell[2], as_text(values[places(cell)])) for cell in cells}
    content = shutil.copytree(MINIMAL, tmp_path_factory.mktemp("fuzz") / "content")
    proposal = propose(content, catalogue_of(content), typed(DATA, values), judge)
    if proposal.faults:
        assert (proposal.changes, proposal.after) == ((), {})
        assert all(fault.message.endswith("。") for fault in proposal.faults)
        return
    for cell in cells:
        value_of(cell[2], meant[places(cell)])
    replace_all(content, proposal.before, proposal.after)
    again = opened(exported(content))
    for (sheet, row, field), text in meant.items():
        assert as_text(again[sheet].cell(row, column(sheet, field)).value) == text
    assert propose(content, catalogue_of(content), exported(content), judge).changes == ()
