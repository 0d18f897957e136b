"""The parts that a site is planned, made and kept in: one for each street, and some for what is the city's.

A section is planned from what it is given and from nothing else: what did not change for it cannot have changed it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import disclosure_pages, entries, figures, modes, pages, places, search, site_files
from catalog.disclosure import Disclosure
from catalog.entries import CATALOG, OPEN_DATA
from catalog.exchange import catalog_json, open_data
from catalog.model import Catalogue, StaffMember, Station
from catalog.pages import Page

CITY, DATA = "city", "data"
ITEMS = "items"
CITY_MAP, ITEMS_MAP = "sitemap-city.xml", "sitemap-items.xml"
_OF_STATIONS = ("code", "slug", "name", "street", "address", "longitude", "latitude", "hours")
_CONTRACT = Path(__file__).parents[1] / "docs" / "catalog.schema.json"
Files = Mapping[str, bytes]
"""Path in the release ("items/dibao.html") to bytes."""


@dataclass(frozen=True)
class Plan:
    """What a section consists of: pages to be rendered, and files beside them."""

    pages: tuple[Page, ...]
    files: Files
    promised: tuple[str, ...] = ()
    """Paths that its data speak of as pages."""


@dataclass(frozen=True)
class Section:
    """A part of the site; `owns` are directories in which nothing else lies, the same in every mode."""

    name: str
    owns: tuple[str, ...]
    sees: Catalogue
    _plan: Callable[[Catalogue], Plan]

    def plan(self) -> Plan:
        """Its pages and files, from nothing but what it sees."""
        return self._plan(self.sees)

    @property
    def directories(self) -> tuple[str, ...]:
        """Those it owns, in every tree of pages: "streets/yunling-zhen", "elder/streets/yunling-zhen"."""
        return tuple(f"{mode.prefix}/{each}".lstrip("/") for each in self.owns for mode in modes.MODES)


def sections(catalogue: Catalogue) -> list[Section]:
    """Every section of a checked catalogue; those that take longest first, so that nobody waits for them at the end."""
    return [
        Section(DATA, (), catalogue, _data),
        Section(ITEMS, (), _counted(catalogue), _items),
        Section(CITY, (), catalogue, _city),
        Section("search", (), _named(catalogue), _found),
        *_streets(catalogue),
    ]


def holding(every: Sequence[Section], path: str) -> list[Section]:
    """Those in which a path can be, if it is anywhere: a street's own, then the others, and the data for data alone."""
    is_data = f"/{path}".startswith((CATALOG, OPEN_DATA))
    own = [section for section in every if section.owns and path.startswith(section.name)]
    return [*own, *(each for each in every if not each.owns and (each.name == DATA) == is_data)]


def _streets(catalogue: Catalogue) -> Iterator[Section]:
    street_of = {station.code: station.street for station in catalogue.stations}
    staff: dict[str, list[StaffMember]] = {}
    for member in catalogue.staff:
        staff.setdefault(street_of[member.station], []).append(member)
    departments = {item.department for item in catalogue.items}
    for area in entries.areas_of(catalogue):
        street = area.entry.street
        own = {
            "streets": (street,),
            "stations": tuple(stop.station for stop in area.stations),
            "staff": tuple(staff.get(street.code, ())),
            "layers": {slug: layer for slug, layer in catalogue.layers.items() if slug == street.slug},
            "bodies": tuple(body for body in catalogue.bodies if body.name in (street.body, *departments)),
            "forms": (),
            "redirects": tuple(
                each for each in catalogue.redirects if each.old.startswith(pages.below(street))
            ),
            "disclosure": Disclosure(),
        }
        yield Section(
            f"streets/{street.slug}",
            (f"streets/{street.slug}",),
            catalogue.model_copy(update=own),
            _street,
        )


def _counted(catalogue: Catalogue) -> Catalogue:
    """What the guides of the items see: of stations how many each street has, and of staff and figures nothing."""
    # What it does not have cannot be seen by mistake.
    fields: Mapping[str, Any] = {"slug": ""}
    blank = {
        street.code: Station.model_construct(street=street.code, **fields) for street in catalogue.streets
    }
    seen = {
        "stations": tuple(blank[station.street] for station in catalogue.stations),
        "staff": (),
        "disclosure": Disclosure(),
    }
    return catalogue.model_copy(update=seen)


def _named(catalogue: Catalogue) -> Catalogue:
    """What the search and the maps see: of stations what they are called, where they are and when they are open."""
    stations = tuple(
        Station.model_construct(**{field: getattr(station, field) for field in _OF_STATIONS})
        for station in catalogue.stations
    )
    seen = {"stations": stations, "staff": (), "disclosure": Disclosure(), "layers": {}}
    return catalogue.model_copy(update=seen)


def _items(catalogue: Catalogue) -> Plan:
    planned = pages.items(catalogue)
    listed = {ITEMS_MAP: _map(catalogue, (page.address for page in planned if _is_found(page))).encode()}
    return _plan(planned, {}, listed)


def _city(catalogue: Catalogue) -> Plan:
    planned = [*pages.areas(catalogue), *disclosure_pages.plan(catalogue)]
    maps = [f"/{ITEMS_MAP}", f"/{CITY_MAP}", *(street_map(street.slug) for street in catalogue.streets)]
    log = figures.changes(catalogue)
    names = {item.slug: item.plain_name for item in catalogue.items}
    beside = {
        site_files.ROBOTS: site_files.robots(catalogue.district),
        site_files.SITEMAP: site_files.sitemap_index(catalogue.district, maps),
        CITY_MAP: _map(catalogue, [*(page.address for page in planned), OPEN_DATA]),
        **({site_files.FEED: site_files.feed(catalogue.district, log, names)} if log else {}),
    }
    return _plan(planned, {}, {path: text.encode() for path, text in beside.items()})


def _data(catalogue: Catalogue) -> Plan:
    data = catalog_json.document(catalogue)
    opened = open_data.files(catalogue, data, _CONTRACT)
    listed = (entry["url"] for kind in ("streets", "stations", "items") for entry in data[kind])
    return _plan([open_data.page(catalogue, opened)], opened, {}, tuple(map(pages.path, listed)))


def _found(catalogue: Catalogue) -> Plan:
    return _plan([], {**search.files(catalogue), **places.files(catalogue)}, {})


def _street(catalogue: Catalogue) -> Plan:
    (street,) = catalogue.streets
    planned = pages.streets(catalogue)
    listed = {
        street_map(street.slug): _map(
            catalogue, (page.address for page in planned if _is_found(page))
        ).encode()
    }
    return _plan(planned, {**places.street_files(catalogue), **listed}, {})


def street_map(slug: str) -> str:
    """The address of the list of a street's pages, for search engines."""
    return f"/streets/{slug}/sitemap.xml"


def _map(catalogue: Catalogue, addresses: Iterable[str]) -> str:
    days = {entries.item_address(item.slug): str(item.updated) for item in catalogue.items}
    return site_files.sitemap(catalogue.district, {address: days.get(address, "") for address in addresses})


def _is_found(page: Page) -> bool:
    """What leads on to another page and what is not found are no pages of a sitemap."""
    return page.template not in (pages.MOVED, "404.html")


def _plan(
    planned: Iterable[Page], written: Mapping[str, bytes], files: Files, promised: tuple[str, ...] = ()
) -> Plan:
    at_paths = {pages.path(address): data for address, data in written.items()}
    return Plan(tuple(planned), {**at_paths, **files}, promised)
