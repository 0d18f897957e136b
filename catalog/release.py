"""A catalogue as the complete set of files of one release, and whether its sections hold together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from catalog import blame, links, modes, pages, render
from catalog.entries import CATALOG, OPEN_DATA
from catalog.links import DeadLink
from catalog.load import REDIRECTS
from catalog.making import Made, Maker
from catalog.model import Catalogue
from catalog.problem import Problem
from catalog.sections import CITY, ITEMS, Files, Section, sections

RESERVED = frozenset({"static", "desk", "open-data", *(mode.name for mode in modes.OTHERS)})
"""First parts of addresses that no page of the content may take."""
_OTHERS = tuple(f"{mode.name}/" for mode in modes.OTHERS)
STATIC = "static"
"""The section of style sheets, scripts and pictures."""


def assemble(
    catalogue: Catalogue, templates: Path, sources: Mapping[str, str] | None = None
) -> tuple[Files, list[Problem]]:
    """All files of a release, and the faults that forbid it: a page that fails, one address twice, dead links.

    `sources` are the texts in which links are written (`blame.sources`), to tell where a dead one is.
    """
    every = sections(catalogue)
    moved = list(dead_redirects(catalogue, every))
    if moved:
        return {}, moved
    maker = Maker(render.Renderer(templates), "", compress=False)
    made = {section.name: maker.make(section) for section in every}
    files: dict[str, bytes] = dict(maker.assets())
    problems = list(told_once(problem for each in made.values() for problem in each.problems))
    problems += twice({STATIC: files.keys(), **{name: each.files.keys() for name, each in made.items()}})
    for each in made.values():
        files.update(each.files)
    if not problems:
        origin = catalogue.district.website.origin
        problems = list(blame.told(dead_links(made, origin, files.get), sources or {}))
        problems += broken_promises((each.promised for each in made.values()), files.__contains__)
    return files, sorted(problems)


def told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """A fault of a template for the first of the pages that cannot be made by it."""
    seen = set()
    for problem in problems:
        place = (problem.file, problem.line) if problem.rule == "render" else problem
        if place not in seen:
            seen.add(place)
            yield problem


def twice(paths: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    """Paths that two sections have; `paths` are those of each section by its name."""
    taken: set[str] = set()
    for own in paths.values():
        for path in own:
            # The trees of the other modes, and what is compressed, go with the standard page.
            if path in taken and not path.startswith(_OTHERS) and not path.endswith((".br", ".gz")):
                yield Problem(
                    path, 0, 0, "address-twice", f"网址 /{path} 已有别的内容，应换一个网址名（slug）。"
                )
        taken.update(own)


def dead_links(
    made: Mapping[str, Made], origin: str, read: Callable[[str], bytes | None]
) -> Iterator[DeadLink]:
    """The links of sections that lead to nothing in the release; `read` gives the bytes of its paths, or None."""
    every = dict.fromkeys(target for section in made.values() for target in section.targets)
    dead = dead_targets(every, lambda path: read(path) is not None, read)
    for section in made.values():
        own = {target: dead[target] for target in section.targets if target in dead}
        yield from section.dead
        yield from blamed(section.pages, own, origin, read)


def dead_targets(
    targets: Iterable[str], exists: Callable[[str], bool], read: Callable[[str], bytes | None]
) -> Mapping[str, str]:
    """The targets that are not there, and what is wrong with each."""
    identifiers: dict[str, set[str]] = {}

    def named(path: str) -> set[str]:
        if path not in identifiers:
            identifiers[path] = links.ids(read(path) or b"")
        return identifiers[path]

    told = {target: links.fault(target, exists, named) for target in targets}
    return {target: fault for target, fault in told.items() if fault}


def blamed(
    paths: Iterable[str], dead: Mapping[str, str], origin: str, read: Callable[[str], bytes | None]
) -> Iterator[DeadLink]:
    """Every page of `paths` with a dead link: none, where only a page that is no more had it."""
    for page in paths if dead else ():
        for link, leads in links.targets(page, read(page) or b"", origin):
            if leads in dead:
                yield DeadLink(page, link, dead[leads])


def broken_promises(promised: Iterable[Iterable[str]], exists: Callable[[str], bool]) -> Iterator[Problem]:
    """Addresses in the open data that have no page."""
    for paths in promised:
        for path in paths:
            if not exists(path):
                yield Problem(pages.path(CATALOG), 0, 0, "dead-link", f"网址 /{path} 没有对应的页面。")


def page_count(files: Iterable[str]) -> int:
    """How many of the paths are pages; one page in several modes counts once."""
    return sum(path.endswith(".html") and not path.startswith(_OTHERS) for path in files)


def dead_redirects(catalogue: Catalogue, every: Iterable[Section]) -> Iterator[Problem]:
    """An old address has no page of its own and leads to one; redirects.csv has a head line and a row for each."""
    if not catalogue.redirects:
        return
    addresses = _addresses(catalogue, every)
    old = [each.old for each in catalogue.redirects]
    paths = {pages.path(address) for address in addresses}
    for line, each in enumerate(catalogue.redirects, start=2):
        if each.old.split("/")[1] in RESERVED:
            told = 1, f"旧地址 {each.old} 的第一段留给了别的用途，应删去这一行。"
        elif pages.path(each.old) in paths:
            told = 1, f"旧地址 {each.old} 现在有页面，应删去这一行，或给页面换一个网址名。"
        elif each.old in old[: line - 2]:
            told = 1, f"旧地址 {each.old} 写了两次，应删去一行。"
        elif each.new in old:
            told = 2, f"新地址 {each.new} 也是旧地址，应直接写最后的地址。"
        elif each.new not in addresses:
            told = 2, f"新地址 {each.new} 没有页面，应改成现在有的地址。"
        else:
            continue
        yield Problem(REDIRECTS, line, told[0], "dead-redirect", told[1])


def _addresses(catalogue: Catalogue, every: Iterable[Section]) -> set[str]:
    """Of the pages of all sections that a redirect speaks of: few of a city's streets are planned for it."""
    spoken = [address for each in catalogue.redirects for address in (each.old, each.new)]
    return {OPEN_DATA} | {
        page.address
        for section in every
        if section.name in (ITEMS, CITY) or any(address.startswith(f"/{section.name}") for address in spoken)
        for page in section.plan().pages
        if page.template != pages.MOVED
    }
