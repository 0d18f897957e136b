"""Opening hours are told as spans only where they were understood."""

import pytest

from catalog.hours import WEEK, Opening, is_even, openings, week

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
        ("周一、三、五 9:00–10:00", [Opening(("MO", "WE", "FR"), "09:00", "10:00")]),
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


def test_a_week_has_its_rows_in_order() -> None:
    assert week("周二 13:00–14:00；周二 9:00–12:00；周一 8:00–9:00") == (
        (1, "08:00", "09:00"),
        (2, "09:00", "12:00"),
        (2, "13:00", "14:00"),
    )
    assert week("预约后再来") == ()


@pytest.mark.parametrize(
    ("hours", "even"),
    [
        ("周一至周五 9:00–12:00，13:30–17:30；周六上午 9:00–12:00", True),
        ("每天 8:00-20:00", True),
        ("周一、三、五 9:00–10:00", False),
        ("周一至周四 9:00–17:00；周五 9:00–12:00", False),
        ("周六至周日 9:00–10:00", False),
        ("预约后再来", False),
    ],
)
def test_a_week_is_even_where_its_workdays_are_alike(hours: str, even: bool) -> None:
    assert is_even(week(hours)) is even
