"""The change list tells which pages go and come, and what a new item still needs to be carried out."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from catalog.load import load
from catalog.pages import plan
from tests.catalog.test_workbook_items import copy_item
from tests.support.catalogue import ALLOWANCE, Content
from tests.support.workbook import Desk, Place, build, column, files, opened, row_of

EDITING = Path(__file__).parents[2] / "docs" / "editing.zh-CN.md"
BOOKMARKS = "收藏的旧网址会打不开，请把新旧网址写进 redirects.csv。"
RECODED = "开放数据的标识会变，视频工作台的账号要重新登记，请告诉网站维护人员。"
UNLISTED = (
    "    注意：它还没有写进清单，没有街道和站点办它，办事指南上也没有办理地点。"
    "全区都办的，写进 district.yaml 的 items；只有一个街道办的，写进 streets/街道网址名.yaml 的 additions；"
    "只有一个站点办的，写进那个街道文件里这个站点的 adds。"
)


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


def told(desk: Desk) -> list[str]:
    """The change list without its last lines, which count."""
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    return result.stdout.splitlines()[:-2]


def addresses(desk: Desk) -> set[str]:
    catalogue = load(desk.content.root).catalogue
    assert catalogue is not None
    return {page.address for page in plan(catalogue) if not page.address.endswith("/poster.html")}


def test_a_station_of_another_slug_has_another_page(desk: Desk) -> None:
    before = addresses(desk)
    desk.type({("站点", 3, "slug"): "jia-er", ("站点", 3, "phone"): "010-00000199"})
    assert told(desk) == [
        "修改 站点 甲一社区（990100001001） 网址名：“jia-yi” → “jia-er”",
        "    注意：网页 /streets/jia-street/jia-yi.html 不再有，改为 /streets/jia-street/jia-er.html。"
        + BOOKMARKS,
        "修改 站点 甲一社区（990100001001） 电话：“010-00000101” → “010-00000199”",
    ]
    assert before - addresses(desk) == {"/streets/jia-street/jia-yi.html"}
    assert addresses(desk) - before == {"/streets/jia-street/jia-er.html"}


def test_a_street_of_another_slug_moves_the_pages_of_its_stations(desk: Desk) -> None:
    (desk.content.root / "streets/jia-street.yaml").rename(desk.content.root / "streets/jia.yaml")
    desk.type({("街道", 3, "slug"): "jia"})
    assert told(desk) == [
        "修改 街道 甲街道（990100001） 网址名：“jia-street” → “jia”",
        "    注意：网页 /streets/jia-street.html 不再有，改为 /streets/jia.html。" + BOOKMARKS,
        "    注意：网页 /streets/jia-street/jia-yi.html 不再有，改为 /streets/jia/jia-yi.html。" + BOOKMARKS,
    ]


def test_a_station_that_goes_to_another_street_has_another_page(desk: Desk) -> None:
    desk.type({("站点", 3, "code"): "990100102001", ("站点", 3, "street"): "990100102"})
    desk.content.edit("streets/yi-township.yaml", "villages: [yi-shang]", "villages: [yi-shang, jia-yi]")
    lines = told(desk)
    assert lines[0] == "停用 站点 甲一社区（990100001001）"
    assert lines[1:3] == [
        "    注意：看来是把区划代码 990100001001 改成了 990100102001。这等于停用原来的，增加新的。" + RECODED,
        "    注意：网页 /streets/jia-street/jia-yi.html 不再有。" + BOOKMARKS,
    ]
    assert lines[3:] == [
        "新增 站点 甲一社区（990100102001）",
        "    新的网页：/streets/yi-township/jia-yi.html。",
    ]


def test_a_station_of_another_code_keeps_its_page_and_nothing_else(desk: Desk) -> None:
    before = addresses(desk)
    desk.type({("站点", 3, "code"): "990100001009"})
    assert told(desk) == [
        "停用 站点 甲一社区（990100001001）",
        "    注意：看来是把区划代码 990100001001 改成了 990100001009。这等于停用原来的，增加新的。" + RECODED,
        "    网页 /streets/jia-street/jia-yi.html 的地址不变。",
        "新增 站点 甲一社区（990100001009）",
    ]
    assert addresses(desk) == before


def test_a_street_of_another_code_keeps_its_pages_and_nothing_else(desk: Desk) -> None:
    before = addresses(desk)
    cells: dict[Place, object] = {("街道", 3, "code"): "990100009", ("站点", 3, "street"): "990100009"}
    desk.type({**cells, ("站点", 3, "code"): "990100009001"})
    lines = told(desk)
    assert "停用 街道 甲街道（990100001）" in lines and "新增 街道 甲街道（990100009）" in lines
    assert "    网页 /streets/jia-street.html 的地址不变。" in lines
    assert "    网页 /streets/jia-street/jia-yi.html 的地址不变。" in lines
    assert addresses(desk) == before


def test_a_station_that_is_taken_out_takes_its_page_with_it(desk: Desk) -> None:
    desk.change(lambda book: book["站点"].delete_rows(3))
    assert told(desk) == [
        "停用 站点 甲一社区（990100001001）",
        "    注意：网页 /streets/jia-street/jia-yi.html 不再有。" + BOOKMARKS,
    ]


def test_an_item_of_another_slug_is_cancelled_and_added(desk: Desk) -> None:
    """The sample's relations would break with the old one, so nothing may refer to it."""
    desk.content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "https://a.example")

    def rename(book: Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(min_row=3, max_col=1):
                if row[0].value == "jiu-ye-deng-ji" and sheet.title != "版本信息":
                    row[0].value = "deng-ji"
        place = row_of(desk.file.read_bytes(), "事项", "slug", "jiu-ye-deng-ji")
        for field, value in {
            "code": "000500010009",
            "name": "登记",
            "plain_name": "登",
            "aliases": "记",
        }.items():
            book["事项"].cell(place, column("事项", field), value)

    desk.change(rename)
    assert told(desk)[:2] == [
        "停用 事项 就业登记（jiu-ye-deng-ji）",
        "    网页 /items/jiu-ye-deng-ji.html 保留，写明已经取消。",
    ]
    assert told(desk) == []


def test_a_new_item_is_told_to_be_listed_and_where(desk: Desk) -> None:
    desk.change(copy_item)
    assert told(desk) == [
        "新增 事项 长寿金发放（chang-shou-jin）",
        "    新的网页：/items/chang-shou-jin.html。",
        UNLISTED,
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("district.yaml", "items: [gao-ling-jin-tie]", "items: [gao-ling-jin-tie, chang-shou-jin]"),
        ("streets/jia-street.yaml", "additions: [", "additions: [chang-shou-jin, "),
        ("streets/yi-township.yaml", "adds: [", "adds: [chang-shou-jin, "),
    ],
)
def test_a_new_item_that_is_listed_already_is_only_told(desk: Desk, file: str, old: str, new: str) -> None:
    desk.content.edit(file, old, new)
    desk.change(copy_item)
    assert UNLISTED not in told(desk)


