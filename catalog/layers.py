"""How the city's items become what one street carries out and one station offers.

Four layers, each adding to or overriding the one below, nothing copied: the city's basic catalogue (the items),
the district's list, the street's layer, the station's entry in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from catalog.codes import ImplementationCode
from catalog.model import (
    Body,
    Catalogue,
    Override,
    ServiceItem,
    Station,
    StationLayer,
    Street,
    StreetLayer,
    TimeLimit,
)
from catalog.terms import Layer, Level, State

FIRST_CASE = "01"
"""业务办理项编码: an item that is not divided into cases is its own first."""
NO_LAYER = StreetLayer()
"""The layer of a street that neither adds nor overrides."""


@dataclass(frozen=True)
class Implementation:
    """实施清单条目: an item as one street carries it out or one of its stations offers it."""

    item: ServiceItem
    street: Street
    layer: Layer
    body: Body
    place: str
    hours: str
    phone: str
    complaint_phone: str
    promised_limit: TimeLimit
    note: str | None

    @property
    def task_code(self) -> str:
        """实施编码, 31 characters."""
        return self._codes[0]

    @property
    def handling_code(self) -> str:
        """业务办理项编码, 33 characters.

        The case is the body's: streets that take papers for one district department share its code, as the
        department's one implementation does. `row` tells the entries of the list apart.
        """
        return self._codes[1]

    @property
    def _codes(self) -> tuple[str, str]:
        return _codes(self.body.unified_code, self.item.level.code, self.item.code)


@lru_cache(maxsize=65536)
def _codes(body: str, level: str, item: str) -> tuple[str, str]:
    """What streets that take papers for one department share, and several files tell."""
    code = ImplementationCode(body, level, item)
    return str(code), str(replace(code, sequence=FIRST_CASE))


def implementations(catalogue: Catalogue) -> Mapping[str, tuple[Implementation, ...]]:
    """What each street carries out, by the street's code, in the order of the layers' lists.

    Items not 在用 are left out; what only a station of the street adds comes last. The catalogue is checked.
    """
    items = {item.slug: item for item in catalogue.items if item.state is State.IN_USE}
    bodies = {body.name: body for body in catalogue.bodies}
    return {
        street.code: tuple(
            _carried_out(items[slug], street, layer, override, bodies)
            for slug, layer, override in _listed(catalogue, street)
            if slug in items
        )
        for street in catalogue.streets
    }


def offered_at(catalogue: Catalogue, station: Station) -> tuple[Implementation, ...]:
    """What a station offers, with the station's own place, hours and telephone."""
    street = next(street for street in catalogue.streets if street.code == station.street)
    return at_station(
        implementations(catalogue)[street.code], station, station_layer(catalogue, street, station)
    )


def at_station(
    carried_out: tuple[Implementation, ...], station: Station, own: StationLayer
) -> tuple[Implementation, ...]:
    """Of what the station's street carries out, what the station offers, with its place, hours and telephone."""
    return tuple(
        # Spelled out: `replace` takes four times as long, and a city has half a million of them.
        Implementation(
            item=each.item,
            street=each.street,
            body=each.body,
            complaint_phone=each.complaint_phone,
            promised_limit=each.promised_limit,
            layer=Layer.STATION if each.item.slug in own.adds else each.layer,
            place=station.address,
            hours=own.hours or station.hours,
            phone=station.phone,
            note=own.note or each.note,
        )
        for each in taken_on(carried_out, own)
    )


def taken_on(carried_out: tuple[Implementation, ...], own: StationLayer) -> tuple[Implementation, ...]:
    """Of what the station's street carries out, what the station offers, as the street does it."""
    adds, without = frozenset(own.adds), frozenset(own.without)
    return tuple(
        each
        for each in carried_out
        if each.item.slug in adds or (each.layer is not Layer.STATION and each.item.slug not in without)
    )


def station_layer(catalogue: Catalogue, street: Street, station: Station) -> StationLayer:
    """The station's entry in its street's layer; an empty one where it has none."""
    layer = catalogue.layers.get(street.slug, NO_LAYER)
    own = (each for each in layer.stations if each.station == station.slug)
    return next(own, StationLayer(station=station.slug))


def listed(district: tuple[str, ...], layer: StreetLayer) -> Mapping[str, Layer]:
    """The slugs that reach a street and which layer brought each, in the order of the lists."""
    found = dict.fromkeys(district, Layer.DISTRICT)
    for slug in layer.additions:
        found.setdefault(slug, Layer.STREET)
    for station in layer.stations:
        for slug in station.adds:
            found.setdefault(slug, Layer.STATION)
    return found


def _listed(catalogue: Catalogue, street: Street) -> Iterator[tuple[str, Layer, Override]]:
    own = catalogue.layers.get(street.slug, NO_LAYER)
    overrides = {override.item: override for override in own.overrides}
    for slug, layer in listed(catalogue.district.items, own).items():
        yield slug, layer, overrides.get(slug, Override(item=slug))


def _carried_out(
    item: ServiceItem, street: Street, layer: Layer, override: Override, bodies: Mapping[str, Body]
) -> Implementation:
    return Implementation(
        item=item,
        street=street,
        layer=layer,
        body=bodies[street.body if item.level is Level.STREET else item.department],
        place=override.place or street.address,
        hours=override.hours or street.hours,
        phone=override.phone or street.phone,
        complaint_phone=street.complaint_phone,
        promised_limit=override.promised_limit or item.promised_limit,
        note=override.note,
    )
