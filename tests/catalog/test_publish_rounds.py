"""Round after round of edits: what is published of what changed is what would be published of everything."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from catalog import inputs
from catalog.publication import Publication, Refused
from catalog.publish import publish
from catalog.store import Store
from tests.support.catalogue import REGISTRATION, Content
from tests.support.draft import (
    EDITS,
    Draft,
    Edit,
    add_item,
    add_override,
    add_street,
    change_station,
    first_draft,
    prepare_item,
)
from tests.support.store import leftovers, seen, tree

TEMPLATES = Path(__file__).parents[2] / "templates"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_a_renamed_station_leads_on_from_its_old_address(content: Content, tmp_path: Path) -> None:
    old, new = "/streets/jia-street/jia-yi.html", "/streets/jia-street/jia-xin.html"
    content.edit("stations.csv", "jia-yi", "jia-xin")
    content.write("redirects.csv", f"old,new\n{old},{new}\n")
    publish(content.root, TEMPLATES, tmp_path / "site", NOON, compress=False)
    files = tree(tmp_path / "site" / "current")
    assert f'content="0; url={new}"'.encode() in files[old.removeprefix("/")]
    assert f'content="0; url=/elder{new}"'.encode() in files[f"elder{old}"]
    assert b"jia-yi.html" not in files["streets/jia-street/sitemap.xml"]


def test_a_version_prepared_for_a_day_is_published_on_that_day(content: Content, tmp_path: Path) -> None:
    prepared = (content.root / REGISTRATION).read_text("utf-8").replace("找到工作后", "换了工作后")
    content.write(REGISTRATION.replace(".yaml", "@2026-11-24.yaml"), prepared)
    for day, shown in enumerate(("找到工作后", "换了工作后")):
        publish(content.root, TEMPLATES, tmp_path, NOON + timedelta(days=day), compress=False)
        assert shown.encode() in (tmp_path / "current" / REGISTRATION.replace(".yaml", ".html")).read_bytes()


def state(site: Path) -> dict[str, object]:
    """Every link, and every file by its place on the disk and its time."""
    found: dict[str, object] = {}
    for directory, below, names in os.walk(site):
        for path in (Path(directory) / name for name in (*below, *names)):
            if path.is_symlink():
                found[str(path)] = os.readlink(path)
            elif path.is_file() and path.name != ".lock":
                status = path.stat()
                found[str(path)] = status.st_ino, status.st_mtime_ns, status.st_size
    return found


class Walk:
    """One site that is published to after every edit."""

    def __init__(self, root: Path, seed: int) -> None:
        self.draw = Random(seed)
        self.root, self.site = root, root / "site"
        self.now = NOON
        self.draft = first_draft(inputs.today(self.now))
        self.past: list[Draft] = []
        self.happened: Counter[str] = Counter()
        self.compress = False
        self.deck: list[Edit] = []
        self.number = 100

    def publish(self, site: Path, draft: Draft | None = None) -> Publication:
        draft = draft or self.draft
        draft.day = inputs.today(self.now)
        draft.write(self.root / "files")
        files = self.root / "files"
        return publish(
            files / "content", files / "templates", site, self.now, compress=self.compress, processes=1
        )

    def edit(self) -> None:
        """By the next edit of the deck, in which each one is once."""
        self.deck = self.deck or self.draw.sample(EDITS, len(EDITS))
        self.deck.remove(next(edit for edit in self.deck if self.make(edit)))

    def make(self, edit: Edit) -> bool:
        """Whether there was anything to edit."""
        self.number += 1
        if edit(self.draft, self.draw, self.number) is False:
            return False
        self.draft.settle()
        self.happened[edit.__name__] += 1
        return True

    def round(self) -> Publication:
        """Publish, hold the release against a clean one, and publish again."""
        clean = self.root / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        done, anew = self.publish(self.site), self.publish(clean)
        assert seen(self.site) == seen(clean)
        assert done.release[-8:] == anew.release[-8:]
        assert Store(self.site).current() == done.release
        assert list(Store(self.site).verify(done.release)) == []
        if done.fresh:
            assert done.rendered + done.reused == anew.rendered
        before = state(self.site)
        again = self.publish(self.site)
        assert (again.release, again.fresh) == (done.release, False)
        assert state(self.site) == before
        self.past.append(self.draft.copy())
        return done


def nothing(walk: Walk) -> None:
    last = walk.round()
    walk.now += timedelta(minutes=1)
    done = walk.round()
    assert (done.release, done.fresh) == (last.release, False)


def unseen(walk: Walk) -> None:
    """An edit that no page shows."""
    last = walk.round()
    walk.draft.comment += "# 给编辑看的话\n"
    done = walk.round()
    assert (done.release, done.fresh, done.rendered) == (last.release, False, 0)


def days_pass(walk: Walk) -> None:
    """Nothing is written; what was prepared is in force."""
    assert walk.make(prepare_item)
    walk.round()
    walk.now += timedelta(days=3)
    assert walk.round().fresh


def clock_set_back(walk: Walk) -> None:
    last = Store(walk.site).ids()[-1]
    walk.now -= timedelta(days=1, hours=3)
    done = walk.round()
    assert done.release > last if done.fresh else done.release == last


def returned(walk: Walk) -> None:
    """Everything is as it was some rounds ago."""
    walk.draft = walk.draw.choice(walk.past).copy()
    walk.round()


def rolled_back(walk: Walk) -> None:
    """The operator goes back; the next publication follows the content again."""
    walk.round()
    store = Store(walk.site)
    with store.locked():
        store.point(walk.draw.choice(store.ids()))
    walk.round()


def pruned(walk: Walk) -> None:
    store = Store(walk.site)
    with store.locked():
        store.prune(2)
    assert len(store.ids()) <= 3
    walk.round()


def compressed(walk: Walk) -> None:
    walk.compress = True
    walk.round()
    walk.compress = False


def refused(walk: Walk, spoil: Callable[[Draft], object], *rules: str) -> None:
    """Spoilt content is refused and what the public sees stays; mended it is published."""
    current = walk.round().release
    before, store = seen(walk.site), Store(walk.site)
    ids = store.ids()
    draft = walk.draft.copy()
    spoil(draft)
    with pytest.raises(Refused) as refusal:
        walk.publish(walk.site, draft)
    assert {problem.rule for problem in refusal.value.problems} & set(rules)
    assert (store.current(), store.ids()) == (current, ids)
    assert seen(walk.site) == before
    assert list(store.verify(current)) == []
    assert walk.round().release == current
    assert leftovers(walk.site) == set()


def refused_by_the_rules(walk: Walk) -> None:
    refused(walk, lambda draft: draft.stations[0].update(street="990100999"), "unknown-street")


def refused_by_a_link(walk: Walk) -> None:
    text = (TEMPLATES / "street.html").read_text("utf-8")
    link = text.replace("{% block main %}", '{% block main %}<a href="/items/mei-you.html">无</a>')
    refused(walk, lambda draft: draft.templates.update({"street.html": link}), "dead-link")


def refused_by_a_fragment(walk: Walk) -> None:
    """The place on a page that others lead to, which have been taken over twice by then."""
    text = (TEMPLATES / "street.html").read_text("utf-8")
    walk.draft.templates["street.html"] = text.replace("{% block main %}", "{% block main %}<!-- -->")
    walk.round()
    assert 'id="stations"' in text
    spoilt = text.replace('id="stations"', 'id="mei-you"')
    refused(walk, lambda draft: draft.templates.update({"street.html": spoilt}), "dead-link")


def refused_by_a_template(walk: Walk) -> None:
    spoilt = "{% extends 'layout.html' %}{% block main %}{{ mei_you }}{% endblock %}"
    refused(walk, lambda draft: draft.templates.update({"station.html": spoilt}), "render")


def refused_for_an_address(walk: Walk) -> None:
    """A street takes the address of the list of streets."""

    def spoil(draft: Draft) -> None:
        draft.redirects = {}
        draft.streets[0]["slug"] = "index"

    refused(walk, spoil, "address-twice")


OCCASIONS: tuple[Callable[[Walk], None], ...] = (
    nothing,
    unseen,
    days_pass,
    clock_set_back,
    returned,
    rolled_back,
    pruned,
    compressed,
    refused_by_the_rules,
    refused_by_a_link,
    refused_by_a_fragment,
    refused_by_a_template,
    refused_for_an_address,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_changed_is_published_as_everything_would_be(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No power fails here, and what others write meanwhile need not be waited for.
    monkeypatch.setattr(os, "sync", lambda: None)
    walk = Walk(tmp_path, seed)
    walk.round()
    for occasion in walk.draw.sample(OCCASIONS, len(OCCASIONS)):
        for _ in range(3):
            walk.edit()
        walk.now += timedelta(minutes=walk.draw.randint(1, 90))
        occasion(walk)
        walk.happened[occasion.__name__] += 1
    assert set(walk.happened) == {each.__name__ for each in (*EDITS, *OCCASIONS)}
    store = Store(walk.site)
    assert {release: list(store.verify(release)) for release in store.ids()} == dict.fromkeys(store.ids(), [])
    assert leftovers(walk.site) == set()


def room(site: Path) -> int:
    """Bytes on the disk, those of each file once."""
    files = [path.stat() for path in site.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum({status.st_ino: status.st_size for status in files}.values())


def test_ten_releases_after_small_edits_take_less_room_than_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    walk = Walk(tmp_path, 3)
    for _ in range(7):
        assert walk.make(add_street) and walk.make(add_item)
    walk.publish(walk.site)
    one = room(walk.site)
    for number in range(9):
        walk.now += timedelta(minutes=1)
        assert walk.make((change_station, add_override)[number % 2])
        done = walk.publish(walk.site)
        assert done.fresh and 0 < done.rendered < 10 < done.reused
    assert len(Store(walk.site).ids()) == 10
    assert one < room(walk.site) < 2 * one
