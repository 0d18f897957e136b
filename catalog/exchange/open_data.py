"""What a release publishes under /open-data/: every format's files and the page that explains them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.entries import CATALOG, OPEN_DATA
from catalog.exchange import catalog_json
from catalog.exchange.formats import FORMATS, Format
from catalog.exchange.tables import TABLES
from catalog.model import Catalogue
from catalog.pages import Page
from catalog.terms import DataFormat

TEMPLATE = "open-data.html"
SCHEMA = f"{OPEN_DATA}catalog.schema.json"
_KIBI = 1024


@dataclass(frozen=True)
class DataFile:
    """One file as the page lists it; `size` is in words, and a table tells its columns: (heading, meaning)."""

    address: str
    name: str
    holds: str
    size: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DataGroup:
    """The files of one format, who reads them, and its media type."""

    title: str
    readers: str
    media_type: str
    files: tuple[DataFile, ...]


def files(catalogue: Catalogue, document: Mapping[str, Any], schema: Path) -> Mapping[str, bytes]:
    """Address to bytes of all open data: catalog.json with the `document`, its `schema`, and every format's."""
    own = {CATALOG: catalog_json.encode(document), SCHEMA: schema.read_bytes()}
    written = (each.write(catalogue) for each in _published(catalogue))
    return own | {f"{OPEN_DATA}{name}": data for files in written for name, data in files.items()}


def page(catalogue: Catalogue, files: Mapping[str, bytes]) -> Page:
    """The page that lists `files`, as `files()` gives them."""
    own = {CATALOG: "本站的全部事项、街道（乡镇）和站点。", SCHEMA: "上面这个文件的结构说明（JSON Schema）。"}
    groups = [
        DataGroup(
            title="本站目录（JSON）",
            readers="要完整读取本站内容的程序。",
            media_type="application/json",
            files=_listed(own, files),
        ),
        *(
            DataGroup(
                title=each.title,
                readers=each.readers,
                media_type=each.media_type,
                files=_listed({f"{OPEN_DATA}{name}": holds for name, holds in each.files.items()}, files),
            )
            for each in _published(catalogue)
        ),
    ]
    return Page(OPEN_DATA, TEMPLATE, {"site": catalogue.district, "address": OPEN_DATA, "groups": groups})


def _published(catalogue: Catalogue) -> list[Format]:
    """The tables, and of the formats that a district can do without those that it has chosen."""
    left_out = {each.value for each in DataFormat} - {
        each.value for each in catalogue.district.website.formats
    }
    return [each for name, each in FORMATS.items() if name not in left_out]


def size(count: int) -> str:
    """A number of bytes as people say it: "731 B", "12 KB", "1.5 MB"; binary thousands, rounded up."""
    if count < _KIBI:
        return f"{count} B"
    if count <= 1000 * _KIBI:
        return f"{-(-count // _KIBI)} KB"
    return f"{-(-10 * count // _KIBI**2) / 10} MB"


def _listed(holds: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[DataFile, ...]:
    return tuple(_file(address, words, files[address]) for address, words in holds.items())


def _file(address: str, holds: str, data: bytes) -> DataFile:
    name = address.rpartition("/")[2]
    table = TABLES.get(name.removesuffix(".csv"))
    columns = tuple((column.heading, column.holds) for column in table.columns) if table else ()
    return DataFile(address, name, holds, size(len(data)), columns)
