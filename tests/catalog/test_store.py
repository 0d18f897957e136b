"""Whatever instant a publisher stops at, `current` leads to a complete release: the store, without any content."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from catalog.record import NOTHING
from catalog.store import MANIFEST, Store, release_id
from tests.support.store import Publication, publish, tree

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OLD = {"index.html": b"old", "items/a.html": b"old a"}
NEW = {"index.html": b"new", "items/b.html": b"new b", "static/site.css": b""}


def served(site: Path) -> dict[str, bytes]:
    """What a visitor gets; every file must be the one that the release's manifest names."""
    store = Store(site)
    current = store.current()
    assert current is not None and list(store.verify(current)) == []
    files = tree(site / "current")
    del files[MANIFEST]
    return files


def leftovers(site: Path) -> list[str]:
    return [
        path.name
        for path in [*site.iterdir(), *(site / "releases").iterdir(), *(site / "trees").iterdir()]
        if path.name[:2] in (".s", ".c", ".u")
    ]


def test_the_first_release_becomes_current(tmp_path: Path) -> None:
    site = tmp_path / "deep" / "site"
    publication = publish(OLD, site, NOON)
    assert publication.fresh
    assert publication.release.startswith("20261123T040000Z-")
    assert served(site) == OLD
    assert os.readlink(site / "current") == f"releases/{publication.release}"
    assert leftovers(site) == []


def test_a_site_can_be_moved(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "site", NOON)
    (tmp_path / "site").rename(tmp_path / "moved")
    assert served(tmp_path / "moved") == OLD


def test_the_next_release_replaces_the_current_and_keeps_the_last(tmp_path: Path) -> None:
    first = publish(OLD, tmp_path, NOON)
    second = publish(NEW, tmp_path, NOON + timedelta(seconds=1))
    assert second.fresh and second.release > first.release
    assert served(tmp_path) == NEW
    assert (tmp_path / "releases" / first.release / "index.html").read_bytes() == b"old"


def test_the_same_content_is_not_published_again(tmp_path: Path) -> None:
    first = publish(OLD, tmp_path, NOON)
    again = publish(dict(reversed(OLD.items())), tmp_path, NOON + timedelta(days=1))
    assert again == Publication(first.release, fresh=False)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [first.release]


def test_content_that_returns_is_a_new_release(tmp_path: Path) -> None:
    publish(OLD, tmp_path, NOON)
    publish(NEW, tmp_path, NOON + timedelta(seconds=1))
    assert publish(OLD, tmp_path, NOON + timedelta(seconds=2)).fresh
    assert served(tmp_path) == OLD
    assert len(list((tmp_path / "releases").iterdir())) == 3


@pytest.mark.parametrize("damage", ["manifest", "release"])
def test_a_damaged_current_release_is_published_anew(tmp_path: Path, damage: str) -> None:
    first = publish(OLD, tmp_path, NOON)
    release = tmp_path / "releases" / first.release
    if damage == "manifest":
        (release / MANIFEST).unlink()
    else:
        release.rename(tmp_path / "elsewhere")
    assert publish(OLD, tmp_path, NOON + timedelta(seconds=1)).fresh
    assert served(tmp_path) == OLD


def test_a_release_is_named_by_time_in_utc_and_digest() -> None:
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))
    assert release_id(beijing, "0123456789abcdef") == "20261123T040000Z-01234567"


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.html", "items/../../up.html", "", MANIFEST])
def test_no_file_leaves_its_release(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="inside it"):
        publish({path: b""}, tmp_path / "site", NOON)
    made = {path.name for path in tmp_path.rglob("*")}
    assert made == {"site", "releases", "trees", ".lock", ".unfinished"}


STEPS = ("mkdir", "open", "write", "link", "sync", "fsync", "rename", "symlink", "replace")


class Stop(Exception):
    """The machine refuses at one step."""


def stop_at(monkeypatch: pytest.MonkeyPatch, nth: int, stop: Callable[[], None]) -> list[str]:
    """Make the `nth` system call of STEPS stop the publisher; returns the calls as they are made."""
    made: list[str] = []

    def stopping(name: str) -> Callable[..., object]:
        genuine = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            made.append(name)
            if len(made) == nth:
                stop()
            return genuine(*args, **kwargs)

        return call

    for name in STEPS:
        monkeypatch.setattr(os, name, stopping(name))
    return made


def refuse() -> None:
    raise Stop


