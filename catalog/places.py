"""What a browser is told of places, so that it can say what is near, what is open and what one's station does."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from catalog.entries import Area, areas_of
from catalog.hours import week
from catalog.layers import Implementation, at_station, implementations, station_layer
from catalog.model import Catalogue, HolidayYear, Station, StationLayer, Street
from catalog.terms import Layer

HOLIDAYS = "/streets/holidays.json"
"""Days off and make-up workdays."""
NEARBY = "/streets/nearby.json"
"""Every station with its place, to find the nearest by."""


def street_file(street: Street) -> str:
    """The address of what a browser is told of one street's stations."""
    return f"/streets/{street.slug}.json"


def files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Address to bytes of what the browser is told of the whole city; there is no clock in it."""
    return {
        HOLIDAYS: _encoded(_holidays(catalogue.holidays)),
        NEARBY: _encoded(_nearby(areas_of(catalogue))),
    }


def street_files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Address to bytes of what the browser is told of each of the catalogue's streets."""
    carried_out = implementations(catalogue)
    return {
        street_file(area.entry.street): _encoded(
            _street(catalogue, area, carried_out[area.entry.street.code])
        )
        for area in areas_of(catalogue)
    }


def _encoded(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _holidays(years: Iterable[HolidayYear]) -> dict[str, Any]:
    """The announced years, the name of each day off, and the weekend days that are worked."""
    every = tuple(years)
    off = {
        str(holiday.first + timedelta(days=count)): holiday.name
        for year in every
        for holiday in year.holidays
        for count in range((holiday.last - holiday.first).days + 1)
    }
    return {
        "years": [year.year for year in every],
        "off": off,
        "work": [str(day) for year in every for day in year.workdays],
    }


def _nearby(areas: Iterable[Area]) -> dict[str, Any]:
    """Stations as rows of longitude, latitude, name, address of the page and the number of their week."""
    weeks: dict[tuple[tuple[int, str, str], ...], int] = {}
    rows = [
        [
            float(stop.station.longitude),
            float(stop.station.latitude),
            stop.station.name,
            stop.address,
            weeks.setdefault(week(stop.station.hours), len(weeks)),
        ]
        for area in areas
        for stop in area.stations
    ]
    return {"weeks": list(weeks), "stations": rows}


def _street(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...]) -> dict[str, Any]:
    """`items`: what the street and its stations take, but for what one station alone takes or leaves out."""
    street = area.entry.street
    items = [each.item.slug for each in carried_out if each.layer is not Layer.STATION]
    return {
        "street": street.name,
        "advice": catalogue.district.advice_phone,
        "centre": {"address": area.entry.address, "name": street.center, "phone": street.phone},
        "items": items,
        "stations": {
            stop.address: _station(
                carried_out, items, stop.station, station_layer(catalogue, street, stop.station)
            )
            for stop in area.stations
        },
    }


def _station(
    carried_out: tuple[Implementation, ...], items: Sequence[str], station: Station, own: StationLayer
) -> dict[str, Any]:
    """`papers`: the hours for papers and their week, where these are not those of the station."""
    offered = [each.item.slug for each in at_station(carried_out, station, own)]
    differing = {
        "papers": [own.hours, week(own.hours)] if own.hours else None,
        "note": own.note,
        "without": [slug for slug in items if slug not in offered],
        "adds": [slug for slug in offered if slug not in items],
    }
    return {
        "name": station.name,
        "place": station.address,
        "hours": station.hours,
        "week": week(station.hours),
        "phone": station.phone,
        **{name: value for name, value in differing.items() if value},
    }
