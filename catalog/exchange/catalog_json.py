"""catalog.json: what the consult service and anyone else reads of a release (docs/catalog.schema.json)."""

import json
from collections.abc import Mapping
from typing import Any

from catalog import wording
from catalog.exchange.plain import plain
from catalog.model import (
    Catalogue,
    District,
    DutyMatrix,
    Fee,
    Material,
    ServiceItem,
    Station,
    Step,
    Street,
    TimeLimit,
)
from catalog.pages import item_address, station_address, street_address

SCHEMA = "kezhong-catalog"
VERSION = 1


def document(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as the published contract, version 1; it has no time in it."""
    streets = {street.code: street for street in catalogue.streets}
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "illustrative": catalogue.district.illustrative,
        "district": _district(catalogue.district),
        "streets": [_street(street) for street in catalogue.streets],
        "stations": [_station(station, streets[station.street]) for station in catalogue.stations],
        "items": [_item(item) for item in catalogue.items],
    }


def encode(document: Mapping[str, Any]) -> bytes:
    """The document as UTF-8 JSON (RFC 8259), the same bytes for the same document."""
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _district(district: District) -> dict[str, Any]:
    return district.model_dump(exclude={"illustrative"})


def _street(street: Street) -> dict[str, Any]:
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
        "url": street_address(street),
    }


def _station(station: Station, street: Street) -> dict[str, Any]:
    return {**station.model_dump(), "url": station_address(street, station)}


def _item(item: ServiceItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "slug": item.slug,
        "name": item.name,
        "plain_name": item.plain_name,
        "aliases": list(item.aliases),
        "layer": item.layer.value,
        "theme": item.theme.value,
        "department": item.department,
        "type": item.type.value,
        "type_code": item.type.code,
        "kind": item.kind.code,
        "kind_name": item.kind.value,
        "handling": item.handling.value,
        "url": item_address(item.slug),
        "summary": plain(item.summary),
        "conditions": list(item.conditions),
        "materials": [_material(material) for material in item.materials],
        "steps": [_step(step) for step in item.steps],
        "statutory_limit": _limit(item.statutory_limit),
        "promised_limit": _limit(item.promised_limit),
        "duty": _duty(item.duty),
        "fee": _fee(item.fee),
        "result": item.result.model_dump(),
        "visits": item.visits,
        "visit_reason": item.visit_reason,
        "legal_basis": [basis.model_dump() for basis in item.legal_basis],
        "questions": [question.model_dump() for question in item.questions],
        "related": list(item.related),
    }


def _material(material: Material) -> dict[str, Any]:
    return {
        "name": material.name,
        "type": material.type.value,
        "necessity": material.necessity.value,
        "source": material.source.value,
        "form": material.form.value,
        "originals": material.originals,
        "copies": material.copies,
        "when": material.when,
        "note": material.note,
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
    return {**fee.model_dump(), "text": wording.fee(fee)}
