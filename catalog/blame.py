"""Where a dead link was written: the file and line that an editor, or a writer of templates, has to mend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from catalog.links import DeadLink
from catalog.problem import Problem

_WRITTEN = ("*.yaml", "*.csv")


def sources(content: Path, templates: Path) -> Mapping[str, str]:
    """The texts in which links are written, by their paths: of the content, and of the templates below theirs."""
    found = {
        path.relative_to(content).as_posix(): path
        for kind in _WRITTEN
        for path in sorted(content.rglob(kind))
    }
    found |= {f"{templates.name}/{path.name}": path for path in sorted(templates.glob("*.html"))}
    return {name: path.read_text(encoding="utf-8", errors="replace") for name, path in found.items()}


def told(dead: Iterable[DeadLink], sources: Mapping[str, str]) -> Iterator[Problem]:
    """Each dead link once, at the line where it was written, with the page that has it; else at the page itself."""
    pages: dict[tuple[str, str], list[str]] = {}
    for each in dead:
        pages.setdefault((each.link, each.fault), []).append(each.page)
    for (link, fault), having in pages.items():
        place = next(_places(link, having[0], sources), None)
        if place is None:
            yield from (Problem(page, 0, 0, "dead-link", f"链接 {link} {fault}。") for page in having)
            continue
        others = f" 等 {len(having)} 个页面" if len(having) > 1 else ""
        told = f"链接 {link} {fault}（见页面 /{having[0]}{others}）。"
        yield Problem(*place, "dead-link", told)


def _places(link: str, page: str, sources: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """(file, line, column) wherever the link stands, in the file that the page is of first.

    A template makes most links of parts: of those the fragment alone is written out.
    """
    stem = PurePosixPath(page).stem
    by_likelihood = sorted(sources, key=lambda file: PurePosixPath(file).stem.partition("@")[0] != stem)
    for written in filter(None, (link, link[link.find("#") :] if "#" in link else "")):
        whole = re.compile(
            rf"(?<![\w/.#-]){re.escape(written)}(?![\w/.#-])" if written == link else re.escape(written)
        )
        for file in by_likelihood:
            for number, line in enumerate(sources[file].splitlines(), start=1):
                if found := whole.search(line):
                    yield file, number, found.start() + 1
