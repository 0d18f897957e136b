"""Charts as SVG, drawn when the site is built: the same figures give the same bytes.

WIDTH units are the pixels of a phone of 390 px between its margins. Every text has room for the elders' type (EM),
so that no label touches another in any way of showing. What bars mean is told by texture and word, never by colour
alone; colours are classes of the style sheet.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from html import escape
from itertools import accumulate

WIDTH = 358
EM = 24
"""The largest type of a label, in units."""
ROW, BAR, GAP = 38, 26, 8
"""How far rows are apart, how thick a bar is, and what lies between a bar and its words."""
PLOT = 176
"""How high the plane of a step chart is."""


class Tone(Enum):
    """Which colour of the style sheet; the three meanings each come with a texture of their own."""

    ACCENT = "accent"
    FINE = "fine"
    ATTENTION = "attention"
    STOP = "stop"


class Texture(Enum):
    """How an area is filled: what the pattern of 8 by 8 units holds; empty for what needs no pattern."""

    SOLID = ""
    PALE = "none"
    HATCH = '<path d="M-2 2L2-2M0 8L8 0M6 10L10 6" stroke="currentColor" stroke-width="2.4"/>'
    DOTS = '<circle cx="4" cy="4" r="2" fill="currentColor"/>'
    CROSS = '<path d="M0 0L8 8M8 0L0 8" stroke="currentColor" stroke-width="2"/>'


@dataclass(frozen=True)
class Series:
    """What one part of every bar counts."""

    name: str
    tone: Tone
    texture: Texture


@dataclass(frozen=True)
class Bar:
    """One row: its label, how many of each series, and what is written at its end."""

    label: str
    values: tuple[int, ...]
    note: str


@dataclass(frozen=True)
class Due:
    """A step of a plan: by which day, how many, how many there were, and its label."""

    day: date
    target: int
    actual: int
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawing that templates show as it is."""

    svg: str

    def __html__(self) -> str:
        return self.svg


def text_width(text: str) -> float:
    """How wide a label may become: Chinese characters are as wide as high, all others less."""
    return sum(EM if unicodedata.east_asian_width(each) in "WFA" else 0.6 * EM for each in text)


def bars(id: str, title: str, description: str, series: Sequence[Series], rows: Sequence[Bar]) -> Chart:
    """Bars that lie, a row each, divided by series; the key stands above where there are several."""
    key, top = _key(id, series) if len(series) > 1 else ("", 0.0)
    left = max((text_width(row.label) for row in rows), default=0) + GAP
    right = max((text_width(row.note) for row in rows), default=0) + GAP
    most = max((sum(row.values) for row in rows), default=0) or 1
    scale = (WIDTH - left - right) / most
    parts: list[list[str]] = [[] for _ in series]
    labels, notes = [], []
    for number, row in enumerate(rows):
        y = top + number * ROW
        edges = [left + total * scale for total in accumulate(row.values, initial=0)]
        for part, value, start, end in zip(parts, row.values, edges, edges[1:], strict=False):
            if value:
                part.append(_rect(start, y + (ROW - BAR) / 2, _round(end) - _round(start), BAR))
        labels.append(_text(left - GAP, y + ROW / 2, row.label))
        notes.append(_text(edges[-1] + GAP, y + ROW / 2, row.note))
    filled = "".join(
        f"<g {_fill(id, number, each)}>{''.join(part)}</g>"
        for number, (each, part) in enumerate(zip(series, parts, strict=True))
    )
    axis = f'<path class="axis" d="M{_n(left)} {_n(top)}V{_n(top + len(rows) * ROW)}"/>'
    body = f'{_patterns(id, series)}{key}{filled}{axis}<g text-anchor="end">{"".join(labels)}</g>{"".join(notes)}'
    return _svg(id, title, description, top + len(rows) * ROW, body)


