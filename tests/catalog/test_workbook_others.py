"""What others changed in the content since the workbook was exported."""

from pathlib import Path

import pytest

from tests.support.catalogue import REGISTRATION, Content
from tests.support.workbook import Desk, files


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


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
    since = "在导出表格之后又改过（也可能是您上次导入的修改），与表格中的修改冲突。请重新导出，再改一次。"
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
