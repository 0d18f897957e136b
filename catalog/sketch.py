"""A sketch map of a street's stations as the points of a drawing: no tiles, no network, north is up.

Distances are on the sphere's tangent plane, which is right to the metre within a street.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.model import Station, Street

METRES_A_DEGREE = 111_195
"""Of latitude, on a sphere of 6,371 km."""
DETOUR, METRES_A_MINUTE = 1.3, 70
"""Streets are no straight lines, and elders walk 70 m a minute: both on the careful side."""
QUARTER_HOUR = 15
REACH = QUARTER_HOUR * METRES_A_MINUTE / DETOUR
"""Metres as the crow flies that a quarter of an hour's walk gets one."""
WIDTH, MARGIN = 360, 24
"""The drawing's units are a phone's pixels."""
_BARS = (100, 200, 500, 1000, 2000, 5000)

Place = Street | Station


@dataclass(frozen=True)
class Spot:
    """A place on the drawing; its number in the list beside it is 0 where the list does not have it."""

    x: float
    y: float
    number: int


@dataclass(frozen=True)
class Sketch:
    """The drawing: its height, the centre (too far off to be drawn without `has_centre`), the stations, and the scale.

    `reach` is the radius of a quarter of an hour's walk around the marked place, else around the centre; `bar` the
    length of the scale bar, which is `metres` long.
    """

    height: float
    centre: Spot
    stations: tuple[Spot, ...]
    marked: Spot | None
    has_centre: bool
    reach: float
    bar: float
    metres: int

    @property
    def middle(self) -> Spot:
        """Around which the walk of a quarter of an hour is drawn."""
        return self.marked or self.centre


def metres(one: Place, other: Place) -> float:
    """As the crow flies."""
    return math.hypot(*_offset(one, other))


def walking_minutes(straight: float) -> int:
    """Of `straight` metres, rounded up."""
    return math.ceil(straight * DETOUR / METRES_A_MINUTE)


def sketch(street: Street, stations: Sequence[Station], marked: Station | None = None) -> Sketch:
    """All of a street's places; those of one station are the neighbours within two quarters of an hour and it."""
    shown = [each for each in stations if marked is None or metres(each, marked) <= 2 * REACH]
    numbers = {each.code: number for number, each in enumerate(stations, 1) if marked is None}
    places: list[Place] = [*shown]
    if marked is None or metres(street, marked) <= 4 * REACH:
        places.append(street)
    middle = marked or street
    offsets = [_offset(each, middle) for each in places] + [(0.0, 0.0)]
    # Around one station the whole of its walk is shown.
    edge = REACH if marked else 0.0
    west, east = min(x for x, _ in offsets), max(x for x, _ in offsets)
    south, north = min(y for _, y in offsets), max(y for _, y in offsets)
    west, east, south, north = min(west, -edge), max(east, edge), min(south, -edge), max(north, edge)
    span = max(east - west, 400.0)
    scale = (WIDTH - 2 * MARGIN) / span
    height = max((north - south) * scale, 120.0) + 2 * MARGIN

    def spot(place: Place, number: int = 0) -> Spot:
        x, y = _offset(place, middle)
        left = (WIDTH - (east - west) * scale) / 2
        top = (height - (north - south) * scale) / 2
        return Spot(round((x - west) * scale + left, 1), round((north - y) * scale + top, 1), number)

    bar = max((length for length in _BARS if length * scale <= WIDTH / 3), default=_BARS[0])
    return Sketch(
        height=round(height, 1),
        centre=spot(street),
        stations=tuple(spot(each, numbers.get(each.code, 0)) for each in shown if each is not marked),
        marked=spot(marked) if marked else None,
        has_centre=street in places,
        reach=round(REACH * scale, 1),
        bar=round(bar * scale, 1),
        metres=bar,
    )


def _offset(place: Place, middle: Place) -> tuple[float, float]:
    """Metres to the east and to the north of `middle`."""
    latitude, longitude = float(place.latitude), float(place.longitude)
    north = (latitude - float(middle.latitude)) * METRES_A_DEGREE
    parallel = METRES_A_DEGREE * math.cos(math.radians(float(middle.latitude)))
    return (longitude - float(middle.longitude)) * parallel, north
