"""The rules of places and days: who is on duty, when nobody is, and that a place is where its street is."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from catalog.hours import week
from catalog.load import STAFF, STATIONS
from catalog.rule import Fault, Rule, Scope, advice, closest, error
from catalog.sketch import metres

FARTHEST = 30_000
"""Metres from a street's centre to its farthest station: beyond that two numbers were exchanged or mistyped."""
_SATURDAY = 5


def _unknown_staff_station(scope: Scope) -> Iterator[Fault]:
    known = {entry.record.code for entry in scope.loaded.stations}
    for entry in scope.loaded.staff:
        code = entry.record.station
        if code not in known and not scope.is_unread(code, STATIONS):
            yield entry, ("station",), f"{STATIONS} 中没有代码为 {code} 的站点{closest(code, known)}。"


def _staff_twice(scope: Scope) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for entry in scope.loaded.staff:
        line = entry.source.place(("number",))[0]
        other = first.setdefault(entry.record.number, line)
        if other != line:
            yield entry, ("number",), f"工号“{entry.record.number}”与第 {other} 行重复，应各不相同。"


def _unstaffed(scope: Scope) -> Iterator[Fault]:
    counted = Counter(entry.record.station for entry in scope.loaded.staff)
    # Whoever stands in a row that could not be read may be on duty anywhere.
    is_read = not any(problem.file == STAFF for problem in scope.loaded.problems)
    for entry in scope.loaded.stations if counted and is_read else ():
        if not counted[entry.record.code]:
            yield entry, ("name",), f"{entry.record.name}没有值班的社工，最好写进 staff.csv。"


def _duty_days(scope: Scope) -> Iterator[Fault]:
    """Nobody is on duty on a day on which the station is shut; days in other words than those of hours are let be."""
    hours = {entry.record.code: entry.record for entry in scope.loaded.stations}
    for entry in scope.loaded.staff:
        station = hours.get(entry.record.station)
        shown = {day for day, *_ in week(station.hours)} if station else set()
        duty = {day for day, *_ in week(f"{entry.record.duty} 9:00–10:00")}
        if shown and duty - shown:
            yield entry, ("duty",), f"值班时间应在站点的办公时间（{station.hours if station else ''}）以内。"


def _far_off(scope: Scope) -> Iterator[Fault]:
    streets = {entry.record.code: entry.record for entry in scope.loaded.streets}
    for entry in scope.loaded.stations:
        street = streets.get(entry.record.street)
        if street and (distance := metres(street, entry.record)) > FARTHEST:
            message = (
                f"离{street.center}有 {round(distance / 1000)} 公里，应在 30 公里以内；请核对经度和纬度。"
            )
            yield entry, ("longitude",), message


def _near(year: int) -> Callable[[date], bool]:
    """Whether a day is of the year or of the weeks at its turn: New Year's days off may begin in December."""
    first, last = date(year - 1, 12, 25), date(year + 1, 1, 7)
    return lambda day: first <= day <= last


def _holiday_order(scope: Scope) -> Iterator[Fault]:
    entry = scope.loaded.holidays
    for i, year in enumerate(entry.record.years if entry else ()):
        for j, holiday in enumerate(year.holidays):
            days = {holiday.first, holiday.last}
            own = {day.year for day in days}
            if entry and (
                holiday.last < holiday.first or year.year not in own or not all(map(_near(year.year), days))
            ):
                message = (
                    f"{holiday.name}应在 {year.year} 年，最后一天不早于第一天，"
                    f"现在是 {holiday.first} 至 {holiday.last}。"
                )
                yield entry, ("years", i, "holidays", j, "last"), message


def _year_twice(scope: Scope) -> Iterator[Fault]:
    entry = scope.loaded.holidays
    years = [year.year for year in entry.record.years] if entry else []
    for index, year in enumerate(years):
        if entry and year in years[:index]:
            yield entry, ("years", index, "year"), f"{year} 年写了两次，应合并成一处。"


def _workday(scope: Scope) -> Iterator[Fault]:
    entry = scope.loaded.holidays
    for i, year in enumerate(entry.record.years if entry else ()):
        for j, day in enumerate(year.workdays):
            off = any(holiday.first <= day <= holiday.last for holiday in year.holidays)
            if entry and (day.weekday() < _SATURDAY or off or not _near(year.year)(day)):
                message = (
                    f"调休上班的应是 {year.year} 年（或年头年尾）的周六或周日，也不在放假期间；"
                    f"{day} 是周{'一二三四五六日'[day.weekday()]}。"
                )
                yield entry, ("years", i, "workdays", j), message


RULES: tuple[Rule, ...] = (
    error("unknown-staff-station", "社工所在的站点都存在", _unknown_staff_station),
    error("staff-twice", "社工的工号各不相同", _staff_twice),
    advice("unstaffed-station", "每个站点都有值班的社工", _unstaffed),
    error("duty-days", "社工值班的日子站点开门", _duty_days),
    error("far-off", "站点离本街道的中心不超过 30 公里", _far_off),
    error("holiday-order", "放假的第一天不晚于最后一天，年份一致", _holiday_order),
    error("holiday-year-twice", "一年的放假安排写在一处", _year_twice),
    error("workday", "调休上班的是周六、周日", _workday),
)
