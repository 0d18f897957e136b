"""The arithmetic of what is disclosed: sums, rates, the progress of the stations, changes in their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from catalog.disclosure import BuildPlan, Change, Monthly, MonthlyConsults, MonthlyRatings
from catalog.model import Catalogue, Station
from catalog.terms import POOR, ConsultOutcome, Satisfaction

M = TypeVar("M", bound=Monthly)
NOTHING = "—"


def changes(catalogue: Catalogue) -> tuple[Change, ...]:
    """The log of the catalogue's changes, newest first; those of one day as the editors ordered them."""
    items = {item.slug for item in catalogue.items}
    # What is said of an item that is not in force yet appears with it.
    told = (each for each in catalogue.disclosure.changes if items.issuperset(each.items))
    return tuple(sorted(told, key=lambda each: each.date, reverse=True))


def rate(part: int, whole: int) -> str:
    """A share to the nearest tenth of a per cent; what is not all is never called 100%."""
    if not whole:
        return NOTHING
    tenths = (part * 2000 + whole) // (2 * whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def month_words(month: str) -> str:
    """「2026年10月」."""
    return f"{month[:4]}年{int(month[5:])}月"


def span_words(months: Sequence[str]) -> str:
    """「2026年3月至10月」, 「2025年12月至2026年2月」, or the one month."""
    first, last = months[0], months[-1]
    if first == last:
        return month_words(first)
    same_year = first[:4] == last[:4]
    return f"{month_words(first)}至{f'{int(last[5:])}月' if same_year else month_words(last)}"


def by_month(rows: Iterable[M]) -> Mapping[str, tuple[M, ...]]:
    """The rows of all streets, by month in order."""
    found: dict[str, list[M]] = {}
    for row in rows:
        found.setdefault(row.month, []).append(row)
    return {month: tuple(found[month]) for month in sorted(found)}


def levels(rows: Iterable[MonthlyRatings]) -> tuple[int, ...]:
    """How many ratings of each level, from the best."""
    every = tuple(rows)
    return tuple(sum(getattr(row, level.code) for row in every) for level in Satisfaction)


def poor(counts: Sequence[int]) -> int:
    """Of the counts by level those that are 差评."""
    return sum(count for level, count in zip(Satisfaction, counts, strict=True) if level in POOR)


def outcomes(rows: Iterable[MonthlyConsults]) -> tuple[int, ...]:
    """How many calls ended with each outcome."""
    every = tuple(rows)
    return tuple(sum(getattr(row, outcome.code) for row in every) for outcome in ConsultOutcome)


@dataclass(frozen=True)
class Milestone:
    """A step of the plan in numbers; `is_due` once its day has come."""

    day: date
    share: int
    target: int
    actual: int
    is_due: bool

    @property
    def is_met(self) -> bool:
        return self.actual >= self.target


@dataclass(frozen=True)
class Progress:
    """How the stations were built, up to the day of the statistics: the days, the months, the plan's steps."""

    days: tuple[date, ...]
    total: int
    months: tuple[tuple[str, int, int], ...]
    milestones: tuple[Milestone, ...]

    @property
    def built(self) -> int:
        return len(self.days)


def progress(stations: Sequence[Station], plan: BuildPlan, since: date | None = None) -> Progress:
    """The stations against the plan, month by month from `since` or the first of them.

    A share of the stations is counted up: half of 37 is 19.
    """
    days = tuple(sorted(station.opened for station in stations if station.opened <= plan.as_of))
    counted = [f"{day:%Y-%m}" for day in days]
    begin = f"{since:%Y-%m}" if since else min(counted, default="")
    months = months_between(begin, f"{plan.as_of:%Y-%m}") if begin else ()
    return Progress(
        days,
        len(stations),
        tuple((month, counted.count(month), sum(each <= month for each in counted)) for month in months),
        tuple(
            Milestone(
                step.by,
                step.share,
                -(-len(stations) * step.share // 100),
                sum(day <= step.by for day in days),
                step.by <= plan.as_of,
            )
            for step in plan.steps
        ),
    )


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Every month from the first to the last, both included."""
    numbers = range(month_number(first), month_number(last) + 1)
    return tuple(f"{number // 12}-{number % 12 + 1:02}" for number in numbers)


def month_number(month: str) -> int:
    """Months counted on, so that January follows December."""
    return int(month[:4]) * 12 + int(month[5:]) - 1
