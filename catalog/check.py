"""Rules across the records of a catalogue; every rule looks at all that could be read."""

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from catalog.elements import ELEMENTS
from catalog.load import ITEMS, STREETS, Entry, Loaded
from catalog.model import District, ServiceItem, Street
from catalog.problem import Problem
from catalog.source import Path
from catalog.terms import Handling, ItemType

ProseLinks = Callable[[str], list[str]]
"""Gives the targets of the links in a piece of Markdown."""
Rule = Callable[[Loaded], Iterator[Problem]]

ITEM_LINK = "item:"
OUTWARD = ("https://", "tel:")
"""What a link that leaves the site may begin with."""
_CATCH_ALL = re.compile(
    r"其他(有关|相关|必要)?的?(材料|证明|证件|文件|条件|情形)|(有关|相关)的?(材料|证明|证件|文件)"
)


def check(loaded: Loaded, prose_links: ProseLinks) -> list[Problem]:
    """The faults of all rules in the order of file and line; `loaded.problems` are not among them."""
    found = [problem for rule in RULES for problem in rule(loaded)]
    return sorted([*found, *_prose(loaded, prose_links)])


def _duplicates(loaded: Loaded) -> Iterator[Problem]:
    yield from _repeated(loaded.items, ("code", "slug", "name", "plain_name"))
    yield from _repeated(loaded.streets, ("code", "slug", "name"))
    yield from _repeated(loaded.stations, ("code",))
    # A station's page lies below its street's, so villages of two townships may share a name.
    for street in dict.fromkeys(entry.record.street for entry in loaded.stations):
        yield from _repeated([entry for entry in loaded.stations if entry.record.street == street], ("slug",))


def _repeated(entries: Sequence[Entry[Any]], fields: Sequence[str]) -> Iterator[Problem]:
    for field in fields:
        first: dict[str, Entry[Any]] = {}
        for entry in entries:
            value = getattr(entry.record, field)
            other = first.setdefault(value, entry)
            if other is not entry:
                name = ELEMENTS[type(entry.record)][field]
                message = f"{field}（{name}）“{value}”与 {_where(other, (field,))}重复，应各不相同。"
                yield entry.problem((field,), f"duplicate-{field.replace('_', '-')}", message)


def _aliases(loaded: Loaded) -> Iterator[Problem]:
    """Whoever searches for an alias must find one item, so it may be no other item's name or alias."""
    spoken: dict[str, tuple[Entry[ServiceItem], Path]] = {}
    for entry in loaded.items:
        for field in ("name", "plain_name"):
            spoken.setdefault(getattr(entry.record, field), (entry, (field,)))
    for entry in loaded.items:
        for index, alias in enumerate(entry.record.aliases):
            path: Path = ("aliases", index)
            other, there = spoken.setdefault(alias, (entry, path))
            if (other, there) != (entry, path):
                message = f"别名“{alias}”与 {_where(other, there)}的名称或别名重复，应换一个或删去。"
                yield entry.problem(path, "duplicate-alias", message)


def _areas(loaded: Loaded) -> Iterator[Problem]:
    district = loaded.district
    for street in loaded.streets if district else ():
        yield from _begins(street, district.record.code if district else "", "所在区的代码")
    streets = {entry.record.code for entry in loaded.streets}
    for station in loaded.stations:
        if station.record.street in streets | loaded.unread or STREETS in loaded.unread:
            yield from _begins(station, station.record.street, "所属街道的代码")
        else:
            hint = _closest(station.record.street, streets)
            message = f"{STREETS} 中没有代码为 {station.record.street} 的街道{hint}。"
            yield station.problem(("street",), "unknown-street", message)


def _begins(entry: Entry[Any], prefix: str, whose: str) -> Iterator[Problem]:
    if not entry.record.code.startswith(prefix):
        message = f"code（区划代码）应以{whose} {prefix} 开头，现在是 {entry.record.code}。"
        yield entry.problem(("code",), "code-prefix", message)


def _related(loaded: Loaded) -> Iterator[Problem]:
    slugs = _slugs(loaded)
    for entry in loaded.items:
        related = entry.record.related
        for index, slug in enumerate(related):
            path: Path = ("related", index)
            if slug not in slugs | loaded.unread:
                yield entry.problem(
                    path, "unknown-item", f"没有网址名为 {slug} 的事项{_closest(slug, slugs)}。"
                )
            elif slug == entry.record.slug or slug in related[:index]:
                yield entry.problem(path, "related-twice", f"相关事项 {slug} 是本事项或已经写过，应删去。")


def _prose(loaded: Loaded, prose_links: ProseLinks) -> Iterator[Problem]:
    slugs = _slugs(loaded)
    for entry in loaded.items:
        for path, prose in _proses(entry.record):
            for target in prose_links(prose):
                yield from _link(entry, path, target, slugs, loaded.unread)


