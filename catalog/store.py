"""Releases on the disk: trees that many of them share, and one that is current.

    current -> releases/<id>
    releases/<id>/          what the public sees: links to files and directories of trees, and the manifest
    trees/<digest>/         the files of one section; never changed once they have their name
    trees/<digest>.json     the record of how they were made

Whatever instant the machine stops at, `current` leads to a complete release: a release gets its name only when all of
its bytes are on the disk, and `current` is only ever replaced by rename(2), which is atomic. A tree without a release
is of a publisher that stopped; the next one takes it away.
"""

import fcntl
import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath
from typing import Any

from catalog.problem import Unusable
from catalog.record import NOTHING, Record

CURRENT = "current"
RELEASES = "releases"
TREES = "trees"
MANIFEST = "manifest.json"
_STAGING = ".staging-"
_LINK = ".current-"
_LOCK = ".lock"
_UNFINISHED = ".unfinished"
_STAMP = "%Y%m%dT%H%M%SZ"
_ID = re.compile(r"2[0-9]{7}T[0-9]{6}Z-[0-9a-f]{8}")
"""What is called otherwise is no release, and left alone."""


@dataclass(frozen=True)
class Part:
    """A section as a release holds it: its `key`, its `tree`, the directories and the files beside them.

    `owns` are directories of the tree that hold nothing of another section's; `leads` are the targets outside of it;
    `pages` is how many pages it has.
    """

    key: str
    tree: str
    owns: tuple[str, ...]
    beside: tuple[str, ...]
    leads: tuple[str, ...] = ()
    pages: int = 0


