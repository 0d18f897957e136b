"""Who is on duty, which days are off, and where places are."""

import pytest

from tests.support.catalogue import Content

STAFF = "station,name,number,duty\n990100001001,甲样例,样社 01,周一至周五\n"
YEAR = """years:
  - year: 2026
    source: 样例通知
    holidays:
      - {name: 元旦, first: "2025-12-31", last: "2026-01-02"}
      - {name: 国庆节, first: "2026-10-01", last: "2026-10-07"}
    workdays: ["2025-12-28", "2026-10-10"]
"""


def test_a_holiday_and_its_worked_day_may_begin_at_the_turn_of_the_year(content: Content) -> None:
    content.write("holidays.yaml", YEAR)
    assert content.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'last: "2026-10-07"',
            'last: "2026-09-30"',
            "holidays.yaml:6:48 国庆节应在 2026 年，最后一天不早于第一天，现在是 2026-10-01 至 2026-09-30。",
        ),
        (
            'last: "2026-10-07"',
            'last: "2027-10-07"',
            "holidays.yaml:6:48 国庆节应在 2026 年，最后一天不早于第一天，现在是 2026-10-01 至 2027-10-07。",
        ),
        (
            'first: "2025-12-31", last: "2026-01-02"',
            'first: "2027-01-01", last: "2027-01-03"',
            "holidays.yaml:5:47 元旦应在 2026 年，最后一天不早于第一天，现在是 2027-01-01 至 2027-01-03。",
        ),
        (
            "2026-10-10",
            "2062-10-14",
            "holidays.yaml:7:30 调休上班的应是 2026 年（或年头年尾）的周六或周日，也不在放假期间；"
            "2062-10-14 是周六。",
        ),
        (
            "2026-10-10",
            "2026-10-04",
            "holidays.yaml:7:30 调休上班的应是 2026 年（或年头年尾）的周六或周日，也不在放假期间；"
            "2026-10-04 是周日。",
        ),
    ],
)
def test_days_of_another_year_or_of_no_weekend_are_told(
    content: Content, old: str, new: str, fault: str
) -> None:
    content.write("holidays.yaml", YEAR)
    content.edit("holidays.yaml", old, new)
    assert content.faults()[0] == fault


def test_a_station_without_a_social_worker_is_advised_of(content: Content) -> None:
    content.write("staff.csv", STAFF)
    (fault,) = content.faults()
    assert fault == "stations.csv:3:3 建议：乙上村没有值班的社工，最好写进 staff.csv。"


@pytest.mark.parametrize("row", ["990100102201,乙样例,,周一至周五\n", "990100102201,乙样例\n"])
def test_whoever_stands_in_an_unreadable_row_is_not_missed(content: Content, row: str) -> None:
    content.write("staff.csv", STAFF + row)
    assert [fault.split(":")[0] for fault in content.faults()] == ["staff.csv"]


def test_staff_of_an_unreadable_station_is_no_second_fault(content: Content) -> None:
    content.write("staff.csv", STAFF + "990100102201,乙样例,样社 02,周一至周五\n")
    content.edit("stations.csv", "010-00000201", "201")
    assert [fault.split(":")[0] for fault in content.faults()] == ["stations.csv"]


def test_without_either_file_nothing_is_missed(content: Content) -> None:
    assert content.faults() == []
