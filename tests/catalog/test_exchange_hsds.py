"""HSDS: required fields, references that resolve, ids that are stable and stand for one thing each."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from catalog.exchange import hsds
from catalog.exchange.offers import stable_id
from catalog.model import DutyMatrix
from catalog.terms import State
from tests.support.exports import HOURS, catalogue, unified

# Table of the specification -> the fields that we use, those it requires first.
FIELDS = {
    "service": (
        "id name status organization_id alternate_name description url application_process fees_description "
        "eligibility_description alert phones schedules service_areas service_at_locations languages "
        "organization cost_options required_documents attributes"
    ),
    "organization": "id name description legal_status organization_identifiers",
    "organization_identifiers": "id identifier_type identifier organization_id identifier_scheme",
    "service_at_locations": "id service_id location_id location",
    "location": (
        "id location_type name external_identifier external_identifier_type addresses phones schedules"
    ),
    "addresses": "id address_1 city state_province postal_code country address_type location_id region",
    "phones": "id number service_id location_id type description",
    "schedules": "id service_id location_id timezone freq byday opens_at closes_at description",
    "service_areas": "id service_id name extent extent_type",
    "languages": "id service_id name code",
    "cost_options": "id service_id option currency amount amount_description",
    "required_documents": "id service_id document uri attributes",
    "attributes": "id link_id link_type link_entity value taxonomy_term",
    "taxonomy_term": "id name description taxonomy language",
}
REQUIRED = {"service": 3, "organization": 3, "organization_identifiers": 3, "location": 2, "addresses": 7,
            "phones": 2, "taxonomy_term": 3}  # fmt: skip
TASK = f"{unified(2)}5119999001001"


def read(**changes: Any) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = json.loads(hsds.encode(catalogue(**changes)))
    return documents


def records(table: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a document with the table that it is a row of."""
    if isinstance(value, list):
        for each in value:
            yield from records(table, each)
    elif isinstance(value, dict):
        yield table, value
        for name, each in value.items():
            yield from records(name, each)


EVERY = [pair for document in read() for pair in records("service", document)]


@pytest.fixture
def service() -> dict[str, Any]:
    return read()[0]


def test_there_is_one_service_for_each_item_and_street() -> None:
    assert [(each["name"], each["service_areas"][0]["name"]) for each in read()] == [
        ("样本津贴发放", "甲街道"),
        ("样本津贴发放", "乙乡"),
        ("样本证办理", "甲街道"),
        ("样本证办理", "乙乡"),
    ]


@pytest.mark.parametrize("table", FIELDS)
def test_fields_are_the_specification_s_and_the_required_ones_are_there(table: str) -> None:
    fields = FIELDS[table].split()
    rows = [row for name, row in EVERY if name == table]
    assert rows
    for row in rows:
        assert set(row) <= set(fields)
        assert set(fields[: REQUIRED.get(table, 1)]) <= set(row)


def test_every_table_is_one_of_ours() -> None:
    assert {table for table, _ in EVERY} == set(FIELDS)


def test_an_id_is_a_uuid_and_stands_for_one_thing() -> None:
    known: dict[str, tuple[str, dict[str, Any]]] = {}
    for table, row in EVERY:
        assert UUID(row["id"]).version == 5
        assert known.setdefault(row["id"], (table, row)) == (table, row)


def test_every_reference_leads_to_a_record_of_its_table() -> None:
    tables = {"service_id": "service", "location_id": "location", "organization_id": "organization"}
    ids = {(table, row["id"]) for table, row in EVERY}
    links = [(tables[name], row[name]) for _, row in EVERY for name in tables if name in row]
    assert set(links) <= ids
    entities = {"service": "service", "required_document": "required_documents"}
    owners = {(entities[row["link_entity"]], row["link_id"]) for table, row in EVERY if table == "attributes"}
    assert owners <= ids


def test_ids_do_not_change_with_the_words(service: dict[str, Any]) -> None:
    assert service["id"] == stable_id("hsds-service", TASK, "990100001")
    first, *rest = catalogue().items
    renamed = read(items=[first.model_copy(update={"name": "新名称"}), *rest])[0]
    assert (renamed["id"], renamed["name"]) == (service["id"], "新名称")


def test_who_carries_it_out_is_the_organization(service: dict[str, Any]) -> None:
    assert service["organization"]["id"] == service["organization_id"]
    assert service["organization"]["name"] == "甲街道办事处"
    [identifier] = service["organization"]["organization_identifiers"]
    assert (identifier["identifier_type"], identifier["identifier"]) == ("统一社会信用代码", unified(2))


