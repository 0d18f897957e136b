"""Opening hours and limits are told only where they were understood."""

import pytest

from catalog.exchange.times import WEEK, Opening, duration, openings
from catalog.model import TimeLimit
from catalog.terms import DayUnit

WORKDAYS = WEEK[:5]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (
            "周一至周五 9:00–12:00，13:30–17:30；周六上午 9:00–12:00",
            [
                Opening(WORKDAYS, "09:00", "12:00"),
                Opening(WORKDAYS, "13:30", "17:30"),
                Opening(("SA",), "09:00", "12:00"),
            ],
        ),
        ("周一至周日 9:00—18:00", [Opening(WEEK, "09:00", "18:00")]),
        ("每天 8:00-20:00", [Opening(WEEK, "08:00", "20:00")]),
        ("工作日 9：00～17：00。", [Opening(WORKDAYS, "09:00", "17:00")]),
        ("星期一、星期三和周五 9:00–10:00", [Opening(("MO", "WE", "FR"), "09:00", "10:00")]),
        ("周六至周一 9:00–10:00", [Opening(("MO", "SA", "SU"), "09:00", "10:00")]),
        ("周二上午 9:00–12:00，下午 14:00–24:00", [
            Opening(("TU",), "09:00", "12:00"),
            Opening(("TU",), "14:00", "24:00"),
        ]),
    ],
)  # fmt: skip
def test_hours_are_taken_apart(hours: str, expected: list[Opening]) -> None:
    assert list(openings(hours)) == expected


@pytest.mark.parametrize(
    "hours",
    [
        "",
        "预约后再来",
        "周一至周五 9:00–12:00；节假日休息",
        "周一至周五（法定节假日除外）9:00–12:00",
        "周一 13:00–9:00",
        "周一 9:00–25:00",
        "周一 9:75–12:00",
        "周二下午 2:00–5:00",
        "9:00–12:00",
    ],
)
def test_hours_that_are_not_wholly_understood_are_not_guessed(hours: str) -> None:
    assert openings(hours) == ()


@pytest.mark.parametrize(
    ("days", "unit", "expected"),
    [
        (0, DayUnit.WORKING_DAY, "P0D"),
        (1, DayUnit.WORKING_DAY, "P2D"),
        (15, DayUnit.WORKING_DAY, "P21D"),
        (30, DayUnit.CALENDAR_DAY, "P30D"),
    ],
)
def test_a_limit_becomes_calendar_days(days: int, unit: DayUnit, expected: str) -> None:
    assert duration(TimeLimit(days=days, unit=unit)) == expected
