"""Publishes what changed of the content: whole or not at all.

load -> check -> plan -> make the sections that changed -> stage -> follow the links between sections -> swap.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from catalog import blame, days, inputs, release
from catalog.check import check
from catalog.links import DeadLink
from catalog.load import load
from catalog.making import Made, Maker
from catalog.problem import Problem, errors
from catalog.publication import Publication, Refused
from catalog.record import NOTHING, Record
from catalog.render import Renderer, prose_links
from catalog.sections import Section, sections
from catalog.store import Part, Store, part

ALONE = 4
"""So few sections are made by this process: another would take longer to begin."""


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
) -> Publication:
    """Make the content the current release of `site`, unless it is already. `now` is aware.

    Waits while another publisher works on the same site. Raises Refused if the content has faults and OSError if the
    disk refuses; the current release then is as it was.
    """
    clock, store = _Clock(progress), Store(site)
    with store.locked():
        with clock.stage("读取内容"):
            generator, day = inputs.generator(compress), inputs.today(now)
            read = inputs.digest(generator, content, templates)
            if unchanged := inputs.current(store, read, day):
                return Publication(unchanged, fresh=False, seconds=clock.seconds)
            current = store.current()
            last = store.parts(current)
            loaded = load(content, day)
        with clock.stage("检查"):
            problems = sorted([*loaded.problems, *check(loaded, prose_links)])
            catalogue = loaded.catalogue
            if catalogue is None or errors(problems):
                raise Refused(problems)
            coming = days.due(catalogue, loaded.versions, day)
            catalogue = days.in_force(catalogue, day)
        with clock.stage("安排页面"):
            every = sections(catalogue)
            moved = list(release.dead_redirects(catalogue, every))
            if moved:
                raise Refused([*problems, *moved])
            renderer = Renderer(templates)
            maker = Maker(renderer, generator, compress)
            keys = {section.name: maker.key(section) for section in every}
            known = {part.tree for part in last.values() if store.has(part.tree)}
            stale = [
                section
                for section in every
                if (part := last.get(section.name)) is None
                or part.key != keys[section.name]
                or part.tree not in known
            ]
        with clock.stage("生成页面"):
            work = _Work(store, maker, keys, last)
            fresh: dict[str, Done] = {}
            for done in _made(work, stale, processes):
                fresh[done.name] = done
                progress("生成页面", len(fresh), len(stale))
            fresh[release.STATIC] = work.static(renderer.assets.files)
        parts = {name: last[name] for name in keys if name not in fresh} | {
            name: done.part for name, done in fresh.items()
        }
        with clock.stage("检查链接"):
            found = [problem for done in fresh.values() for problem in done.problems]
            found += release.twice({name: each.beside for name, each in parts.items()})
            if found:
                store.drop_trees()
                raise Refused(sorted([*problems, *found]))
            staged = store.stage(parts)
            origin = catalogue.district.website.origin
            dead = list(_dead(store, staged, parts, fresh.values(), origin))
            found = list(blame.told(dead, blame.sources(content, templates))) if dead else []
            found += release.broken_promises(
                (each.promised for each in fresh.values()), lambda path: os.path.isfile(f"{staged}/{path}")
            )
            if found:
                store.discard(staged)
                raise Refused(sorted([*problems, *found]))
        with clock.stage("发布"):
            gone = sum(each.pages for name, each in last.items() if name not in parts)
            rendered = sum(done.rendered for done in fresh.values())
            counts = {
                "rendered": rendered,
                "reused": sum(each.pages for each in parts.values()) - rendered,
                "removed": gone + sum(done.removed for done in fresh.values()),
            }
            if current and same(parts, last):
                store.discard(staged)
                store.drop_trees()
                name, is_fresh = current, False
            else:
                name, is_fresh = store.publish(staged, parts, now), True
            inputs.note(store, read, name, day, coming[0] if coming else None)
    return Publication(name, is_fresh, advice=tuple(problems), seconds=clock.seconds, **counts)


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

    def static(self, files: Mapping[str, bytes]) -> Done:
        """The files beside the templates, which have neither pages nor links."""
        before = self.last.get(release.STATIC)
        written = self.maker.beside(files)
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


_work: _Work | None = None
_stale: list[Section] = []


def _made(work: _Work, stale: list[Section], processes: int | None) -> Iterator[Done]:
    """The sections, each as soon as it is made; the workers are copies of this process and have what it has."""
    count = min(processes or os.cpu_count() or 1, len(stale))
    if count <= 1 or len(stale) <= ALONE:
        yield from map(work.section, stale)
        return
    global _work, _stale
    _work, _stale = work, stale
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("fork")) as pool:
        yield from pool.map(_one, range(len(stale)), chunksize=4)


def _one(number: int) -> Done:
    assert _work is not None
    return _work.section(_stale[number])


def _dead(
    store: Store, staged: Path, parts: Mapping[str, Part], fresh: Iterable[Done], origin: str
) -> Iterator[DeadLink]:
    """The links that lead to nothing in the staged release."""

    def read(path: str) -> bytes | None:
        try:
            return (staged / path).read_bytes()
        except OSError:
            return None

    def exists(path: str) -> bool:
        return os.path.isfile(f"{staged}/{path}")

    for done in fresh:
        yield from done.dead
    every = {target for each in parts.values() for target in each.leads}
    dead = release.dead_targets(sorted(every), exists, read)
    for each in parts.values() if dead else ():
        own = {target: dead[target] for target in each.leads if target in dead}
        yield from release.blamed(store.record(each.tree).pages, own, origin, read)
