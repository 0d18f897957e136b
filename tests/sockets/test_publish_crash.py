"""Whatever befalls a publisher, visitors are served complete releases, and the next publisher succeeds."""

import errno
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from catalog import inputs
from catalog.publish import publish
from catalog.store import Store
from tests.support import draft as edits
from tests.support.draft import first_draft
from tests.support.publisher import DISK_REFUSED, DONE, Publisher
from tests.support.site import serving
from tests.support.store import leftovers, seen

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KILLS = 200


@dataclass(frozen=True)
class State:
    """A content that could be published, and what visitors then find; releases of it end in `digits`."""

    files: Path
    found: Mapping[str, bytes]
    digits: str

    def publish(self, site: Path, now: datetime) -> str:
        """By this process alone; the release."""
        done = publish(
            self.files / "content", self.files / "templates", site, now, compress=False, processes=1
        )
        return done.release


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[State]:
    """Streets enough for several workers; the next states differ in every page, in addresses, in places, in looks."""
    draw = Random(1)
    first = first_draft(inputs.today(NOON))
    edits.add_street(first, draw, 11)
    edits.add_street(first, draw, 12)
    drafts = [first, *(first.copy() for _ in range(4))]
    drafts[1].district["illustrative"] = "每一页都不同的虚构示例。"
    edits.rename_item(drafts[2], draw, 21)
    edits.remove_station(drafts[3], draw, 31)
    edits.rename_street(drafts[3], draw, 32)
    edits.change_template(drafts[4], Random(0), 41)
    edits.change_item(drafts[4], draw, 42)
    made = []
    for number, draft in enumerate(drafts):
        root = tmp_path_factory.mktemp(f"state-{number}")
        draft.write(root)
        unpublished = State(root, {}, "")
        release = unpublished.publish(root / "site", NOON)
        made.append(State(root, seen(root / "site"), release[-8:]))
    assert len({state.digits for state in made}) == len(made)
    return made


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()
    yield publisher
    publisher.close()


def is_whole(site: Path) -> bool:
    """Whether what is current is as it was published."""
    store = Store(site)
    current = store.current()
    return current is not None and list(store.verify(current)) == []


def ending(store: Store) -> str:
    """The digits that the current release ends in."""
    return (store.current() or "")[-8:]


class Visitor(threading.Thread):
    """Fetches pages without end, by the current release's address and by that of one release."""

    def __init__(self, site: Path, origin: str, states: list[State]) -> None:
        super().__init__()
        self._site, self._address, self._states = site, origin.removeprefix("http://"), states
        self._leaves = threading.Event()
        self.fetched = 0
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        draw = Random(7)
        paths = sorted({path for state in self._states for path in state.found})
        always = [path for path in paths if all(path in state.found for state in self._states)]
        while not self._leaves.is_set() and not self.wrong:
            self._visit_current(draw.choice(always))
            self._visit_one_release(draw.sample(paths, 12))
            # The publishers want a processor, too.
            self._leaves.wait(0.02)

    def _visit_current(self, path: str) -> None:
        body = self._fetch(f"/current/{path}")
        if body not in [state.found[path] for state in self._states]:
            self.wrong.append(f"current: {path} is of no release")

    def _visit_one_release(self, paths: list[str]) -> None:
        """All that is found in it is of one state, and so is all that is not."""
        release = os.readlink(self._site / "current")
        possible = self._states
        for path in paths:
            body = self._fetch(f"/{release}/{path}")
            possible = [state for state in possible if state.found.get(path) == body]
            if not possible:
                self.wrong.append(f"{release}: {path} is of another release than the others")
                return
        self.found.update(state.digits for state in possible if release.endswith(state.digits))

    def _fetch(self, target: str) -> bytes | None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        try:
            connection.request("GET", target)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{target}: {error!r}")
            return None
        finally:
            connection.close()
        self.fetched += 1
        if answer.status not in (200, 404):
            self.wrong.append(f"{target}: {answer.status}")
        return body if answer.status == 200 else None

    def leave(self) -> None:
        self._leaves.set()
        self.join()


