"""Where the links of a page lead, and whether there is anything.

A target is a path in the release, with the fragment if one is asked for: "items/index.html#shebao". The trees of the
display modes hold the same pages, so that a target stands for all of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from catalog import entries, modes, pages

_LEAVES_SITE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
MISSING = "没有对应的页面或文件"
"""What is wrong with a target that is not there."""


def links(html: bytes) -> list[str]:
    """The href and src values of a page that stay on its site, each once; relative ones and fragments too."""
    found = dict.fromkeys(_values(html, b' href="'))
    found |= dict.fromkeys(_values(html, b' src="'))
    return [link for each in found if (link := _on_site(each)) is not None]


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


@lru_cache(maxsize=65536)
def _on_site(link: bytes) -> str | None:
    told = unescape(link.decode())
    return None if _LEAVES_SITE.match(told) else told


def target(page: str, link: str) -> str | None:
    """Where a link of the page at a path leads; None where the consult service answers."""
    return _absolute(link if link.startswith("/") else urljoin(f"/{page}", link))


@lru_cache(maxsize=65536)
def _absolute(link: str) -> str | None:
    parts = urlsplit(urljoin("/", link))
    address = parts.path
    for mode in modes.OTHERS:
        address = address.removeprefix(mode.prefix) if address.startswith(f"{mode.prefix}/") else address
    if address.startswith(entries.SERVICE_PREFIX):
        return None
    return pages.path(unquote(address)) + (f"#{unquote(parts.fragment)}" if parts.fragment else "")


def targets(page: str, html: bytes) -> Iterator[tuple[str, str]]:
    """(link, target) of all links of a page that lead to a part of the release."""
    for link in links(html):
        found = target(page, link)
        if found is not None:
            yield link, found


def fault(target: str, exists: Callable[[str], bool], identifiers: Callable[[str], Iterable[str]]) -> str:
    """What is wrong with a target, or "": `identifiers` are those of the page at a path that exists."""
    path, _, fragment = target.partition("#")
    if not exists(path):
        return MISSING
    if fragment and path.endswith(".html") and fragment not in identifiers(path):
        return f"指向的页面里没有 #{fragment} 这一处"
    return ""
