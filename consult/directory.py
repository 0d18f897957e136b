"""What the service knows of areas, stations and items: the published catalog.json, and nothing else.

A new release is picked up at the next look, without a restart; one that cannot be read leaves the old in place.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

log = logging.getLogger(__name__)

SCHEMA = "kezhong-catalog"
VERSION = 1


class DirectoryError(Exception):
    """No usable release; the text is for the operator."""


class _Published(BaseModel):
    """The part of catalog.json that the service relies on; the rest passes through to the desk."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Area(_Published):
    """A district, a street or a station: its code and its name."""

    code: str
    name: str


class Station(Area):
    street: str


AnyArea = TypeVar("AnyArea", bound=Area)


class Item(Area):
    """An item; `plain_name` is what people say."""

    plain_name: str


class _Catalogue(_Published):
    schema_: str
    version: int
    district: Area
    streets: tuple[Area, ...]
    stations: tuple[Station, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """One release as the service sees it; `guides` holds each item's whole entry by code."""

    id: str
    district: Area
    areas: Mapping[str, Area]
    stations: Mapping[str, Station]
    items: Mapping[str, Item]
    guides: Mapping[str, Mapping[str, Any]]

    def area(self, code: str) -> Area:
        """The area of a code; one that has left the catalogue is named by its code."""
        return self.areas.get(code, Area(code=code, name=code))


class Directory:
    """The release under `site`/current. Raises DirectoryError when there is none to begin with."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self._seen = self._link()
        self._release = read(self._site / "releases" / self._seen)

    @property
    def current(self) -> Release:
        try:
            seen = self._link()
            if seen != self._seen:
                self._seen = seen
                self._release = read(self._site / "releases" / seen)
                log.info("release %s is in use", seen)
        except DirectoryError as error:
            log.error("%s; release %s stays in use", error, self._release.id)
        return self._release

    @property
    def root(self) -> Path:
        """Where the current release's files are."""
        return self._site / "releases" / self.current.id

    def _link(self) -> str:
        try:
            return Path(os.readlink(self._site / "current")).name
        except OSError as error:
            raise DirectoryError(
                f"{self._site}/current: expected a published release ({error.strerror}); run build.py publish first"
            ) from None


def read(root: Path) -> Release:
    """The release under `root`. Raises DirectoryError naming what is wrong with its catalog.json."""
    path = root / "catalog.json"
    try:
        document = json.loads(path.read_bytes())
        catalogue = _Catalogue.model_validate(document | {"schema_": document.get("schema")})
    except (OSError, ValueError, RecursionError, TypeError, AttributeError) as error:
        raise DirectoryError(f"{path}: not a readable catalogue: {error}") from None
    if (catalogue.schema_, catalogue.version) != (SCHEMA, VERSION):
        came = f"{catalogue.schema_} {catalogue.version}"
        raise DirectoryError(f"{path}: expected {SCHEMA} version {VERSION}, came {came}")
    areas = (catalogue.district, *catalogue.streets, *catalogue.stations)
    return Release(
        id=root.name,
        district=catalogue.district,
        areas=_by_code(areas),
        stations=_by_code(catalogue.stations),
        items=_by_code(catalogue.items),
        guides=MappingProxyType({entry["code"]: MappingProxyType(entry) for entry in document["items"]}),
    )


def _by_code(areas: tuple[AnyArea, ...]) -> Mapping[str, AnyArea]:
    return MappingProxyType({area.code: area for area in areas})
