"""What a browser is told of places, and what it makes of it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from catalog.model import Catalogue, HolidayYear
from catalog.places import HOLIDAYS, NEARBY, files, street_file, street_files
from catalog.wording import days_off, days_worked, way
from tests.support.catalogue import Content
from tests.support.exports import catalogue

STATIC = Path(__file__).parents[2] / "templates" / "static"
YEAR = HolidayYear.model_validate(
    {
        "year": 2026,
        "source": "样例通知",
        "holidays": [
            {"name": "国庆节", "first": "2026-10-01", "last": "2026-10-07"},
            {"name": "元旦", "first": "2026-01-01", "last": "2026-01-01"},
        ],
        "workdays": ["2026-10-10"],
    }
)


def told(made: Catalogue, address: str) -> Any:
    return json.loads({**files(made), **street_files(made)}[address])


def test_holidays_are_told_day_by_day() -> None:
    made = catalogue().model_copy(update={"holidays": (YEAR,)})
    assert told(made, HOLIDAYS) == {
        "years": [2026],
        "off": {f"2026-10-0{day}": "国庆节" for day in range(1, 8)} | {"2026-01-01": "元旦"},
        "work": ["2026-10-10"],
    }
    assert told(catalogue(), HOLIDAYS) == {"years": [], "off": {}, "work": []}


def test_days_off_are_told_in_the_order_of_the_year() -> None:
    older = YEAR.model_copy(update={"year": 2025})
    assert days_off((YEAR, older)) == "2026年元旦 1月1日、国庆节 10月1日至10月7日"
    assert days_off(()) == ""


def test_weekend_days_that_are_worked_are_told_with_their_weekdays() -> None:
    assert days_worked((YEAR,)) == "10月10日（周六）"
    assert days_worked((YEAR.model_copy(update={"workdays": ()}),)) == days_worked(()) == ""


@pytest.mark.parametrize(
    ("straight", "minutes", "words"),
    [(700.0, 13, "走路约 13 分钟"), (3177.0, 59, "走路约 59 分钟"), (4260.0, 80, "直线距离约 4.3 公里")],
)
def test_how_far_a_place_is(straight: float, minutes: int, words: str) -> None:
    assert way(straight, minutes) == words


def test_nearby_has_every_station_with_its_place_and_week(content: Content) -> None:
    made = content.load().catalogue
    assert made is not None
    nearby = told(made, NEARBY)
    assert [row[2:4] for row in nearby["stations"]] == [
        ["甲一社区", "/streets/jia-street/jia-yi.html"],
        ["乙上村", "/streets/yi-township/yi-shang.html"],
    ]
    assert nearby["stations"][0][:2] == [116.001, 40.002]
    assert [nearby["weeks"][row[4]][0] for row in nearby["stations"]] == [
        [1, "09:00", "18:00"],
        [1, "09:00", "16:00"],
    ]


def test_a_streets_file_tells_what_each_station_does_otherwise(content: Content) -> None:
    content.edit(
        "streets/yi-township.yaml",
        "adds: [jiu-ye-deng-ji]",
        "adds: [jiu-ye-deng-ji]\n    without: [gao-ling-jin-tie]",
    )
    made = content.load().catalogue
    assert made is not None
    street = told(made, street_file(made.streets[1]))
    assert street == {
        "street": "乙乡",
        "advice": "010-00000001",
        "centre": {
            "address": "/streets/yi-township.html",
            "name": "乙乡便民服务中心",
            "phone": "010-00000021",
        },
        "items": ["gao-ling-jin-tie"],
        "stations": {
            "/streets/yi-township/yi-shang.html": {
                "name": "乙上村",
                "place": "样例区乙乡乙上村 1 号",
                "hours": "周一至周五 9:00—16:00",
                "week": [[day, "09:00", "16:00"] for day in range(1, 6)],
                "phone": "010-00000201",
                "papers": ["周一、周四 9:00—11:00", [[1, "09:00", "11:00"], [4, "09:00", "11:00"]]],
                "note": "下雪封路时不收材料",
                "without": ["gao-ling-jin-tie"],
                "adds": ["jiu-ye-deng-ji"],
            }
        },
    }
    (plain,) = told(made, street_file(made.streets[0]))["stations"].values()
    assert set(plain) == {"name", "place", "hours", "week", "phone"}


WEEK = [[day, *span] for day in range(1, 6) for span in (("09:00", "12:00"), ("13:30", "17:30"))]
DAYS = {
    "years": [2026],
    "off": {f"2026-10-0{day}": "国庆节" for day in range(1, 8)},
    "work": ["2026-10-10"],
}


def status(week: list[list[Any]], moment: str) -> Any:
    """What open-hours.js says at a moment of UTC, on a device that is set to another zone."""
    script = (
        f"import {{ status }} from {json.dumps((STATIC / 'open-hours.js').as_uri())};"
        f"console.log(JSON.stringify(status({json.dumps(week)}, {json.dumps(DAYS)}, new Date({json.dumps(moment)}))));"
    )
    command = ["node", "--input-type=module", "--no-warnings", "-e", script]
    zone = os.environ | {"TZ": "America/Los_Angeles"}
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=zone).stdout)


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ("2026-11-24T01:00:00Z", True, "现在开着，12:00 休息"),
        ("2026-11-24T05:30:00Z", True, "现在开着，17:30 下班"),
        ("2026-11-24T04:00:00Z", False, "现在没开，今天 13:30 开门"),
        ("2026-11-24T00:59:00Z", False, "现在没开，今天 9:00 开门"),
        ("2026-11-24T09:30:00Z", False, "现在没开，明天（周三）9:00 开门"),
        ("2026-11-23T16:30:00Z", False, "现在没开，今天 9:00 开门"),
        ("2026-11-27T10:00:00Z", False, "现在没开，11月30日（周一）9:00 开门"),
        ("2026-10-03T02:00:00Z", False, "今天国庆节放假，10月8日（周四）9:00 开门"),
        ("2026-10-10T02:00:00Z", True, "现在开着，12:00 休息"),
        ("2026-10-11T02:00:00Z", False, "现在没开，明天（周一）9:00 开门"),
        ("2026-10-09T10:00:00Z", False, "现在没开，明天（周六，调休上班）9:00 开门"),
        ("2026-09-30T16:00:00Z", False, "今天国庆节放假，10月8日（周四）9:00 开门"),
    ],
)
def test_open_now_or_when_next_in_chinas_time(moment: str, is_open: bool, words: str) -> None:
    assert status(WEEK, moment) == {"open": is_open, "words": words}


UNKNOWN = "（2027年的放假安排还没有公布，去之前请打电话）"


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ("2026-12-31T10:00:00Z", False, f"现在没开，按平时1月4日（周一）9:00 开门{UNKNOWN}"),
        ("2027-01-01T02:00:00Z", False, f"今天元旦放假，按平时1月4日（周一）9:00 开门{UNKNOWN}"),
        ("2027-01-05T02:00:00Z", None, f"按平时现在开着，12:00 休息{UNKNOWN}"),
        ("2027-01-05T04:30:00Z", False, f"现在没开，按平时今天 13:30 开门{UNKNOWN}"),
    ],
)
def test_past_the_last_announced_year_only_the_usual_week_is_told(
    moment: str, is_open: bool | None, words: str
) -> None:
    assert status(WEEK, moment) == {"open": is_open, "words": words}


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ("2026-10-10T02:00:00Z", None, "今天调休上班，开不开门请先打电话"),
        ("2026-10-09T02:00:00Z", False, "现在没开，10月12日（周一）9:00 开门"),
    ],
)
def test_where_the_days_of_the_week_differ_nobody_knows_of_a_weekend_day_that_is_worked(
    moment: str, is_open: bool | None, words: str
) -> None:
    assert status([[1, "09:00", "11:30"], [4, "09:00", "11:30"]], moment) == {"open": is_open, "words": words}


def test_a_place_that_opens_rarely_and_one_whose_hours_are_words() -> None:
    assert (
        status([[3, "08:30", "11:00"]], "2026-11-25T03:00:00Z")["words"]
        == "现在没开，12月2日（周三）8:30 开门"
    )
    assert status([], "2026-11-25T03:00:00Z") is None
