"""The pages below /disclosure/ (信息公开): which there are, and what each of them sees.

A section whose data is not there has no page and is not in the index.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from catalog.disclosure import Monthly
from catalog.disclosure_figures import consult_parts, progress_parts, rating_parts
from catalog.entries import (
    Area,
    ItemEntry,
    StationEntry,
    StreetEntry,
    areas_of,
    by_kind,
    item_entry,
    street_guide_address,
)
from catalog.figures import changes, progress, span_words
from catalog.layers import NO_LAYER, listed, station_layer
from catalog.model import Catalogue, DutyMatrix, HandlingAgent, Relay, ServiceItem, Street
from catalog.pages import Page, agent_of
from catalog.terms import ChangeKind, Kind, Layer, Place, State
from catalog.wording import day

INDEX = "/disclosure/"
PLACES: Mapping[Place, str] = {Place.STATION: "站点", Place.STREET: "街道", Place.DISTRICT: "区级"}
"""Who acts, in the two characters that a cell of the matrix has room for."""


@dataclass(frozen=True)
class Section:
    """What is disclosed: where, its one line, and how new its data is."""

    address: str
    name: str
    sentence: str
    dated: str


@dataclass(frozen=True)
class DutyRow:
    """An item with who does what, and the lists that have it."""

    item: ItemEntry
    duties: tuple[tuple[str, str], ...]
    lists: tuple[str, ...]


@dataclass(frozen=True)
class KindRows:
    """The items of one kind."""

    kind: Kind
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True)
class Additions:
    """What one street offers beside the district's list; guides are the street's own."""

    entry: StreetEntry
    items: tuple[ItemEntry, ...]


@dataclass(frozen=True)
class StationDifference:
    """What one station adds and leaves out."""

    stop: StationEntry
    street: Street
    adds: tuple[ItemEntry, ...]
    without: tuple[ItemEntry, ...]


@dataclass(frozen=True)
class Township:
    """A township whose papers are carried: who carries those of each village."""

    entry: StreetEntry
    relay: Relay
    villages: tuple[tuple[StationEntry, HandlingAgent], ...]


@dataclass(frozen=True)
class ChangeEntry:
    """One change of the catalogue with the guides of its items."""

    date: date
    kind: ChangeKind
    text: str
    items: tuple[ItemEntry, ...]


def plan(catalogue: Catalogue) -> list[Page]:
    """The index and every section that has data; the catalogue is checked."""
    pages = list(_sections(catalogue))
    sections = tuple(section for section, _, _ in pages)
    return [
        _page(catalogue, INDEX, "disclosure.html", sections=sections),
        *(
            _page(catalogue, section.address, template, section=section, **sees)
            for section, template, sees in pages
        ),
    ]


def _page(catalogue: Catalogue, address: str, template: str, **sees: object) -> Page:
    shared = {"site": catalogue.district, "address": address, "about": catalogue.disclosure.about}
    return Page(address, template, {**shared, **sees})


def _sections(catalogue: Catalogue) -> Iterator[tuple[Section, str, Mapping[str, object]]]:
    own, areas = catalogue.disclosure, areas_of(catalogue)
    yield _lists(catalogue, areas)
    if own.pledges:
        section = Section(
            f"{INDEX}pledges.html",
            "服务承诺",
            "工作人员要做到什么，做不到找谁。",
            f"{day(own.pledges.updated)}公布",
        )
        streets = tuple(area.entry for area in areas)
        yield section, "disclosure-pledges.html", {"pledges": own.pledges.pledges, "streets": streets}
    townships = tuple(_townships(catalogue, areas))
    if townships and own.about and own.about.agents_checked:
        count = sum(len(township.villages) for township in townships)
        section = Section(
            f"{INDEX}agents.html",
            "代办员公示",
            f"{count} 个村各由谁收材料、怎么找。",
            f"{day(own.about.agents_checked)}核对",
        )
        yield section, "disclosure-agents.html", {"townships": townships}
    yield from _figures(catalogue)
    if own.changes:
        years = tuple(_years(catalogue))
        section = Section(
            f"{INDEX}changes.html",
            "目录更新记录",
            "新增、修改、停用了哪些事项。",
            f"最近一次是{day(years[0][1][0].date)}",
        )
        yield section, "disclosure-changes.html", {"years": years}


def _figures(catalogue: Catalogue) -> Iterator[tuple[Section, str, Mapping[str, object]]]:
    own, template = catalogue.disclosure, "disclosure-figures.html"
    if own.plan:
        built = progress(catalogue.stations, own.plan)
        section = Section(
            f"{INDEX}progress.html",
            "站点建设进度",
            f"计划建 {built.total} 个站点，已建成 {built.built} 个。",
            f"统计到{day(own.plan.as_of)}",
        )
        lead = f"计划是《{own.plan.programme}》。按标准建成、开始服务的，才算建成。"
        parts = progress_parts(catalogue, own.plan)
        yield section, template, {"lead": lead, "more": "", "parts": parts}
    if own.ratings or own.rectifications:
        section = Section(
            f"{INDEX}ratings.html",
            "好差评",
            "每月收到多少评价，差评怎么整改。",
            _months([*own.ratings, *own.rectifications]),
        )
        days = own.about.rectification_days if own.about else 7
        lead = (
            "办完事，您可以当场在评价器上评，也可以扫码评。评价分五级，“不满意”和“非常不满意”是差评，"
            f"要在 {days} 天内核实、整改。"
        )
        more = "这里只有条数。谁评的、评了谁，一律不公开。"
        yield section, template, {"lead": lead, "more": more, "parts": rating_parts(catalogue)}
    if own.consults:
        section = Section(
            f"{INDEX}consults.html", "视频咨询", "每月接了多少、等了多久、结果怎样。", _months(own.consults)
        )
        lead = "遇到复杂的事，站点社工当场用视频接通街道（镇）政务服务中心，工作人员当面给您解答。"
        more = "等候时间取中位数：一半的咨询等得比这更短。谁来咨询、问了什么，一律不公开。"
        yield section, template, {"lead": lead, "more": more, "parts": consult_parts(catalogue)}


def _months(rows: Iterable[Monthly]) -> str:
    return f"统计{span_words(sorted(row.month for row in rows))}"


def _lists(catalogue: Catalogue, areas: tuple[Area, ...]) -> tuple[Section, str, Mapping[str, object]]:
    items = {item.slug: item for item in catalogue.items if item.state is State.IN_USE}
    latest = max(item.updated for item in catalogue.items)
    section = Section(
        f"{INDEX}lists.html",
        "清单公开",
        f"{len(items)} 个事项由谁咨询、接件、受理、告知、送达，各街道增办了什么。",
        f"{day(latest)}更新",
    )
    sources = _sources(catalogue, areas)
    rows = {
        slug: DutyRow(item_entry(item), _duties(item.duty), sources.get(slug, ()))
        for slug, item in items.items()
    }
    kinds = tuple(
        KindRows(group.by, tuple(row for row in rows.values() if row.item in group.items))
        for group in by_kind(row.item for row in rows.values())
    )
    return (
        section,
        "disclosure-lists.html",
        {
            "kinds": kinds,
            "district": tuple(_entries(items, catalogue.district.items)),
            "streets": tuple(_additions(catalogue, items, areas)),
            "stations": tuple(_differences(catalogue, items, areas)),
        },
    )


def _duties(duty: DutyMatrix) -> tuple[tuple[str, str], ...]:
    acts = (
        ("咨询", duty.advise),
        ("接件", duty.collect),
        ("受理", duty.accept),
        ("告知", duty.inform),
        ("送达", duty.deliver),
    )
    return tuple((act, "、".join(PLACES[place] for place in places)) for act, places in acts)


def _sources(catalogue: Catalogue, areas: Iterable[Area]) -> Mapping[str, tuple[str, ...]]:
    """Which list has each item: the district's, or those of streets and stations."""
    found = {slug: (Layer.DISTRICT.value,) for slug in catalogue.district.items}
    streets: dict[str, list[str]] = {}
    stations: dict[str, list[str]] = {}
    for area in areas:
        layer = catalogue.layers.get(area.entry.street.slug, NO_LAYER)
        for slug, brought in listed(catalogue.district.items, layer).items():
            if brought is Layer.STREET:
                streets.setdefault(slug, []).append(area.entry.street.name)
        for stop in area.stations:
            for slug in station_layer(catalogue, area.entry.street, stop.station).adds:
                stations.setdefault(slug, []).append(stop.station.name)
    for added in (streets, stations):
        for slug, names in added.items():
            found[slug] = (*found.get(slug, ()), f"{'、'.join(names)}增设")
    return found


