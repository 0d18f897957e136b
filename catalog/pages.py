"""Which pages one release has, at which addresses, and what each of them sees.

A page sees only what it shows, in small records: what it does not see cannot make it stale.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.layers import NO_LAYER, Implementation, at_station, implementations, station_layer
from catalog.model import (
    Catalogue,
    District,
    DutyMatrix,
    HandlingAgent,
    Relay,
    ServiceItem,
    Station,
    Street,
)
from catalog.pinyin import initial, syllables
from catalog.terms import Kind, Layer, Place, State, Theme

SERVICE_PREFIX = "/desk/"
"""Addresses that begin with this belong to the consult service: links may point there, no release holds them."""
CATALOG = "/catalog.json"
"""The contract: what the consult service reads of a release."""
SEARCH = "/search/"
"""The page that searches and lists all items from A to Z; its index is beside it."""
OPEN_DATA = "/open-data/"
"""Where a release keeps its open data and the page that explains it."""


@dataclass(frozen=True)
class Page:
    """One output file: its address on the site ("/", "/items/", "/items/dibao.html"), template and context."""

    address: str
    template: str
    context: Mapping[str, object]

    @property
    def path(self) -> str:
        """The file in the release: "index.html", "items/index.html", "items/dibao.html"."""
        return self.address.removeprefix("/") + ("index.html" if self.address.endswith("/") else "")


@dataclass(frozen=True)
class ItemEntry:
    """An item as a list shows it."""

    address: str
    name: str
    plain_name: str
    aliases: tuple[str, ...]
    kind: Kind
    theme: Theme


@dataclass(frozen=True)
class StreetEntry:
    """A street with its centre, and how many stations it has."""

    address: str
    street: Street
    station_count: int


@dataclass(frozen=True)
class StationEntry:
    """A station and where its page is."""

    address: str
    station: Station


@dataclass(frozen=True)
class Area:
    """A street with all of its stations."""

    entry: StreetEntry
    stations: tuple[StationEntry, ...]


@dataclass(frozen=True)
class Centre:
    """Where and how one street carries out the item of a guide."""

    entry: StreetEntry
    carried_out: Implementation


@dataclass(frozen=True)
class ThemeGroup:
    """The items of one 领域; never empty."""

    theme: Theme
    items: tuple[ItemEntry, ...]


@dataclass(frozen=True)
class KindGroup:
    """The items of one kind; never empty."""

    kind: Kind
    items: tuple[ItemEntry, ...]


@dataclass(frozen=True)
class LetterGroup:
    """The items whose plain names begin with one letter ("S", or "#" for none), by pinyin; never empty."""

    letter: str
    items: tuple[ItemEntry, ...]


@dataclass(frozen=True)
class KindWords:
    """What one kind means to a resident. `here` heads the station's list, `where` is the guide's short answer."""

    tag: str
    here: str
    sentence: str
    where: str


KIND_WORDS: Mapping[Kind, KindWords] = {
    Kind.ACCEPTANCE: KindWords(
        tag="站点当场受理",
        here="在本站当场受理",
        sentence="材料带齐，站点当场受理，您不用再去街道中心。",
        where="社区（村）站点，当场受理",
    ),
    Kind.AGENCY: KindWords(
        tag="站点代收代办",
        here="由本站代收代办",
        sentence="材料交给站点，由站点替您送办，您不用自己去街道中心。",
        where="社区（村）站点，代收代办",
    ),
    Kind.ADVICE: KindWords(
        tag="站点咨询预审",
        here="在本站咨询预审",
        sentence="站点先帮您问清条件、看好材料，您再去正式申请，免得白跑。",
        where="先到社区（村）站点咨询预审，再到{handing_in}办理",
    ),
}


def item_address(slug: str) -> str:
    """The address of an item's guide."""
    return f"/items/{slug}.html"


def street_address(street: Street) -> str:
    """The address of a street's page."""
    return f"/streets/{street.slug}.html"


def station_address(street: Street, station: Station) -> str:
    """The address of a station's page, below its street's."""
    return f"/streets/{street.slug}/{station.slug}.html"


def where_to_go(duty: DutyMatrix) -> str:
    """In one line, where the resident hands in the papers (接件)."""
    handing_in = "或".join(place.value for place in duty.collect)
    answer = KIND_WORDS[duty.kind].where.format(handing_in=handing_in)
    centre_too = duty.kind is not Kind.ADVICE and Place.STREET in (*duty.collect, *duty.accept)
    return answer + ("；也可以到街道中心" if centre_too else "")


