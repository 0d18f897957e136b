from collections.abc import Sequence

import pytest

from catalog.entries import Area, ItemEntry, ItemGroup, LetterGroup, StreetEntry
from catalog.guides import Centre, Local, Taking, where_to_go
from catalog.layers import implementations
from catalog.model import Catalogue, DutyMatrix, Redirect
from catalog.pages import MOVED, Page, areas, items, plan, streets
from catalog.terms import Kind, Place, Theme
from tests.support.catalogue import ALLOWANCE, Content


@pytest.fixture
def catalogue(content: Content) -> Catalogue:
    loaded = content.load().catalogue
    assert loaded is not None
    return loaded


def page_at(pages: Sequence[Page], address: str) -> Page:
    (page,) = (page for page in pages if page.address == address)
    return page


def duty(collect: tuple[Place, ...], accept: tuple[Place, ...]) -> DutyMatrix:
    return DutyMatrix(
        advise=(Place.STATION,), collect=collect, accept=accept, inform=accept, deliver=(Place.STATION,)
    )


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/items/", "items/index.html"),
        ("/items/dibao.html", "items/dibao.html"),
        ("/streets/jia/jia-yi.html", "streets/jia/jia-yi.html"),
    ],
)
def test_path_is_the_file_behind_the_address(address: str, path: str) -> None:
    assert Page(address, "home.html", {}).path == path


def test_plan_has_a_page_for_every_record(catalogue: Catalogue) -> None:
    assert [page.address for page in plan(catalogue)] == [
        "/",
        "/items/",
        "/items/events.html",
        "/items/groups.html",
        "/items/kinds.html",
        "/search/",
        "/items/gao-ling-jin-tie.html",
        "/items/jiu-ye-deng-ji.html",
        "/404.html",
        "/streets/",
        "/style/",
        "/streets/jia-street.html",
        "/streets/jia-street/items/gao-ling-jin-tie.html",
        "/streets/jia-street/items/jiu-ye-deng-ji.html",
        "/streets/jia-street/jia-yi.html",
        "/streets/jia-street/jia-yi/poster.html",
        "/streets/yi-township.html",
        "/streets/yi-township/items/gao-ling-jin-tie.html",
        "/streets/yi-township/items/jiu-ye-deng-ji.html",
        "/streets/yi-township/yi-shang.html",
        "/streets/yi-township/yi-shang/poster.html",
    ]


def test_every_page_sees_the_district_and_its_own_address(catalogue: Catalogue) -> None:
    for page in plan(catalogue):
        assert page.context["site"] == catalogue.district
        assert page.context["address"] == page.address


def test_items_are_grouped_by_field_and_kind_without_empty_groups(catalogue: Catalogue) -> None:
    listed, by_kind = (
        page_at(plan(catalogue), f"/items/{name}").context["lists"] for name in ("", "kinds.html")
    )
    allowance, registration = (
        ItemEntry(
            "/items/gao-ling-jin-tie.html",
            "高龄老年人津贴发放",
            "高龄津贴",
            ("老年津贴", "八十岁补贴"),
            Kind.AGENCY,
            Theme.ELDERLY,
            (),
            (),
        ),
        ItemEntry(
            "/items/jiu-ye-deng-ji.html",
            "就业登记",
            "登记就业",
            (),
            Kind.ACCEPTANCE,
            Theme.EMPLOYMENT,
            (),
            (),
        ),
    )
    assert listed == (
        ItemGroup(Theme.EMPLOYMENT, (registration,)),
        ItemGroup(Theme.ELDERLY, (allowance,)),
    )
    assert by_kind == (
        ItemGroup(Kind.ACCEPTANCE, (registration,)),
        ItemGroup(Kind.AGENCY, (allowance,)),
    )


def test_items_are_grouped_by_what_happened_and_by_whom_they_are_for(content: Content) -> None:
    content.append(ALLOWANCE, "events: [上了年纪, 家里有困难]\ngroups: [老年人]\n")
    catalogue = content.load().catalogue
    assert catalogue is not None
    for view, expected in (("events", ["上了年纪", "家里有困难"]), ("groups", ["老年人"])):
        groups = page_at(plan(catalogue), f"/items/{view}.html").context["lists"]
        assert isinstance(groups, tuple)
        assert sorted(group.by.value for group in groups) == sorted(expected)
        assert all([item.plain_name for item in group.items] == ["高龄津贴"] for group in groups)


def test_items_are_listed_by_the_first_letter_of_their_plain_names(catalogue: Catalogue) -> None:
    numbered = catalogue.items[0].model_copy(update={"plain_name": "80 岁津贴"})
    pages = plan(catalogue.model_copy(update={"items": (*catalogue.items[:0:-1], numbered)}))
    letters = page_at(pages, "/search/").context["letters"]
    assert isinstance(letters, tuple) and all(isinstance(group, LetterGroup) for group in letters)
    assert [(group.letter, [item.plain_name for item in group.items]) for group in letters] == [
        ("#", ["80 岁津贴"]),
        ("D", ["登记就业"]),
    ]


