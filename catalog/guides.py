"""What a guide shows beside the item: where to go, and what one street does otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.entries import Area, StationEntry, StreetEntry, street_guide_address
from catalog.layers import Implementation, station_layer, taken_on
from catalog.model import Catalogue, DutyMatrix, ServiceItem, StationLayer
from catalog.terms import AreaKind, Kind, OnlineDepth, Place


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

DEPTH_WORDS: Mapping[OnlineDepth, str] = {
    OnlineDepth.INFORMATION: "网上看办法",
    OnlineDepth.DOWNLOADS: "网上下载表格、预约",
    OnlineDepth.APPLICATION: "网上申请",
    OnlineDepth.COMPLETE: "网上全程办理，不用跑",
}
"""网上办理深度 as what a resident can do there."""


_LOCAL_WORDS: Mapping[AreaKind, Mapping[str, str]] = {
    AreaKind.STREET: {"社区（村）站点": "社区站点"},
    AreaKind.TOWNSHIP: {
        "社区（村）站点": "村站点",
        "社区站点": "村站点",
        "街道中心": "乡镇中心",
        "街道增设": "乡镇增设",
    },
}


@dataclass(frozen=True)
class Centre:
    """Where and how one street carries out the item of a guide, and the address of its own guide."""

    entry: StreetEntry
    carried_out: Implementation
    address: str


@dataclass(frozen=True)
class Taking:
    """A station that takes papers for the item; `hours` and `note` only where they are its own for this."""

    address: str
    name: str
    hours: str | None
    note: str | None


@dataclass(frozen=True)
class Local:
    """The guide as one street carries it out: the centre, the stations that take it and those that do not."""

    centre: Centre
    takes: tuple[Taking, ...]
    without: tuple[tuple[str, str], ...]
    """Address and name of each."""


def where_to_go(duty: DutyMatrix) -> str:
    """In one line, where the resident hands in the papers (接件)."""
    handing_in = "或".join(place.value for place in duty.collect)
    answer = KIND_WORDS[duty.kind].where.format(handing_in=handing_in)
    centre_too = duty.kind is not Kind.ADVICE and Place.STREET in (*duty.collect, *duty.accept)
    return answer + ("；也可以到街道中心" if centre_too else "")


def centres(
    item: ServiceItem, areas: Iterable[Area], carried_out: Mapping[str, tuple[Implementation, ...]]
) -> tuple[Centre, ...]:
    """Where the item is carried out, street by street."""
    return tuple(
        Centre(area.entry, each, street_guide_address(area.entry.street, item.slug))
        for area in areas
        for each in carried_out[area.entry.street.code]
        if each.item is item
    )


def locals_of(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...]) -> dict[str, Local]:
    """Every item that the street carries out, by slug, as its own guide shows it."""
    stations = [
        _Stop(stop, own, {each.item.slug for each in taken_on(carried_out, own)})
        for stop in area.stations
        for own in (station_layer(catalogue, area.entry.street, stop.station),)
    ]
    # What several guides say alike is one object, which need only be looked at once.
    alike: dict[tuple[int, ...], tuple[Taking, ...]] = {}
    found = {}
    for each in carried_out:
        slug = each.item.slug
        takes = tuple(stop.taking(each) for stop in stations if slug in stop.offered)
        takes = alike.setdefault(tuple(map(id, takes)), takes)
        without = tuple(
            (stop.entry.address, stop.entry.station.name) for stop in stations if slug not in stop.offered
        )
        centre = Centre(area.entry, each, street_guide_address(area.entry.street, slug))
        found[slug] = Local(centre, takes, without)
    return found


class _Stop:
    """A station, its own part of its street's layer, and the slugs of what it offers."""

    def __init__(self, entry: StationEntry, own: StationLayer, offered: set[str]) -> None:
        self.entry, self.offered, self._own = entry, offered, own
        self._plain = self._taking(None)

    def taking(self, street: Implementation) -> Taking:
        """How it takes papers for what the street carries out."""
        note = self._own.note
        return self._taking(note) if note and note != street.note else self._plain

    def _taking(self, note: str | None) -> Taking:
        station, hours = self.entry.station, self._own.hours
        own = hours if hours != station.hours else None
        return Taking(self.entry.address, station.name, own, note)


def local_words(kind: AreaKind) -> Mapping[str, str]:
    """The city's words for stations and centres -> those of a street or a township; replaced in this order."""
    return _LOCAL_WORDS[kind]
