"""Makes a section: what changed is rendered, what did not is taken over, and every link is followed.

A page is taken over if its key is what it was: the fingerprint of the generator, of the templates that the page can
reach, and of all that it sees.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catalog import links, modes, pages
from catalog.compress import compressed
from catalog.fingerprint import Fingerprints
from catalog.links import DeadLink
from catalog.pages import Page
from catalog.problem import Problem
from catalog.record import NOTHING, Record
from catalog.render import Renderer, RenderError
from catalog.sections import Section


@dataclass(frozen=True)
class Made:
    """A section: its new files, the paths to take over from the last tree, and what the record is to say of it.

    `promised` are paths that its data speak of as pages; `rendered` is how many pages were.
    """

    files: Mapping[str, bytes]
    kept: tuple[str, ...]
    pages: Mapping[str, str]
    targets: tuple[str, ...]
    promised: tuple[str, ...]
    rendered: int
    problems: tuple[Problem, ...]
    dead: tuple[DeadLink, ...]


class Maker:
    """Makes sections by one generator and one set of templates; `compress` adds what web servers send as it is."""

    def __init__(self, renderer: Renderer, generator: str, compress: bool) -> None:
        self._renderer = renderer
        self._style = renderer.assets.address(modes.STYLE)
        self._generator = f"{generator} {self._style} {'compressed' if compress else 'plain'}"
        self._compress: Callable[[str, bytes], Mapping[str, bytes]] = compressed if compress else _as_it_is
        self._fingerprints = Fingerprints()

    def key(self, section: Section) -> str:
        """What a section's key is now: of all that it sees, and of all templates."""
        return self._fingerprints.of(
            (self._generator, self._renderer.digest, section.name, section.sees)
        ).hex()

    def make(self, section: Section, last: Record = NOTHING) -> Made:
        """The section, with what can be taken over from its `last` one; never stops at the first fault."""
        plan = section.plan()
        files = self._beside(plan.files)
        kept: list[str] = []
        keys: dict[str, str] = {}
        targets: dict[str, None] = {}
        problems = list(_twice(plan.pages, plan.files))
        dead: list[DeadLink] = []
        origin = section.sees.district.website.origin
        rendered = 0
        fingerprints = self._fingerprints.beside()
        for page in plan.pages:
            key = keys[page.path] = self._page_key(page, fingerprints)
            if last.pages.get(page.path) == key:
                kept += self._paths(page)
                continue
            rendered += 1
            try:
                html = self._renderer.render(page)
            except RenderError as error:
                problems.append(_unmade(page, error))
                continue
            for path, data in self._in_every_mode(page, html):
                files.update(self._compress(path, data))
            dead += _dead_within(page.path, html, origin, targets)
        if kept:
            targets.update(dict.fromkeys(last.targets))
        kept = [path for path in kept if path in last.files]
        return Made(
            files,
            tuple(kept),
            keys,
            tuple(sorted(targets)),
            plan.promised,
            rendered,
            tuple(problems),
            tuple(dead),
        )

    def assets(self) -> Mapping[str, bytes]:
        """The files beside the templates, as they are published."""
        return self._beside(self._renderer.assets.files)

    def _beside(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        return {name: data for path, raw in files.items() for name, data in self._compress(path, raw).items()}

    def _page_key(self, page: Page, fingerprints: Fingerprints) -> str:
        seen = (self._generator, self._renderer.reach(page.template), page.address, page.context)
        return fingerprints.of(seen).hex()

    def _in_every_mode(self, page: Page, html: bytes) -> Iterable[tuple[str, bytes]]:
        yield page.path, html
        if _in_modes(page):
            for mode, own in modes.in_other_modes(html, self._style):
                yield f"{mode.name}/{page.path}", own

    def _paths(self, page: Page) -> list[str]:
        """Every path that a page's own may have; those that it does not have are in no record."""
        ways = modes.MODES if _in_modes(page) else (modes.STANDARD,)
        paths = (f"{mode.prefix}/{page.path}".lstrip("/") for mode in ways)
        return [f"{path}{ending}" for path in paths for ending in ("", ".br", ".gz")]


def _unmade(page: Page, error: RenderError) -> Problem:
    template, line = error.place
    message = f"页面 {page.address} 无法生成（{error.reason}）。"
    return Problem(f"templates/{template}", line, 1 if line else 0, "render", message)


def _as_it_is(path: str, data: bytes) -> Mapping[str, bytes]:
    return {path: data}


def _in_modes(page: Page) -> bool:
    """Every page is there once for each mode, but what a server answers with where there is nothing."""
    return page.address != pages.NOT_FOUND


def _dead_within(page: str, html: bytes, origin: str, targets: dict[str, None]) -> Iterable[DeadLink]:
    """The links to the page itself that lead nowhere; where the others lead is added to `targets`."""
    named: set[str] | None = None
    for link, target in links.targets(page, html, origin):
        path, _, fragment = target.partition("#")
        if path != page or not fragment:
            targets[target] = None
            continue
        named = links.ids(html) if named is None else named
        if fragment not in named:
            yield DeadLink(page, link, links.fault(target, lambda _: True, lambda _: ()))


def _twice(planned: Iterable[Page], files: Mapping[str, bytes]) -> Iterable[Problem]:
    taken = set(files)
    for page in planned:
        if page.path in taken:
            message = f"网址 {page.address} 已有别的内容，应换一个网址名（slug）。"
            yield Problem(page.path, 0, 0, "address-twice", message)
        taken.add(page.path)