def test_a_guide_sees_its_item_its_streets_and_its_related_items(catalogue: Catalogue) -> None:
    guide = page_at(plan(catalogue), "/items/gao-ling-jin-tie.html").context
    assert guide["item"] is catalogue.items[0]
    carried_out = implementations(catalogue)
    assert guide["centres"] == tuple(
        Centre(
            StreetEntry(f"/streets/{street.slug}.html", street, station_count=1),
            carried_out[street.code][0],
            f"/streets/{street.slug}/items/gao-ling-jin-tie.html",
        )
        for street in catalogue.streets
    )
    assert [entry.plain_name for entry in guide["related"]] == ["登记就业"]  # type: ignore[attr-defined]


def test_a_streets_guide_knows_which_stations_take_the_item(content: Content) -> None:
    content.edit("streets/yi-township.yaml", "adds: [jiu-ye-deng-ji]", "without: [gao-ling-jin-tie]")
    catalogue = content.load().catalogue
    assert catalogue is not None
    local = page_at(plan(catalogue), "/streets/yi-township/items/gao-ling-jin-tie.html").context["local"]
    assert isinstance(local, Local)
    assert (local.takes, local.without) == ((), (("/streets/yi-township/yi-shang.html", "乙上村"),))


def test_a_streets_guide_tells_a_stations_own_hours_and_note(catalogue: Catalogue) -> None:
    guides = [f"/streets/{street}/items/gao-ling-jin-tie.html" for street in ("jia-street", "yi-township")]
    jia, yi = (page_at(plan(catalogue), address).context["local"] for address in guides)
    assert isinstance(jia, Local) and isinstance(yi, Local)
    assert jia.takes == (Taking("/streets/jia-street/jia-yi.html", "甲一社区", None, None),)
    assert yi.takes == (
        Taking("/streets/yi-township/yi-shang.html", "乙上村", "周一、周四 9:00—11:00", "下雪封路时不收材料"),
    )


def test_a_change_of_one_station_reaches_only_the_pages_that_show_it(catalogue: Catalogue) -> None:
    moved = catalogue.stations[0].model_copy(update={"address": "样例区甲一路 9 号"})
    changed = catalogue.model_copy(update={"stations": (moved, *catalogue.stations[1:])})
    assert [new.address for old, new in zip(plan(catalogue), plan(changed), strict=True) if old != new] == [
        "/streets/",
        "/style/",
        "/streets/jia-street.html",
        "/streets/jia-street/jia-yi.html",
        "/streets/jia-street/jia-yi/poster.html",
    ]


def test_a_change_of_an_items_fee_reaches_only_its_guides(catalogue: Catalogue) -> None:
    fee = catalogue.items[1].fee.model_copy(update={"standard": "每证 3 元"})
    dearer = catalogue.items[1].model_copy(update={"fee": fee})
    changed = catalogue.model_copy(update={"items": (catalogue.items[0], dearer)})
    assert [new.address for old, new in zip(plan(catalogue), plan(changed), strict=True) if old != new] == [
        "/items/jiu-ye-deng-ji.html",
        "/streets/jia-street/items/jiu-ye-deng-ji.html",
        "/streets/yi-township/items/jiu-ye-deng-ji.html",
    ]


def test_a_street_sees_its_own_stations_only(catalogue: Catalogue) -> None:
    area = page_at(plan(catalogue), "/streets/yi-township.html").context["area"]
    assert isinstance(area, Area)
    assert [(stop.address, stop.station.name) for stop in area.stations] == [
        ("/streets/yi-township/yi-shang.html", "乙上村")
    ]


@pytest.mark.parametrize(
    ("collect", "accept", "answer"),
    [
        ((Place.STATION,), (Place.STATION,), "社区（村）站点，当场受理"),
        ((Place.STATION,), (Place.STATION, Place.STREET), "社区（村）站点，当场受理；也可以到街道中心"),
        ((Place.STATION,), (Place.DISTRICT,), "社区（村）站点，代收代办"),
        ((Place.STATION, Place.STREET), (Place.STREET,), "社区（村）站点，代收代办；也可以到街道中心"),
        ((Place.STREET,), (Place.STREET,), "先到社区（村）站点咨询预审，再到街道中心办理"),
        (
            (Place.STREET, Place.DISTRICT),
            (Place.DISTRICT,),
            "先到社区（村）站点咨询预审，再到街道中心或区级部门办理",
        ),
    ],
)
def test_where_to_go_follows_from_who_takes_the_papers(
    collect: tuple[Place, ...], accept: tuple[Place, ...], answer: str
) -> None:
    assert where_to_go(duty(collect, accept)) == answer


def test_what_moved_below_a_street_is_planned_with_it_and_the_rest_with_the_items(
    catalogue: Catalogue,
) -> None:
    old = ("/streets/jia-street/old.html", "/old.html")
    moved = catalogue.model_copy(update={"redirects": tuple(Redirect(old=each, new="/") for each in old)})
    addresses = [
        [page.address for page in planned if page.template == MOVED]
        for planned in (streets(moved), items(moved))
    ]
    assert addresses == [[old[0]], [old[1]]]


def test_without_any_item_in_force_there_is_no_style_guide(catalogue: Catalogue) -> None:
    assert [page.address for page in areas(catalogue.model_copy(update={"items": ()}))] == ["/streets/"]
