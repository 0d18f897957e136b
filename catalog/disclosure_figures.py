"""The figures of the disclosure pages: each a sentence, a chart, and the same numbers as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from catalog import charts
from catalog.charts import Bar, Chart, Due, Series, Texture, Tone
from catalog.disclosure import BuildPlan, Monthly, MonthlyConsults, MonthlyRatings, MonthlyRectifications
from catalog.figures import (
    NOTHING,
    Milestone,
    Progress,
    by_month,
    levels,
    month_words,
    outcomes,
    poor,
    progress,
    rate,
    span_words,
)
from catalog.model import Catalogue, Station, Street
from catalog.terms import ConsultOutcome, Satisfaction
from catalog.wording import day

M = TypeVar("M", bound=Monthly)
LATEST = 12
"""How many months a chart shows; its table shows them all."""
BELOW = "数字见下面的表。"

RATINGS = (
    Series(Satisfaction.VERY_SATISFIED.value, Tone.ACCENT, Texture.SOLID),
    Series(Satisfaction.SATISFIED.value, Tone.ACCENT, Texture.HATCH),
    Series(Satisfaction.BASICALLY_SATISFIED.value, Tone.ACCENT, Texture.PALE),
    Series(Satisfaction.DISSATISFIED.value, Tone.ATTENTION, Texture.DOTS),
    Series(Satisfaction.VERY_DISSATISFIED.value, Tone.STOP, Texture.CROSS),
)
ANSWERS = (
    Series("1 分钟内接通", Tone.ACCENT, Texture.SOLID),
    Series("1 分钟以后接通", Tone.ACCENT, Texture.HATCH),
    Series("没有接通", Tone.ATTENTION, Texture.PALE),
)
ONE = (Series("", Tone.ACCENT, Texture.SOLID),)


@dataclass(frozen=True)
class Table:
    """Rows of text; the first cell of each is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """What the numbers say, a drawing of them, and the numbers."""

    title: str
    sentence: str
    chart: Chart
    table: Table


@dataclass(frozen=True)
class Part:
    """The figures of the whole district, or of one street."""

    name: str
    figures: tuple[Figure, ...]


def rating_parts(catalogue: Catalogue) -> tuple[Part, ...]:
    """好差评 and 差评整改, of the district and of each street."""
    about = catalogue.disclosure.about
    days = about.rectification_days if about else 7
    return tuple(
        Part(
            name,
            (
                *_ratings(f"ratings-{number}", name, _of(catalogue.disclosure.ratings, street)),
                *_rectifications(
                    f"rectifications-{number}", name, days, _of(catalogue.disclosure.rectifications, street)
                ),
            ),
        )
        for number, (name, street) in enumerate(
            _areas(catalogue, [*catalogue.disclosure.ratings, *catalogue.disclosure.rectifications])
        )
    )


def consult_parts(catalogue: Catalogue) -> tuple[Part, ...]:
    """视频咨询, of the district and of each street; a median of medians says nothing, so waits are the streets'."""
    return tuple(
        Part(name, tuple(_consults(number, name, street, _of(catalogue.disclosure.consults, street))))
        for number, (name, street) in enumerate(_areas(catalogue, catalogue.disclosure.consults))
    )


def progress_parts(catalogue: Catalogue, plan: BuildPlan) -> tuple[Part, ...]:
    """站点建设进度, of the district and of each street that has stations."""
    areas: list[tuple[str, Street | None]] = [("全区", None)]
    areas += [(street.name, street) for street in catalogue.streets]
    own = [(name, _stations(catalogue, street)) for name, street in areas]
    # One axis for all, so that they compare.
    since = min((station.opened for station in catalogue.stations), default=plan.as_of)
    since = min(since, plan.as_of)
    return tuple(
        Part(name, (_progress(f"progress-{number}", name, plan, stations, since),))
        for number, (name, stations) in enumerate(own)
        if stations
    )


def _areas(catalogue: Catalogue, rows: Sequence[Monthly]) -> list[tuple[str, Street | None]]:
    known = {row.street for row in rows}
    return [
        ("全区", None),
        *((street.name, street) for street in catalogue.streets if street.code in known),
    ]


def _of(rows: Iterable[M], street: Street | None) -> tuple[M, ...]:
    return tuple(row for row in rows if street is None or row.street == street.code)


