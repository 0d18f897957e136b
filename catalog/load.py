"""Reads the content directory into records; never stops at the first fault."""

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog import source as sources
from catalog.disclosure import (
    About,
    BuildPlan,
    Changes,
    Disclosure,
    MonthlyConsults,
    MonthlyRatings,
    MonthlyRectifications,
    Pledges,
)
from catalog.faults import explain
from catalog.fields import Record
from catalog.model import (
    Bodies,
    Catalogue,
    District,
    Form,
    Holidays,
    Redirect,
    ServiceItem,
    StaffMember,
    Station,
    Street,
    StreetLayer,
)
from catalog.problem import Problem, Severity
from catalog.source import Source

DISTRICT = "district.yaml"
STREETS = "streets.csv"
STATIONS = "stations.csv"
BODIES = "bodies.yaml"
ITEMS = "items"
LAYERS = "streets"
FORMS = "forms"
STAFF = "staff.csv"
HOLIDAYS = "holidays.yaml"
REDIRECTS = "redirects.csv"
DISCLOSURE = "disclosure"
ABOUT = f"{DISCLOSURE}/about.yaml"
PLEDGES = f"{DISCLOSURE}/pledges.yaml"
PLAN = f"{DISCLOSURE}/plan.yaml"
CHANGES = f"{DISCLOSURE}/changes.yaml"
RATINGS = f"{DISCLOSURE}/ratings.csv"
RECTIFICATIONS = f"{DISCLOSURE}/rectifications.csv"
CONSULTS = f"{DISCLOSURE}/consults.csv"

FROM = "@"
"""items/dibao@2026-12-01.yaml takes the place of items/dibao.yaml from that day on."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Entry(Generic[R]):
    """A record and the text that it was read from."""

    record: R
    source: Source

    @property
    def stem(self) -> str:
        """The file's name without its directory, day and ending: what the file is called by."""
        return Path(self.source.file).stem.partition(FROM)[0]

    def problem(
        self, path: sources.Path, rule: str, message: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A fault of the value at `path` of the record."""
        return Problem(self.source.file, *self.source.place(path), rule, message, severity)


@dataclass(frozen=True)
class Disclosed:
    """What the files of the disclosure directory hold; each of them may be missing."""

    about: Entry[About] | None
    pledges: Entry[Pledges] | None
    plan: Entry[BuildPlan] | None
    changes: Entry[Changes] | None
    ratings: tuple[Entry[MonthlyRatings], ...]
    rectifications: tuple[Entry[MonthlyRectifications], ...]
    consults: tuple[Entry[MonthlyConsults], ...]

    @property
    def record(self) -> Disclosure:
        return Disclosure(
            about=self.about.record if self.about else None,
            pledges=self.pledges.record if self.pledges else None,
            plan=self.plan.record if self.plan else None,
            changes=self.changes.record.changes if self.changes else (),
            ratings=tuple(entry.record for entry in self.ratings),
            rectifications=tuple(entry.record for entry in self.rectifications),
            consults=tuple(entry.record for entry in self.consults),
        )


@dataclass(frozen=True)
class Loaded:
    """All records that could be read, and the faults of those that could not.

    `unread` holds the names of faulty files without ending, the codes and slugs of faulty rows, and the tables
    in which a fault hides the codes themselves, so that a reference to one is not reported as a second fault.
    `versions` are the days on which another version of an item takes effect.
    """

    district: Entry[District] | None
    streets: tuple[Entry[Street], ...]
    stations: tuple[Entry[Station], ...]
    bodies: Entry[Bodies] | None
    items: tuple[Entry[ServiceItem], ...]
    layers: tuple[Entry[StreetLayer], ...]
    forms: tuple[Entry[Form], ...]
    staff: tuple[Entry[StaffMember], ...]
    holidays: Entry[Holidays] | None
    redirects: tuple[Entry[Redirect], ...]
    disclosed: Disclosed
    unread: frozenset[str]
    problems: tuple[Problem, ...]
    versions: frozenset[date] = frozenset()

    @property
    def catalogue(self) -> Catalogue | None:
        """The whole catalogue, or None if anything could not be read."""
        if self.problems or self.district is None or self.bodies is None:
            return None
        return Catalogue(
            district=self.district.record,
            streets=tuple(entry.record for entry in self.streets),
            stations=tuple(entry.record for entry in self.stations),
            items=tuple(entry.record for entry in self.items),
            bodies=self.bodies.record.bodies,
            forms=tuple(entry.record for entry in self.forms),
            staff=tuple(entry.record for entry in self.staff),
            holidays=self.holidays.record.years if self.holidays else (),
            redirects=tuple(entry.record for entry in self.redirects),
            disclosure=self.disclosed.record,
            layers={entry.stem: entry.record for entry in self.layers},
        )


@dataclass(frozen=True)
class _Read(Generic[R]):
    """What one file holds: its records, the faults of the others, and what these are called (Loaded.unread)."""

    entries: tuple[Entry[R], ...]
    problems: tuple[Problem, ...]
    unread: frozenset[str]


Memo = dict[str, tuple[bytes, _Read[Any]]]
"""What was read of each file, and the bytes that it was read from: as long as they are the same, it is the same."""


def is_scratch(name: str) -> bool:
    """Whether a file of this name is only an editor's own: `.x.yaml.swp`, `x.yaml~`, `~$x.xlsx`, `#x.yaml#`."""
    return name[0] in ".~#" or name[-1] == "~"


def load(content: Path, day: date | None = None, memo: Memo | None = None) -> Loaded:
    """Read every file of `content` as it is on a day, or as written without any version prepared for later.

    With a `memo`, which is kept from one time to the next, only files that changed are parsed again.
    Raises NotADirectoryError if it is no directory, never for its files.
    """
    if not content.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "应为目录", str(content))
    reader = _Reader(content, {} if memo is None else memo)
    district = reader.record(DISTRICT, District)
    streets = reader.table(STREETS, Street)
    stations = reader.table(STATIONS, Station)
    bodies = reader.record(BODIES, Bodies)
    items, versions = reader.versions(
        reader.directory(ITEMS, ServiceItem, "应至少有一个事项文件（.yaml）。"), day
    )
    layers = reader.directory(LAYERS, StreetLayer)
    forms = reader.directory(FORMS, Form)
    staff = reader.table(STAFF, StaffMember, optional=True)
    holidays = reader.record(HOLIDAYS, Holidays, optional=True)
    redirects = reader.table(REDIRECTS, Redirect, optional=True)
    disclosed = _disclosed(reader)
    return Loaded(
        district=district,
        streets=streets,
        stations=stations,
        bodies=bodies,
        items=items,
        layers=layers,
        forms=forms,
        staff=staff,
        holidays=holidays,
        redirects=redirects,
        disclosed=disclosed,
        unread=frozenset(reader.unread),
        problems=tuple(sorted(set(reader.problems))),
        versions=versions,
    )