class Store:
    """The releases of one site. Everything that writes is called while `locked`; OSError if the disk refuses."""

    def __init__(self, site: Path, is_anew: bool = False) -> None:
        """Where `is_anew`, nothing is taken over from what is there, which may be damaged."""
        self.site, self._is_anew = site, is_anew
        self._releases = site / RELEASES
        self._trees = site / TREES

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Waits for another publisher of the same site, then takes away what one that stopped has left."""
        current = self.site / CURRENT
        if current.exists() and not current.is_symlink():
            raise Unusable(f"{current} 应是指向一个版本的链接，现在不是。请把它移到别处，再运行一次。")
        self._releases.mkdir(parents=True, exist_ok=True)
        self._trees.mkdir(exist_ok=True)
        with (self.site / _LOCK).open("w") as lock:
            # Freed by the kernel when the file is closed, however the process ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in (*self._releases.glob(f"{_STAGING}*"), *self._trees.glob(f"{_STAGING}*")):
                _remove(left)
            for link in self.site.glob(f"{_LINK}*"):
                link.unlink()
            unfinished = self.site / _UNFINISHED
            if unfinished.exists():
                # Trees without a release are perhaps not on the disk as a whole.
                self.drop_trees()
            unfinished.touch()
            yield
            unfinished.unlink()

    def ids(self) -> list[str]:
        """Of all releases, the oldest first."""
        try:
            return sorted(each.name for each in self._releases.iterdir() if _ID.fullmatch(each.name))
        except FileNotFoundError:
            return []

    def current(self) -> str | None:
        """The id of the release that the public sees, None before the first."""
        link = self.site / CURRENT
        return Path(os.readlink(link)).name if link.is_symlink() else None

    def parts(self, release: str | None) -> dict[str, Part]:
        """A release's sections by name; none where there is no such release or its manifest cannot be read."""
        if release is None:
            return {}
        try:
            manifest = json.loads((self._releases / release / MANIFEST).read_bytes())
            leads = manifest["leads"]
            return {
                name: Part(
                    each["key"],
                    each["tree"],
                    tuple(each["owns"]),
                    tuple(each["beside"]),
                    tuple(leads[each["leads"]]),
                    each["pages"],
                )
                for name, each in manifest["sections"].items()
            }
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    @property
    def is_settled(self) -> bool:
        """Whether no publisher is at work, and none has stopped in the middle of it."""
        return not (self.site / _UNFINISHED).exists()

    def data(self, release: str) -> Any:
        """The release's catalog.json. Raises Unusable where it cannot be read."""
        try:
            told = json.loads((self._releases / release / "catalog.json").read_bytes())
            if {"district", "items", "streets", "stations"} <= told.keys():
                return told
        except (OSError, ValueError, AttributeError):
            pass
        raise Unusable(
            f"版本 {release} 的 catalog.json 缺少或者读不出来。可运行 build.py publish --anew 全部重新生成。"
        )

    def record(self, tree: str) -> Record:
        """How a tree was made; NOTHING where its record or the tree itself is missing."""
        try:
            told = json.loads((self._trees / f"{tree}.json").read_bytes())
            if not (self._trees / tree).is_dir():
                return NOTHING
            return Record(told["files"], told["pages"], tuple(told["targets"]))
        except (OSError, ValueError, KeyError, TypeError):
            return NOTHING

    def has(self, tree: str) -> bool:
        return (self._trees / f"{tree}.json").exists() and (self._trees / tree).is_dir()

    def has_all(self, release: str) -> bool:
        """Whether every tree of a release is there; `verify` tells whether they are whole."""
        parts = self.parts(release)
        return bool(parts) and all(self.has(part.tree) for part in parts.values())

    def add(
        self,
        files: Mapping[str, bytes],
        kept: Iterable[str],
        last: str | None,
        pages: Mapping[str, str],
        targets: Sequence[str],
    ) -> tuple[str, Record]:
        """A tree of `files` and of what is `kept` of the `last` tree, as hard links; its digest and its record.

        May be called by several processes at once. Raises ValueError for a path that would leave the tree.
        """
        _check_paths(files)
        known = self.record(last).files if last else {}
        digests = {path: known[path] for path in kept}
        digests |= {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
        digests = dict(sorted(digests.items()))
        record = Record(digests, dict(pages), tuple(targets))
        tree = self._tree(hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:32])
        staging = self._trees / f"{_STAGING}{tree}-{os.getpid()}"
        if not (self._trees / tree).is_dir():
            staging.mkdir()
            source = self._trees / last if last else staging
            made = _Directories(staging)
            for path, digest in digests.items():
                made.over(path)
                # What came out as it was is not written again either.
                if known.get(path) == digest:
                    _link(f"{source}/{path}", f"{staging}/{path}")
                else:
                    _write(f"{staging}/{path}", files[path])
            _named(staging, self._trees / tree)
        note = self._trees / f"{_STAGING}{tree}-{os.getpid()}.json"
        note.write_text(json.dumps(vars(record), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(note, self._trees / f"{tree}.json")
        return tree, record

    def _tree(self, digest: str) -> str:
        """The name of a tree: its digest; of one that is made anew beside another of the same, a number after it."""
        if not self._is_anew:
            return digest
        numbers = itertools.count(2)
        names = itertools.chain([digest], (f"{digest}-{number}" for number in numbers))
        return next(name for name in names if not (self._trees / name).exists())

    def stage(self, parts: Mapping[str, Part]) -> Path:
        """A release of the parts that nobody sees yet."""
        staging = self._releases / f"{_STAGING}{os.getpid()}"
        staging.mkdir()
        made = _Directories(staging)
        for part in parts.values():
            for path in part.beside:
                made.over(path)
                _link(f"{self._trees}/{part.tree}/{path}", f"{staging}/{path}")
            for path in part.owns:
                made.over(path)
                # Relative, so that the site can be moved or mounted elsewhere.
                up = "../" * (len(PurePosixPath(path).parts) + 1)
                os.symlink(f"{up}{TREES}/{part.tree}/{path}", staging / path)
        _write(f"{staging}/{MANIFEST}", _manifest(parts))
        return staging

    def discard(self, staged: Path) -> None:
        """Take away a staged release, and the trees that were made for it."""
        _remove(staged)
        self.drop_trees()

    def note(self, name: str, told: Mapping[str, str]) -> None:
        """Remember something that is looked at before the next release; it may be lost without harm."""
        fresh = self.site / f"{_LINK}{name}"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        os.replace(fresh, self.site / f".{name}")

    def noted(self, name: str) -> Any:
        """What was remembered last, None if nothing was."""
        try:
            return json.loads((self.site / f".{name}").read_bytes())
        except (OSError, ValueError):
            return None

    def publish(self, staged: Path, parts: Mapping[str, Part], now: datetime) -> str:
        """Make the staged release the current one; its id. `now` is aware; a clock that was set back is set right."""
        os.sync()
        name = release_id(self._after_all(now), digest(parts))
        os.rename(staged, self._releases / name)
        _sync(self._releases)
        self.point(name)
        return name

    def point(self, release: str) -> None:
        """Make a release the current one, in one step."""
        link = self.site / f"{_LINK}{release}"
        os.symlink(f"{RELEASES}/{release}", link)
        os.replace(link, self.site / CURRENT)
        _sync(self.site)

    def prune(self, keep: int) -> list[str]:
        """Take away all but the newest releases and the current one, then the trees that none has; their ids."""
        current = self.current()
        ids = self.ids()
        gone = [each for each in ids[: max(len(ids) - keep, 0)] if each != current]
        for release in gone:
            # Without its name first: a release with a name is complete.
            dropped = self._releases / f"{_STAGING}{release}"
            os.rename(self._releases / release, dropped)
            _remove(dropped)
        self.drop_trees()
        return gone

    def drop_trees(self) -> None:
        """Take away the trees that no release has."""
        used = {part.tree for release in self.ids() for part in self.parts(release).values()}
        for path in self._trees.iterdir():
            if path.name.removesuffix(".json") not in used:
                _remove(path)

    def verify(self, release: str) -> Iterator[str]:
        """What is not as it was published, by path; nothing where all is well."""
        parts = self.parts(release)
        if not parts:
            yield f"{MANIFEST}：缺少，或者读不出来"
            return
        expected: dict[str, str] = {}
        for name, part in parts.items():
            files = self.record(part.tree).files
            if hashlib.sha256(json.dumps(dict(sorted(files.items()))).encode()).hexdigest()[:32] != _digest(
                part
            ):
                yield f"{name}：文件清单缺少，或者被改过"
            expected |= files
        if digest(parts)[:8] != release.rpartition("-")[2]:
            yield f"{MANIFEST}：与版本号不符"
        root = self._releases / release
        found = {path for path in _walk(root) if path != MANIFEST}
        for path in sorted(found - expected.keys()):
            yield f"{path}：不是这一版的文件"
        for path, told in expected.items():
            if path not in found:
                yield f"{path}：缺少"
            elif hashlib.sha256((root / path).read_bytes()).hexdigest() != told:
                yield f"{path}：内容被改过"

    def _after_all(self, now: datetime) -> datetime:
        """`now`, or a second after the newest release: ids sort in the order of publication."""
        newest = filter(None, map(moment, self.ids()))
        return max([now, *(each + timedelta(seconds=1) for each in newest)])


def release_id(now: datetime, digest: str) -> str:
    """`YYYYMMDDTHHMMSSZ-` and the first 8 digits of the content's digest; ids sort by time."""
    return f"{now.astimezone(UTC).strftime(_STAMP)}-{digest[:8]}"


def moment(release: str) -> datetime | None:
    """When a release was published, by its id; None for an id of another form."""
    try:
        return datetime.strptime(release.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def when(release: str) -> str:
    """The same as people in China say it: "2026年11月23日 12:00"."""
    made = moment(release)
    if made is None:
        return "时间不明"
    local = made.astimezone(timezone(timedelta(hours=8)))
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def digest(parts: Mapping[str, Part]) -> str:
    """Of what the public sees: releases of equal digests are equal byte for byte."""
    return hashlib.sha256(
        json.dumps(sorted((name, _digest(each)) for name, each in parts.items())).encode()
    ).hexdigest()


def _digest(part: Part) -> str:
    return part.tree.partition("-")[0]


def part(key: str, tree: str, record: Record, owns: Sequence[str], leads: Sequence[str]) -> Part:
    """A section as a release holds it; directories that are not in the tree are not owned."""
    has = tuple(each for each in owns if any(path.startswith(f"{each}/") for path in record.files))
    below = tuple(f"{each}/" for each in has)
    beside = tuple(path for path in record.files if not path.startswith(below))
    return Part(key, tree, has, beside, tuple(leads), len(record.pages))


def _manifest(parts: Mapping[str, Part]) -> bytes:
    """Targets that several sections have in common stand once."""
    table: dict[tuple[str, ...], int] = {}
    sections = {
        name: vars(each) | {"leads": table.setdefault(each.leads, len(table))}
        for name, each in sorted(parts.items())
    }
    told: dict[str, Any] = {"sections": sections, "leads": list(map(list, table))}
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _check_paths(files: Iterable[str]) -> None:
    for path in files:
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or not parts or path == MANIFEST:
            raise ValueError(
                f"a file of a release should have a path inside it, other than {MANIFEST}: {path!r}"
            )


class _Directories:
    """Makes the directories over paths, each once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made = {""}

    def over(self, path: str) -> None:
        directory = path.rpartition("/")[0]
        if directory not in self._made:
            self.over(directory)
            os.mkdir(self._root / directory)
            self._made.add(directory)


def _link(source: str, path: str) -> None:
    try:
        os.link(source, path)
    except FileNotFoundError as error:
        told = f"以前发布的文件缺少 {source}，不能沿用。请运行 build.py publish --anew 全部重新生成。"
        raise Unusable(told) from error


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        # The system does not say for which file there was no room.
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.close(descriptor)


def _named(staging: Path, final: Path) -> None:
    try:
        os.rename(staging, final)
    except OSError:
        # Another process has made the same tree meanwhile.
        if not final.is_dir():
            raise
        _remove(staging)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _walk(root: Path) -> Iterator[str]:
    for directory, _, names in os.walk(root, followlinks=True):
        for name in names:
            yield (Path(directory) / name).relative_to(root).as_posix()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