def _stations(catalogue: Catalogue, street: Street | None) -> tuple[Station, ...]:
    return tuple(each for each in catalogue.stations if street is None or each.street == street.code)


def _ratings(id: str, name: str, rows: tuple[MonthlyRatings, ...]) -> Iterator[Figure]:
    counted = [(month, levels(own)) for month, own in by_month(rows).items()]
    if not counted:
        return
    span = span_words([month for month, _ in counted])
    total = levels(rows)
    every, bad = sum(total), poor(total)
    sentence = f"{span}共 {every} 条评价，差评 {bad} 条，好评率 {rate(every - bad, every)}。"
    yield Figure(
        "评价",
        sentence,
        charts.bars(
            id,
            f"{name}{span}每月的评价，分五级",
            sentence + BELOW,
            RATINGS,
            [Bar(_label(month), own, f"{sum(own)} 条") for month, own in counted[-LATEST:]],
        ),
        Table(
            f"{name}每月的评价（条）",
            ("月份", *(level.value for level in Satisfaction), "合计", "好评率"),
            tuple(
                (
                    month_words(month),
                    *map(str, own),
                    str(sum(own)),
                    rate(sum(own) - poor(own), sum(own)),
                )
                for month, own in counted
            ),
        ),
    )


def _rectifications(
    id: str, name: str, days: int, rows: tuple[MonthlyRectifications, ...]
) -> Iterator[Figure]:
    counted = [(month, _rectified(own)) for month, own in by_month(rows).items()]
    if not counted:
        return
    span = span_words([month for month, _ in counted])
    in_time, late, still = _rectified(rows)
    received = in_time + late + still
    sentence = (
        f"{span}收到差评 {received} 条：{days} 天内整改 {in_time} 条，超期整改 {late} 条，还在整改 {still} 条。"
        f"按期整改率 {rate(in_time, received)}。"
    )
    series = (
        Series(f"{days} 天内整改", Tone.FINE, Texture.SOLID),
        Series("超期整改", Tone.ATTENTION, Texture.HATCH),
        Series("还在整改", Tone.STOP, Texture.CROSS),
    )
    yield Figure(
        "差评整改",
        sentence,
        charts.bars(
            id,
            f"{name}{span}每月收到的差评和整改",
            sentence + BELOW,
            series,
            [Bar(_label(month), own, f"{sum(own)} 条") for month, own in counted[-LATEST:]],
        ),
        Table(
            f"{name}每月的差评整改（条）",
            ("月份", "收到差评", f"{days} 天内整改", "超期整改", "还在整改", "按期整改率"),
            tuple(
                (month_words(month), str(sum(own)), *map(str, own), rate(own[0], sum(own)))
                for month, own in counted
            ),
        ),
    )


def _rectified(rows: Iterable[MonthlyRectifications]) -> tuple[int, int, int]:
    """Rectified in time, rectified late, still open."""
    every = tuple(rows)
    return sum(row.in_time for row in every), sum(row.late for row in every), sum(row.open for row in every)


def _consults(
    number: int, name: str, street: Street | None, rows: tuple[MonthlyConsults, ...]
) -> Iterator[Figure]:
    counted = [(month, _answers(own)) for month, own in by_month(rows).items()]
    span = span_words([month for month, _ in counted])
    quick, slow, lost = _answers(rows)
    every, answered, raised = quick + slow + lost, quick + slow, sum(row.raised for row in rows)
    sentence = (
        f"{span}共 {every} 次视频咨询，接通 {answered} 次（{rate(answered, every)}）；"
        f"接通的里面，{rate(quick, answered)}在 1 分钟内接通。"
    )
    yield Figure(
        "接通",
        sentence,
        charts.bars(
            f"consults-{number}",
            f"{name}{span}每月的视频咨询和接通",
            sentence + BELOW,
            ANSWERS,
            [Bar(_label(month), own, f"{sum(own)} 次") for month, own in counted[-LATEST:]],
        ),
        Table(
            f"{name}每月的视频咨询（次）",
            ("月份", "咨询", "接通", "1 分钟内接通", "占接通", "没有接通"),
            tuple(
                (
                    month_words(month),
                    str(sum(own)),
                    str(own[0] + own[1]),
                    str(own[0]),
                    rate(own[0], own[0] + own[1]),
                    str(own[2]),
                )
                for month, own in counted
            ),
        ),
    )
    if street:
        yield _waits(number, name, span, rows)
    yield _outcomes(number, name, span, answered, raised, rows)


