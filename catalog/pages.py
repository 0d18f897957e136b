"""Which pages one release has, at which addresses, and what each of them sees.

A page sees only what it shows, in small records: what it does not see cannot make it stale.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog import wording
from catalog.charts import Bar, Series, Texture, Tone, bars
from catalog.disclosure_figures import Figure, Table
from catalog.entries import (
    SEARCH,
    Area,
    ItemEntry,
    ItemGroup,
    StationEntry,
    areas_of,
    by_event,
    by_group,
    by_kind,
    by_letter,
    by_theme,
    form_address,
    item_address,
    item_entry,
    poster_address,
    street_guide_address,
)
from catalog.guides import Centre, Local, centres, local_words, locals_of, where_to_go
from catalog.hours import is_even, week
from catalog.layers import NO_LAYER, Implementation, implementations, station_layer, taken_on
from catalog.model import (
    Catalogue,
    District,
    HandlingAgent,
    Redirect,
    Relay,
    ServiceItem,
    StaffMember,
    Station,
    Street,
)
from catalog.sketch import Neighbour, Places, metres, neighbours, walking_minutes
from catalog.terms import Kind, Layer, State

NOT_FOUND = "/404.html"
MOVED = "moved.html"
"""The template of an address that leads on to another; such a page is no page of its own."""


@dataclass(frozen=True)
class Page:
    """One output file: its address on the site ("/", "/items/", "/items/dibao.html"), template and context."""

    address: str
    template: str
    context: Mapping[str, object]

    @property
    def path(self) -> str:
        """The file in the release: "index.html", "items/index.html", "items/dibao.html"."""
        return path(self.address)


def path(address: str) -> str:
    """The file of an address in the release; a directory's is its index."""
    return address.removeprefix("/") + ("index.html" if address.endswith("/") else "")


def items(catalogue: Catalogue) -> list[Page]:
    """The pages that lead to items and tell of them, each address once; of stations they tell the number."""
    entries = _entries(catalogue)
    areas = areas_of(catalogue)
    carried_out = implementations(catalogue)
    below_streets = tuple(map(below, catalogue.streets))
    return [
        *_lists(catalogue.district, tuple(entries.values()), areas),
        *(
            _guide(catalogue.district, item, entries, centres(item, areas, carried_out))
            for item in catalogue.items
        ),
        *(
            _page(
                catalogue.district,
                form_address(form.slug, filled),
                "form.html",
                form=form,
                filled=filled,
                other=form_address(form.slug, not filled),
            )
            for form in catalogue.forms
            for filled in (False, True)
        ),
        *(_moved(catalogue, each) for each in catalogue.redirects if not each.old.startswith(below_streets)),
        _page(catalogue.district, NOT_FOUND, "404.html"),
    ]


def areas(catalogue: Catalogue) -> list[Page]:
    """The list of all streets and stations, and the style guide, which shows some of everything."""
    own = areas_of(catalogue)
    listed = _page(catalogue.district, "/streets/", "streets.html", areas=own)
    # Where no item is in force yet, there is nothing to show.
    return [
        listed,
        *([_style(catalogue, tuple(_entries(catalogue).values()), own)] if catalogue.items else []),
    ]


def _entries(catalogue: Catalogue) -> Mapping[str, ItemEntry]:
    return {item.slug: item_entry(item) for item in catalogue.items if item.state is State.IN_USE}


def streets(catalogue: Catalogue) -> list[Page]:
    """The pages of the catalogue's streets: their own, their guides, their stations' and posters."""
    carried_out = implementations(catalogue)
    return [
        page
        for area in areas_of(catalogue)
        for page in _places(catalogue, area, carried_out[area.entry.street.code])
    ]


def plan(catalogue: Catalogue) -> list[Page]:
    """Every page of a checked catalogue."""
    return [*items(catalogue), *areas(catalogue), *streets(catalogue)]


