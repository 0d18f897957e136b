"""The services in the Human Services Data Specification 3.0 (Open Referral), as its JSON `service` documents.

One document for each item and street. What the specification has no field for is an attribute: an element of
the national exchange schema with its value. A station is told in full by the first service that it offers and by
its location_id after that: a district has tens of thousands of pairs of station and item.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from catalog import wording
from catalog.elements import ELEMENTS
from catalog.exchange.offers import Offer, Service, services, stable_id
from catalog.exchange.plain import plain
from catalog.hours import Opening, openings
from catalog.layers import Implementation
from catalog.model import Body, Catalogue, District, DutyMatrix, Fee, Material, ServiceItem, Station, Street
from catalog.terms import State

Json = dict[str, Any]
R = TypeVar("R")

STATUS: Mapping[State, str] = {
    State.IN_USE: "active",
    State.SUSPENDED: "temporarily closed",
    State.CANCELLED: "defunct",
}
UTC_OFFSET = 8
TAXONOMY = "政务服务事项清单"

# Element of the national schema -> its value; an empty one is left out.
SERVICE_ELEMENTS: Mapping[str, Callable[[Implementation], str | None]] = {
    "基本编码": lambda told: told.item.code,
    "实施编码": lambda told: told.task_code,
    "业务办理项编码": lambda told: told.handling_code,
    "所属清单": lambda told: told.layer.value,
    "社区办理方式": lambda told: told.item.kind.value,
    "事项类型": lambda told: told.item.type.value,
    "办件类型": lambda told: told.item.handling.value,
    "服务对象": lambda told: "、".join(audience.value for audience in told.item.audience),
    "领域": lambda told: told.item.theme.value,
    "行使层级": lambda told: told.item.level.value,
    "权力来源": lambda told: told.item.power_source.value if told.item.power_source else None,
    "委托部门": lambda told: told.item.entrusted_by,
    "联办机构": lambda told: "、".join(told.item.joint_departments),
    "特别程序": lambda told: told.item.special_procedure,
    "法定办结时限": lambda told: wording.limit(told.item.statutory_limit),
    "承诺办结时限": lambda told: wording.limit(told.promised_limit),
    "到办事现场次数": lambda told: str(told.item.visits),
    "必须现场办理原因": lambda told: told.item.visit_reason,
    "网上办理深度": lambda told: told.item.online.depth.value if told.item.online else None,
    "办理形式": lambda told: "、".join(channel.value for channel in told.item.channels),
    "通办范围": lambda told: told.item.reach.value,
    "职责分工": lambda told: _duty(told.item.duty),
    "审批结果": lambda told: f"{told.item.result.name}：{told.item.result.delivery}",
    "设定依据": lambda told: "\n".join(
        f"《{basis.title}》{basis.number or ''}{basis.article or ''}" for basis in told.item.legal_basis
    ),
    "监督投诉方式": lambda told: told.complaint_phone,
    "办理说明": lambda told: told.note,
}
MATERIAL_ELEMENTS: Mapping[str, Callable[[Material], str | None]] = {
    "材料类型": lambda material: material.type.value,
    "必要性": lambda material: material.necessity.value,
    "来源渠道": lambda material: material.source.value,
    "材料形式": lambda material: material.form.value,
    "份数": wording.copies,
    "什么情况下提交": lambda material: material.when,
    "填报须知": lambda material: material.filling_notes or material.note,
    "受理标准": lambda material: material.acceptance_standard,
    "依据": lambda material: material.basis,
}


def encode(catalogue: Catalogue) -> bytes:
    """An array of service documents as UTF-8 JSON, one on each line; ids are UUIDs that stay the same."""
    told: set[str] = set()
    documents = [
        json.dumps(_service(service, offer, catalogue.district, told), ensure_ascii=False, allow_nan=False)
        for service in services(catalogue)
        for offer in service.offers
    ]
    return ("[\n" + ",\n".join(documents) + "\n]\n").encode()


def _service(service: Service, offer: Offer, district: District, told: set[str]) -> Json:
    own, item = offer.implementation, service.item
    id = stable_id("hsds-service", service.task_code, own.street.code)
    online = {"url": item.online.url} if item.online else {}
    return {
        "id": id,
        "organization_id": _body_id(service.body),
        "name": item.name,
        "alternate_name": item.plain_name,
        "description": plain(item.summary),
        **online,
        "status": STATUS[item.state],
        "application_process": "\n".join(
            f"{step.name}（{step.by.value}）：{step.text}" for step in item.steps
        ),
        "fees_description": wording.fee(item.fee),
        "eligibility_description": "\n".join(item.conditions),
        "alert": district.illustrative,
        "phones": [
            _phone(id, own.phone, "咨询电话", service_id=id),
            _phone(id, own.complaint_phone, "监督投诉电话", service_id=id),
        ],
        "schedules": _schedules(id, own.hours, service_id=id),
        "service_areas": [_area(id, own.street)],
        "service_at_locations": [
            _at(id, _centre(own.street, own.place, district), set()),
            *(_at(id, _station(station, district), told) for station in offer.stations),
        ],
        "languages": [{"id": stable_id(id, "language"), "service_id": id, "name": "中文", "code": "zh"}],
        "organization": _organization(service.body),
        "cost_options": [_cost(id, item.fee)],
        "required_documents": [
            _document(id, number, material) for number, material in enumerate(item.materials, 1)
        ],
        "attributes": _attributes(id, "service", own, SERVICE_ELEMENTS),
    }


def _organization(body: Body) -> Json:
    id = _body_id(body)
    return {
        "id": id,
        "name": body.name,
        "description": f"{body.name}（{body.nature.value}）",
        "legal_status": body.nature.value,
        "organization_identifiers": [
            {
                "id": stable_id(id, "identifier"),
                "organization_id": id,
                "identifier_scheme": "GB 32100",
                "identifier_type": "统一社会信用代码",
                "identifier": body.unified_code,
            }
        ],
    }


def _body_id(body: Body) -> str:
    return stable_id("body", body.unified_code)


def _at(service_id: str, location: Json, told: set[str]) -> Json:
    """The pair of a service and a location, with the location itself unless it is among those `told`."""
    nested = {} if location["id"] in told else {"location": location}
    told.add(location["id"])
    return {
        "id": stable_id(service_id, "at", location["id"]),
        "service_id": service_id,
        "location_id": location["id"],
        **nested,
    }


def _centre(street: Street, place: str, district: District) -> Json:
    return _location(street.center, street.code, place, street.hours, street.phone, district)


def _station(station: Station, district: District) -> Json:
    return _location(station.name, station.code, station.address, station.hours, station.phone, district)


def _location(name: str, code: str, address: str, hours: str, phone: str, district: District) -> Json:
    id = stable_id("hsds-location", code, address)
    return {
        "id": id,
        "location_type": "physical",
        "name": name,
        "external_identifier": code,
        "external_identifier_type": "统计用区划代码",
        "addresses": [
            {
                "id": stable_id(id, "address"),
                "location_id": id,
                "address_1": address,
                "city": district.city,
                "region": district.name,
                "state_province": district.city,
                # Required by the specification; the catalogue holds no postal codes.
                "postal_code": "",
                "country": "CN",
                "address_type": "physical",
            }
        ],
        "phones": [_phone(id, phone, "咨询电话", location_id=id)],
        "schedules": _schedules(id, hours, location_id=id),
    }


def _phone(owner: str, number: str, description: str, **link: str) -> Json:
    return {
        "id": stable_id(owner, "phone", description),
        **link,
        "number": f"+86-{number.removeprefix('0')}",
        "type": "voice",
        "description": description,
    }


def _schedules(owner: str, hours: str, **link: str) -> list[Json]:
    """One schedule for each span of opening, or one with the words alone where they cannot be taken apart."""
    spans = openings(hours)
    rows: list[Json] = [_weekly(span) for span in spans] or [{}]
    return [
        {"id": stable_id(owner, "schedule", str(number)), **link, **row, "description": hours}
        for number, row in enumerate(rows, 1)
    ]


def _weekly(span: Opening) -> Json:
    zone = f"+{UTC_OFFSET:02}:00"
    return {
        "timezone": UTC_OFFSET,
        "freq": "WEEKLY",
        "byday": ",".join(span.days),
        "opens_at": f"{span.opens}{zone}",
        "closes_at": f"{span.closes}{zone}",
    }


def _area(service_id: str, street: Street) -> Json:
    return {
        "id": stable_id(service_id, "area"),
        "service_id": service_id,
        "name": street.name,
        "extent": street.code,
        "extent_type": "text",
    }


def _cost(service_id: str, fee: Fee) -> Json:
    amount: Json = {} if fee.charged else {"amount": 0}
    return {
        "id": stable_id(service_id, "cost"),
        "service_id": service_id,
        "option": fee.name or wording.FREE,
        "currency": "CNY",
        **amount,
        "amount_description": wording.fee(fee),
    }


def _document(service_id: str, number: int, material: Material) -> Json:
    id = stable_id(service_id, "document", str(number))
    form = {"uri": material.blank_form} if material.blank_form else {}
    return {
        "id": id,
        "service_id": service_id,
        "document": material.name,
        **form,
        "attributes": _attributes(id, "required_document", material, MATERIAL_ELEMENTS),
    }


def _attributes(
    owner: str, table: str, record: R, elements: Mapping[str, Callable[[R], str | None]]
) -> list[Json]:
    told = ((element, value(record)) for element, value in elements.items())
    return [
        {
            "id": stable_id(owner, "attribute", element),
            "link_id": owner,
            "link_type": "element",
            "link_entity": table,
            "value": value,
            "taxonomy_term": {
                "id": stable_id("element", table, element),
                "name": element,
                "description": f"{TAXONOMY}的要素“{element}”",
                "taxonomy": TAXONOMY,
                "language": "zh",
            },
        }
        for element, value in told
        if value
    ]


def _duty(duty: DutyMatrix) -> str:
    """Who does each act, in one line."""
    names = ELEMENTS[ServiceItem]
    places = {act: "、".join(place.value for place in getattr(duty, act)) for act in DutyMatrix.model_fields}
    return "；".join(f"{names[f'duty.{act}']}：{where}" for act, where in places.items())
