"""What a web server sends as it lies there: gzip (RFC 1952) and Brotli (RFC 7932) beside every text."""

import gzip
from collections.abc import Mapping
from pathlib import PurePosixPath

import brotli  # type: ignore[import-untyped]

TEXT = frozenset({".html", ".css", ".js", ".json", ".jsonld", ".svg", ".xml", ".txt", ".csv", ".ttl"})
ONE_PACKET = 1400
"""Bytes below which compressing saves nothing."""
GZIP, BROTLI = 6, 5
"""Levels at which a page takes under a millisecond; the next ones save a few bytes for several times as long."""


def compressed(path: str, data: bytes) -> Mapping[str, bytes]:
    """The file with its compressed forms beside it; the same bytes for the same data, without any time in them."""
    if len(data) <= ONE_PACKET or PurePosixPath(path).suffix not in TEXT:
        return {path: data}
    return {
        path: data,
        f"{path}.br": brotli.compress(data, quality=BROTLI),
        f"{path}.gz": gzip.compress(data, GZIP, mtime=0),
    }
