"""Round after round of edits: what is published of what changed is what would be published of everything."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog.publish import publish
from tests.support.catalogue import REGISTRATION, Content
from tests.support.store import tree

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
