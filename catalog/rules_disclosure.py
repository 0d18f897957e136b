"""The rules of what is disclosed: months without gaps, sums that agree, references that lead somewhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from catalog.figures import levels, month_number, outcomes, poor
from catalog.load import CONSULTS, RATINGS, RECTIFICATIONS, Entry
from catalog.rule import Fault, Rule, Scope, closest, error, where
from catalog.terms import ChangeKind, State

Key = tuple[str, str]
"""A month and a street's code."""


def _tables(scope: Scope) -> Iterator[tuple[Entry[Any], ...]]:
    """The rows of each table that could be read whole: a gap in another may be a row with a fault of its own."""
    faulty = {problem.file for problem in scope.loaded.problems}
    tables: Mapping[str, tuple[Entry[Any], ...]] = {
        RATINGS: scope.loaded.disclosed.ratings,
        RECTIFICATIONS: scope.loaded.disclosed.rectifications,
        CONSULTS: scope.loaded.disclosed.consults,
    }
    yield from (rows for file, rows in tables.items() if file not in faulty)


def _by_street(rows: Iterable[Entry[Any]]) -> Mapping[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in rows:
        found.setdefault(entry.record.street, []).append(entry)
    return found


def _streets(scope: Scope) -> Iterator[Fault]:
    for rows in _tables(scope):
        for entry in rows:
            if scope.is_lost(entry.record.street):
                yield entry, ("street",), f"没有区划代码为 {entry.record.street} 的街道（乡镇）。"


def _twice(scope: Scope) -> Iterator[Fault]:
    for rows in _tables(scope):
        first: dict[Key, Entry[Any]] = {}
        for entry in rows:
            key = entry.record.month, entry.record.street
            if key in first:
                message = f"{key[0]} 这个街道已有一行（{where(first[key], ('month',))}），应合并成一行。"
                yield entry, ("month",), message
            first.setdefault(key, entry)


def _pairs(scope: Scope) -> Iterator[tuple[Entry[Any], Entry[Any], int]]:
    """Each row of a street with the one before it, and how many months lie between the two."""
    for rows in _tables(scope):
        for own in _by_street(rows).values():
            for before, entry in pairwise(own):
                yield before, entry, month_number(entry.record.month) - month_number(before.record.month)


def _order(scope: Scope) -> Iterator[Fault]:
    for before, entry, apart in _pairs(scope):
        if apart < 0:
            message = f"一个街道的月份应从早到晚排列，{entry.record.month} 应在 {before.record.month} 之前。"
            yield entry, ("month",), message


def _gap(scope: Scope) -> Iterator[Fault]:
    for before, entry, apart in _pairs(scope):
        if apart > 1:
            message = f"{before.record.month} 之后应是下一个月，中间缺 {apart - 1} 个月；没有发生的写 0。"
            yield entry, ("month",), message


def _rectification_sum(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.disclosed.rectifications:
        row = entry.record
        total = row.in_time + row.late + row.open
        if total != row.received:
            message = f"收到差评应等于按期、超期、还在整改之和 {total}，现在是 {row.received}。"
            yield entry, ("received",), message


def _rectification_ratings(scope: Scope) -> Iterator[Fault]:
    rated = {(each.record.month, each.record.street): each for each in scope.loaded.disclosed.ratings}
    for entry in scope.loaded.disclosed.rectifications:
        own = rated.get((entry.record.month, entry.record.street))
        if own and poor(levels((own.record,))) != entry.record.received:
            message = (
                f"收到差评应与评价表的差评数 {poor(levels((own.record,)))} 相等（{where(own, ('dissatisfied',))}），"
                f"现在是 {entry.record.received}。"
            )
            yield entry, ("received",), message


def _at_most(part: str, whole: str, words: str) -> Callable[[Scope], Iterator[Fault]]:
    """A rule of one row of consults: `part` is not more than `whole`."""

    def faults(scope: Scope) -> Iterator[Fault]:
        for entry in scope.loaded.disclosed.consults:
            own, most = getattr(entry.record, part), getattr(entry.record, whole)
            if own > most:
                yield entry, (part,), f"{words} {most}，现在是 {own}。"

    return faults


def _consult_outcomes(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.disclosed.consults:
        total = sum(outcomes((entry.record,)))
        if total != entry.record.answered:
            message = f"接通次数应等于六种结果之和 {total}，现在是 {entry.record.answered}。"
            yield entry, ("answered",), message


def _consult_wait(scope: Scope) -> Iterator[Fault]:
    """The median lies within a minute exactly where at least half were answered within one."""
    for entry in scope.loaded.disclosed.consults:
        row = entry.record
        quick = row.answered_within_1_min * 2
        if row.answered == 0 and row.median_wait_seconds:
            yield entry, ("median_wait_seconds",), "没有接通的咨询，等候时间应写 0。"
        elif quick > row.answered and row.median_wait_seconds > 60:
            message = f"一半以上在 1 分钟内接通，中位数应不超过 60，现在是 {row.median_wait_seconds}。"
            yield entry, ("median_wait_seconds",), message


def _consult_early(scope: Scope) -> Iterator[Fault]:
    """Consults come from stations: none before the street's first one was open."""
    opened: dict[str, str] = {}
    for station in scope.loaded.stations:
        month = f"{station.record.opened:%Y-%m}"
        opened[station.record.street] = min(opened.get(station.record.street, month), month)
    for entry in scope.loaded.disclosed.consults:
        row = entry.record
        first = opened.get(row.street, row.month)
        if row.consults and row.month < first:
            message = f"这个街道的第一个站点 {first} 才建成，{row.month} 不会有视频咨询。"
            yield entry, ("consults",), message


def _plan_order(scope: Scope) -> Iterator[Fault]:
    plan = scope.loaded.disclosed.plan
    for index, (before, step) in enumerate(pairwise(plan.record.steps) if plan else (), start=1):
        if plan and (step.by <= before.by or step.share <= before.share):
            message = (
                f"计划应一步比一步晚、比例一步比一步高，前一步是 {before.by}、{before.share}%，"
                f"这一步是 {step.by}、{step.share}%。"
            )
            yield plan, ("steps", index, "by"), message


def _plan_whole(scope: Scope) -> Iterator[Fault]:
    plan = scope.loaded.disclosed.plan
    if plan and plan.record.steps[-1].share != 100:
        last = len(plan.record.steps) - 1
        message = f"最后一步应是全部建成，写 100，现在是 {plan.record.steps[-1].share}。"
        yield plan, ("steps", last, "share"), message


def _pledge_twice(scope: Scope) -> Iterator[Fault]:
    pledges = scope.loaded.disclosed.pledges
    names = [pledge.name for pledge in pledges.record.pledges] if pledges else []
    for index, name in enumerate(names):
        if pledges and name in names[:index]:
            yield pledges, ("pledges", index, "name"), f"承诺“{name}”写了两次，应合并成一条。"


def _change_items(scope: Scope) -> Iterator[Fault]:
    changes = scope.loaded.disclosed.changes
    for i, change in enumerate(changes.record.changes if changes else ()):
        for j, slug in enumerate(change.items):
            if changes and scope.lacks_item(slug):
                message = f"没有网址名为 {slug} 的事项{closest(slug, scope.items)}；停用的事项文件也要保留。"
                yield changes, ("changes", i, "items", j), message


def _change_date(scope: Scope) -> Iterator[Fault]:
    """An item that changed on a day was last changed on that day or later."""
    changes = scope.loaded.disclosed.changes
    for i, change in enumerate(changes.record.changes if changes else ()):
        for slug in change.items:
            item = scope.items.get(slug)
            if changes and item and item.record.updated < change.date:
                message = (
                    f"{change.date} 改过 {slug}，它的更新日期应不早于这一天，"
                    f"现在是 {item.record.updated}（{where(item, ('updated',))}）。"
                )
                yield changes, ("changes", i, "date"), message


def _change_stopped(scope: Scope) -> Iterator[Fault]:
    """What was stopped last and is in use contradicts itself."""
    changes = scope.loaded.disclosed.changes
    if changes is None:
        return
    last: dict[str, int] = {}
    dated = sorted(enumerate(changes.record.changes), key=lambda each: each[1].date)
    for index, change in dated:
        last |= dict.fromkeys(change.items, index)
    for slug, index in last.items():
        item = scope.items.get(slug)
        stopped = changes.record.changes[index].kind is ChangeKind.STOPPED
        if stopped and item and item.record.state is State.IN_USE:
            message = f"记录说 {slug} 停用了，事项却是在用的；应改事项状态，或补记恢复办理。"
            yield changes, ("changes", index, "kind"), message


RULES: tuple[Rule, ...] = (
    error("figures-street", "每月数字的街道都存在", _streets),
    error("figures-twice", "每个街道每月一行", _twice),
    error("figures-order", "一个街道的月份从早到晚", _order),
    error("figures-gap", "一个街道的月份不间断", _gap),
    error("rectification-sum", "按期、超期、还在整改之和等于收到差评", _rectification_sum),
    error("rectification-ratings", "收到差评与评价表一致", _rectification_ratings),
    error("consult-answered", "接通不超过咨询", _at_most("answered", "consults", "接通次数应不超过咨询次数")),
    error(
        "consult-quick",
        "1 分钟内接通不超过接通",
        _at_most("answered_within_1_min", "answered", "1 分钟内接通应不超过接通次数"),
    ),
    error("consult-raised", "提级不超过接通", _at_most("raised", "answered", "提级到区应不超过接通次数")),
    error("consult-outcomes", "六种结果之和等于接通", _consult_outcomes),
    error("consult-wait", "等候时间与 1 分钟内接通一致", _consult_wait),
    error("consult-early", "站点建成以后才有视频咨询", _consult_early),
    error("plan-order", "计划一步比一步晚、比例一步比一步高", _plan_order),
    error("plan-whole", "计划最后一步是全部建成", _plan_whole),
    error("pledge-twice", "一条承诺写一次", _pledge_twice),
    error("change-item", "更新记录的事项都存在", _change_items),
    error("change-date", "事项的更新日期不早于更新记录", _change_date),
    error("change-stopped", "停用的事项不再是在用", _change_stopped),
)