def test_a_new_item_that_is_not_in_use_needs_no_list(desk: Desk) -> None:
    desk.change(copy_item)
    row = opened(desk.file.read_bytes())["事项"].max_row
    desk.type({("事项", row, "state"): "暂停"})
    assert UNLISTED not in told(desk)


def test_an_item_that_comes_into_use_is_told_to_be_listed(desk: Desk) -> None:
    desk.change(copy_item)
    row = opened(desk.file.read_bytes())["事项"].max_row
    desk.type({("事项", row, "state"): "暂停"})
    assert told(desk)
    again = build("export", "--to", "xlsx", desk.file, "--content", desk.content.root)
    assert again.returncode == 0
    row = row_of(desk.file.read_bytes(), "事项", "slug", "chang-shou-jin")
    desk.type({("事项", row, "state"): "在用"})
    assert told(desk) == ["修改 事项 长寿金发放（chang-shou-jin） 事项状态：“暂停” → “在用”", UNLISTED]


def test_the_workbook_says_what_the_document_says(desk: Desk) -> None:
    guide = [row[0].value for row in opened(desk.file.read_bytes())["说明"].iter_rows()]
    document = EDITING.read_text("utf-8")
    for sentence in (
        "改站点、街道的网址名，网页换了地址，旧网址打不开；街道的网址名改了，它的站点的网页也一起换。",
        "改站点、街道的区划代码，等于停用原来的，增加新的；开放数据的标识会变，视频工作台的账号要重新登记。",
        "事项的网址名不能在表格里改，它是办事指南的网址。",
        "新增的事项还要写进全区或者街道的清单，才有街道和站点办它。",
    ):
        assert sentence in guide, sentence
        assert sentence in document, sentence
    assert files(desk.content.root) == desk.before
