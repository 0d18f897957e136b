"""Publishes what changed of the content: whole or not at all.

load -> check -> plan -> make the sections that changed -> stage -> follow the links between sections -> swap.
"""

import hashlib
import multiprocessing
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from catalog import days, release
from catalog.check import check
from catalog.load import load
from catalog.making import Made, Maker
from catalog.problem import Problem, errors
from catalog.record import NOTHING, Record
from catalog.render import Renderer, prose_links, static_files
from catalog.sections import Section, sections
from catalog.store import Part, Store, part

_PACKAGE = Path(__file__).parent
_LIBRARIES = ("brotli", "jinja2", "markdown", "pydantic", "pypinyin", "zxing-cpp")
"""What else has a part in the bytes of a page."""
_NOTE = "inputs.json"
"""What was published last, so that nothing need be read where nothing changed."""
ALONE = 4
"""So few sections are made by this process: another would take longer to begin."""


class Refused(Exception):
    """The content has faults and nothing was published; `problems` are for the editor."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(errors(problems))} faults")
        self.problems = problems


@dataclass(frozen=True)
class Publication:
    """What was done; `fresh` is False where the public sees what it saw. `seconds` are by stage."""

    release: str
    fresh: bool
    rendered: int = 0
    reused: int = 0
    removed: int = 0
    advice: tuple[Problem, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """As machines are told."""
        return {
            "release": self.release,
            "fresh": self.fresh,
            "rendered": self.rendered,
            "reused": self.reused,
            "removed": self.removed,
            "advice": len(self.advice),
            "seconds": {stage: round(each, 3) for stage, each in self.seconds.items()},
        }


@dataclass(frozen=True)
class Done:
    """One section as the worker that made it tells of it."""

    name: str
    part: Part
    promised: tuple[str, ...]
    rendered: int
    removed: int
    problems: tuple[Problem, ...]


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
            generator = _generator(compress)
            inputs = _inputs(generator, content, templates)
            current = store.current()
            last = store.parts(current)
            day = days.today(now)
            if current and last and _is_noted(store, inputs, current, day):
                return Publication(current, fresh=False, seconds=clock.seconds)
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
            maker = Maker(Renderer(templates), generator, compress)
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
            fresh[release.STATIC] = work.static(static_files(templates))
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
            found = list(_dead(store, staged, parts, fresh.values()))
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
            until = str(coming[0]) if coming else ""
            store.note(_NOTE, {"inputs": inputs, "release": name, "from": str(day), "until": until})
    return Publication(name, is_fresh, advice=tuple(problems), seconds=clock.seconds, **counts)


def falls_due(site: Path, now: datetime) -> bool:
    """Whether another day has begun on which residents should see something else than what was published."""
    noted = Store(site).noted(_NOTE) or {}
    until = noted.get("until", "")
    return bool(until) and str(days.today(now)) >= until


def _is_noted(store: Store, inputs: str, current: str, day: date) -> bool:
    """Whether just this was published last, and no day has come since that changes it."""
    noted = store.noted(_NOTE) or {}
    if (noted.get("inputs"), noted.get("release")) != (inputs, current):
        return False
    return noted["from"] <= str(day) and (not noted["until"] or str(day) < noted["until"])


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
            return Done(section.name, part, (), made.rendered, 0, made.problems)
        return self._added(section.name, section.directories, made, before, record)

    def static(self, files: Mapping[str, bytes]) -> Done:
        """The files beside the templates, which have neither pages nor links."""
        before = self.last.get(release.STATIC)
        written = self.maker.beside(files)
        made = Made(written, (), {}, (), (), 0, ())
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
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_publisher) as pool:
        yield from pool.map(_one, range(len(stale)), chunksize=4)


def _end_with_publisher() -> None:
    """A worker whose publisher was killed would wait for work without end, and with it the store's lock."""

    def watch() -> None:
        publisher = multiprocessing.parent_process()
        assert publisher is not None
        publisher.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _one(number: int) -> Done:
    assert _work is not None
    return _work.section(_stale[number])


def _dead(store: Store, staged: Path, parts: Mapping[str, Part], fresh: Iterable[Done]) -> Iterator[Problem]:
    """The links between sections that lead to nothing in the staged release, and addresses promised in vain."""

    def read(path: str) -> bytes | None:
        try:
            return (staged / path).read_bytes()
        except OSError:
            return None

    def exists(path: str) -> bool:
        return os.path.isfile(f"{staged}/{path}")

    every = {target for each in parts.values() for target in each.leads}
    dead = release.dead_targets(sorted(every), exists, read)
    for each in parts.values() if dead else ():
        own = {target: dead[target] for target in each.leads if target in dead}
        yield from release.blamed(store.record(each.tree).pages, own, read)
    yield from release.broken_promises((each.promised for each in fresh), exists)


def _generator(compress: bool) -> str:
    """Of all that makes pages out of content and templates."""
    whole = hashlib.sha256(f"{platform.python_version()} {compress}".encode())
    for name in _LIBRARIES:
        whole.update(f"{name} {version(name)}".encode())
    for path in (*sorted(_PACKAGE.rglob("*.py")), _PACKAGE.parent / "docs" / "catalog.schema.json"):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _inputs(generator: str, *directories: Path) -> str:
    """Of every byte that a release is made from."""
    whole = hashlib.sha256(generator.encode())
    for directory in directories:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            data = path.read_bytes()
            whole.update(f"{path.relative_to(directory)}\0{len(data)}\0".encode())
            whole.update(data)
    return whole.hexdigest()
