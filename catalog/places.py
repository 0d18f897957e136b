"""What a browser is told of places, so that it can say what is near, what is open and what one's station does."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from catalog.entries import Area, areas_of
from catalog.hours import week
from catalog.layers import Implementation, at_station, implementations, station_layer
from catalog.model import Catalogue, HolidayYear, Station, StationLayer, Street

HOLIDAYS = "/streets/holidays.json"
"""Days off and make-up workdays."""
NEARBY = "/streets/nearby.json"
"""Every station with its place, to find the nearest by."""


def street_file(street: Street) -> str:
    """The address of what a browser is told of one street's stations."""
    return f"/streets/{street.slug}.json"


def files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Address to bytes of all that the browser is told; there is no clock in it."""
    areas = areas_of(catalogue)
    carried_out = implementations(catalogue)
    return {
        HOLIDAYS: _encoded(_holidays(catalogue.holidays)),
        NEARBY: _encoded(_nearby(catalogue, areas)),
        **{
            street_file(area.entry.street): _encoded(
                _street(catalogue, area, carried_out[area.entry.street.code])
            )
            for area in areas
        },
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


def open_hours(station: Station, own: StationLayer) -> str:
    """When residents are served: the hours for papers where the station has its own."""
    return own.hours or station.hours


def _nearby(catalogue: Catalogue, areas: Iterable[Area]) -> dict[str, Any]:
    """Stations as rows of longitude, latitude, name, address of the page and the number of their week."""
    weeks: dict[tuple[tuple[int, str, str], ...], int] = {}
    rows = [
        [
            float(stop.station.longitude),
            float(stop.station.latitude),
            stop.station.name,
            stop.address,
            weeks.setdefault(week(_hours(catalogue, area, stop.station)), len(weeks)),
        ]
        for area in areas
        for stop in area.stations
    ]
    return {"weeks": list(weeks), "stations": rows}


def _hours(catalogue: Catalogue, area: Area, station: Station) -> str:
    return open_hours(station, station_layer(catalogue, area.entry.street, station))


def _street(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...]) -> dict[str, Any]:
    street = area.entry.street
    return {
        "street": street.name,
        "centre": {"address": area.entry.address, "name": street.center, "phone": street.phone},
        "items": [each.item.slug for each in carried_out],
        "stations": {
            stop.address: _station(carried_out, stop.station, station_layer(catalogue, street, stop.station))
            for stop in area.stations
        },
    }


def _station(carried_out: tuple[Implementation, ...], station: Station, own: StationLayer) -> dict[str, Any]:
    offered = {each.item.slug for each in at_station(carried_out, station, own)}
    return {
        "name": station.name,
        "place": station.address,
        "hours": open_hours(station, own),
        "week": week(open_hours(station, own)),
        "phone": station.phone,
        "without": [each.item.slug for each in carried_out if each.item.slug not in offered],
    }