def _proses(item: ServiceItem) -> Iterator[tuple[Path, str]]:
    yield ("summary",), item.summary
    for index, question in enumerate(item.questions):
        yield ("questions", index, "answer"), question.answer


def _link(
    entry: Entry[ServiceItem], path: Path, target: str, slugs: set[str], unread: frozenset[str]
) -> Iterator[Problem]:
    slug = target.removeprefix(ITEM_LINK)
    if target.startswith(OUTWARD):
        return
    if slug == target:
        message = f"链接 {target} 应以 https:// 开头；电话以 tel: 开头；指向本站事项时写 {ITEM_LINK}网址名。"
        yield entry.problem(path, "link-scheme", message)
    elif slug not in slugs | unread:
        message = f"链接 {target} 没有对应的事项{_closest(slug, slugs)}。"
        yield entry.problem(path, "unknown-item", message)


def _limits(loaded: Loaded) -> Iterator[Problem]:
    for entry in loaded.items:
        promised, statutory = entry.record.promised_limit, entry.record.statutory_limit
        if promised.unit is statutory.unit and promised.days > statutory.days:
            most = f"{statutory.days} 个{statutory.unit.value}"
            message = f"承诺办结时限应不超过法定的 {most}，现在是 {promised.days} 个。"
            yield entry.problem(("promised_limit", "days"), "promised-limit", message)


def _handling(loaded: Loaded) -> Iterator[Problem]:
    for entry in loaded.items:
        handling, days = entry.record.handling, entry.record.promised_limit.days
        if (handling is Handling.IMMEDIATE) != (days == 0):
            expected = "为 0" if handling is Handling.IMMEDIATE else "大于 0"
            message = (
                f"{handling.value}的承诺办结时限应{expected}，现在是 {days}；或改正 handling（办件类型）。"
            )
            yield entry.problem(("promised_limit", "days"), "handling-days", message)


def _visits(loaded: Loaded) -> Iterator[Problem]:
    for entry in loaded.items:
        item = entry.record
        if item.visits and item.visit_reason is None:
            message = f"要到现场 {item.visits} 次，应写明 visit_reason（必须现场办理原因）。"
            yield entry.problem(("visits",), "visit-reason", message)
        if not item.visits and item.visit_reason is not None:
            message = "visits（到办事现场次数）为 0，不应再写 visit_reason（必须现场办理原因）。"
            yield entry.problem(("visit_reason",), "visit-reason", message)


def _telephones(loaded: Loaded) -> Iterator[Problem]:
    message = "投诉电话应与咨询电话不同，现在都是 {}。"
    centres: list[tuple[Entry[District] | Entry[Street], str]] = [
        (entry, entry.record.phone) for entry in loaded.streets
    ]
    if loaded.district:
        centres.append((loaded.district, loaded.district.record.advice_phone))
    for entry, advice in centres:
        if entry.record.complaint_phone == advice:
            yield entry.problem(("complaint_phone",), "same-telephone", message.format(advice))


def _file_names(loaded: Loaded) -> Iterator[Problem]:
    for entry in loaded.items:
        expected = f"{ITEMS}/{entry.record.slug}.yaml"
        if entry.source.file != expected:
            message = f"文件名应与 slug（网址名）一致：应为 {expected}，现在是 {entry.source.file}。"
            yield entry.problem(("slug",), "file-name", message)


def _catch_alls(loaded: Loaded) -> Iterator[Problem]:
    """No "other papers as required": 北京市优化营商环境条例 art. 31."""
    for entry in loaded.items:
        item = entry.record
        texts: list[tuple[Path, str]] = [(("conditions", i), text) for i, text in enumerate(item.conditions)]
        texts += [(("materials", i, "name"), material.name) for i, material in enumerate(item.materials)]
        for path, text in texts:
            if found := _CATCH_ALL.search(text):
                message = f"不能用“{found[0]}”这样的兜底说法，应写明具体内容。"
                yield entry.problem(path, "catch-all", message)


def _licences(loaded: Loaded) -> Iterator[Problem]:
    for entry in loaded.items:
        item = entry.record
        if item.type is ItemType.LICENCE and (len(item.steps) < 5 or not item.questions):
            message = (
                "行政许可应至少有 5 个办理环节和 1 个常见问题，"
                f"现在有 {len(item.steps)} 个环节、{len(item.questions)} 个问题。"
            )
            yield entry.problem(("type",), "licence-guide", message)


def _where(entry: Entry[Any], path: Path) -> str:
    return f"{entry.source.file} 第 {entry.source.place(path)[0]} 行"


def _slugs(loaded: Loaded) -> set[str]:
    return {entry.record.slug for entry in loaded.items}


def _closest(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"，最接近的是 {close[0]}" if close else ""


RULES: tuple[Rule, ...] = (
    _duplicates,
    _aliases,
    _areas,
    _related,
    _limits,
    _handling,
    _visits,
    _telephones,
    _file_names,
    _catch_alls,
    _licences,
)
"""Every rule but that of the links in prose, which needs a reader of Markdown."""
