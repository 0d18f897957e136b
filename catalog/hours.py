"""Opening hours in words as spans of a week; what is not understood in full is left to the words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""The days of the week by their codes in RFC 5545, 3.3.10."""

_DAYS = {**dict(zip("一二三四五六日", WEEK, strict=True)), "天": "SU"}
_DAY = r"(?:周|星期)[一二三四五六日天]"
_RANGE = rf"{_DAY}(?:[至到]{_DAY})?"
_SPAN = r"\d{1,2}[:：][0-5]\d\s*[–—~～-]\s*\d{1,2}[:：][0-5]\d"
# 下午 2:00 is no hour of the day as it stands: such a text is left as it is.
_HALF = r"(?:上午|下午(?=\s*(?:1[2-9]|2[0-4])))?\s*"
_CLAUSE = re.compile(
    rf"(?P<days>每天|工作日|{_RANGE}(?:[、和](?:{_RANGE}|[一二三四五六日天]))*)\s*{_HALF}"
    rf"(?P<spans>{_SPAN}(?:\s*[，、,]\s*{_HALF}{_SPAN})*)[。]?"
)


@dataclass(frozen=True)
class Opening:
    """One span of opening, `opens` to `closes` as "HH:MM" of local time, on `days` of RFC 5545."""

    days: tuple[str, ...]
    opens: str
    closes: str


@lru_cache(maxsize=4096)
def openings(hours: str) -> tuple[Opening, ...]:
    """The spans of opening that `hours` tells of; none at all unless every word of it was understood."""
    clauses = [clause.strip() for clause in re.split("[；;]", hours)]
    matches = [_CLAUSE.fullmatch(clause) for clause in clauses]
    spans = [span for match in matches if match for span in _spans(match)]
    understood = all(matches) and all(span.opens < span.closes <= "24:00" for span in spans)
    return tuple(spans) if understood else ()


def _spans(clause: re.Match[str]) -> list[Opening]:
    days = _days(clause["days"])
    spans = (re.findall(r"(\d{1,2})[:：](\d{2})", span) for span in re.findall(_SPAN, clause["spans"]))
    return [Opening(days, *(f"{int(hour):02}:{minute}" for hour, minute in span)) for span in spans]


def _days(words: str) -> tuple[str, ...]:
    named = {"每天": WEEK, "工作日": WEEK[:5]}
    if words in named:
        return named[words]
    ranges = [
        re.findall("[一二三四五六日天]", part) for part in re.split("[、和]", re.sub("星期", "周", words))
    ]
    told = {day for ends in ranges for day in _between(_DAYS[ends[0]], _DAYS[ends[-1]])}
    return tuple(day for day in WEEK if day in told)


def _between(first: str, last: str) -> tuple[str, ...]:
    """From `first` to `last`, over the end of the week where need be."""
    begin, count = WEEK.index(first), (WEEK.index(last) - WEEK.index(first)) % 7
    return tuple(WEEK[(begin + step) % 7] for step in range(count + 1))


def is_even(rows: Sequence[tuple[int, str, str]]) -> bool:
    """Whether a week is the same from Monday to Friday, so that one knows how a worked weekend day is."""
    days = [[row[1:] for row in rows if row[0] == day] for day in range(1, 6)]
    return bool(days[0]) and all(day == days[0] for day in days)


@lru_cache(maxsize=4096)
def week(hours: str) -> tuple[tuple[int, str, str], ...]:
    """The same as rows of weekday (1 is Monday, ISO 8601), opening and closing time, in the order of the week."""
    return tuple(
        sorted(
            (WEEK.index(day) + 1, span.opens, span.closes) for span in openings(hours) for day in span.days
        )
    )