@contextmanager
def visiting(visitor: Visitor) -> Iterator[Visitor]:
    visitor.start()
    try:
        yield visitor
    finally:
        visitor.leave()


def test_visitors_find_one_complete_release_however_often_publishers_are_killed(
    tmp_path: Path, states: list[State], publisher: Publisher
) -> None:
    site, draw, now = tmp_path / "site", Random(5), NOON
    states[0].publish(site, now)
    took: dict[int, float] = {}
    killed = finished = turn = 0
    with serving(site) as origin, visiting(Visitor(site, origin, states)) as visitor:
        while killed < KILLS and not visitor.wrong:
            now += timedelta(seconds=1)
            store, processes = Store(site), turn % 2 + 1
            state = draw.choice([each for each in states if each.digits != ending(store)])
            begun = time.perf_counter()
            group = publisher.begin(state.files, site, now, processes)
            # The first of each kind tells how long it takes; some later ones may come to their end, too.
            spared = processes not in took or turn % 20 < 2
            if not spared:
                time.sleep(draw.uniform(0, took[processes]))
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
            status = publisher.ended()
            took.setdefault(processes, time.perf_counter() - begun)
            assert status == DONE or (status == -signal.SIGKILL and not spared)
            killed, finished, turn = killed + (status < 0), finished + (status == DONE), turn + 1
            assert ending(store) in ({state.digits} if status == DONE else {each.digits for each in states})
            assert is_whole(site), f"after turn {turn}"
    assert visitor.wrong == []
    assert (killed, set(visitor.found)) == (KILLS, {state.digits for state in states})
    assert finished >= KILLS // 10 and visitor.fetched > KILLS
    states[0].publish(site, now + timedelta(seconds=1))
    assert seen(site) == states[0].found
    assert leftovers(site) == set()
    assert {release: list(store.verify(release)) for release in store.ids()} == dict.fromkeys(store.ids(), [])


def test_workers_end_with_a_publisher_that_is_killed_alone(tmp_path: Path, states: list[State]) -> None:
    """They have its lock: left behind they would keep every other publisher out."""
    site = tmp_path / "site"
    first = subprocess.Popen(publishing(states[0].files, site), start_new_session=True)
    try:
        while not any((site / "trees").glob("*")):
            assert first.poll() is None
        first.kill()
        assert first.wait() == -signal.SIGKILL
        assert subprocess.run(publishing(states[1].files, site), check=False, timeout=30).returncode == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
    assert is_whole(site)
    assert leftovers(site) == set()


def publishing(files: Path, site: Path) -> list[str | Path]:
    """The editors' command, with two workers."""
    command: list[str | Path] = [sys.executable, ROOT / "build.py", "publish", "--json"]
    command += ["--no-compress", "--processes", "2"]
    return [*command, "--content", files / "content", "--site", site]


def test_two_publishers_at_once_publish_one_after_the_other(tmp_path: Path, states: list[State]) -> None:
    site = tmp_path / "site"
    both = [
        subprocess.Popen(publishing(state.files, site), stdout=subprocess.PIPE, text=True)
        for state in states[:2]
    ]
    told = [json.loads(publisher.communicate(timeout=60)[0]) for publisher in both]
    assert [publisher.returncode for publisher in both] == [0, 0]
    store = Store(site)
    assert all(each["fresh"] for each in told)
    assert sorted(each["release"] for each in told) == store.ids()
    assert store.current() == store.ids()[-1]
    assert all(list(store.verify(release)) == [] for release in store.ids())
    assert seen(site) == next(state.found for state in states if state.digits == ending(store))
    assert leftovers(site) == set()


def test_many_workers_publish_what_one_does(
    tmp_path: Path, states: list[State], publisher: Publisher
) -> None:
    for second, state in enumerate((states[0], states[1], states[3])):
        publisher.begin(state.files, tmp_path, NOON + timedelta(seconds=second), processes=3)
        assert publisher.ended() == DONE
        assert seen(tmp_path) == state.found