def plan(catalogue: Catalogue) -> list[Page]:
    """Every page of a checked catalogue, each address once."""
    entries = {item.slug: _item_entry(item) for item in catalogue.items if item.state is State.IN_USE}
    areas = _areas(catalogue)
    carried_out = implementations(catalogue)
    by_theme, by_kind = _by_theme(entries.values()), _by_kind(entries.values())
    site = catalogue.district
    return [
        _page(site, "/", "home.html", themes=by_theme, areas=_streets(areas), kinds=by_kind),
        _page(site, "/items/", "items.html", themes=by_theme, kinds=by_kind),
        *(_guide(site, item, entries, _centres(item, areas, carried_out)) for item in catalogue.items),
        _page(site, "/streets/", "streets.html", areas=areas),
        *(_street(catalogue, area, carried_out[area.entry.street.code]) for area in areas),
        *(
            _station(catalogue, area.entry, stop, carried_out[area.entry.street.code])
            for area in areas
            for stop in area.stations
        ),
        _page(site, SEARCH, "search.html", letters=_by_letter(entries.values())),
        _page(site, "/404.html", "404.html"),
    ]


def _page(site: District, address: str, template: str, **sees: object) -> Page:
    return Page(address, template, {"site": site, "address": address, **sees})


def _guide(
    site: District, item: ServiceItem, entries: Mapping[str, ItemEntry], centres: tuple[Centre, ...]
) -> Page:
    return _page(
        site,
        item_address(item.slug),
        "guide.html",
        item=item,
        where=where_to_go(item.duty),
        centres=centres,
        related=tuple(entries[slug] for slug in item.related if slug in entries),
    )


def _centres(
    item: ServiceItem, areas: Iterable[Area], carried_out: Mapping[str, tuple[Implementation, ...]]
) -> tuple[Centre, ...]:
    return tuple(
        Centre(area.entry, each)
        for area in areas
        for each in carried_out[area.entry.street.code]
        if each.item is item
    )


def _street(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...]) -> Page:
    street = area.entry.street
    offered = tuple(each for each in carried_out if each.layer is not Layer.STATION)
    return _page(
        catalogue.district,
        area.entry.address,
        "street.html",
        area=area,
        kinds=_offered_by_kind(offered),
        counts=tuple((layer, sum(each.layer is layer for each in offered)) for layer in Layer),
        relay=_relay(catalogue, street),
        villages={stop.station.slug: stop.station.name for stop in area.stations},
    )


def _station(
    catalogue: Catalogue, centre: StreetEntry, stop: StationEntry, carried_out: tuple[Implementation, ...]
) -> Page:
    own = station_layer(catalogue, centre.street, stop.station)
    relay = _relay(catalogue, centre.street)
    return _page(
        catalogue.district,
        stop.address,
        "station.html",
        stop=stop,
        own=own,
        centre=centre,
        kinds=_offered_by_kind(at_station(carried_out, stop.station, own)),
        relay=relay,
        agent=agent_of(relay, stop.station) if relay else None,
    )


def agent_of(relay: Relay, station: Station) -> HandlingAgent | None:
    """The agent who carries the village's papers."""
    return next((agent for agent in relay.agents if station.slug in agent.villages), None)


def _relay(catalogue: Catalogue, street: Street) -> Relay | None:
    return catalogue.layers.get(street.slug, NO_LAYER).relay


def _offered_by_kind(offered: Iterable[Implementation]) -> tuple[KindGroup, ...]:
    return _by_kind(_item_entry(each.item) for each in offered)


def _item_entry(item: ServiceItem) -> ItemEntry:
    return ItemEntry(
        address=item_address(item.slug),
        name=item.name,
        plain_name=item.plain_name,
        aliases=item.aliases,
        kind=item.kind,
        theme=item.theme,
    )


def _areas(catalogue: Catalogue) -> tuple[Area, ...]:
    stations: dict[str, list[Station]] = {street.code: [] for street in catalogue.streets}
    for station in catalogue.stations:
        stations[station.street].append(station)
    return tuple(_area(street, stations[street.code]) for street in catalogue.streets)


def _area(street: Street, stations: Iterable[Station]) -> Area:
    own = tuple(StationEntry(station_address(street, station), station) for station in stations)
    return Area(StreetEntry(street_address(street), street, len(own)), own)


def _streets(areas: Iterable[Area]) -> tuple[StreetEntry, ...]:
    return tuple(area.entry for area in areas)


def _by_theme(entries: Iterable[ItemEntry]) -> tuple[ThemeGroup, ...]:
    every = tuple(entries)
    groups = (ThemeGroup(theme, tuple(e for e in every if e.theme is theme)) for theme in Theme)
    return tuple(group for group in groups if group.items)


def _by_kind(entries: Iterable[ItemEntry]) -> tuple[KindGroup, ...]:
    every = tuple(entries)
    groups = (KindGroup(kind, tuple(e for e in every if e.kind is kind)) for kind in Kind)
    return tuple(group for group in groups if group.items)


def _by_letter(entries: Iterable[ItemEntry]) -> tuple[LetterGroup, ...]:
    in_order = sorted(entries, key=lambda entry: (syllables(entry.plain_name), entry.address))
    letters = sorted({initial(entry.plain_name) for entry in in_order})
    return tuple(
        LetterGroup(letter, tuple(e for e in in_order if initial(e.plain_name) == letter))
        for letter in letters
    )
