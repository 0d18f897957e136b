"""Opening hours and time limits as the international formats write them."""

import re
from dataclasses import dataclass

from catalog.model import TimeLimit
from catalog.terms import DayUnit

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""The days of the week by their codes in RFC 5545, 3.3.10."""

_DAYS = {**dict(zip("一二三四五六日", WEEK, strict=True)), "天": "SU"}
_DAY = r"(?:周|星期)[一二三四五六日天]"
_RANGE = rf"{_DAY}(?:[至到]{_DAY})?"
_SPAN = r"\d{1,2}[:：][0-5]\d\s*[–—~～-]\s*\d{1,2}[:：][0-5]\d"
# 下午 2:00 is no hour of the day as it stands: such a text is left as it is.
_HALF = r"(?:上午|下午(?=\s*(?:1[2-9]|2[0-4])))?\s*"
_CLAUSE = re.compile(
    rf"(?P<days>每天|工作日|{_RANGE}(?:[、和]{_RANGE})*)\s*{_HALF}"
    rf"(?P<spans>{_SPAN}(?:\s*[，、,]\s*{_HALF}{_SPAN})*)[。]?"
)


@dataclass(frozen=True)
class Opening:
    """One span of opening, `opens` to `closes` as "HH:MM" of local time, on `days` of RFC 5545."""

    days: tuple[str, ...]
    opens: str
    closes: str


def openings(hours: str) -> tuple[Opening, ...]:
    """The spans of opening that `hours` tells of; none at all unless every word of it was understood."""
    clauses = [clause.strip() for clause in re.split("[；;]", hours)]
    matches = [_CLAUSE.fullmatch(clause) for clause in clauses]
    spans = [span for match in matches if match for span in _spans(match)]
    understood = all(matches) and all(span.opens < span.closes <= "24:00" for span in spans)
    return tuple(spans) if understood else ()


def duration(limit: TimeLimit) -> str:
    """The limit in calendar days as ISO 8601 writes it, "P21D": five working days take a week."""
    days = -(-limit.days * 7 // 5) if limit.unit is DayUnit.WORKING_DAY else limit.days
    return f"P{days}D"


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