def _answers(rows: Iterable[MonthlyConsults]) -> tuple[int, int, int]:
    """Answered within a minute, answered later, not answered."""
    every = tuple(rows)
    quick = sum(row.answered_within_1_min for row in every)
    answered = sum(row.answered for row in every)
    return quick, answered - quick, sum(row.consults for row in every) - answered


def _waits(number: int, name: str, span: str, rows: tuple[MonthlyConsults, ...]) -> Figure:
    months = by_month(rows)
    told = [(month, own[0].median_wait_seconds, own[0].answered) for month, own in months.items()]
    _, wait, answered = told[-1]
    sentence = f"{month_words(told[-1][0])}，一半的咨询在 {wait} 秒之内接通。" if answered else ""
    return Figure(
        "等候",
        sentence,
        charts.bars(
            f"waits-{number}",
            f"{name}{span}每月等候时间的中位数",
            sentence + BELOW,
            ONE,
            [Bar(_label(month), (own,), _seconds(own, calls)) for month, own, calls in told[-LATEST:]],
        ),
        Table(
            f"{name}每月等候时间的中位数",
            ("月份", "等候时间中位数"),
            tuple((month_words(month), _seconds(own, calls)) for month, own, calls in told),
        ),
    )


def _seconds(wait: int, answered: int) -> str:
    return f"{wait} 秒" if answered else NOTHING


def _outcomes(
    number: int, name: str, span: str, answered: int, raised: int, rows: tuple[MonthlyConsults, ...]
) -> Figure:
    sentence = f"接通的 {answered} 次里，有 {raised} 次请区级部门一起解答。"
    return Figure(
        "结果",
        sentence,
        charts.bars(
            f"outcomes-{number}",
            f"{name}{span}视频咨询的结果",
            sentence + BELOW,
            ONE,
            [
                Bar(outcome.value, (count,), f"{count} 次")
                for outcome, count in zip(ConsultOutcome, outcomes(rows), strict=True)
            ],
        ),
        Table(
            f"{name}每月视频咨询的结果（次）",
            ("月份", *(outcome.value for outcome in ConsultOutcome), "提级到区"),
            tuple(
                (month_words(month), *map(str, outcomes(own)), str(sum(row.raised for row in own)))
                for month, own in by_month(rows).items()
            ),
        ),
    )


def _progress(id: str, name: str, plan: BuildPlan, stations: Sequence[Station], since: date) -> Figure:
    own = progress(stations, plan, since)
    built = (
        f"已建成 {own.built} 个（{rate(own.built, own.total)}）" if own.built < own.total else "已全部建成"
    )
    sentence = f"截至{day(plan.as_of)}，应建 {own.total} 个站点，{built}。{_verdict(own)}"
    return Figure(
        "",
        sentence,
        charts.steps(
            id,
            f"{name}建成的站点和计划",
            sentence + BELOW,
            own.days,
            since,
            plan.as_of,
            own.total,
            [Due(each.day, each.target, each.actual, charts.end_of(each.day)) for each in own.milestones],
        ),
        Table(
            f"{name}每月建成的站点（个）",
            ("月份", "新建成", "累计", "占全部", "计划累计", "计划占比", "结果"),
            tuple(_progress_rows(own)),
        ),
    )


def _verdict(own: Progress) -> str:
    missed = [charts.end_of(each.day) for each in own.milestones if each.is_due and not each.is_met]
    if missed:
        return f"{'、'.join(missed)}没有达到计划。"
    return "到期的计划都达到了。" if any(each.is_due for each in own.milestones) else ""


def _progress_rows(own: Progress) -> Iterator[tuple[str, ...]]:
    built = {month: (str(new), str(count), rate(count, own.total)) for month, new, count in own.months}
    planned = {f"{each.day:%Y-%m}": each for each in own.milestones}
    for month in sorted(built.keys() | planned.keys()):
        yield (
            month_words(month),
            *built.get(month, (NOTHING, NOTHING, NOTHING)),
            *_planned(planned.get(month)),
        )


def _planned(step: Milestone | None) -> tuple[str, str, str]:
    if step is None:
        return NOTHING, NOTHING, NOTHING
    result = "✓ 达到" if step.is_met else "△ 未达到" if step.is_due else "○ 未到期"
    return str(step.target), f"{step.share}%", result


def _label(month: str) -> str:
    return f"{int(month[5:])}月"
