"""What a release is made from, told by a digest: where it is what it was, nothing need be read, let alone made."""

import hashlib
import os
import platform
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path

from catalog.store import Store

CHINA = timezone(timedelta(hours=8))
"""A day begins at midnight there, wherever the publisher stands."""
NOTE = "inputs.json"
_PACKAGE = Path(__file__).parent
_LIBRARIES = ("brotli", "jinja2", "markdown", "pydantic", "pypinyin", "zxing-cpp")
"""What else has a part in the bytes of a page."""


def today(now: datetime) -> date:
    """The day in China at an aware moment."""
    return now.astimezone(CHINA).date()


def generator(compress: bool) -> str:
    """The digest of all that makes pages out of content and templates."""
    whole = hashlib.sha256(f"{platform.python_version()} {compress}".encode())
    for name in _LIBRARIES:
        whole.update(f"{name} {version(name)}".encode())
    for path in (*sorted(_PACKAGE.rglob("*.py")), _PACKAGE.parent / "docs" / "catalog.schema.json"):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def digest(generator: str, *directories: Path) -> str:
    """Of every byte that a release is made from."""
    whole = hashlib.sha256(generator.encode())
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            # What is no file may be a fault: that it is there is told apart, too.
            data = path.read_bytes() if path.is_file() else b""
            whole.update(
                os.fsencode(path.relative_to(directory)) + f"\0{path.is_file()} {len(data)}\0".encode()
            )
            whole.update(data)
    return whole.hexdigest()


def note(store: Store, inputs: str, release: str, day: date, until: date | None) -> None:
    """Remember what `release` was made from; `until` is the first day that changes it, None where none is known."""
    told = {"inputs": inputs, "release": release, "from": str(day), "until": str(until) if until else ""}
    store.note(NOTE, told)


def current(store: Store, inputs: str, day: date) -> str | None:
    """The current release, if just these inputs were published last and no day has come since that changes it."""
    release, noted = store.current(), _noted(store)
    if release is None or (noted.get("inputs"), noted.get("release")) != (inputs, release):
        return None
    if not noted["from"] <= str(day) or (noted["until"] and str(day) >= noted["until"]):
        return None
    # Where a tree was lost, the release is made again.
    return release if store.has_all(release) else None


def published(store: Store) -> date | None:
    """The day as of which the current release shows the content; None where another was published last."""
    noted = _noted(store)
    is_last = noted.get("release") == store.current()
    return date.fromisoformat(noted["from"]) if is_last and "from" in noted else None


def _noted(store: Store) -> Mapping[str, str]:
    noted = store.noted(NOTE)
    return noted if isinstance(noted, dict) else {}