def below(street: Street) -> str:
    """Where the pages of a street and of nothing else lie, what moved from there among them."""
    return f"/streets/{street.slug}/"


def _moved(catalogue: Catalogue, redirect: Redirect) -> Page:
    return _page(catalogue.district, redirect.old, MOVED, new=redirect.new)


def _page(site: District, address: str, template: str, **sees: object) -> Page:
    return Page(address, template, {"site": site, "address": address, **sees})


def _lists(site: District, entries: tuple[ItemEntry, ...], areas: tuple[Area, ...]) -> Iterator[Page]:
    themes, kinds, events, groups = by_theme(entries), by_kind(entries), by_event(entries), by_group(entries)
    streets = tuple(area.entry for area in areas)
    yield _page(
        site, "/", "home.html", themes=themes, kinds=kinds, events=events, groups=groups, areas=streets
    )
    yield _page(site, "/items/", "items.html", view="theme", lists=themes)
    yield _page(site, "/items/events.html", "items.html", view="event", lists=events)
    yield _page(site, "/items/groups.html", "items.html", view="group", lists=groups)
    yield _page(site, "/items/kinds.html", "items.html", view="kind", lists=kinds)
    yield _page(site, SEARCH, "search.html", letters=by_letter(entries))


def _style(catalogue: Catalogue, entries: tuple[ItemEntry, ...], areas: tuple[Area, ...]) -> Page:
    """The style guide shows the first entries of the catalogue in every component."""
    counts = (("样例一", (12, 3)), ("样例二", (9, 5)))
    chart = bars(
        "style",
        "样例图表",
        "样例一：准时 12 件，超时 3 件；样例二：准时 9 件，超时 5 件。",
        (Series("准时", Tone.FINE, Texture.SOLID), Series("超时", Tone.ATTENTION, Texture.HATCH)),
        tuple(Bar(name, values, f"{sum(values)} 件") for name, values in counts),
    )
    table = Table(
        "样例数字（件）", ("", "准时", "超时"), tuple((name, *map(str, values)) for name, values in counts)
    )
    return _page(
        catalogue.district,
        "/style/",
        "style.html",
        items=entries[:3],
        areas=tuple(area.entry for area in areas[:2]),
        stop=next((stop for area in areas for stop in area.stations), None),
        map=Places(areas[0].entry.street, tuple(stop.station for stop in areas[0].stations[:6])),
        figure=Figure("样例图表", "每张图都有一句话、一张表；不靠颜色分辨。", chart, table),
        example=catalogue.items[0],
    )


def _guide(
    site: District, item: ServiceItem, entries: Mapping[str, ItemEntry], where: tuple[Centre, ...]
) -> Page:
    return _page(
        site,
        item_address(item.slug),
        "guide.html",
        item=item,
        where=where_to_go(item.duty),
        centres=where,
        local=None,
        words={},
        related=tuple(entries[slug] for slug in item.related if slug in entries),
    )


def _places(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...]) -> Iterator[Page]:
    lists = _Lists(area.entry.street, carried_out)
    yield _street(catalogue, area, carried_out, lists)
    local = locals_of(catalogue, area, carried_out)
    for each in carried_out:
        yield _street_guide(catalogue.district, each.item, local, lists)
    for stop in area.stations:
        yield from _station(catalogue, area, stop, carried_out, lists)
    for redirect in catalogue.redirects:
        if redirect.old.startswith(below(area.entry.street)):
            yield _moved(catalogue, redirect)


class _Lists:
    """A street's items as its pages list them; what many pages list alike is one object, which is looked at once."""

    def __init__(self, street: Street, carried_out: Iterable[Implementation]) -> None:
        self.entries = {
            each.item.slug: item_entry(each.item, street_guide_address(street, each.item.slug))
            for each in carried_out
        }
        self._by_kind: dict[tuple[str, ...], tuple[ItemGroup[Kind], ...]] = {}

    def by_kind(self, offered: Iterable[Implementation]) -> tuple[ItemGroup[Kind], ...]:
        """The items offered, by what a station does with them."""
        slugs = tuple(each.item.slug for each in offered)
        if slugs not in self._by_kind:
            self._by_kind[slugs] = by_kind(self.entries[slug] for slug in slugs)
        return self._by_kind[slugs]


