"""Publishes what changed of the content: whole or not at all.

load -> check -> plan -> make the sections that changed -> stage -> follow the links between sections -> swap.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from catalog import blame, days, inputs, release, workers
from catalog.check import ahead, check
from catalog.links import DeadLink
from catalog.load import load
from catalog.making import Made, Maker
from catalog.model import Catalogue
from catalog.problem import Problem, errors
from catalog.publication import Publication, Refused
from catalog.record import NOTHING, Record
from catalog.render import Renderer, prose_links
from catalog.sections import Section, sections
from catalog.store import Part, Store, part

ALONE = 200
"""What so few stations make of work is done by this process: another would take longer to begin."""


@dataclass(frozen=True)
class Done:
    """One section as the worker that made it tells of it."""

    name: str
    part: Part
    promised: tuple[str, ...]
    rendered: int
    removed: int
    problems: tuple[Problem, ...]
    dead: tuple[DeadLink, ...]


Progress = Callable[[str, int, int], None]
"""Told of (stage, how much is done, of how much)."""


@dataclass
class _Clock:
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.progress(name, 0, 1)
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun
        self.progress(name, 1, 1)


def publish(
    content: Path,
    templates: Path,
    site: Path,
    now: datetime,
    compress: bool = True,
    processes: int | None = None,
    progress: Progress = lambda stage, done, of: None,
    is_anew: bool = False,
) -> Publication:
    """Make the content the current release of `site`, unless it is already. `now` is aware.

    Waits while another publisher works on the same site. Raises Refused if the content has faults and OSError if the
    disk refuses; the current release then is as it was. Where `is_anew`, everything is made, and nothing taken over.
    """
    store = Store(site, is_anew)
    with store.locked():
        publisher = _Publisher(store, content, templates, compress, processes, _Clock(progress), is_anew)
        try:
            return publisher.run(now)
        except Refused as refusal:
            # The store is as it was: that is told when it has been settled.
            refused = refusal
    raise refused


@dataclass
class _Publisher:
    """One publication, stage by stage, while it holds the store's lock. Every stage may raise Refused."""

    store: Store
    content: Path
    templates: Path
    compress: bool
    processes: int | None
    clock: _Clock
    is_anew: bool

    def run(self, now: datetime) -> Publication:
        """What `publish` does between taking the lock and giving it back."""
        store, stage, day = self.store, self.clock.stage, inputs.today(now)
        with stage("读取内容"):
            generator = inputs.generator(self.compress)
            read = inputs.digest(generator, self.content, self.templates)
            unchanged = None if self.is_anew else inputs.current(store, read, day)
            if unchanged:
                return Publication(unchanged, fresh=False, seconds=self.clock.seconds)
            loaded = load(self.content, day)
        with stage("检查"):
            advice = sorted([*loaded.problems, *check(loaded, prose_links)])
            if loaded.catalogue is None or errors(advice):
                raise Refused(advice)
            advice += ahead(self.content, loaded, prose_links, day)
            catalogue = days.in_force(loaded.catalogue, day)
            coming = days.due(loaded.catalogue, loaded.versions, day)
        current = store.current()
        last = {} if self.is_anew else store.parts(current)
        with stage("安排页面"):
            work, stale = self._plan(catalogue, generator, last)
        with stage("生成页面"):
            fresh = self._make(work, stale)
        parts = {name: last[name] for name in work.keys if name not in fresh}
        parts |= {name: done.part for name, done in fresh.items()}
        with stage("检查链接"):
            staged = self._stage(parts, fresh.values(), catalogue.district.website.origin)
        with stage("发布"):
            if is_fresh := current is None or not same(parts, last):
                current = store.publish(staged, parts, now)
            else:
                store.discard(staged)
            inputs.note(store, read, current, day, coming[0] if coming else None)
        return Publication(
            current, is_fresh, advice=tuple(advice), seconds=self.clock.seconds, **_counts(parts, last, fresh)
        )

    def _plan(
        self, catalogue: Catalogue, generator: str, last: Mapping[str, Part]
    ) -> tuple["_Work", list[Section]]:
        """The work to be done, and the sections that are not what they were."""
        every = sections(catalogue)
        moved = list(release.dead_redirects(catalogue, every))
        if moved:
            raise Refused(moved)
        maker = Maker(Renderer(self.templates), generator, self.compress)
        keys = {section.name: maker.key(section) for section in every}
        known = {name: each.key for name, each in last.items() if self.store.has(each.tree)}
        stale = [section for section in every if known.get(section.name) != keys[section.name]]
        return _Work(self.store, maker, keys, last), stale

    def _make(self, work: "_Work", stale: list[Section]) -> dict[str, "Done"]:
        """The stale sections by name, and the files beside the templates."""
        fresh: dict[str, Done] = {}
        seen = sum(len(section.sees.stations) for section in stale)
        count = (self.processes or os.cpu_count() or 1) if seen > ALONE else 1
        for done in workers.each(work.section, stale, count):
            fresh[done.name] = done
            self.clock.progress("生成页面", len(fresh), len(stale))
        fresh[release.STATIC] = work.static()
        return fresh

    def _stage(self, parts: Mapping[str, Part], fresh: Collection["Done"], origin: str) -> Path:
        """A release that nobody sees yet, whose sections hold together."""
        found = list(release.told_once(problem for done in fresh for problem in done.problems))
        found += release.twice({name: each.beside for name, each in parts.items()})
        if found:
            self.store.drop_trees()
            raise Refused(sorted(found))
        staged = self.store.stage(parts)
        dead = list(_dead(self.store, staged, parts, fresh, origin))
        found = list(blame.told(dead, blame.sources(self.content, self.templates))) if dead else []
        promised = (done.promised for done in fresh)
        found += release.broken_promises(promised, lambda path: os.path.isfile(f"{staged}/{path}"))
        if found:
            self.store.discard(staged)
            raise Refused(sorted(found))
        return staged