def _disclosed(reader: "_Reader") -> Disclosed:
    reader.only(DISCLOSURE, ABOUT, PLEDGES, PLAN, CHANGES, RATINGS, RECTIFICATIONS, CONSULTS)
    return Disclosed(
        about=reader.record(ABOUT, About, optional=True),
        pledges=reader.record(PLEDGES, Pledges, optional=True),
        plan=reader.record(PLAN, BuildPlan, optional=True),
        changes=reader.record(CHANGES, Changes, optional=True),
        ratings=reader.table(RATINGS, MonthlyRatings, optional=True),
        rectifications=reader.table(RECTIFICATIONS, MonthlyRectifications, optional=True),
        consults=reader.table(CONSULTS, MonthlyConsults, optional=True),
    )


class _Reader:
    def __init__(self, content: Path, memo: Memo) -> None:
        self._content = content
        self._memo = memo
        self.problems: list[Problem] = []
        self.unread: set[str] = set()

    def directory(self, directory: str, record: type[R], if_empty: str = "") -> tuple[Entry[R], ...]:
        """The records of a directory's files in the order of their names; anything else there is a fault.

        `if_empty` is the fault of a directory without files, which is none where nothing is said.
        """
        try:
            paths = [path for path in (self._content / directory).iterdir() if not is_scratch(path.name)]
        except OSError:
            paths = []
        entries = []
        for path in sorted(paths, key=lambda path: path.stem):
            file = f"{directory}/{path.name}"
            if path.suffix == ".yaml":
                entries.append(self.record(file, record))
            else:
                message = f"{directory} 目录中的文件名应以 .yaml 结尾。"
                self.problems.append(Problem(file, 0, 0, "file-name", message))
                self.unread.add(path.stem)
        if if_empty and not entries:
            self.unread.add(directory)
            self.problems.append(Problem(directory, 0, 0, "file-missing", if_empty))
        return tuple(entry for entry in entries if entry)

    def versions(
        self, entries: tuple[Entry[R], ...], day: date | None
    ) -> tuple[tuple[Entry[R], ...], frozenset[date]]:
        """Of the versions of each file the one in force on a day, and all days on which one takes effect."""
        chosen: dict[str, Entry[R]] = {}
        days = set()
        # In the order of their names: what is in force from a later day comes after.
        for entry in entries:
            _, at, written = Path(entry.source.file).stem.partition(FROM)
            if at:
                begins = _day(written)
                if begins is None:
                    message = f"{FROM} 后面应为生效的日期，写成 dibao{FROM}2026-12-01.yaml 这样。"
                    self.problems.append(Problem(entry.source.file, 0, 0, "file-name", message))
                    continue
                days.add(begins)
                if day is None or begins > day:
                    continue
            chosen[entry.stem] = entry
        return tuple(chosen.values()), frozenset(days)

    def only(self, directory: str, *files: str) -> None:
        """Tells of anything in a directory but `files`: a table with a misspelt name would not be missed."""
        names = [Path(file).name for file in files]
        path = self._content / directory
        for other in sorted(path.iterdir() if path.is_dir() else ()):
            if not is_scratch(other.name) and other.name not in names:
                message = f"{directory} 目录中的文件名应为 {'、'.join(names)} 之一。"
                self.problems.append(Problem(f"{directory}/{other.name}", 0, 0, "file-name", message))

    def record(self, file: str, record: type[R], optional: bool = False) -> Entry[R] | None:
        """The one record in a YAML file; an `optional` file may be missing."""
        if optional and not (self._content / file).exists():
            return None
        data = self._bytes(file)
        if data is None:
            self.unread.add(Path(file).stem)
            return None
        return next(iter(self._taken(file, data, lambda: _record(file, data, record))), None)

    def table(self, file: str, record: type[R], optional: bool = False) -> tuple[Entry[R], ...]:
        """The records in the rows of a CSV file; an `optional` file may be missing or have no rows."""
        if optional and not (self._content / file).exists():
            return ()
        data = self._bytes(file)
        if data is None:
            self.unread.add(file)
            return ()
        return self._taken(file, data, lambda: _table(file, data, record, optional))

    def _taken(self, file: str, data: bytes, read: Callable[[], _Read[R]]) -> tuple[Entry[R], ...]:
        """The file's records, read anew only where its bytes are others than the last time."""
        if file not in self._memo or self._memo[file][0] != data:
            self._memo[file] = data, read()
        taken = self._memo[file][1]
        self.problems += taken.problems
        self.unread |= taken.unread
        return taken.entries

    def _bytes(self, file: str) -> bytes | None:
        path = self._content / file
        try:
            if path.exists() and not path.is_file():
                # A pipe would be waited for without end.
                self.problems.append(Problem(file, 0, 0, "file-unreadable", "应为普通文件。"))
                return None
            return path.read_bytes()
        except FileNotFoundError:
            self.problems.append(Problem(file, 0, 0, "file-missing", "缺少这个文件。"))
        except OSError as error:
            self.problems.append(
                Problem(file, 0, 0, "file-unreadable", f"文件无法读取（{error.strerror}）。")
            )
        return None


