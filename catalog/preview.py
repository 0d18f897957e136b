"""The site as editors are writing it: a page is planned and rendered when it is asked for, and not before.

Where the content has faults, every page says so instead, and where. What lies below /.preview/ is the preview's own.
"""

import json
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from threading import RLock
from urllib.parse import parse_qs, unquote, urlsplit

from catalog import blame, days, links, modes, pages, release
from catalog.check import check
from catalog.entries import OPEN_DATA
from catalog.links import DeadLink
from catalog.load import ITEMS, Memo, load
from catalog.pages import Page
from catalog.problem import Problem, Severity, Unusable, errors
from catalog.quote import Quote, quote
from catalog.render import Renderer, RenderError, prose_links
from catalog.sections import Section, holding, sections

PREVIEW = "/.preview/"
EVENTS = f"{PREVIEW}events"
"""Where the server tells pages that there is a newer draft."""
HTML = "text/html; charset=utf-8"
SHOWN = 100
"""How many faults a page lists: nobody mends more at a time."""
_TEMPLATES = Path(__file__).parents[1] / "templates"
_OWN = _TEMPLATES / "preview"
_FILES: Mapping[str, Path] = {
    "reload.js": _OWN / "reload.js",
    "preview.css": _OWN / "preview.css",
    "tokens.css": _TEMPLATES / "static" / "tokens.css",
    "site.css": _TEMPLATES / "static" / "site.css",
}
"""What the preview's own pages load: from here, so that they look right where the templates are being changed."""
_TEMPLATE = "templates/"


@dataclass(frozen=True)
class Told:
    """A problem with the line that it is about; None where it is about a whole file or directory."""

    problem: Problem
    quote: Quote | None

    @property
    def where(self) -> str:
        """「第 27 行，第 13 列」; in a table 「第 27 行，第 3 格」; "" of a whole file."""
        problem = self.problem
        if not problem.line:
            return ""
        unit = "格" if problem.file.endswith(".csv") else "列"
        return f"第 {problem.line} 行" + (f"，第 {problem.column} {unit}" if problem.column else "")


@dataclass(frozen=True)
class Answer:
    """What a browser is answered; `page` is the path of the site's page that it shows, if it shows one."""

    status: int
    kind: str
    body: bytes
    page: str = ""
    location: str = ""


class Superseded(Exception):
    """Nobody waits for the answer any more."""


class Preview:
    """Reads content and templates again and again; what did not change is taken as it was read before."""

    def __init__(self, content: Path, templates: Path) -> None:
        self._content, self._templates = content, templates
        self._memo: Memo = {}
        self._renderer: Renderer | None = None
        self._own = Renderer(_OWN)

    def read(self, day: date) -> "Draft":
        """The site as it will be on a day. Never raises: whatever fails is a problem of the draft."""
        try:
            return self._read(day)
        except Exception as error:  # half-saved files, and whatever is not thought of
            return Draft(day, self._told([_failure(error)]), (), None, self._own)

    def _read(self, day: date) -> "Draft":
        loaded = load(self._content, day, self._memo)
        problems = sorted([*loaded.problems, *check(loaded, prose_links)])
        every: list[Section] = []
        renderer = self._rendered()
        if loaded.catalogue and not errors(problems):
            catalogue = days.in_force(loaded.catalogue, day)
            if catalogue.items:
                every = [_planned_once(section) for section in sections(catalogue)]
                problems = sorted([*problems, *release.dead_redirects(catalogue, every)])
            else:
                problems.append(Problem(ITEMS, 0, 0, "none-in-force", f"到 {day} 还没有一个事项生效。"))
        sources = partial(blame.sources, self._content, self._templates)
        return Draft(day, self._told(problems), every, renderer, self._own, sources)

    def _rendered(self) -> Renderer:
        """The last renderer where no template changed: it has parsed them, and made what pages have in common."""
        fresh, last = Renderer(self._templates), self._renderer
        if last is None or (fresh.digest, fresh.assets.files) != (last.digest, last.assets.files):
            self._renderer = last = fresh
        return last

    def _told(self, problems: Iterable[Problem]) -> tuple[Told, ...]:
        return tuple(Told(each, self._quote(each)) for each in problems)

    def _quote(self, problem: Problem) -> Quote | None:
        known = self._memo.get(problem.file)
        return quote(known[0], problem) if known else None


