"""The four layers: what each adds, what it overrides, and the codes that follow."""

import pytest

from catalog import codes
from catalog.layers import Implementation, implementations, listed, offered_at
from catalog.model import Catalogue, StationLayer, StreetLayer
from catalog.terms import DayUnit, Layer
from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content

JIA, YI = "990100001", "990100102"


def read(content: Content) -> Catalogue:
    catalogue = content.load().catalogue
    assert catalogue is not None
    return catalogue


def brought(offers: tuple[Implementation, ...]) -> list[tuple[str, Layer]]:
    return [(each.item.slug, each.layer) for each in offers]


def test_a_street_carries_out_the_districts_list_its_additions_and_what_its_stations_add(
    content: Content,
) -> None:
    carried_out = implementations(read(content))
    assert brought(carried_out[JIA]) == [
        ("gao-ling-jin-tie", Layer.DISTRICT),
        ("jiu-ye-deng-ji", Layer.STREET),
    ]
    assert brought(carried_out[YI]) == [
        ("gao-ling-jin-tie", Layer.DISTRICT),
        ("jiu-ye-deng-ji", Layer.STATION),
    ]


def test_a_street_does_as_the_city_where_it_says_nothing_else(content: Content) -> None:
    catalogue = read(content)
    city, township = catalogue.items[0], catalogue.streets[1]
    own = implementations(catalogue)[YI][0]
    assert own.item is city and own.street is township
    assert (own.place, own.hours, own.phone) == (township.address, township.hours, township.phone)
    assert own.complaint_phone == township.complaint_phone
    assert own.promised_limit == city.promised_limit
    assert own.note is None


def test_an_override_changes_what_it_names_and_nothing_else(content: Content) -> None:
    catalogue = read(content)
    own = implementations(catalogue)[JIA][0]
    street = catalogue.streets[0]
    assert (own.place, own.note) == ("样例区甲一路 3 号", "材料也可以放在门口的收件箱")
    assert (own.promised_limit.days, own.promised_limit.unit) == (10, DayUnit.WORKING_DAY)
    assert (own.hours, own.phone) == (street.hours, street.phone)


def test_hours_and_telephone_can_be_overridden(content: Content) -> None:
    content.edit(
        "streets/jia-street.yaml",
        "    note: 材料",
        "    hours: 周六 9:00\n    phone: 010-00000013\n    note: 材料",
    )
    own = implementations(read(content))[JIA][0]
    assert (own.hours, own.phone) == ("周六 9:00", "010-00000013")


def test_a_station_offers_its_streets_items_at_its_own_place(content: Content) -> None:
    catalogue = read(content)
    station = catalogue.stations[0]
    offers = offered_at(catalogue, station)
    assert brought(offers) == [("gao-ling-jin-tie", Layer.DISTRICT), ("jiu-ye-deng-ji", Layer.STREET)]
    assert {(each.place, each.hours, each.phone) for each in offers} == {
        (station.address, station.hours, station.phone)
    }
    # What the street says of the item holds at its stations, too.
    assert offers[0].note == "材料也可以放在门口的收件箱" and offers[0].promised_limit.days == 10


def test_a_station_adds_leaves_out_and_has_its_own_hours(content: Content) -> None:
    content.edit("streets/yi-township.yaml", "    adds:", "    without: [gao-ling-jin-tie]\n    adds:")
    catalogue = read(content)
    (own,) = offered_at(catalogue, catalogue.stations[1])
    assert (own.item.slug, own.layer) == ("jiu-ye-deng-ji", Layer.STATION)
    assert (own.hours, own.note) == ("周一、周四 9:00—11:00", "下雪封路时不收材料")


def test_what_one_station_adds_no_other_station_of_the_street_offers(content: Content) -> None:
    catalogue = read(content)
    neighbour = catalogue.stations[1].model_copy(update={"code": "990100102202", "slug": "yi-xia"})
    assert brought(offered_at(catalogue, neighbour)) == [("gao-ling-jin-tie", Layer.DISTRICT)]


def test_a_street_without_a_layer_has_the_districts_list(content: Content) -> None:
    catalogue = read(content).model_copy(update={"layers": {}})
    assert brought(implementations(catalogue)[JIA]) == [("gao-ling-jin-tie", Layer.DISTRICT)]


def test_an_item_that_is_not_in_use_is_carried_out_nowhere(content: Content) -> None:
    content.edit(ALLOWANCE, "type: 行政给付", "type: 行政给付\nstate: 取消")
    carried_out = implementations(read(content))
    assert [len(carried_out[street]) for street in (JIA, YI)] == [1, 1]


def test_the_streets_body_carries_out_what_is_the_streets_and_the_department_the_rest(
    content: Content,
) -> None:
    allowance, registration = implementations(read(content))[JIA]
    assert (allowance.body.name, registration.body.name) == ("甲街道办事处", "区人力资源和社会保障局")


@pytest.mark.parametrize("index", [0, 1])
def test_codes_are_composed_of_body_level_and_item_and_can_be_parsed(content: Content, index: int) -> None:
    own = implementations(read(content))[JIA][index]
    assert own.task_code == own.body.unified_code + own.item.level.code + own.item.code
    assert own.handling_code == own.task_code + "01"
    parts = codes.parse(own.handling_code)
    assert (parts.unified, parts.basic, parts.sequence) == (own.body.unified_code, own.item.code, "01")
    assert len(codes.parse(own.task_code).sequence) == 0


def test_the_lowest_layer_that_lists_an_item_brings_it() -> None:
    layer = StreetLayer(
        additions=("a", "b"),
        stations=(StationLayer(station="s", adds=("b", "c")), StationLayer(station="t", adds=("c",))),
    )
    assert listed(("a",), layer) == {"a": Layer.DISTRICT, "b": Layer.STREET, "c": Layer.STATION}


def test_bodies_have_true_check_characters(content: Content) -> None:
    content.edit("bodies.yaml", "11990100000000010K", "11990100000000010L")
    (problem,) = content.load().problems
    assert (problem.file, problem.line, problem.rule) == ("bodies.yaml", 2, "unified-code")
    assert "校验码应为 K，现在是 L" in problem.message


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-1-1", "明年", "1700000000"])
def test_a_day_is_one_of_the_calendar(content: Content, typed: str) -> None:
    content.edit(REGISTRATION, "visits: 0", f'expires: "{typed}"\nvisits: 0')
    (problem,) = content.load().problems
    assert "日期应为日历上有的一天" in problem.message


def test_a_day_without_quotes_is_told(content: Content) -> None:
    content.edit(REGISTRATION, "visits: 0", "expires: 2026-01-01\nvisits: 0")
    (problem,) = content.load().problems
    assert "加引号" in problem.message
