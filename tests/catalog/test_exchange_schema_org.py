"""schema.org: only properties that the vocabulary has on a type, references that resolve, facts in their place."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.exchange import schema_org
from catalog.exchange.offers import stable_id
from tests.support.exports import catalogue, unified

# Type -> those of its properties in the vocabulary that we use.
TERMS = {
    "AdministrativeArea": {"name", "identifier", "containedInPlace"},
    "Audience": {"audienceType"},
    "ContactPoint": {"contactType", "telephone", "hoursAvailable"},
    "GovernmentOffice": {
        "name",
        "url",
        "identifier",
        "address",
        "telephone",
        "containedInPlace",
        "openingHoursSpecification",
    },
    "GovernmentOrganization": {"name", "identifier", "areaServed"},
    "GovernmentService": {
        "name",
        "alternateName",
        "description",
        "disambiguatingDescription",
        "url",
        "identifier",
        "serviceType",
        "category",
        "audience",
        "provider",
        "serviceOperator",
        "jurisdiction",
        "areaServed",
        "availableChannel",
        "termsOfService",
        "offers",
        "serviceOutput",
        "subjectOf",
        "isRelatedTo",
    },
    "Legislation": {"name", "description", "legislationIdentifier"},
    "Offer": {"description", "price", "priceCurrency"},
    "OpeningHoursSpecification": {"dayOfWeek", "opens", "closes"},
    "PostalAddress": {"streetAddress", "addressCountry"},
    "PropertyValue": {"propertyID", "value"},
    "ServiceChannel": {
        "name",
        "description",
        "availableLanguage",
        "processingTime",
        "servicePhone",
        "serviceLocation",
        "serviceUrl",
    },
    "Thing": {"name", "description"},
}
# Property -> the types of the nodes that it may lead to.
RANGES = {
    "areaServed": {"AdministrativeArea"},
    "containedInPlace": {"AdministrativeArea"},
    "isRelatedTo": {"GovernmentService"},
    "jurisdiction": {"AdministrativeArea"},
    "provider": {"GovernmentOrganization"},
    "serviceLocation": {"GovernmentOffice"},
    "serviceOperator": {"GovernmentOrganization"},
}
TASK = f"{unified(2)}5119999001001"


def read() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(schema_org.encode(catalogue()))
    return document


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from dicts(each)
    elif isinstance(value, dict):
        yield value
        yield from dicts(list(value.values()))


GRAPH: list[dict[str, Any]] = read()["@graph"]
NODES = [node for node in dicts(GRAPH) if "@type" in node]


def find(*names: str) -> dict[str, Any]:
    [node] = [node for node in NODES if node.get("@id") == f"urn:uuid:{stable_id(*names)}"]
    return node


@pytest.fixture
def service() -> dict[str, Any]:
    return find("service", TASK)


def test_the_context_is_the_vocabulary() -> None:
    assert read()["@context"] == "https://schema.org"


@pytest.mark.parametrize("kind", TERMS)
def test_a_type_has_only_its_properties(kind: str) -> None:
    own = [node for node in NODES if node["@type"] == kind]
    assert own
    for node in own:
        assert {name for name in node if not name.startswith("@")} <= TERMS[kind]


def test_every_type_is_one_of_ours() -> None:
    assert {node["@type"] for node in NODES} == set(TERMS)


def test_every_reference_leads_to_a_node_of_the_right_type_and_ids_are_told_once() -> None:
    ids = [node["@id"] for node in NODES if "@id" in node]
    assert len(ids) == len(set(ids))
    types = {node["@id"]: node["@type"] for node in NODES if "@id" in node}
    for node in NODES:
        for name, value in node.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and set(each) == {"@id"}:
                    assert types[each["@id"]] in RANGES[name]


def test_the_service_is_run_by_its_body_in_its_area(service: dict[str, Any]) -> None:
    body, street = find("body", unified(2)), find("location", "990100001")
    assert service["@type"] == "GovernmentService"
    assert (body["name"], street["name"]) == ("甲街道办事处", "甲街道")
    assert service["serviceOperator"] == service["provider"] == {"@id": body["@id"]}
    assert service["areaServed"] == [{"@id": street["@id"]}]
    assert service["jurisdiction"] == {"@id": find("location", "990100")["@id"]}


def test_the_codes_and_the_guide_are_told(service: dict[str, Any]) -> None:
    assert [(each["propertyID"], each["value"]) for each in service["identifier"]] == [
        ("实施编码", TASK),
        ("基本编码", "119999001001"),
    ]
    assert service["url"] == "/items/yang-ben.html"
    assert service["alternateName"] == ["领样本津贴", "=1+1 津贴", "样本补贴"]
    assert service["category"] == ["养老", "代收代办类", "承诺件", "老人服务"]
    assert service["termsOfService"] == "年满 80 周岁\n有样例市户口"
    assert service["disambiguatingDescription"] == "本网站内容为虚构示例，不能作为办事依据。"


def test_the_channel_of_a_street_says_where_when_and_how_long(service: dict[str, Any]) -> None:
    [channel] = service["availableChannel"]
    places = [find("office", code)["@id"] for code in ("990100001", "990100001001", "990100001002")]
    assert channel["serviceLocation"] == [{"@id": place} for place in places]
    assert channel["processingTime"] == "P7D"
    phones = [(each["contactType"], each["telephone"]) for each in channel["servicePhone"]]
    assert phones == [("咨询电话", "+86-10-00000011"), ("监督投诉电话", "+86-10-00000012")]
    hours = channel["servicePhone"][0]["hoursAvailable"]
    assert [(each["opens"], each["closes"]) for each in hours] == [
        ("09:00", "12:00"),
        ("13:30", "17:30"),
        ("09:00", "12:00"),
    ]
    assert hours[2]["dayOfWeek"] == ["https://schema.org/Saturday"]


def test_hours_that_cannot_be_taken_apart_are_left_out() -> None:
    assert "openingHoursSpecification" in find("office", "990100001")
    assert "openingHoursSpecification" not in find("office", "990100001001")


def test_the_web_is_a_channel_where_the_item_has_one() -> None:
    licence = find("service", f"{unified(1)}4119999002001")
    *streets, web = licence["availableChannel"]
    assert [each["name"] for each in streets] == ["甲街道政务服务中心", "乙乡政务服务中心"]
    assert (web["name"], web["serviceUrl"]) == ("网上办理", "https://example.com/zheng?a=1")


def test_only_what_is_free_has_a_price_of_nothing(service: dict[str, Any]) -> None:
    licence = find("service", f"{unified(1)}4119999002001")
    free = {"@type": "Offer", "description": "不收费", "price": 0, "priceCurrency": "CNY"}
    assert service["offers"] == free
    assert licence["offers"] == {"@type": "Offer", "description": "工本费：每证 5 元"}


def test_result_law_and_related_services_are_told(service: dict[str, Any]) -> None:
    licence = find("service", f"{unified(1)}4119999002001")
    assert service["serviceOutput"]["name"] == "样本津贴"
    assert service["subjectOf"] == [
        {
            "@type": "Legislation",
            "name": "《样例法》第一条",
            "legislationIdentifier": "样字〔2000〕1号",
            "description": "发津贴。",
        }
    ]
    assert service["isRelatedTo"] == [{"@id": licence["@id"]}]
    assert "isRelatedTo" not in licence


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert schema_org.encode(catalogue()) == schema_org.encode(catalogue())
