"""The rules between records: what must differ, and that every reference leads somewhere."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from catalog.elements import ELEMENTS
from catalog.load import FORMS, ITEMS, LAYERS, STREETS, Entry
from catalog.model import ServiceItem
from catalog.rule import Fault, Found, Rule, Scope, advice, closest, each_item, error, where
from catalog.source import Path

ITEM_LINK = "item:"
OUTWARD = re.compile(r"https://[^\s/?#)]+\.[^\s)]+|tel:\+?[0-9-]{3,20}")
"""What a link that leaves the site may begin with."""

Records = Callable[[Scope], Iterable[Sequence[Entry[Any]]]]
"""Gives the groups of records within which a field's values differ."""


def _items(scope: Scope) -> Iterable[Sequence[Entry[Any]]]:
    return (scope.loaded.items,)


def _streets(scope: Scope) -> Iterable[Sequence[Entry[Any]]]:
    return (scope.loaded.streets,)


def _stations(scope: Scope) -> Iterable[Sequence[Entry[Any]]]:
    return (scope.loaded.stations,)


def _stations_by_street(scope: Scope) -> Iterable[Sequence[Entry[Any]]]:
    """A station's page lies below its street's, so villages of two townships may share a name."""
    groups: dict[str, list[Entry[Any]]] = {}
    for entry in scope.loaded.stations:
        groups.setdefault(entry.record.street, []).append(entry)
    return groups.values()


def _distinct(field: str, *records: Records) -> Callable[[Scope], Iterator[Fault]]:
    def faults(scope: Scope) -> Iterator[Fault]:
        for each in records:
            for group in each(scope):
                yield from _repeated(group, field)

    return faults


def _repeated(entries: Sequence[Entry[Any]], field: str) -> Iterator[Fault]:
    first: dict[str, Entry[Any]] = {}
    for entry in entries:
        value = getattr(entry.record, field)
        other = first.setdefault(value, entry) if value is not None else entry
        if other is not entry:
            name = ELEMENTS[type(entry.record)][field]
            message = f"{field}（{name}）“{value}”与 {where(other, (field,))}重复，应各不相同。"
            yield entry, (field,), message


def _distinct_in_bodies(field: str) -> Callable[[Scope], Iterator[Fault]]:
    def faults(scope: Scope) -> Iterator[Fault]:
        entry = scope.loaded.bodies
        first: dict[str, int] = {}
        for index, body in enumerate(entry.record.bodies if entry else ()):
            value = getattr(body, field)
            other = first.setdefault(value, index)
            if entry and other != index:
                line = where(entry, ("bodies", other, field))
                yield entry, ("bodies", index, field), f"“{value}”与 {line}重复，应各不相同。"

    return faults


def _aliases(scope: Scope) -> Iterator[Fault]:
    """Whoever searches for an alias must find one item, so it may be no other item's name or alias."""
    spoken: dict[str, tuple[Entry[ServiceItem], Path]] = {}
    for entry in scope.loaded.items:
        for field in ("name", "plain_name"):
            spoken.setdefault(getattr(entry.record, field), (entry, (field,)))
    for entry in scope.loaded.items:
        for index, alias in enumerate(entry.record.aliases):
            path: Path = ("aliases", index)
            other, there = spoken.setdefault(alias, (entry, path))
            if (other, there) != (entry, path):
                yield (
                    entry,
                    path,
                    f"别名“{alias}”与 {where(other, there)}的名称或别名重复，应换一个或删去。",
                )


def _task_codes(scope: Scope) -> Iterator[Fault]:
    """实施编码 begins with the body's code: of two streets of one body, every item's codes would be the same."""
    first: dict[str, Entry[Any]] = {}
    for entry in scope.loaded.streets:
        other = first.setdefault(entry.record.body, entry)
        if other is not entry:
            message = (
                f"实施主体“{entry.record.body}”已是 {where(other, ('body',))}的街道所用，"
                "两个街道的实施编码会重复，应各用各的。"
            )
            yield entry, ("body",), message


def _prefixes(scope: Scope) -> Iterator[Fault]:
    district = scope.loaded.district
    for street in scope.loaded.streets if district else ():
        yield from _begins(street, district.record.code if district else "", "所在区的代码")
    for station in scope.loaded.stations:
        if not scope.is_lost(station.record.street):
            yield from _begins(station, station.record.street, "所属街道的代码")


def _begins(entry: Entry[Any], prefix: str, whose: str) -> Iterator[Fault]:
    if not entry.record.code.startswith(prefix):
        yield entry, ("code",), f"code（区划代码）应以{whose} {prefix} 开头，现在是 {entry.record.code}。"


def _unknown_streets(scope: Scope) -> Iterator[Fault]:
    for station in scope.loaded.stations:
        code = station.record.street
        if scope.is_lost(code):
            hint = closest(code, scope.street_codes)
            yield station, ("street",), f"{STREETS} 中没有代码为 {code} 的街道{hint}。"


def _unknown_bodies(scope: Scope) -> Iterator[Fault]:
    if scope.loaded.bodies is None:
        return
    for entry, path, name in _named_bodies(scope):
        if name not in scope.bodies:
            yield entry, path, f"bodies.yaml 中没有名为“{name}”的实施主体{closest(name, scope.bodies)}。"


def _named_bodies(scope: Scope) -> Iterator[Fault]:
    for street in scope.loaded.streets:
        yield street, ("body",), street.record.body
    for entry in scope.loaded.items:
        item = entry.record
        yield entry, ("department",), item.department
        yield from ((entry, ("joint_departments", i), name) for i, name in enumerate(item.joint_departments))
        if item.entrusted_by:
            yield entry, ("entrusted_by",), item.entrusted_by