def _entries(
    items: Mapping[str, ServiceItem], slugs: Iterable[str], street: Street | None = None
) -> Iterator[ItemEntry]:
    for slug in slugs:
        if slug in items:
            yield item_entry(items[slug], street_guide_address(street, slug) if street else "")


def _additions(
    catalogue: Catalogue, items: Mapping[str, ServiceItem], areas: Iterable[Area]
) -> Iterator[Additions]:
    for area in areas:
        street = area.entry.street
        added = catalogue.layers.get(street.slug, NO_LAYER).additions
        yield Additions(area.entry, tuple(_entries(items, added, street)))


def _differences(
    catalogue: Catalogue, items: Mapping[str, ServiceItem], areas: Iterable[Area]
) -> Iterator[StationDifference]:
    for area in areas:
        street = area.entry.street
        for stop in area.stations:
            own = station_layer(catalogue, street, stop.station)
            told = StationDifference(
                stop,
                street,
                tuple(_entries(items, own.adds, street)),
                tuple(_entries(items, own.without, street)),
            )
            if told.adds or told.without:
                yield told


def _townships(catalogue: Catalogue, areas: Iterable[Area]) -> Iterator[Township]:
    for area in areas:
        relay = catalogue.layers.get(area.entry.street.slug, NO_LAYER).relay
        if relay:
            carried = ((stop, agent_of(relay, stop.station)) for stop in area.stations)
            yield Township(area.entry, relay, tuple((stop, agent) for stop, agent in carried if agent))


def _years(catalogue: Catalogue) -> Iterator[tuple[int, tuple[ChangeEntry, ...]]]:
    items = {item.slug: item for item in catalogue.items}
    told = (
        ChangeEntry(each.date, each.kind, each.text, tuple(item_entry(items[slug]) for slug in each.items))
        for each in changes(catalogue)
    )
    for year, entries in groupby(told, key=lambda each: each.date.year):
        yield year, tuple(entries)
