"""What a rule across records is, and what it may look at."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog.load import ITEMS, STATIONS, STREETS, Entry, Loaded
from catalog.model import Body, ServiceItem, Station, Street
from catalog.problem import Problem, Severity
from catalog.source import Path

ProseLinks = Callable[[str], list[str]]
"""Gives the targets of the links in a piece of Markdown."""
Found = Iterator[tuple[Path, str]]
"""Faults of one record: where, and the sentence for editors."""
Fault = tuple[Entry[Any], Path, str]
"""A fault of any record."""


@dataclass(frozen=True)
class Scope:
    """All that could be read, as rules look things up in it."""

    loaded: Loaded
    prose_links: ProseLinks

    @cached_property
    def items(self) -> Mapping[str, Entry[ServiceItem]]:
        """By slug."""
        return {entry.record.slug: entry for entry in self.loaded.items}

    @cached_property
    def streets(self) -> Mapping[str, Street]:
        """By slug."""
        return {entry.record.slug: entry.record for entry in self.loaded.streets}

    @cached_property
    def street_codes(self) -> frozenset[str]:
        return frozenset(entry.record.code for entry in self.loaded.streets)

    @cached_property
    def stations(self) -> Mapping[str, Mapping[str, Station]]:
        """By the street's code, then by slug."""
        found: dict[str, dict[str, Station]] = {}
        for entry in self.loaded.stations:
            found.setdefault(entry.record.street, {})[entry.record.slug] = entry.record
        return found

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """By name; empty where they could not be read."""
        return {body.name: body for body in (self.loaded.bodies.record.bodies if self.loaded.bodies else ())}

    @cached_property
    def areas(self) -> tuple[Entry[Street] | Entry[Station], ...]:
        """Whoever has an address, hours and a telephone."""
        return (*self.loaded.streets, *self.loaded.stations)

    def is_unread(self, *names: str) -> bool:
        """Whether one of the names belongs to a file or row with faults of its own."""
        return not self.loaded.unread.isdisjoint(names)

    def lacks_item(self, slug: str) -> bool:
        return slug not in self.items and not self.is_unread(slug, ITEMS)

    def lacks_street(self, slug: str) -> bool:
        return slug not in self.streets and not self.is_unread(slug, STREETS)

    def is_lost(self, code: str) -> bool:
        """Whether no street has the code that a station names."""
        return code not in self.street_codes and not self.is_unread(code, STREETS)

    @cached_property
    def strays(self) -> frozenset[str]:
        """Slugs of stations that name no street: which one lacks them cannot be said."""
        return frozenset(
            slug for code, own in self.stations.items() if code not in self.street_codes for slug in own
        )

    def lacks_station(self, street: Street, slug: str) -> bool:
        known = self.stations.get(street.code, {})
        return slug not in known and slug not in self.strays and not self.is_unread(slug, STATIONS)


@dataclass(frozen=True)
class Rule:
    """One rule: its stable code, whether it stops a release, what it asks of editors, and how it is checked."""

    code: str
    severity: Severity
    asks: str
    faults: Callable[[Scope], Iterable[Fault]]

    def problems(self, scope: Scope) -> Iterator[Problem]:
        """Every fault, placed at file, line and column."""
        for entry, path, message in self.faults(scope):
            yield entry.problem(path, self.code, message, self.severity)


def error(code: str, asks: str, faults: Callable[[Scope], Iterable[Fault]]) -> Rule:
    """A rule whose faults stop a release."""
    return Rule(code, Severity.ERROR, asks, faults)


def advice(code: str, asks: str, faults: Callable[[Scope], Iterable[Fault]]) -> Rule:
    """A rule whose faults are told and stop nothing."""
    return Rule(code, Severity.ADVICE, asks, faults)


def each_item(find: Callable[[ServiceItem], Found]) -> Callable[[Scope], Iterator[Fault]]:
    """A rule that needs to see no more than one item at a time."""

    def faults(scope: Scope) -> Iterator[Fault]:
        for entry in scope.loaded.items:
            for path, message in find(entry.record):
                yield entry, path, message

    return faults


def where(entry: Entry[Any], path: Path) -> str:
    """The place of a value, for a message about another one."""
    return f"{entry.source.file} 第 {entry.source.place(path)[0]} 行"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word` as the end of a sentence, or nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"，最接近的是 {close[0]}" if close else ""
