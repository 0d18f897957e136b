"""A sketch map of a street's stations as the points of a drawing: no tiles, no network, north is up.

Distances are on the sphere's tangent plane, which is right to the metre within a street.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
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

_APART, _ROUNDS, _LOOK = 24.0, 60, 6
"""How far the middles of two numbers stay from each other, how often that is seen to, and how often it is looked who
is near."""
_UNSEEN = 0.5
"""So much closer than that they may be: nobody sees half a pixel."""

Place = Street | Station


@dataclass(frozen=True)
class Spot:
    """A place on the drawing; its number is that of the list beside it, 0 for the centre."""

    x: float
    y: float
    number: int


@dataclass(frozen=True)
class Sketch:
    """The drawing: its height, the centre, the stations (the marked one apart), and the scale.

    `reach` is the radius of a quarter of an hour's walk around the marked place, else around the centre; `bar` the
    length of the scale bar, which is `metres` long.
    """

    height: float
    centre: Spot
    stations: tuple[Spot, ...]
    marked: Spot | None
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


@dataclass(frozen=True)
class Neighbour:
    """A station within a quarter of an hour's walk of another; `number` is that of the street's list."""

    number: int
    station: Station
    minutes: int


def neighbours(stations: Sequence[Station], of: Station) -> tuple[Neighbour, ...]:
    """The other stations of a street that one walks to within a quarter of an hour, the nearest first."""
    others = ((metres(each, of), number, each) for number, each in enumerate(stations, 1) if each is not of)
    near = sorted((straight, number) for straight, number, _ in others if straight <= REACH)
    return tuple(
        Neighbour(number, stations[number - 1], walking_minutes(straight)) for straight, number in near
    )


@dataclass(frozen=True)
class Places:
    """What a drawing shows. A page that is not made anew sees these, and nothing is drawn for it."""

    street: Street
    stations: tuple[Station, ...]
    marked: Station | None = None

    @property
    def drawn(self) -> Sketch:
        return sketch(self.street, self.stations, self.marked)


def sketch(street: Street, stations: Sequence[Station], marked: Station | None = None) -> Sketch:
    """All of a street's places, and the quarter of an hour's walk around one station or else the centre."""
    places: list[Place] = [street, *stations]
    middle = marked or street
    offsets = [_offset(each, middle) for each in places]
    # Around one station the whole of its walk is shown.
    edge = REACH if marked else 0.0
    west, east = min(-edge, *(x for x, _ in offsets)), max(edge, *(x for x, _ in offsets))
    south, north = min(-edge, *(y for _, y in offsets)), max(edge, *(y for _, y in offsets))
    scale = (WIDTH - 2 * MARGIN) / max(east - west, 400.0)
    height = max((north - south) * scale, 120.0) + 2 * MARGIN
    left = (WIDTH - (east - west) * scale) / 2
    top = (height - (north - south) * scale) / 2
    points = _apart([((x - west) * scale + left, (north - y) * scale + top) for x, y in offsets])
    centre, *spots = (Spot(round(x, 1), round(y, 1), number) for number, (x, y) in enumerate(points))
    bar = max((length for length in _BARS if length * scale <= WIDTH / 3), default=_BARS[0])
    return Sketch(
        height=round(height, 1),
        centre=centre,
        stations=tuple(spot for spot, each in zip(spots, stations, strict=True) if each is not marked),
        marked=next((spot for spot, each in zip(spots, stations, strict=True) if each is marked), None),
        reach=round(REACH * scale, 1),
        bar=round(bar * scale, 1),
        metres=bar,
    )


def _apart(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points with those that would cover each other pushed apart, half of the way each; the first one stays."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    near: list[tuple[int, int]] = []
    for number in range(_ROUNDS):
        if number % _LOOK == 0:
            near = list(_near(xs, ys))
        settled = True
        for one, other in near:
            east, south = xs[other] - xs[one], ys[other] - ys[one]
            distance = math.hypot(east, south)
            lacking = _APART - distance
            if lacking <= _UNSEEN:
                continue
            settled = False
            # Two places at one point part to the north and south.
            east, south = (east / distance, south / distance) if distance else (0.0, 1.0)
            share = lacking / 2 if one else lacking
            xs[other], ys[other] = xs[other] + share * east, ys[other] + share * south
            if one:
                xs[one], ys[one] = xs[one] - share * east, ys[one] - share * south
        if settled:
            break
    return list(zip(xs, ys, strict=True))


def _near(xs: list[float], ys: list[float]) -> Iterator[tuple[int, int]]:
    """The pairs that could come to cover each other before it is looked again, from the west to the east."""
    east = sorted(range(len(xs)), key=xs.__getitem__)
    for position, one in enumerate(east):
        for other in itertools.islice(east, position + 1, None):
            if xs[other] - xs[one] >= 3 * _APART:
                break
            if abs(ys[other] - ys[one]) < 3 * _APART:
                yield (one, other) if one < other else (other, one)


def _offset(place: Place, middle: Place) -> tuple[float, float]:
    """Metres to the east and to the north of `middle`."""
    latitude, longitude = float(place.latitude), float(place.longitude)
    north = (latitude - float(middle.latitude)) * METRES_A_DEGREE
    parallel = METRES_A_DEGREE * math.cos(math.radians(float(middle.latitude)))
    return (longitude - float(middle.longitude)) * parallel, north