class Draft:
    """One state of the site. Its pages are made one after the other, whoever asks."""

    def __init__(
        self,
        day: date,
        told: tuple[Told, ...],
        every: Iterable[Section],
        renderer: Renderer | None,
        own: Renderer,
        sources: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`own` renders the preview's own pages; `sources` are the texts in which links are written."""
        self.day, self.told = day, told
        self._sections, self._renderer, self._own = list(every), renderer, own
        self._sources = sources
        self._made: dict[str, bytes] = {}
        self._lock = RLock()

    @property
    def problems(self) -> list[Problem]:
        """Advice among them."""
        return [each.problem for each in self.told]

    @property
    def is_sound(self) -> bool:
        return not errors(self.problems)

    def answer(self, target: str, is_wanted: Callable[[], bool] = lambda: True) -> Answer:
        """What is at an address, query and all. Raises Superseded once `is_wanted` says no, where it takes long."""
        address = unquote(urlsplit(target).path)
        try:
            if address.startswith(PREVIEW):
                return self._of_preview(address.removeprefix(PREVIEW), target, is_wanted)
            if not self.is_sound:
                return self._faulty([each for each in self.told if each.problem.severity is Severity.ERROR])
            return self._of_site(address)
        except Superseded:
            raise
        except Exception as error:  # a template can raise anything, and so can what is not thought of
            failure = _failure(error)
            return self._faulty([Told(failure, self._shown(failure))])

    def _of_preview(self, name: str, target: str, is_wanted: Callable[[], bool]) -> Answer:
        if name == "":
            return Answer(200, HTML, self._listed(self.told))
        if name == "links":
            (page,) = parse_qs(urlsplit(target).query).get("page", ("",))
            dead = self._dead(page, is_wanted) if self.is_sound else []
            return Answer(200, "application/json", json.dumps(dead, ensure_ascii=False).encode())
        if name in _FILES:
            return Answer(200, kind_of(name), _FILES[name].read_bytes())
        return self._of_site(pages.NOT_FOUND, 404) if self.is_sound else self._faulty(self.told)

    def _of_site(self, address: str, status: int = 200) -> Answer:
        mode, path = _split(address)
        found = self._at(mode, path)
        if isinstance(found, Page):
            return Answer(status, HTML, self._in_mode(mode, self._page(found)), path)
        if found is not None:
            return Answer(status, kind_of(path), found)
        if not address.endswith("/") and self._at(*_split(f"{address}/")):
            return Answer(301, HTML, b"", location=f"{address}/")
        return self._of_site(pages.NOT_FOUND, 404)

    def _at(self, mode: modes.Mode, path: str) -> Page | bytes | None:
        """Other modes have pages only, and not the one for what is not there."""
        found = self._find(path)
        is_in_mode = isinstance(found, Page) and found.address != pages.NOT_FOUND
        return found if mode is modes.STANDARD or is_in_mode else None

    def _find(self, path: str) -> Page | bytes | None:
        """What a path of the standard site is made from."""
        assert self._renderer is not None
        if path in self._renderer.assets.files:
            return self._renderer.assets.files[path]
        with self._lock:
            for section in holding(self._sections, path):
                plan = section.plan()
                if path in plan.files:
                    return plan.files[path]
                for page in plan.pages:
                    if page.path == path:
                        return page
        return None

    def _page(self, page: Page) -> bytes:
        assert self._renderer is not None
        with self._lock:
            if page.path not in self._made:
                self._made[page.path] = self._renderer.render(page)
            return self._made[page.path]

    def _in_mode(self, mode: modes.Mode, html: bytes) -> bytes:
        assert self._renderer is not None
        style = self._renderer.assets.address(modes.STYLE)
        return html if mode is modes.STANDARD else dict(modes.in_other_modes(html, style))[mode]

    def _dead(self, path: str, is_wanted: Callable[[], bool]) -> list[str]:
        """What is wrong with the links of a page, in words, and where they were written."""

        def exists(path: str) -> bool:
            if not is_wanted():
                raise Superseded
            # Every page leads there, and it is there always; to plan the open data takes a second.
            return path == pages.path(OPEN_DATA) or self._find(path) is not None

        def read(path: str) -> bytes | None:
            found = self._find(path)
            return self._page(found) if isinstance(found, Page) else found

        origin = self._sections[0].sees.district.website.origin
        found = list(links.targets(path, read(path) or b"", origin))
        dead = release.dead_targets((target for _, target in found), exists, read)
        told = [DeadLink(path, link, dead[target]) for link, target in found if target in dead]
        return [str(problem) for problem in blame.told(told, self._sources() if told else {})]

    def _faulty(self, told: Iterable[Told]) -> Answer:
        return Answer(500, HTML, self._listed(told, is_instead=True))

    def _listed(self, told: Iterable[Told], is_instead: bool = False) -> bytes:
        """The page that lists problems: by itself, or instead of a page that cannot be shown."""
        faults = [each for each in told if each.problem.severity is Severity.ERROR]
        advice = [each for each in told if each.problem.severity is Severity.ADVICE]
        sees = {
            "day": self.day,
            "is_instead": is_instead,
            "faults": faults[:SHOWN],
            "fault_count": len(faults),
            "advice": advice[:SHOWN],
            "advice_count": len(advice),
        }
        return self._own.render(Page(PREVIEW, "problems.html", sees))

    def _shown(self, failure: Problem) -> Quote | None:
        """The line of the template at fault, if it is one."""
        text = self._renderer.source(failure.file.removeprefix(_TEMPLATE)) if self._renderer else None
        return quote(text.encode(), failure) if text is not None else None


def live(answer: Answer, revision: str) -> bytes:
    """The answer's bytes; a page has the script that loads it again once there is another revision than this."""
    if answer.kind != HTML:
        return answer.body
    script = (
        f'<script src="{PREVIEW}reload.js" data-revision="{revision}" data-page="{answer.page}"></script>\n'
    )
    before, end, after = answer.body.rpartition(b"</body>")
    # A template that is being written may lack its end, and is to be loaded again all the same.
    return before + script.encode() + end + after if end else answer.body + script.encode()


def kind_of(path: str) -> str:
    """The media type of a file, by its name."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
    return f"{kind}; charset=utf-8" if is_text else kind


def _split(address: str) -> tuple[modes.Mode, str]:
    """The mode that an address is in, and the path of the standard page."""
    mode = next((mode for mode in modes.OTHERS if address.startswith(f"{mode.prefix}/")), modes.STANDARD)
    return mode, pages.path(address.removeprefix(mode.prefix))


def _planned_once(section: Section) -> Section:
    """The section, which remembers its plan."""
    plan = cache(section.plan)
    return replace(section, _plan=lambda _: plan())


def _failure(error: Exception) -> Problem:
    """What an exception says to an editor."""
    if isinstance(error, RenderError):
        template, line = error.place
        return Problem(f"{_TEMPLATE}{template}", line, 0, "render", f"模板出错（{error.reason}）。")
    if isinstance(error, Unusable):
        return Problem("templates", 0, 0, "template", str(error))
    if isinstance(error, OSError):
        message = f"暂时无法读取（{error.strerror}）。"
        return Problem(str(error.filename), 0, 0, "file-unreadable", message)
    message = f"程序出错（{type(error).__name__}: {error}）。请把这一行报给网站维护人员。"
    return Problem("build.py", 0, 0, "failure", message)
