"""What lists, guides and places share: addresses, and the small records by which a page shows something else.

A page sees only what it shows: what it does not see cannot make it stale.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalog.model import Catalogue, ServiceItem, Station, Street
from catalog.pinyin import initial, syllables
from catalog.terms import Coded, Group, Kind, LifeEvent, Theme

SERVICE_PREFIX = "/desk/"
"""Addresses that begin with this belong to the consult service: links may point there, no release holds them."""
CATALOG = "/catalog.json"
"""The contract: what the consult service reads of a release."""
SEARCH = "/search/"
"""The page that searches and lists all items from A to Z; its index is beside it."""
OPEN_DATA = "/open-data/"
"""Where a release keeps its open data and the page that explains it."""


def item_address(slug: str) -> str:
    """The address of an item's guide."""
    return f"/items/{slug}.html"


def street_address(street: Street) -> str:
    """The address of a street's page."""
    return f"/streets/{street.slug}.html"


def station_address(street: Street, station: Station) -> str:
    """The address of a station's page, below its street's."""
    return f"/streets/{street.slug}/{station.slug}.html"


def street_guide_address(street: Street, slug: str) -> str:
    """The address of an item's guide as one street carries it out."""
    return f"/streets/{street.slug}/items/{slug}.html"


def form_address(slug: str, filled: bool = False) -> str:
    """The address of a form: blank, or as it looks when it is `filled` in."""
    return f"/forms/{slug}{'-sample' if filled else ''}.html"


def poster_address(street: Street, station: Station) -> str:
    """The address of a station's notice-board poster."""
    return f"/streets/{street.slug}/{station.slug}/poster.html"


@dataclass(frozen=True)
class ItemEntry:
    """An item as a list shows it."""

    address: str
    name: str
    plain_name: str
    aliases: tuple[str, ...]
    kind: Kind
    theme: Theme
    events: tuple[LifeEvent, ...]
    groups: tuple[Group, ...]


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


C = TypeVar("C", bound=Coded)


@dataclass(frozen=True)
class ItemGroup(Generic[C]):
    """The items of one word of a closed list; never empty."""

    by: C
    items: tuple[ItemEntry, ...]


def grouped(
    entries: Iterable[ItemEntry], members: Iterable[C], of: Callable[[ItemEntry], Iterable[C]]
) -> tuple[ItemGroup[C], ...]:
    """The entries by each of `members`, in their order; members without entries are left out."""
    every = tuple(entries)
    groups = (ItemGroup(member, tuple(each for each in every if member in of(each))) for member in members)
    return tuple(group for group in groups if group.items)


def by_theme(entries: Iterable[ItemEntry]) -> tuple[ItemGroup[Theme], ...]:
    """By field (领域)."""
    return grouped(entries, Theme, lambda entry: (entry.theme,))


def by_kind(entries: Iterable[ItemEntry]) -> tuple[ItemGroup[Kind], ...]:
    """By what a station does with it."""
    return grouped(entries, Kind, lambda entry: (entry.kind,))


def by_event(entries: Iterable[ItemEntry]) -> tuple[ItemGroup[LifeEvent], ...]:
    """By what happened to the resident."""
    return grouped(entries, LifeEvent, lambda entry: entry.events)


def by_group(entries: Iterable[ItemEntry]) -> tuple[ItemGroup[Group], ...]:
    """By whom it is for; what is for everybody is in none."""
    return grouped(entries, Group, lambda entry: entry.groups)


@dataclass(frozen=True)
class LetterGroup:
    """The items whose plain names begin with one letter ("S", or "#" for none), by pinyin; never empty."""

    letter: str
    items: tuple[ItemEntry, ...]


def by_letter(entries: Iterable[ItemEntry]) -> tuple[LetterGroup, ...]:
    """From A to Z; what begins with a digit comes first."""
    in_order = sorted(entries, key=lambda entry: (syllables(entry.plain_name), entry.address))
    letters = sorted({initial(entry.plain_name) for entry in in_order})
    return tuple(
        LetterGroup(letter, tuple(e for e in in_order if initial(e.plain_name) == letter))
        for letter in letters
    )


def item_entry(item: ServiceItem, address: str = "") -> ItemEntry:
    """The item as lists show it; `address` is the guide's where it is not the city's."""
    return ItemEntry(
        address=address or item_address(item.slug),
        name=item.name,
        plain_name=item.plain_name,
        aliases=item.aliases,
        kind=item.kind,
        theme=item.theme,
        events=item.events,
        groups=item.groups,
    )


def areas_of(catalogue: Catalogue) -> tuple[Area, ...]:
    """Every street with its stations, in the order of the content."""
    stations: dict[str, list[Station]] = {street.code: [] for street in catalogue.streets}
    for station in catalogue.stations:
        stations[station.street].append(station)
    return tuple(_area(street, stations[street.code]) for street in catalogue.streets)


def _area(street: Street, stations: Iterable[Station]) -> Area:
    own = tuple(StationEntry(station_address(street, station), station) for station in stations)
    return Area(StreetEntry(street_address(street), street, len(own)), own)