def _counts(
    parts: Mapping[str, Part], last: Mapping[str, Part], fresh: Mapping[str, "Done"]
) -> Mapping[str, int]:
    """Of the pages: how many were rendered, taken over, and are no more."""
    rendered = sum(done.rendered for done in fresh.values())
    return {
        "rendered": rendered,
        "reused": sum(each.pages for each in parts.values()) - rendered,
        "removed": sum(each.pages for name, each in last.items() if name not in parts)
        + sum(done.removed for done in fresh.values()),
    }


def same(one: Mapping[str, Part], other: Mapping[str, Part]) -> bool:
    """Whether the public sees the same in both."""
    return {name: each.tree for name, each in one.items()} == {
        name: each.tree for name, each in other.items()
    }


@dataclass(frozen=True)
class _Work:
    """What every worker has from the process that began it."""

    store: Store
    maker: Maker
    keys: Mapping[str, str]
    last: Mapping[str, Part]

    def section(self, section: Section) -> Done:
        before = self.last.get(section.name)
        record = self.store.record(before.tree) if before else NOTHING
        made = self.maker.make(section, record)
        if made.problems:
            part = Part("", "", (), ())
            return Done(section.name, part, (), made.rendered, 0, made.problems, ())
        return self._added(section.name, section.directories, made, before, record)

    def static(self) -> Done:
        """The files beside the templates, which have neither pages nor links."""
        before = self.last.get(release.STATIC)
        written = self.maker.assets()
        made = Made(written, (), {}, (), (), 0, (), ())
        return self._added(
            release.STATIC, (), made, before, self.store.record(before.tree) if before else NOTHING
        )

    def _added(
        self, name: str, directories: Iterable[str], made: Made, before: Part | None, last: Record
    ) -> Done:
        tree, record = self.store.add(
            made.files,
            made.kept,
            before.tree if before and last is not NOTHING else None,
            made.pages,
            made.targets,
        )
        leads = tuple(each for each in made.targets if "#" in each or each not in record.files)
        return Done(
            name,
            part(self.keys.get(name, ""), tree, record, tuple(directories), leads),
            made.promised,
            made.rendered,
            len(last.pages.keys() - made.pages.keys()),
            (),
            made.dead,
        )


def _dead(
    store: Store, staged: Path, parts: Mapping[str, Part], fresh: Iterable[Done], origin: str
) -> Iterator[DeadLink]:
    """The links that lead to nothing in the staged release."""

    def read(path: str) -> bytes:
        return (staged / path).read_bytes()

    def exists(path: str) -> bool:
        return os.path.isfile(f"{staged}/{path}")

    for done in fresh:
        yield from done.dead
    every = {target for each in parts.values() for target in each.leads}
    dead = release.dead_targets(sorted(every), exists, read)
    for each in parts.values() if dead else ():
        own = {target: dead[target] for target in each.leads if target in dead}
        yield from release.blamed(store.record(each.tree).pages, own, origin, read)
