"""The services in the words of schema.org, as JSON-LD: GovernmentService and what it refers to.

One GovernmentService for each 实施编码; its channels are the streets that carry it out. Bodies, areas and places
are told once and referred to by "@id".
"""

import json
from collections.abc import Mapping
from typing import Any

from catalog import wording
from catalog.entries import item_address, station_address, street_address
from catalog.exchange.offers import Offer, Service, services, stable_id
from catalog.exchange.plain import plain
from catalog.exchange.times import duration
from catalog.hours import openings
from catalog.model import Body, Catalogue, District, Fee, LegalBasis, ServiceItem, Station, Street
from catalog.terms import Channel

Json = dict[str, Any]

CONTEXT = "https://schema.org"
LANGUAGE = "zh"
DAYS: Mapping[str, str] = {
    "MO": "https://schema.org/Monday",
    "TU": "https://schema.org/Tuesday",
    "WE": "https://schema.org/Wednesday",
    "TH": "https://schema.org/Thursday",
    "FR": "https://schema.org/Friday",
    "SA": "https://schema.org/Saturday",
    "SU": "https://schema.org/Sunday",
}


def encode(catalogue: Catalogue) -> bytes:
    """The graph as UTF-8 JSON-LD 1.1; addresses are relative to the site that publishes it."""
    graph = {"@context": CONTEXT, "@graph": _nodes(catalogue)}
    return (json.dumps(graph, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _nodes(catalogue: Catalogue) -> list[Json]:
    district, every = catalogue.district, services(catalogue)
    bodies = {service.body.unified_code: service.body for service in every}
    streets = {street.code: street for street in catalogue.streets}
    by_slug: dict[str, list[Service]] = {}
    for service in every:
        by_slug.setdefault(service.item.slug, []).append(service)
    return [
        _area(district.code, district.name),
        *(_area(street.code, street.name, district.code) for street in catalogue.streets),
        *(_organization(body, district) for body in bodies.values()),
        *(_centre(street) for street in catalogue.streets),
        *(_station(station, streets[station.street]) for station in catalogue.stations),
        *(_service(service, by_slug, district) for service in every),
    ]


def _id(*names: str) -> str:
    return f"urn:uuid:{stable_id(*names)}"


def _ref(*names: str) -> Json:
    return {"@id": _id(*names)}


def _area(code: str, name: str, within: str = "") -> Json:
    parent = {"containedInPlace": _ref("location", within)} if within else {}
    return {
        "@id": _id("location", code),
        "@type": "AdministrativeArea",
        "name": name,
        "identifier": _code("统计用区划代码", code),
        **parent,
    }


def _organization(body: Body, district: District) -> Json:
    return {
        "@id": _id("body", body.unified_code),
        "@type": "GovernmentOrganization",
        "name": body.name,
        "identifier": _code("统一社会信用代码", body.unified_code),
        "areaServed": _ref("location", district.code),
    }


def _centre(street: Street) -> Json:
    return _office(street.code, street.center, street_address(street), street)


def _station(station: Station, street: Street) -> Json:
    return _office(station.code, station.name, station_address(street, station), station)


def _office(code: str, name: str, page: str, place: Street | Station) -> Json:
    street = code if isinstance(place, Street) else place.street
    return {
        "@id": _id("office", code),
        "@type": "GovernmentOffice",
        "name": name,
        "url": page,
        "identifier": _code("统计用区划代码", code),
        "address": {"@type": "PostalAddress", "streetAddress": place.address, "addressCountry": "CN"},
        "telephone": _telephone(place.phone),
        "containedInPlace": _ref("location", street),
        **_hours("openingHoursSpecification", place.hours),
    }


def _service(service: Service, by_slug: Mapping[str, list[Service]], district: District) -> Json:
    item = service.item
    related = [other for slug in item.related for other in by_slug.get(slug, ())]
    links = [_ref("service", other.task_code) for other in related]
    return {
        "@id": _id("service", service.task_code),
        "@type": "GovernmentService",
        "name": item.name,
        "alternateName": [item.plain_name, *item.aliases],
        "description": plain(item.summary),
        "disambiguatingDescription": district.illustrative,
        "url": item_address(item.slug),
        "identifier": [_code("实施编码", service.task_code), _code("基本编码", item.code)],
        "serviceType": item.type.value,
        "category": [term.value for term in (item.theme, item.kind, item.handling, *item.topics)],
        "audience": [{"@type": "Audience", "audienceType": audience.value} for audience in item.audience],
        "provider": _ref("body", service.body.unified_code),
        "serviceOperator": _ref("body", service.body.unified_code),
        "jurisdiction": _ref("location", district.code),
        "areaServed": [_ref("location", offer.implementation.street.code) for offer in service.offers],
        "availableChannel": [
            *(_counter(service, offer) for offer in service.offers),
            *(_remote(item, channel) for channel in item.channels if channel is not Channel.COUNTER),
        ],
        "termsOfService": "\n".join(item.conditions),
        "offers": _price(item.fee),
        "serviceOutput": _output(item),
        "subjectOf": [_law(basis) for basis in item.legal_basis],
        **({"isRelatedTo": links} if links else {}),
    }


def _counter(service: Service, offer: Offer) -> Json:
    told = offer.implementation
    return {
        "@id": _id("channel", told.street.code, service.task_code),
        "@type": "ServiceChannel",
        "name": told.street.center,
        "description": "\n".join(filter(None, (told.place, told.hours, told.note))),
        "availableLanguage": LANGUAGE,
        "processingTime": duration(told.promised_limit),
        "servicePhone": [
            _contact("咨询电话", told.phone, told.hours),
            _contact("监督投诉电话", told.complaint_phone, told.hours),
        ],
        "serviceLocation": [
            _ref("office", told.street.code),
            *(_ref("office", station.code) for station in offer.stations),
        ],
    }


def _remote(item: ServiceItem, channel: Channel) -> Json:
    online = {"serviceUrl": item.online.url} if channel is Channel.ONLINE and item.online else {}
    return {
        "@type": "ServiceChannel",
        "name": channel.value,
        "availableLanguage": LANGUAGE,
        "processingTime": duration(item.promised_limit),
        **online,
    }


def _contact(kind: str, phone: str, hours: str) -> Json:
    return {
        "@type": "ContactPoint",
        "contactType": kind,
        "telephone": _telephone(phone),
        **_hours("hoursAvailable", hours),
    }


def _hours(name: str, hours: str) -> Json:
    """The property `name` with each span of opening; nothing where the words cannot be taken apart."""
    spans = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [DAYS[day] for day in span.days],
            "opens": span.opens,
            "closes": span.closes,
        }
        for span in openings(hours)
    ]
    return {name: spans} if spans else {}


def _price(fee: Fee) -> Json:
    price = {} if fee.charged else {"price": 0, "priceCurrency": "CNY"}
    return {"@type": "Offer", "description": wording.fee(fee), **price}


def _output(item: ServiceItem) -> Json:
    return {"@type": "Thing", "name": item.result.name, "description": item.result.delivery}


def _law(basis: LegalBasis) -> Json:
    number = {"legislationIdentifier": basis.number} if basis.number else {}
    return {
        "@type": "Legislation",
        "name": f"《{basis.title}》{basis.article or ''}",
        **number,
        "description": basis.gist,
    }


def _code(scheme: str, value: str) -> Json:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _telephone(phone: str) -> str:
    return f"+86-{phone.removeprefix('0')}"
