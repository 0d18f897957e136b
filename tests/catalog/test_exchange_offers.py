"""Which services there are, and at which streets and stations."""

from uuid import UUID

from catalog.exchange.offers import Service, services, stable_id
from tests.support.exports import catalogue, unified


def stations(service: Service) -> list[list[str]]:
    return [[station.name for station in offer.stations] for offer in service.offers]


def test_a_street_level_item_is_one_service_for_each_street_office() -> None:
    first, second, licence = services(catalogue())
    assert [first.body.name, second.body.name] == ["甲街道办事处", "乙乡办事处"]
    assert [first.item.slug, second.item.slug, licence.item.slug] == ["yang-ben", "yang-ben", "yang-zheng"]
    assert first.task_code == f"{unified(2)}5119999001001"


def test_what_a_department_carries_out_is_one_service_with_both_streets() -> None:
    licence = services(catalogue())[2]
    assert licence.body.name == "样例区民政局"
    assert [offer.implementation.street.name for offer in licence.offers] == ["甲街道", "乙乡"]


def test_a_station_offers_what_its_layer_leaves_it_at_its_own_hours() -> None:
    first, second, licence = services(catalogue())
    assert stations(first) == [["甲一社区", "甲二社区"]]
    assert stations(second) == [["乙上村"]]
    assert stations(licence) == [["甲一社区"], ["乙上村"]]
    assert [station.hours for station in first.offers[0].stations] == ["预约后再来", "周三 9:00–11:00"]


def test_ids_are_uuids_that_never_change() -> None:
    assert stable_id("service", "1") == "36415cdb-2941-554a-8c68-e8e205c201dc"
    assert UUID(stable_id("a")).version == 5
    assert len({stable_id("a", "b"), stable_id("b", "a"), stable_id("a")}) == 3
