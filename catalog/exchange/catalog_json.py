"""catalog.json: what the consult service and anyone else reads of a release (docs/catalog.schema.json).

Items are referred to by slug, areas by code.
"""

import json
from collections.abc import Mapping
from typing import Any

from catalog import wording
from catalog.entries import item_address, station_address, street_address
from catalog.exchange.plain import plain
from catalog.fields import Record
from catalog.layers import NO_LAYER, Implementation, implementations, station_layer, taken_on
from catalog.model import (
    Body,
    Catalogue,
    District,
    DutyMatrix,
    Fee,
    HandlingAgent,
    Relay,
    ServiceItem,
    Station,
    Step,
    Street,
    TimeLimit,
)
from catalog.pages import agent_of
from catalog.terms import Coded

SCHEMA = "kezhong-catalog"
VERSION = 1

Offers = tuple[Implementation, ...]


def document(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as the published contract, version 1; it has no time in it."""
    streets = {street.code: street for street in catalogue.streets}
    carried_out = implementations(catalogue)
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "illustrative": catalogue.district.illustrative,
        "district": _district(catalogue.district),
        "bodies": [_body(body) for body in catalogue.bodies],
        "streets": [_street(catalogue, street, carried_out[street.code]) for street in catalogue.streets],
        "stations": [
            _station(catalogue, station, streets[station.street], carried_out[station.street])
            for station in catalogue.stations
        ],
        "items": [_item(item) for item in catalogue.items],
    }


def encode(document: Mapping[str, Any]) -> bytes:
    """The document as UTF-8 JSON (RFC 8259), the same bytes for the same document.

    A line for each member and for each entry of a list: two releases are compared by their lines.
    """
    members = (f"{_json(name)}: {_lines(value)}" for name, value in document.items())
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def _lines(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_json, value)) + "\n]"
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _dump(record: Record) -> dict[str, Any]:
    """Fields as JSON has them; a word of a closed list as it is written."""
    return record.model_dump(mode="json")


_STATION_FIELDS = {"code", "slug", "name", "street", "address", "hours", "phone"}
"""What the contract tells of a station by itself; where it lies and what else it has is for the site."""


def _words(members: tuple[Coded, ...]) -> list[str]:
    return [member.value for member in members]


def _district(district: District) -> dict[str, Any]:
    return district.model_dump(mode="json", exclude={"illustrative", "website"})


def _body(body: Body) -> dict[str, Any]:
    return {**_dump(body), "nature_code": body.nature.code}


def _street(catalogue: Catalogue, street: Street, carried_out: Offers) -> dict[str, Any]:
    relay = catalogue.layers.get(street.slug, NO_LAYER).relay
    return {
        "code": street.code,
        "slug": street.slug,
        "name": street.name,
        "kind": street.kind.code,
        "kind_name": street.kind.value,
        "center": street.center,
        "address": street.address,
        "hours": street.hours,
        "phone": street.phone,
        "complaint_phone": street.complaint_phone,
        "body": street.body,
        "url": street_address(street),
        "implementations": [_implementation(each) for each in carried_out],
        "relay": _relay(catalogue, street, relay) if relay else None,
    }


def _implementation(each: Implementation) -> dict[str, Any]:
    return {
        "item": each.item.slug,
        "layer": each.layer.code,
        "layer_name": each.layer.value,
        "body": each.body.name,
        "task_code": each.task_code,
        "handling_code": each.handling_code,
        "place": each.place,
        "hours": each.hours,
        "phone": each.phone,
        "complaint_phone": each.complaint_phone,
        "promised_limit": _limit(each.promised_limit),
        "note": each.note,
    }


def _station(catalogue: Catalogue, station: Station, street: Street, carried_out: Offers) -> dict[str, Any]:
    own = station_layer(catalogue, street, station)
    relay = catalogue.layers.get(street.slug, NO_LAYER).relay
    agent = agent_of(relay, station) if relay else None
    return {
        **station.model_dump(mode="json", include=_STATION_FIELDS),
        "url": station_address(street, station),
        "items": [each.item.slug for each in taken_on(carried_out, own)],
        "intake_hours": own.hours or station.hours,
        "note": own.note,
        "agent": agent.number if agent else None,
    }


def _relay(catalogue: Catalogue, street: Street, relay: Relay) -> dict[str, Any]:
    codes = {station.slug: station.code for station in catalogue.stations if station.street == street.code}
    return {
        "agents": [_agent(agent, codes) for agent in relay.agents],
        "clerk": _dump(relay.clerk),
        "coordinator": _dump(relay.coordinator),
        "results": relay.results,
    }


def _agent(agent: HandlingAgent, codes: Mapping[str, str]) -> dict[str, Any]:
    return {**_dump(agent), "villages": [codes[village] for village in agent.villages]}


def _item(item: ServiceItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "local_code": item.local_code,
        "slug": item.slug,
        "name": item.name,
        "plain_name": item.plain_name,
        "aliases": list(item.aliases),
        "theme": item.theme.value,
        "topics": _words(item.topics),
        "department": item.department,
        "joint_departments": list(item.joint_departments),
        "type": item.type.value,
        "type_code": item.type.code,
        "state": item.state.value,
        "version": item.version,
        "effective": item.effective.isoformat() if item.effective else None,
        "expires": item.expires.isoformat() if item.expires else None,
        "level": item.level.value,
        "level_code": item.level.code,
        "power_source": item.power_source.value if item.power_source else None,
        "entrusted_by": item.entrusted_by,
        "audience": _words(item.audience),
        "kind": item.kind.code,
        "kind_name": item.kind.value,
        "handling": item.handling.value,
        "channels": _words(item.channels),
        "reach": item.reach.value,
        "online": _dump(item.online) if item.online else None,
        "express": item.express,
        "appointment": item.appointment,
        "self_service": item.self_service,
        "quota": item.quota,
        "intermediary": item.intermediary,
        "url": item_address(item.slug),
        "summary": plain(item.summary),
        "conditions": list(item.conditions),
        "materials": [material.model_dump(mode="json", exclude={"site_form"}) for material in item.materials],
        "steps": [_step(step) for step in item.steps],
        "statutory_limit": _limit(item.statutory_limit),
        "promised_limit": _limit(item.promised_limit),
        "special_procedure": item.special_procedure,
        "duty": _duty(item.duty),
        "fee": _fee(item.fee),
        "result": {**_dump(item.result), "type_code": item.result.type.code},
        "visits": item.visits,
        "visit_reason": item.visit_reason,
        "legal_basis": [_dump(basis) for basis in item.legal_basis],
        "questions": [_dump(question) for question in item.questions],
        "related": list(item.related),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "by": step.by.code,
        "by_name": step.by.value,
        "text": step.text,
        "duration": step.duration,
    }


def _limit(limit: TimeLimit) -> dict[str, Any]:
    return {"days": limit.days, "unit": limit.unit.code, "text": wording.limit(limit), "note": limit.note}


def _duty(duty: DutyMatrix) -> dict[str, list[str]]:
    return {act: [place.code for place in getattr(duty, act)] for act in DutyMatrix.model_fields}


def _fee(fee: Fee) -> dict[str, Any]:
    return {**_dump(fee), "text": wording.fee(fee)}
