"""Who offers which item where: the view of the catalogue that all outgoing formats start from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid5

from catalog.layers import Implementation, implementations, station_layer, taken_on
from catalog.model import Body, Catalogue, ServiceItem, Station

_NAMESPACE = UUID("4c3a6d0e-9a55-5b7e-8f0a-2d1b7c6e5f43")


@lru_cache(maxsize=1 << 16)
def stable_id(*names: str) -> str:
    """The UUID of what `names` name (RFC 9562, 5.5), the same in every release and in every format."""
    return str(uuid5(_NAMESPACE, "/".join(names)))


@dataclass(frozen=True)
class Offer:
    """An item as one street carries it out, and the street's stations at which residents may begin.

    A station here has the hours at which it takes papers.
    """

    implementation: Implementation
    stations: tuple[Station, ...]


@dataclass(frozen=True)
class Service:
    """An item and the body that carries it out, known by its 实施编码, with the streets that offer it."""

    task_code: str
    item: ServiceItem
    body: Body
    offers: tuple[Offer, ...]


def services(catalogue: Catalogue) -> tuple[Service, ...]:
    """Every service once, in the order of the items and then of the streets."""
    carried_out = implementations(catalogue)
    stations = _stations(catalogue, carried_out)
    return tuple(
        Service(
            task_code,
            own[0].item,
            own[0].body,
            tuple(Offer(each, tuple(stations[each.street.code, each.item.slug])) for each in own),
        )
        for task_code, own in by_service(catalogue, carried_out)
    )


def by_service(
    catalogue: Catalogue, carried_out: Mapping[str, tuple[Implementation, ...]]
) -> Iterator[tuple[str, Sequence[Implementation]]]:
    """Each 实施编码 with what carries it out, in the order of the items and then of the streets."""
    found: dict[tuple[str, str], list[Implementation]] = defaultdict(list)
    for street in catalogue.streets:
        for each in carried_out[street.code]:
            found[each.item.slug, each.task_code].append(each)
    place = {item.slug: number for number, item in enumerate(catalogue.items)}
    for (_, task_code), own in sorted(found.items(), key=lambda entry: place[entry[0][0]]):
        yield task_code, own


def _stations(
    catalogue: Catalogue, carried_out: Mapping[str, tuple[Implementation, ...]]
) -> Mapping[tuple[str, str], list[Station]]:
    """The stations by street code and item slug."""
    streets = {street.code: street for street in catalogue.streets}
    stations: dict[tuple[str, str], list[Station]] = defaultdict(list)
    for station in catalogue.stations:
        layer = station_layer(catalogue, streets[station.street], station)
        same = layer.hours is None or layer.hours == station.hours
        own = station if same else station.model_copy(update={"hours": layer.hours})
        for offered in taken_on(carried_out[station.street], layer):
            stations[station.street, offered.item.slug].append(own)
    return stations
