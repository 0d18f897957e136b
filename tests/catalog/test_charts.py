"""The drawings: what is drawn adds up to the numbers, no label touches another, names are escaped."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.charts import (
    BAR,
    WIDTH,
    Bar,
    Chart,
    Due,
    Series,
    Texture,
    Tone,
    bars,
    end_of,
    steps,
    text_width,
)

SERIES = (
    Series("满意", Tone.ACCENT, Texture.SOLID),
    Series("不满意", Tone.ATTENTION, Texture.DOTS),
    Series("非常不满意", Tone.STOP, Texture.CROSS),
    Series("没有评", Tone.ACCENT, Texture.PALE),
)
Node = ElementTree.Element


def drawn(chart: Chart) -> Node:
    return ElementTree.fromstring(chart.__html__())


def number(node: Node, name: str) -> float:
    return float(node.attrib[name])


def rows_of(root: Node) -> dict[float, list[Node]]:
    """The rectangles of the bars by row, without the key's."""
    key = {id(rect) for rect in root.findall("g[@class='key']//rect")}
    found: dict[float, list[Node]] = {}
    for rect in root.iter("rect"):
        if id(rect) not in key:
            found.setdefault(number(rect, "y"), []).append(rect)
    return dict(sorted(found.items()))


def labels(node: Node, anchor: str = "start") -> Iterator[tuple[str, float, float, float]]:
    """Every text with its left and right edge at the elders' size, and its line."""
    anchor = node.get("text-anchor", anchor)
    if node.tag == "text":
        words, x = node.text or "", number(node, "x")
        left = x - text_width(words) if anchor == "end" else x
        yield words, left, left + text_width(words), number(node, "y")
    for inner in node:
        yield from labels(inner, anchor)


def assert_nothing_touches(root: Node) -> None:
    told = list(labels(root))
    for words, left, right, _ in told:
        assert left >= -0.1 and right <= WIDTH + 0.1, words
    for index, (words, left, right, y) in enumerate(told):
        for other, its_left, its_right, its_y in told[index + 1 :]:
            assert abs(y - its_y) >= 24 or right < its_left + 0.1 or its_right < left + 0.1, (words, other)


MONTHS = st.lists(st.tuples(*[st.integers(0, 3000)] * 4), max_size=12)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(MONTHS)
def test_bars_are_as_long_as_what_they_count(counted: list[tuple[int, ...]]) -> None:
    rows = [Bar(f"{n + 1}月", own, f"{sum(own)} 条") for n, own in enumerate(counted)]
    root = drawn(bars("a", "题", "说", SERIES, rows))
    assert_nothing_touches(root)
    most = max(map(sum, counted), default=0)
    found = rows_of(root)
    assert len(found) == sum(any(own) for own in counted)
    lengths = []
    for rects in found.values():
        for rect, following in zip(rects, rects[1:], strict=False):
            assert number(rect, "x") + number(rect, "width") == pytest.approx(number(following, "x"), abs=0.2)
        lengths.append(sum(number(rect, "width") for rect in rects))
    longest = max(lengths, default=0)
    for length, total in zip(lengths, [sum(own) for own in counted if any(own)], strict=True):
        assert length == pytest.approx(total / most * longest, abs=0.5)


def test_a_bar_of_nothing_has_its_words_and_no_rectangle() -> None:
    root = drawn(bars("a", "题", "说", SERIES[:1], [Bar("3月", (0,), "0 条")]))
    assert rows_of(root) == {}
    assert [words for words, *_ in labels(root)] == ["3月", "0 条"]


def test_the_key_stands_where_there_are_several_series_and_shows_their_textures() -> None:
    rows = [Bar("3月", (1, 2, 3, 4), "10 条")]
    root = drawn(bars("a", "题", "说", SERIES, rows))
    key = root.find("g[@class='key']")
    assert key is not None
    assert [text.text for text in key.iter("text")] == [each.name for each in SERIES]
    assert [group.attrib["fill"] for group in key.iter("g") if "fill" in group.attrib] == [
        "currentColor",
        "url(#a-1)",
        "url(#a-2)",
        "none",
    ]
    assert [pattern.attrib["id"] for pattern in root.iter("pattern")] == ["a-1", "a-2"]
    assert {number(rect, "height") for rect in root.iter("rect")} == {BAR}
    assert drawn(bars("a", "题", "说", SERIES[:1], rows)).find("g[@class='key']") is None


