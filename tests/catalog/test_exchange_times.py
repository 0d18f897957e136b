"""Limits in calendar days."""

import pytest

from catalog.exchange.times import duration
from catalog.model import TimeLimit
from catalog.terms import DayUnit


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
