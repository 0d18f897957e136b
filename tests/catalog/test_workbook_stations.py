"""Stations that an editor changed, added and took out."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.catalogue import Content
from tests.support.workbook import Desk, files


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


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


def test_a_station_whose_row_is_gone_leaves_the_table(desk: Desk) -> None:
    desk.change(lambda book: book["站点"].delete_rows(3))
    result = desk.bring("--yes")
    assert result.stdout.splitlines()[:3] == [
        "停用 站点 甲一社区（990100001001）",
        "    注意：网页 /streets/jia-street/jia-yi.html 不再有。收藏的旧网址会打不开，请把新旧网址写进 redirects.csv。",
        "共 1 处修改：新增 0 处，修改 0 处，停用 1 处。",
    ]
    assert [line[:26] for line in desk.diff()] == ["stations.csv -990100001001"]
