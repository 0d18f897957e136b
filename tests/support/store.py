"""Releases of a few plain files, published as one section that shares the directory "items"; what a site holds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.store import MANIFEST, Store, part

SECTION = "all"


@dataclass(frozen=True)
class Publication:
    release: str
    fresh: bool


def publish(files: Mapping[str, bytes], site: Path, now: datetime) -> Publication:
    store = Store(site)
    with store.locked():
        current = store.current()
        last = store.parts(current).get(SECTION)
        made, record = store.add(files, (), last.tree if last else None, {}, ())
        parts = {SECTION: part("key", made, record, ("items",), ())}
        staged = store.stage(parts)
        if current and last and last.tree == made:
            store.discard(staged)
            return Publication(current, False)
        return Publication(store.publish(staged, parts, now), True)


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a directory as a web server finds it, links followed: path to bytes."""
    return {
        (Path(directory) / name).relative_to(root).as_posix(): (Path(directory) / name).read_bytes()
        for directory, _, names in os.walk(root, followlinks=True)
        for name in names
    }


def seen(site: Path) -> dict[str, bytes]:
    """What the public finds. The manifest also says how each section was made, which is another way each time."""
    files = tree(site / "current")
    del files[MANIFEST]
    return files


def leftovers(site: Path) -> set[str]:
    """What lies there that no release needs."""
    store = Store(site)
    used = {part.tree for release in store.ids() for part in store.parts(release).values()}
    places = {path.relative_to(site).as_posix() for path in (*site.iterdir(), *site.glob("[rt]*/*"))}
    expected = {"current", "releases", "trees", ".lock", ".inputs.json"}
    expected |= {f"releases/{release}" for release in store.ids()}
    expected |= {f"trees/{name}" for tree in used for name in (tree, f"{tree}.json")}
    return places - expected