def test_meanings_differ_without_colour() -> None:
    """The texture alone tells the parts of a bar apart."""
    grey = re.sub(r'class="tone-\w+"', "", bars("a", "题", "说", SERIES, [Bar("3月", (1, 1, 1, 1), "4")]).svg)
    fills = re.findall(r'<g\s+fill="([^"]+)"', grey.split('class="key"')[0])
    assert len(set(fills)) == len(fills)


def test_names_are_escaped_and_the_picture_is_told_in_words() -> None:
    chart = bars("a", "<题>&", "“说”<b>", SERIES[:1], [Bar("<3月>", (1,), "1 & 2")])
    root = drawn(chart)
    assert root.attrib["role"] == "img" and root.attrib["aria-labelledby"] == "a-title a-desc"
    assert [(node.attrib["id"], node.text) for node in root if node.tag in ("title", "desc")] == [
        ("a-title", "<题>&"),
        ("a-desc", "“说”<b>"),
    ]
    assert "<b>" not in chart.svg and "style=" not in chart.svg
    assert [words for words, *_ in labels(root)] == ["<3月>", "1 & 2"]


def test_a_chart_without_rows_is_still_a_picture() -> None:
    assert drawn(bars("a", "题", "说", SERIES[:1], [])).attrib["viewBox"] == f"0 0 {WIDTH} 0"


FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 300).map(lambda days: FIRST + timedelta(days=days))


def plan(*days: date) -> list[Due]:
    return [Due(day, 10, 8, end_of(day)) for day in days]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(DAYS, max_size=40), DAYS, st.lists(DAYS, max_size=5, unique=True))
def test_no_label_of_a_plan_touches_another(opened: list[date], until: date, dues: list[date]) -> None:
    opened = [day for day in opened if day <= until]
    root = drawn(steps("a", "题", "说", opened, FIRST, until, 40, plan(*sorted(dues))))
    assert_nothing_touches(root)
    assert len(root.findall("path[@class='goal']")) == len(dues)


def test_the_line_rises_by_one_on_each_day_and_ends_on_the_day_of_the_statistics() -> None:
    days = [date(2026, 3, 11), date(2026, 3, 21), date(2026, 3, 21)]
    root = drawn(steps("a", "题", "说", days, FIRST, date(2026, 3, 26), 4, plan(date(2026, 3, 31))))
    line = root.find("path[@class='line']")
    assert line is not None
    start, *moves = re.findall(r"[MHV][\d. ]+", line.attrib["d"])
    bottom = float(start.split()[1])
    ys = [float(move[1:]) for move in moves if move[0] == "V"]
    xs = [float(move[1:]) for move in moves if move[0] == "H"]
    rise = [before - after for before, after in zip([bottom, *ys], ys, strict=False)]
    assert rise == pytest.approx([44, 44, 44])
    assert xs == pytest.approx([WIDTH * days / 30 for days in (10, 20, 20, 25)], abs=0.1)


def test_three_steps_of_a_year_all_have_their_words() -> None:
    dues = plan(date(2026, 7, 31), date(2026, 9, 30), date(2026, 11, 30))
    told = [words for words, *_ in labels(drawn(steps("a", "题", "说", [], FIRST, FIRST, 20, dues)))]
    assert told == [
        "计划",
        "建成",
        "全部 20 个",
        "3月",
        "10",
        "8",
        "10",
        "8",
        "10",
        "8",
        "7月底",
        "9月底",
        "11月底",
    ]


def test_a_plan_of_one_day_and_no_station_can_be_drawn() -> None:
    root = drawn(steps("a", "题", "说", [], FIRST, FIRST, 0, plan(FIRST)))
    assert root.find("path[@class='line']") is not None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 7, 31), "7月底"),
        (date(2028, 2, 28), "2月28日"),
        (date(2028, 2, 29), "2月底"),
        (date(2026, 9, 15), "9月15日"),
    ],
)
def test_a_day_is_called_as_plans_call_it(day: date, words: str) -> None:
    assert end_of(day) == words


def test_the_same_figures_give_the_same_bytes() -> None:
    assert bars("a", "题", "说", SERIES, []) == bars("a", "题", "说", SERIES, [])
