"""Whether two sites' pages tell the same: their words, and where their links lead, in every mode."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from catalog.modes import MODES, OTHERS, Mode

_DIGITS = re.compile(r"\.[0-9a-f]{16}(?=\.\w+$)")
"""What our files' names have beside their plain ones, which tells their content."""
_COMPARED = 300
"""How many of the pages are compared."""


@dataclass(frozen=True)
class Told:
    """What a page says, without its codes, its marks and its white space, and the addresses of its links in order."""

    words: str
    links: tuple[str, ...]


def same(ours: Path, others: Path, modes: tuple[Mode, ...] = MODES) -> int:
    """How many pages were compared, drawn evenly from all and each in all `modes`.

    SystemExit where one has other words or links, or where one of the other's pages is missing in ours.
    """
    pages = sorted(path.relative_to(others) for path in others.rglob("*.html"))
    missing = next((page for page in pages if not (ours / page).is_file()), None)
    if missing:
        raise SystemExit(f"{missing} should be in both sites")
    standard = [page for page in pages if page.parts[0] not in {mode.name for mode in OTHERS}]
    compared = [
        mode.name / page for page in standard[:: max(1, len(standard) // _COMPARED)] for mode in modes
    ]
    for page in compared:
        own, other = told((ours / page).read_text("utf-8")), told((others / page).read_text("utf-8"))
        for one, two in ((own.words, other.words), (own.links, other.links)):
            if one != two:
                at = next((i for i, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)
                raise SystemExit(f"{page} should be alike, came {two[at:][:40]!r} for {one[at:][:40]!r}")
    return len(compared)


def told(html: str) -> Told:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Told(re.sub(r"\s", "", "".join(reader.told)), tuple(reader.links))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.told.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [_DIGITS.sub("", value or "") for name, value in attrs if name == "href"]
