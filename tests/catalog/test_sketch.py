"""Distances, walking minutes, and where places stand on a street's sketch map."""

import itertools
import math

import pytest

from catalog.model import Catalogue, Station, Street
from catalog.sketch import MARGIN, REACH, WIDTH, Places, Spot, metres, neighbours, sketch, walking_minutes
from tests.support.exports import catalogue


def street_with(*places: tuple[str, str]) -> tuple[Street, list[Station]]:
    """The first street, its centre at 116, 40, and a station at each place (longitude, latitude)."""
    made: Catalogue = catalogue()
    first = made.stations[0]
    stations = [
        first.model_copy(update={"code": f"9901000010{number:02}", "longitude": east, "latitude": north})
        for number, (east, north) in enumerate(places, 1)
    ]
    return made.streets[0], stations


def test_a_degree_of_latitude_is_111_kilometres_and_one_of_longitude_shrinks() -> None:
    street, (north, east) = street_with(("116.0000", "41.0000"), ("117.0000", "40.0000"))
    assert metres(street, north) == pytest.approx(111_195, rel=1e-3)
    assert metres(street, east) == pytest.approx(111_195 * math.cos(math.radians(40)), rel=1e-3)


@pytest.mark.parametrize(("straight", "minutes"), [(0, 0), (1, 1), (538, 10), (807, 15), (808, 16)])
def test_minutes_are_those_of_a_slow_walk_with_detours(straight: float, minutes: int) -> None:
    assert walking_minutes(straight) == minutes
    assert (straight <= REACH) == (minutes <= 15)


def within(spot: Spot, height: float) -> bool:
    return 0 < spot.x < WIDTH and 0 < spot.y < height


def test_a_streets_places_stand_on_the_drawing_with_their_numbers_and_north_is_up() -> None:
    street, stations = street_with(("116.0000", "40.0100"), ("116.0100", "40.0000"), ("115.9900", "39.9950"))
    drawn = sketch(street, stations)
    assert [spot.number for spot in drawn.stations] == [1, 2, 3]
    north, east, west = drawn.stations
    assert north.y < drawn.centre.y < west.y and west.x < drawn.centre.x < east.x
    assert all(within(spot, drawn.height) for spot in (*drawn.stations, drawn.centre))
    assert (west.x, east.x) == (MARGIN, WIDTH - MARGIN)
    assert drawn.middle is drawn.centre and drawn.marked is None
    assert 0 < drawn.bar <= WIDTH / 3 and drawn.metres in (100, 200, 500, 1000)


def test_around_one_station_all_others_and_the_whole_walk_are_shown() -> None:
    street, stations = street_with(("116.0010", "40.0010"), ("116.0050", "40.0000"), ("116.0900", "40.0000"))
    drawn = sketch(street, stations, stations[0])
    assert drawn.marked is not None and drawn.middle is drawn.marked and drawn.marked.number == 1
    assert [spot.number for spot in drawn.stations] == [2, 3]
    assert drawn.reach <= min(drawn.marked.x, WIDTH - drawn.marked.x)
    assert drawn.reach <= min(drawn.marked.y, drawn.height - drawn.marked.y)


def test_no_number_covers_another_or_the_centre_and_the_centre_stays() -> None:
    crowd = [
        ("116.0000", "40.0000"),
        ("116.0000", "40.0000"),
        ("116.0002", "40.0000"),
        ("116.0900", "40.0500"),
    ]
    street, stations = street_with(*crowd)
    drawn = sketch(street, stations)
    spots = [drawn.centre, *drawn.stations]
    between = [
        math.hypot(one.x - other.x, one.y - other.y) for one, other in itertools.combinations(spots, 2)
    ]
    assert min(between) > 23
    alone = sketch(street, stations[-1:])
    assert (drawn.centre.x, drawn.centre.y) == (alone.centre.x, alone.centre.y)


def test_a_crowd_that_finds_no_room_is_drawn_all_the_same() -> None:
    street, stations = street_with(*[("116.0000", "40.0000")] * 90)
    drawn = sketch(street, stations)
    assert len(drawn.stations) == 90
    assert Places(street, tuple(stations)).drawn == drawn


def test_neighbours_are_within_the_walk_and_the_nearest_comes_first() -> None:
    _, stations = street_with(
        ("116.0000", "40.0000"), ("116.0050", "40.0000"), ("116.0200", "40.0000"), ("116.0010", "40.0000")
    )
    found = neighbours(stations, stations[0])
    assert [(each.number, each.station.code[-2:], each.minutes) for each in found] == [
        (4, "04", 2),
        (2, "02", 8),
    ]


def test_one_place_alone_still_has_a_drawing() -> None:
    street, stations = street_with(("116.0000", "40.0000"))
    drawn = sketch(street, stations)
    assert within(drawn.stations[0], drawn.height) and drawn.metres == 100
