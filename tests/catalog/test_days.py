"""What is in force on a day, and when that changes."""

from datetime import UTC, date, datetime

import pytest

from catalog import days, inputs
from catalog.load import load
from catalog.model import Catalogue, ServiceItem
from catalog.terms import State
from tests.support.catalogue import MINIMAL

DAY = date(2026, 11, 24)


def catalogue(**changed: object) -> Catalogue:
    read = load(MINIMAL).catalogue
    assert read is not None
    first, *rest = read.items
    return read.model_copy(update={"items": (first.model_copy(update=changed), *rest)})


def first(read: Catalogue) -> ServiceItem:
    return read.items[0]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_a_day_begins_at_midnight_in_china(moment: datetime, day: date) -> None:
    assert inputs.today(moment) == day


def test_an_item_is_shown_from_its_effective_day_on() -> None:
    coming = catalogue(effective=DAY)
    assert first(coming) not in days.in_force(coming, date(2026, 11, 23)).items
    assert days.in_force(coming, DAY) is coming


def test_an_item_is_cancelled_on_the_day_that_it_expires() -> None:
    ending = catalogue(expires=DAY)
    assert days.in_force(ending, date(2026, 11, 23)) is ending
    assert first(days.in_force(ending, DAY)).state is State.CANCELLED
    cancelled = catalogue(expires=DAY, state=State.CANCELLED)
    assert days.in_force(cancelled, DAY) is cancelled


def test_the_days_to_come_are_told_in_order_and_those_past_are_not() -> None:
    read = catalogue(effective=date(2026, 12, 1), expires=date(2027, 1, 1))
    versions = {date(2026, 11, 25), date(2026, 11, 24), date(2026, 12, 1)}
    assert days.due(read, versions, DAY) == (date(2026, 11, 25), date(2026, 12, 1), date(2027, 1, 1))
    assert days.due(catalogue(), (), DAY) == ()