def _street_guide(site: District, item: ServiceItem, local: Mapping[str, Local], lists: _Lists) -> Page:
    own = local[item.slug]
    street = own.centre.entry.street
    return _page(
        site,
        own.centre.address,
        "guide.html",
        item=item,
        where=where_to_go(item.duty),
        centres=(own.centre,),
        local=own,
        words=local_words(street.kind),
        related=tuple(lists.entries[slug] for slug in item.related if slug in lists.entries),
    )


def _street(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...], lists: _Lists) -> Page:
    street = area.entry.street
    offered = tuple(each for each in carried_out if each.layer is not Layer.STATION)
    return _page(
        catalogue.district,
        area.entry.address,
        "street.html",
        area=area,
        kinds=lists.by_kind(offered),
        counts=tuple((layer, sum(each.layer is layer for each in offered)) for layer in Layer),
        words=local_words(street.kind),
        map=Places(street, tuple(stop.station for stop in area.stations)),
        **_days(catalogue, street.hours),
        relay=_relay(catalogue, street),
        villages={stop.station.slug: stop.station.name for stop in area.stations},
    )


def _station(
    catalogue: Catalogue,
    area: Area,
    stop: StationEntry,
    carried_out: tuple[Implementation, ...],
    lists: _Lists,
) -> Iterator[Page]:
    centre = area.entry
    own = station_layer(catalogue, centre.street, stop.station)
    relay = _relay(catalogue, centre.street)
    kinds = lists.by_kind(taken_on(carried_out, own))
    poster = poster_address(centre.street, stop.station)
    stations = tuple(each.station for each in area.stations)
    straight = metres(centre.street, stop.station)
    yield _page(
        catalogue.district,
        stop.address,
        "station.html",
        stop=stop,
        own=own,
        centre=centre,
        kinds=kinds,
        poster=poster,
        **_days(catalogue, stop.station.hours),
        staff=staff_of(catalogue, stop.station),
        map=Places(centre.street, stations, stop.station),
        near=_near(area, neighbours(stations, stop.station)),
        way=wording.way(straight, walking_minutes(straight)),
        relay=relay,
        agent=agent_of(relay, stop.station) if relay else None,
    )
    yield _page(
        catalogue.district,
        poster,
        "poster.html",
        stop=stop,
        own=own,
        centre=centre,
        kinds=kinds,
        staff=staff_of(catalogue, stop.station),
    )


@dataclass(frozen=True)
class Near:
    """A neighbouring station as a station's page lists it."""

    number: int
    name: str
    address: str
    minutes: int


def _near(area: Area, found: Iterable[Neighbour]) -> tuple[Near, ...]:
    return tuple(
        Near(each.number, each.station.name, area.stations[each.number - 1].address, each.minutes)
        for each in found
    )


def _days(catalogue: Catalogue, hours: str) -> Mapping[str, object]:
    """What a place's page says of its week, the days off, and the weekend days that are worked."""
    rows = week(hours)
    return {
        "week": rows,
        "is_even": is_even(rows),
        "days_off": wording.days_off(catalogue.holidays),
        "days_worked": wording.days_worked(catalogue.holidays),
    }


def staff_of(catalogue: Catalogue, station: Station) -> tuple[StaffMember, ...]:
    """Who is on duty there."""
    return tuple(member for member in catalogue.staff if member.station == station.code)


def agent_of(relay: Relay, station: Station) -> HandlingAgent | None:
    """The agent who carries the village's papers."""
    return next((agent for agent in relay.agents if station.slug in agent.villages), None)


def _relay(catalogue: Catalogue, street: Street) -> Relay | None:
    return catalogue.layers.get(street.slug, NO_LAYER).relay