def steps(
    id: str,
    title: str,
    description: str,
    days: Sequence[date],
    since: date,
    until: date,
    total: int,
    dues: Sequence[Due],
) -> Chart:
    """How many of `total` there were on each day, a line that rises on `days`, beside the steps of a plan.

    Above the plane stand the plan's numbers and the real ones, each over its day.
    """
    first = min([*days, since, until, *(due.day for due in dues)]).replace(day=1)
    last = max([until, *(due.day for due in dues)])
    span = max((last - first).days, 1)
    top = 2 * ROW + GAP
    bottom = top + PLOT

    def x(day: date) -> float:
        return (day - first).days / span * WIDTH

    def y(count: int) -> float:
        return bottom - count / max(total, 1) * PLOT

    line = f"M{_n(x(first))} {_n(y(0))}"
    for count, day in enumerate(sorted(days), start=1):
        line += f"H{_n(x(day))}V{_n(y(count))}"
    line += f"H{_n(x(until))}"
    begin = f"{first.month}月"
    shown = _apart([(due, x(due.day)) for due in dues], max(text_width("计划"), text_width(begin)))
    marks = "".join(
        f'<path class="plan" d="M{_n(_inside(at))} {_n(top)}V{_n(bottom)}"/>'
        f'<path class="goal" d="M{_n(_inside(at, 7))} {_n(y(due.target) - 7)}l7 7l-7 7l-7-7z"/>'
        for due, at in ((due, x(due.day)) for due in dues)
    )
    numbers = "".join(
        _text(_end(at), ROW / 2, str(due.target)) + _text(_end(at), ROW * 1.5, str(due.actual), "strong")
        for due, at in shown
    )
    names = "".join(_text(_end(at), bottom + ROW / 2, due.label) for due, at in shown)
    body = (
        f'<path class="area" d="{line}V{_n(bottom)}H{_n(x(first))}z"/>'
        f'<path class="axis" d="M0 {_n(top)}H{WIDTH}M0 {_n(bottom)}H{WIDTH}"/>{marks}'
        f'<path class="line" d="{line}"/>'
        f"{_text(0, ROW / 2, '计划')}{_text(0, ROW * 1.5, '建成', 'strong')}"
        f"{_text(0, top + ROW / 2, f'全部 {total} 个')}"
        f"{_text(0, bottom + ROW / 2, begin)}"
        f'<g text-anchor="end">{numbers}{names}</g>'
    )
    return _svg(id, title, description, bottom + ROW, body)


def end_of(day: date) -> str:
    """A day as a plan calls it: 「7月底」, or 「7月15日」 where it is no month's last."""
    is_last = (day + timedelta(days=1)).day == 1
    return f"{day.month}月底" if is_last else f"{day.month}月{day.day}日"


def _apart(placed: Iterable[tuple[Due, float]], start: float) -> list[tuple[Due, float]]:
    """Of the labels from left to right those that fit, the later ones first; what begins the row ends at `start`."""
    kept: list[tuple[Due, float]] = []
    free = float(WIDTH)
    for due, at in reversed(list(placed)):
        left, right = _extent(at, due.label)
        if left >= start + GAP and (not kept or right + GAP <= free):
            kept.insert(0, (due, at))
            free = left
    return kept


def _extent(at: float, label: str) -> tuple[float, float]:
    """From where to where the label of a line at `at` reaches."""
    return _end(at) - text_width(label), _end(at)


def _end(at: float) -> float:
    """Where a label ends: left of its line, but at the edge with it."""
    return at if at > WIDTH - 1 else at - GAP


def _inside(at: float, margin: float = 1) -> float:
    return min(max(at, margin), WIDTH - margin)


def _key(id: str, series: Sequence[Series]) -> tuple[str, float]:
    """The swatches with their words, in as many lines as they need, and how high they are."""
    items, x, y = [], 0.0, 0.0
    for number, each in enumerate(series):
        width = BAR + GAP + text_width(each.name)
        if x and x + width > WIDTH:
            x, y = 0.0, y + ROW
        swatch = _rect(x, y + (ROW - BAR) / 2, BAR, BAR)
        words = _text(x + BAR + GAP, y + ROW / 2, each.name)
        items.append(f"<g {_fill(id, number, each)}>{swatch}</g>{words}")
        x += width + 2 * GAP
    return f'<g class="key">{"".join(items)}</g>', y + ROW + GAP


def _patterns(id: str, series: Sequence[Series]) -> str:
    told = "".join(
        f'<pattern id="{id}-{number}" class="tone-{each.tone.value}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse">{each.texture.value}</pattern>'
        for number, each in enumerate(series)
        if each.texture not in (Texture.SOLID, Texture.PALE)
    )
    return f"<defs>{told}</defs>" if told else ""


def _fill(id: str, number: int, series: Series) -> str:
    how = {Texture.SOLID: "currentColor", Texture.PALE: "none"}.get(series.texture, f"url(#{id}-{number})")
    return f'class="tone-{series.tone.value}" fill="{how}" stroke="currentColor"'


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _text(x: float, y: float, words: str, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text{kind} x="{_n(x)}" y="{_n(y)}">{escape(words)}</text>'


def _svg(id: str, title: str, description: str, height: float, body: str) -> Chart:
    return Chart(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {_n(height)}" width="{WIDTH}" height="{_n(height)}" role="img" '
        f'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{escape(title)}</title>'
        f'<desc id="{id}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _round(value: float) -> float:
    return round(value, 1)


def _n(value: float) -> str:
    """A coordinate to a tenth, in as few bytes as it takes."""
    return f"{_round(value):g}"