@pytest.mark.parametrize("blocked", ["", "releases", "trees", ".lock"])
def test_a_site_that_cannot_be_written_is_told_of(tmp_path: Path, states: list[State], blocked: str) -> None:
    """A file where a directory should be, or a directory where a file should be."""
    site = tmp_path / "site"
    path = site / blocked
    path.parent.mkdir(exist_ok=True)
    if blocked == ".lock":
        path.mkdir()
    else:
        path.write_text("")
    with pytest.raises(OSError) as refusal:
        states[0].publish(site, NOON)
    assert str(refusal.value.filename).startswith(str(path))
    path.rmdir() if blocked == ".lock" else path.unlink()
    states[0].publish(site, NOON)
    assert seen(site) == states[0].found


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("part", ["none", "few", "half", "all but one"])
def test_a_file_that_cannot_be_written_to_its_end_leaves_what_is_current(
    tmp_path: Path, states: list[State], publisher: Publisher, processes: int, part: str
) -> None:
    states[0].publish(tmp_path, NOON)
    before = os.readlink(tmp_path / "current")
    changed = [body for path, body in states[1].found.items() if states[0].found.get(path) != body]
    sizes = sorted(map(len, changed))
    at = {"none": 0, "few": sizes[0], "half": sizes[len(sizes) // 2], "all but one": sizes[-1] - 1}
    now = NOON + timedelta(seconds=1)
    publisher.begin(states[1].files, tmp_path, now, processes, largest=at[part])
    assert publisher.ended() == DISK_REFUSED
    assert os.readlink(tmp_path / "current") == before
    assert seen(tmp_path) == states[0].found and is_whole(tmp_path)
    publisher.begin(states[1].files, tmp_path, now, processes)
    assert publisher.ended() == DONE
    assert seen(tmp_path) == states[1].found
    assert leftovers(tmp_path) == set()


class FullDisk:
    """Has room for so many writes, and for the half of the next one."""

    def __init__(self, patch: pytest.MonkeyPatch, room: int | None = None) -> None:
        self.writes = 0
        self._room, self._write = room, os.write
        patch.setattr(os, "write", self._written)

    def _written(self, descriptor: int, data: memoryview) -> int:
        self.writes += 1
        if self._room is None or self.writes <= self._room:
            return self._write(descriptor, data)
        if self.writes == self._room + 1 and len(data) > 1:
            return self._write(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_what_is_current(tmp_path: Path, states: list[State]) -> None:
    old, new = states[0], states[1]
    with pytest.MonkeyPatch.context() as patch:
        old.publish(tmp_path / "counted", NOON)
        disk = FullDisk(patch)
        new.publish(tmp_path / "counted", NOON + timedelta(seconds=1))
        writes = disk.writes
    assert writes > len([path for path in new.found if path.endswith(".html")])
    for room in (0, 1, writes // 3, writes // 2, writes - 2, writes - 1):
        site = tmp_path / str(room)
        old.publish(site, NOON)
        before = os.readlink(site / "current")
        with pytest.MonkeyPatch.context() as patch:
            FullDisk(patch, room)
            with pytest.raises(OSError) as refusal:
                new.publish(site, NOON + timedelta(seconds=1))
        assert refusal.value.errno == errno.ENOSPC
        assert Path(refusal.value.filename).is_relative_to(site)
        assert os.readlink(site / "current") == before
        assert seen(site) == old.found and is_whole(site)
        new.publish(site, NOON + timedelta(seconds=2))
        assert seen(site) == new.found
        assert leftovers(site) == set()


def test_a_clock_that_was_set_back_does_not_turn_the_order_of_releases(
    tmp_path: Path, states: list[State]
) -> None:
    told = [
        states[number % 2].publish(tmp_path, now)
        for number, now in enumerate((NOON, NOON - timedelta(hours=1), NOON, NOON - timedelta(minutes=1)))
    ]
    assert told == sorted(set(told)) == Store(tmp_path).ids()
    assert Store(tmp_path).current() == told[-1]
    assert seen(tmp_path) == states[1].found