def test_a_refusal_at_any_step_leaves_a_complete_release(tmp_path: Path) -> None:
    outcomes = []
    for nth in range(1, 100):
        site = tmp_path / str(nth)
        publish(OLD, site, NOON)
        with pytest.MonkeyPatch.context() as patch:
            made = stop_at(patch, nth, refuse)
            try:
                publish(NEW, site, NOON + timedelta(seconds=1))
            except Stop:
                outcomes.append(made[-1])
            else:
                break
        assert served(site) in (OLD, NEW), f"after a refusal at step {nth}, {made[-1]}"
        # The next publisher succeeds and tidies up.
        publish(NEW, site, NOON + timedelta(seconds=2))
        assert served(site) == NEW
        assert leftovers(site) == []
    assert set(outcomes) == set(STEPS)


PUBLISHER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.support.store import publish

site, nth = Path(sys.argv[1]), int(sys.argv[2])
made = 0

def dying(genuine):
    def call(*args, **kwargs):
        global made
        made += 1
        if made == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return genuine(*args, **kwargs)
    return call

for name in {steps!r}:
    setattr(os, name, dying(getattr(os, name)))
publish({files!r}, site, datetime(2026, 11, 23, 4, 0, 1, tzinfo=UTC))
"""


def test_a_kill_at_any_step_leaves_a_complete_release(tmp_path: Path) -> None:
    script = PUBLISHER.format(steps=STEPS, files=NEW)
    for nth in range(1, 100):
        site = tmp_path / str(nth)
        publish(OLD, site, NOON)
        result = subprocess.run([sys.executable, "-c", script, site, str(nth)], cwd=ROOT, check=False)
        assert served(site) in (OLD, NEW), f"after a kill at step {nth}"
        if result.returncode == 0:
            break
        assert result.returncode == -signal.SIGKILL
        publish(NEW, site, NOON + timedelta(seconds=2))
        assert served(site) == NEW
        assert leftovers(site) == []
    assert nth > 15


def test_a_publisher_that_died_before_the_last_step_is_finished_in_the_same_second(tmp_path: Path) -> None:
    publish(OLD, tmp_path, NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "symlink", lambda *_: refuse())
        with pytest.raises(Stop):
            publish(NEW, tmp_path, NOON)
    assert served(tmp_path) == OLD
    publish(NEW, tmp_path, NOON)
    assert served(tmp_path) == NEW


def test_a_second_publisher_waits_for_the_first(tmp_path: Path) -> None:
    publish(OLD, tmp_path, NOON)
    second = threading.Thread(target=publish, args=(NEW, tmp_path, NOON + timedelta(seconds=1)))
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second.start()
        # It may not finish while the lock is held, however long that is.
        second.join(timeout=0.2)
        assert second.is_alive()
        assert served(tmp_path) == OLD
    second.join(timeout=10)
    assert served(tmp_path) == NEW


def test_many_publishers_at_once_leave_whole_releases_only(tmp_path: Path) -> None:
    contents = [{"index.html": str(n).encode(), f"items/{n}.html": b""} for n in range(8)]
    threads = [
        threading.Thread(target=publish, args=(files, tmp_path, NOON + timedelta(seconds=n)))
        for n, files in enumerate(contents)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert served(tmp_path) in contents
    assert len(list((tmp_path / "releases").iterdir())) == 8
    assert leftovers(tmp_path) == []


def test_a_visitor_always_finds_the_site(tmp_path: Path) -> None:
    publish(OLD, tmp_path, NOON)
    done = threading.Event()
    missed: list[Exception] = []

    def visit() -> None:
        while not done.is_set():
            try:
                assert (tmp_path / "current" / "index.html").read_bytes() in (b"old", b"new")
            except Exception as error:
                missed.append(error)

    visitor = threading.Thread(target=visit)
    visitor.start()
    for second in range(1, 40):
        publish(NEW if second % 2 else OLD, tmp_path, NOON + timedelta(seconds=second))
    done.set()
    visitor.join()
    assert missed == []


def test_a_tree_whose_record_cannot_be_read_was_never_made(tmp_path: Path) -> None:
    publish(NEW, tmp_path, NOON)
    store = Store(tmp_path)
    (tree,) = {part.tree for part in store.parts(store.current()).values()}
    assert store.record(tree) != NOTHING
    (tmp_path / "trees" / f"{tree}.json").write_text('{"files": {}}')
    assert store.record(tree) == store.record("none") == NOTHING
    assert not store.has("none")


def test_one_tree_is_left_of_two_that_are_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    rename = os.rename

    def late(source: str | Path, target: str | Path) -> None:
        """Another process was faster."""
        if Path(target).parent == tmp_path / "trees":
            shutil.copytree(source, target)
        rename(source, target)

    monkeypatch.setattr(os, "rename", late)
    with store.locked():
        tree, _ = store.add(NEW, (), None, {}, ())
        assert {path.name for path in (tmp_path / "trees").iterdir()} == {tree, f"{tree}.json"}
        (tmp_path / "trees" / tree).rename(tmp_path / "taken")
        monkeypatch.setattr(os, "rename", lambda source, target: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            store.add(NEW, (), None, {}, ())