def _unknown_related(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.items:
        for index, slug in enumerate(entry.record.related):
            if scope.lacks_item(slug):
                hint = closest(slug, scope.items)
                yield entry, ("related", index), f"没有网址名为 {slug} 的事项{hint}。"


def _unknown_forms(scope: Scope) -> Iterator[Fault]:
    known = {entry.record.slug for entry in scope.loaded.forms}
    for entry in scope.loaded.items:
        for index, material in enumerate(entry.record.materials):
            if (
                material.site_form
                and material.site_form not in known
                and not scope.is_unread(material.site_form)
            ):
                hint = closest(material.site_form, known)
                yield (
                    entry,
                    ("materials", index, "site_form"),
                    f"没有网址名为 {material.site_form} 的表格{hint}。",
                )


def _unused_forms(scope: Scope) -> Iterator[Fault]:
    used = {material.site_form for entry in scope.loaded.items for material in entry.record.materials}
    for entry in scope.loaded.forms:
        if entry.record.slug not in used:
            yield entry, ("slug",), f"没有材料用到表格 {entry.record.slug}，可以删去。"


def _form_files(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.forms:
        expected = f"{FORMS}/{entry.record.slug}.yaml"
        if entry.source.file != expected:
            message = f"文件名应与 slug（网址名）一致：应为 {expected}，现在是 {entry.source.file}。"
            yield entry, ("slug",), message


def _related_twice(item: ServiceItem) -> Found:
    for index, slug in enumerate(item.related):
        if slug == item.slug or slug in item.related[:index]:
            yield ("related", index), f"相关事项 {slug} 是本事项或已经写过，应删去。"


def _links(scope: Scope) -> Iterator[tuple[Entry[ServiceItem], Path, str]]:
    for entry in scope.loaded.items:
        for path, prose in _proses(entry.record):
            for target in scope.prose_links(prose):
                if not OUTWARD.fullmatch(target):
                    yield entry, path, target


def _proses(item: ServiceItem) -> Iterator[tuple[Path, str]]:
    yield ("summary",), item.summary
    for index, question in enumerate(item.questions):
        yield ("questions", index, "answer"), question.answer


def _link_schemes(scope: Scope) -> Iterator[Fault]:
    for entry, path, target in _links(scope):
        if not target.startswith(ITEM_LINK):
            message = (
                f"链接 {target} 应写成 https://网址；电话写成 tel:号码；指向本站事项时写 {ITEM_LINK}网址名。"
            )
            yield entry, path, message


def _unknown_links(scope: Scope) -> Iterator[Fault]:
    for entry, path, target in _links(scope):
        slug = target.removeprefix(ITEM_LINK)
        if slug != target and scope.lacks_item(slug):
            yield entry, path, f"链接 {target} 没有对应的事项{closest(slug, scope.items)}。"


def _item_files(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.items:
        # The ending, with the day from which a version is in force.
        rest = entry.source.file.removeprefix(f"{ITEMS}/{entry.stem}")
        expected = f"{ITEMS}/{entry.record.slug}{rest}"
        if entry.source.file != expected:
            message = f"文件名应与 slug（网址名）一致：应为 {expected}，现在是 {entry.source.file}。"
            yield entry, ("slug",), message


def _layer_files(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        if scope.lacks_street(entry.stem):
            message = (
                f"{LAYERS} 目录中的文件应以街道的网址名为名；{STREETS} 中没有网址名为 {entry.stem} 的街道"
                f"{closest(entry.stem, scope.streets)}。"
            )
            yield entry, (), message


RULES: tuple[Rule, ...] = (
    error("duplicate-code", "代码各不相同", _distinct("code", _items, _streets, _stations)),
    error("duplicate-local-code", "地方基本编码各不相同", _distinct("local_code", _items)),
    error("duplicate-slug", "网址名各不相同", _distinct("slug", _items, _streets, _stations_by_street)),
    error("duplicate-name", "名称各不相同", _distinct("name", _items, _streets)),
    error("duplicate-plain-name", "通俗名称各不相同", _distinct("plain_name", _items)),
    error("duplicate-alias", "一个别名只属于一个事项", _aliases),
    error("duplicate-body", "实施主体的名称各不相同", _distinct_in_bodies("name")),
    error("duplicate-unified-code", "统一社会信用代码各不相同", _distinct_in_bodies("unified_code")),
    error("duplicate-task-code", "实施编码各不相同", _task_codes),
    error("code-prefix", "下级代码以上级代码开头", _prefixes),
    error("unknown-street", "站点所属的街道在街道表中", _unknown_streets),
    error("unknown-body", "部门和街道办事处写在 bodies.yaml 中", _unknown_bodies),
    error("unknown-item", "相关事项都存在", _unknown_related),
    error("unknown-form", "材料的表格都存在", _unknown_forms),
    error("form-file", "表格的文件名与网址名一致", _form_files),
    advice("unused-form", "每张表格都有材料用到", _unused_forms),
    error("related-twice", "相关事项不写自己，不写两次", each_item(_related_twice)),
    error("link-scheme", "链接写全网址", _link_schemes),
    error("unknown-link", "链接指向的事项都存在", _unknown_links),
    error("file-name", "事项的文件名与网址名一致", _item_files),
    error("layer-file", "街道文件以街道的网址名为名", _layer_files),
)
