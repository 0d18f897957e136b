"""What is in force on a day, and when that changes."""

from datetime import UTC, date, datetime

import pytest

from catalog import days, inputs
from catalog.check import ahead
from catalog.load import load
from catalog.model import Catalogue, ServiceItem
from catalog.render import prose_links
from catalog.terms import State
from tests.support.catalogue import MINIMAL, REGISTRATION, Content
from tests.support.command import build

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


def prepared(content: Content, day: str, replacement: str) -> None:
    text = (content.root / REGISTRATION).read_text("utf-8")
    content.write(
        REGISTRATION.replace(".yaml", f"@{day}.yaml"), text.replace("plain_name: 登记就业", replacement)
    )


def told_ahead(content: Content) -> list[str]:
    loaded = load(content.root, DAY)
    return [str(problem) for problem in ahead(content.root, loaded, prose_links, DAY)]


def test_what_is_wrong_with_what_is_prepared_is_told_before_its_day(content: Content) -> None:
    prepared(content, "2026-12-01", "plain_name: 高龄津贴")
    prepared(content, "2027-01-01", "plain_name: 高龄津贴")
    (line, _) = told_ahead(content)
    assert line.startswith("items/jiu-ye-deng-ji@2026-12-01.yaml:4:13 建议：")
    assert line.endswith("这是为 2026-12-01 准备的，不改好，那一天不能发布。")
    result = build("check", "--content", content.root)
    assert (result.returncode, "这是为 2026-12-01 准备的" in result.stdout) == (0, True)


def test_nothing_is_told_ahead_of_what_is_sound_or_wrong_already(content: Content) -> None:
    prepared(content, "2026-12-01", "plain_name: 换了名称")
    assert told_ahead(content) == []
    content.edit("stations.csv", "010-00000101", "10-1")
    assert told_ahead(content) == []
    content.edit("stations.csv", ",10-1", ",010-00000101")
    content.edit("stations.csv", "990100102,", "990100999,")
    assert told_ahead(content) == []
    (content.root / "district.yaml").unlink()
    assert told_ahead(content) == []
