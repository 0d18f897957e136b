"""Publishes a release: staged beside the others, then made current in one step.

Whatever instant the machine stops at, `current` leads to a complete release: a release gets its name only
when all of its bytes are on the disk, and `current` is only ever replaced by rename(2), which is atomic.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

CURRENT = "current"
RELEASES = "releases"
MANIFEST = "manifest.json"
_STAGING = ".staging-"
_LINK = ".current-"
_LOCK = ".lock"


@dataclass(frozen=True)
class Publication:
    """The release that is current afterwards; `fresh` is False where the content had not changed."""

    release: str
    fresh: bool


def publish(files: Mapping[str, bytes], site: Path, now: datetime) -> Publication:
    """Make `files` the current release of `site`, unless it is already; `now` is aware.

    Waits while another publisher works on the same site. Raises OSError if the disk refuses, and then the
    current release is as it was; ValueError for a path that would leave the release.
    """
    manifest = _manifest(files)
    with _locked(site):
        _remove_leftovers(site)
        current = _current(site)
        if current and _same(site / RELEASES / current / MANIFEST, manifest):
            return Publication(current, fresh=False)
        release = release_id(now, hashlib.sha256(manifest).hexdigest())
        # There already: the same bytes in the same second, by a publisher that stopped before the last step.
        if not (site / RELEASES / release).exists():
            _stage({**files, MANIFEST: manifest}, site / RELEASES, release)
        _make_current(site, release)
        return Publication(release, fresh=True)


def release_id(now: datetime, digest: str) -> str:
    """`YYYYMMDDTHHMMSSZ-` and the first 8 digits of the content's digest; ids sort by time."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"


def _manifest(files: Mapping[str, bytes]) -> bytes:
    for path in files:
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or not parts or path == MANIFEST:
            raise ValueError(
                f"a file of a release should have a path inside it, other than {MANIFEST}: {path!r}"
            )
    digests = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    return (json.dumps(digests, ensure_ascii=False, indent=0) + "\n").encode()


@contextmanager
def _locked(site: Path) -> Iterator[None]:
    (site / RELEASES).mkdir(parents=True, exist_ok=True)
    with (site / _LOCK).open("w") as lock:
        # Freed by the kernel when the file is closed, however the process ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_leftovers(site: Path) -> None:
    for staging in (site / RELEASES).glob(f"{_STAGING}*"):
        shutil.rmtree(staging)
    for link in site.glob(f"{_LINK}*"):
        link.unlink()


def _current(site: Path) -> str | None:
    link = site / CURRENT
    return Path(os.readlink(link)).name if link.is_symlink() else None


def _same(path: Path, manifest: bytes) -> bool:
    try:
        return path.read_bytes() == manifest
    except FileNotFoundError:
        return False


def _stage(files: Mapping[str, bytes], releases: Path, release: str) -> None:
    """Write all files and their directories to the disk, then give the whole its name."""
    staging = releases / f"{_STAGING}{release}"
    staging.mkdir()
    for path, data in files.items():
        _write(staging / path, data)
    for directory in (staging, *(path for path in staging.rglob("*") if path.is_dir())):
        _sync(directory)
    os.rename(staging, releases / release)
    _sync(releases)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_current(site: Path, release: str) -> None:
    link = site / f"{_LINK}{release}"
    # Relative, so that the site can be moved or mounted elsewhere.
    os.symlink(f"{RELEASES}/{release}", link)
    os.replace(link, site / CURRENT)
    _sync(site)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
