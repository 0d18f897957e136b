"""Where the links of a page lead, and whether there is anything.

A target is a path in the release, with the fragment if one is asked for: "items/index.html#shebao". The trees of the
display modes hold the same pages, so that a target stands for all of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from catalog import entries, modes, pages

_LEAVES_SITE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
MISSING = "没有对应的页面或文件"
"""What is wrong with a target that is not there."""


@dataclass(frozen=True, order=True)
class DeadLink:
    """A link of the page at a path in the release, as the page has it, and what is wrong with it, in words."""

    page: str
    link: str
    fault: str


def ids(html: bytes) -> set[str]:
    """The identifiers that a fragment can lead to."""
    return {unescape(each.decode()) for each in _values(html, b' id="')}


def _values(html: bytes, attribute: bytes) -> Iterator[bytes]:
    """What the attribute is, tag by tag; templates quote each, and neither "<" nor ">" stands in a value as it is."""
    before, *after = html.split(attribute)
    for each in after:
        # A text may speak of attributes; only what stands in a tag is one.
        if before.rfind(b"<") > before.rfind(b">"):
            yield each[: each.index(b'"')]
        before = each


def targets(page: str, html: bytes, origin: str) -> Iterator[tuple[str, str]]:
    """(link, target) of every href and src of the page at a path that leads to a part of the release, each once.

    `origin` is that of the release ("https://k.example"): editors copy whole addresses from their browsers.
    """
    found = dict.fromkeys(_values(html, b' href="'))
    found |= dict.fromkeys(_values(html, b' src="'))
    for link in found:
        if link.startswith(b"#"):
            told, within = _within(link)
            target: str | None = page + within
        else:
            told, target = _rooted(link) if link.startswith(b"/") else _leads(f"/{page}", link, origin)
        if target is not None:
            yield told, target


@lru_cache(maxsize=4096)
def _within(link: bytes) -> tuple[str, str]:
    """A link to the page that has it, and what stands after the page's path in its target."""
    told = unescape(link.decode())
    return told, f"#{unquote(told[1:])}" if told != "#" else ""


@lru_cache(maxsize=65536)
def _rooted(link: bytes) -> tuple[str, str | None]:
    """A link that leads to the same place from every page."""
    return _leads("/", link, "")


def _leads(page: str, link: bytes, origin: str) -> tuple[str, str | None]:
    """The link as it is meant, and its target; None where it leaves the site or the consult service answers."""
    told = unescape(link.decode())
    own = told.removeprefix(origin) if told.startswith(f"{origin}/") else told
    if _LEAVES_SITE.match(own):
        return told, None
    parts = urlsplit(urljoin(page, own))
    address = parts.path
    for mode in modes.OTHERS:
        address = address.removeprefix(mode.prefix) if address.startswith(f"{mode.prefix}/") else address
    if address.startswith(entries.SERVICE_PREFIX):
        return told, None
    return told, pages.path(unquote(address)) + (f"#{unquote(parts.fragment)}" if parts.fragment else "")


def fault(target: str, exists: Callable[[str], bool], identifiers: Callable[[str], Iterable[str]]) -> str:
    """What is wrong with a target, or "": `identifiers` are those of the page at a path that exists."""
    path, _, fragment = target.partition("#")
    if not exists(path):
        return MISSING
    if fragment and path.endswith(".html") and fragment not in identifiers(path):
        return f"指向的页面里没有 #{fragment} 这一处"
    return ""