def _record(file: str, data: bytes, record: type[R]) -> _Read[R]:
    source, problems = sources.read_yaml(file, data)
    unread: set[str] = set()
    entry = _validated(record, source, problems, unread) if source else None
    if entry is None:
        unread.add(Path(file).stem)
    return _Read((entry,) if entry else (), tuple(problems), frozenset(unread))


def _table(file: str, data: bytes, record: type[R], optional: bool) -> _Read[R]:
    rows, problems = sources.read_csv(file, data, list(record.model_fields))
    if not rows and not problems and not optional:
        problems = [Problem(file, 2, 1, "csv-empty", "表头下面应至少有一行。")]
    unread = {file} if problems else set[str]()
    entries = [(row, _validated(record, row, problems, unread)) for row in rows]
    unread.update(
        row.value[key] for row, entry in entries if not entry for key in ("code", "slug") if key in row.value
    )
    return _Read(tuple(entry for _, entry in entries if entry), tuple(problems), frozenset(unread))


def _validated(record: type[R], source: Source, problems: list[Problem], unread: set[str]) -> Entry[R] | None:
    """The record, or None and its faults added to `problems`; `unread` then has the file if they hide its codes."""
    try:
        return Entry(record.model_validate(source.value), source)
    except ValidationError as error:
        problems += _problems(record, source, error)
        if any(fault["loc"] == ("code",) for fault in error.errors()):
            unread.add(source.file)
        return None


def _day(written: str) -> date | None:
    """A calendar day written as 2026-12-01, None for anything else."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if str(day) == written else None


def _problems(record: type[Record], source: Source, failure: ValidationError) -> Iterator[Problem]:
    found = failure.errors(include_url=False)
    for error in found:
        if error["type"] == "too_short" and _has_faulty_part(error["loc"], found):
            continue
        rule, message = explain(record, error, source.raw(error["loc"]))
        yield Problem(source.file, *_place(source, error), rule, message)


def _has_faulty_part(path: sources.Path, found: list[ErrorDetails]) -> bool:
    """Whether a part of the list is at fault: pydantic does not count it, and calls the list too short as well."""
    return any(each["loc"][: len(path)] == path and len(each["loc"]) > len(path) for each in found)


def _place(source: Source, error: ErrorDetails) -> sources.Place:
    """A missing key is placed at the mapping that lacks it, an unknown one at itself, a value at the value."""
    path = error["loc"]
    if error["type"] == "missing":
        return source.place(path[:-1])
    return source.key(path) if error["type"] == "extra_forbidden" else source.place(path)