def test_it_is_found_at_the_centre_and_the_stations(service: dict[str, Any]) -> None:
    places = [each["location"] for each in service["service_at_locations"]]
    assert [(place["name"], place["external_identifier"]) for place in places] == [
        ("甲街道政务服务中心", "990100001"),
        ("甲一社区", "990100001001"),
        ("甲二社区", "990100001002"),
    ]
    assert places[0]["addresses"][0]["address_1"] == "样例区甲街道样例路 1 号"
    assert places[1]["phones"][0]["number"] == "+86-10-00000101"


def test_a_centre_is_told_in_full_each_time_and_a_station_once(service: dict[str, Any]) -> None:
    licence = read()[2]
    centre, station = licence["service_at_locations"]
    assert centre["location"] == service["service_at_locations"][0]["location"]
    assert "location" not in station
    assert station["location_id"] == service["service_at_locations"][1]["location"]["id"]


def test_hours_are_a_schedule_where_they_can_be_taken_apart(service: dict[str, Any]) -> None:
    rows = [
        {name: row[name] for name in ("byday", "opens_at", "closes_at", "timezone", "description")}
        for row in service["schedules"]
    ]
    week = "MO,TU,WE,TH,FR"
    assert [tuple(row.values()) for row in rows] == [
        (week, "09:00+08:00", "12:00+08:00", 8, HOURS),
        (week, "13:30+08:00", "17:30+08:00", 8, HOURS),
        ("SA", "09:00+08:00", "12:00+08:00", 8, HOURS),
    ]
    [words] = service["service_at_locations"][1]["location"]["schedules"]
    assert (words["description"], "byday" in words) == ("预约后再来", False)


def test_both_telephones_are_told(service: dict[str, Any]) -> None:
    assert [(row["description"], row["number"]) for row in service["phones"]] == [
        ("咨询电话", "+86-10-00000011"),
        ("监督投诉电话", "+86-10-00000012"),
    ]


def test_materials_keep_what_the_specification_has_no_field_for(service: dict[str, Any]) -> None:
    first, second = service["required_documents"]
    told = {row["taxonomy_term"]["name"]: row["value"] for row in second["attributes"]}
    assert second["document"] == '=HYPERLINK("x")'
    assert told == {
        "材料类型": "证件证书证明",
        "必要性": "非必要",
        "来源渠道": "政府部门核发",
        "材料形式": "纸质",
        "份数": "原件 1 份",
        "什么情况下提交": "代办的",
    }
    assert "uri" not in first
    assert read()[2]["required_documents"][0]["uri"] == "https://example.com/form.pdf"


def test_elements_of_the_national_schema_are_attributes(service: dict[str, Any]) -> None:
    told = {row["taxonomy_term"]["name"]: row["value"] for row in service["attributes"]}
    assert told["实施编码"] == TASK
    assert told["业务办理项编码"] == f"{TASK}01"
    assert told["社区办理方式"] == "代收代办类"
    assert told["法定办结时限"] == "30 个工作日（约一个半月）"
    # The street promised less than the city.
    assert told["承诺办结时限"] == "5 个工作日（约一周）"
    assert (
        told["职责分工"] == "咨询：社区站点；接件：社区站点；受理：街道中心；告知：社区站点；送达：社区站点"
    )
    assert told["职责分工"].count("：") == len(DutyMatrix.model_fields)
    assert told["设定依据"] == "《样例法》样字〔2000〕1号第一条"
    assert {"网上办理深度", "权力来源", "联办机构"}.isdisjoint(told)
    licence = {row["taxonomy_term"]["name"]: row["value"] for row in read()[2]["attributes"]}
    assert (licence["网上办理深度"], licence["权力来源"]) == ("III级", "上级下放")
    assert (licence["联办机构"], licence["行使层级"]) == ("样例区残联", "县级")


def test_what_is_free_costs_nothing_and_what_is_not_says_how_much() -> None:
    free, charged = read()[0], read()[2]
    assert (free["cost_options"][0]["option"], free["cost_options"][0]["amount"]) == ("不收费", 0)
    assert "amount" not in charged["cost_options"][0]
    assert charged["cost_options"][0]["amount_description"] == "工本费：每证 5 元"
    assert charged["url"] == "https://example.com/zheng?a=1"
    assert "url" not in free


def test_every_state_has_a_status_and_a_sample_says_that_it_is_one(service: dict[str, Any]) -> None:
    assert set(hsds.STATUS) == set(State)
    assert service["status"] == "active"
    assert service["alert"] == "本网站内容为虚构示例，不能作为办事依据。"


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert hsds.encode(catalogue()) == hsds.encode(catalogue())
