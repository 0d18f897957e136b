"""The published site at /, as it stands in site/current: what a web server would do in front of the service."""

import re
from pathlib import Path

from aiohttp import web

from consult.directory import Directory

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # A release changes all at once; browsers ask each time and are mostly answered 304.
    "Cache-Control": "no-cache",
}
NAMED_BY_CONTENT = re.compile(r"static/.+\.[0-9a-f]{16}\.\w+")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""A file under such a name is never another (RFC 8246)."""

# What not every system's table of file names knows.
KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


TEXT = frozenset({".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv", ".ttl", ".jsonld"})
CONDITIONAL = frozenset(
    {"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range"}
)
ONE_PACKET = 1400
"""Bytes below which compressing saves nothing."""


def handler(directory: Directory) -> web.AbstractRouteDef:
    """GET of any address that no other route has."""

    async def page(request: web.Request) -> web.StreamResponse:
        root, asked = directory.root.resolve(), request.match_info["path"]
        path = _named(root, asked)
        if path is not None and path.is_dir():
            if asked and not asked.endswith("/"):
                raise web.HTTPMovedPermanently(f"/{asked}/")
            path = _named(root, f"{asked}index.html")
        if path is None or path.name == "404.html":
            return web.FileResponse(root / "404.html", status=404, headers=HEADERS)
        kind = {"Content-Type": KINDS[path.suffix]} if path.suffix in KINDS else {}
        kept = FOR_EVER if NAMED_BY_CONTENT.fullmatch(asked) else {}
        response = web.FileResponse(path, headers=HEADERS | kind | kept)
        if path.suffix in TEXT and path.stat().st_size > ONE_PACKET:
            # As the browser accepts (RFC 9110, 12.5.3); a guide then fits the first window of its connection.
            response.headers["Vary"] = "Accept-Encoding"
            # aiohttp would send a compressor's trailer after a bodiless answer: conditional requests, parts and heads
            # are answered as they are, mostly by 304.
            if request.method == "GET" and not CONDITIONAL & request.headers.keys():
                response.enable_compression()
        return response

    return web.get("/{path:.*}", page)


def _named(root: Path, asked: str) -> Path | None:
    """The file or directory in `root` that an address names in its one spelling, None where there is no such."""
    *folders, last = asked.split("/")
    if {"", ".", ".."} & {*folders} or last in (".", ".."):
        return None
    try:
        path = root.joinpath(*folders, last).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        # Nothing there, a name too long, NUL in it, links in a ring.
        return None
    # A release shares directories with others; none of its links leads out of where releases and trees lie.
    if not path.is_relative_to(root) and not path.is_relative_to(root.parents[1] / "trees"):
        return None
    return None if path.is_file() and not last else path
