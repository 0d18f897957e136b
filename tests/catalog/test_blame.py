"""Where a dead link was written."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import blame
from catalog.links import DeadLink
from catalog.publication import Refused
from catalog.publish import publish
from tests.support.catalogue import REGISTRATION, Content

TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOURCES = {
    "items/a.yaml": "x: 1\nsummary: 见 /nowhere.html\n",
    "items/b.yaml": "summary: |\n  不是 /nowhere.html5，是 [这里](/nowhere.html)\n",
    "templates/street.html": '<a href="{{ street }}#stations">',
}


def told(*dead: DeadLink) -> list[str]:
    return [str(problem) for problem in blame.told(dead, SOURCES)]


def test_a_link_is_told_once_at_the_line_of_the_file_that_its_page_is_of() -> None:
    assert told(DeadLink("items/b.html", "/nowhere.html", "没有")) == [
        "items/b.yaml:2:28 链接 /nowhere.html 没有（见页面 /items/b.html）。"
    ]
    pages = (DeadLink(f"streets/{name}/items/c.html", "/nowhere.html", "没有") for name in "xyz")
    assert told(*pages) == [
        "items/a.yaml:2:12 链接 /nowhere.html 没有（见页面 /streets/x/items/c.html 等 3 个页面）。"
    ]


def test_a_template_is_found_by_the_fragment_where_the_rest_is_made() -> None:
    assert told(DeadLink("index.html", "/streets/a.html#stations", "没有")) == [
        "templates/street.html:1:22 链接 /streets/a.html#stations 没有（见页面 /index.html）。"
    ]


def test_what_is_written_nowhere_is_told_at_every_page() -> None:
    assert told(DeadLink("a.html", "/made.html", "没有"), DeadLink("b.html", "/made.html", "没有")) == [
        "a.html 链接 /made.html 没有。",
        "b.html 链接 /made.html 没有。",
    ]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def refused(content: Content, templates: Path, site: Path) -> list[str]:
    with pytest.raises(Refused) as refusal:
        publish(content.root, templates, site, NOW, compress=False)
    assert not (site / "current").exists()
    assert not list((site / "trees").iterdir())
    return [str(problem) for problem in refusal.value.problems]


def line_of(path: Path, text: str) -> str:
    lines = path.read_text("utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, start=1) if text in line]
    return f"{number}:{lines[number - 1].index(text) + 1}"


def test_a_broken_anchor_stops_the_release_with_page_and_line(
    content: Content, templates: Path, tmp_path: Path
) -> None:
    content.edit(REGISTRATION, "summary: ", "summary: 先看[清单](https://kezhong.example/items/#mei-you)。")
    (problem,) = refused(content, templates, tmp_path / "site")
    place = line_of(content.root / REGISTRATION, "https://kezhong.example/items/#mei-you")
    assert problem == (
        f"{REGISTRATION}:{place} 链接 https://kezhong.example/items/#mei-you 指向的页面里没有 #mei-you 这一处"
        f"（见页面 /items/jiu-ye-deng-ji.html 等 3 个页面）。"
    )


def test_a_broken_download_stops_the_release_with_page_and_line(
    content: Content, templates: Path, tmp_path: Path
) -> None:
    home = templates / "home.html"
    text = home.read_text("utf-8")
    home.write_text(
        text.replace("{% block main %}", '{% block main %}\n<a href="/open-data/mei-you.csv">下载</a>'),
        "utf-8",
    )
    (problem,) = refused(content, templates, tmp_path / "site")
    place = line_of(home, "/open-data/mei-you.csv")
    assert problem == (
        f"templates/home.html:{place} 链接 /open-data/mei-you.csv 没有对应的页面或文件（见页面 /index.html）。"
    )


def test_addresses_that_lead_on_to_each_other_stop_the_release_with_their_lines(
    content: Content, templates: Path, tmp_path: Path
) -> None:
    content.write("redirects.csv", "old,new\n/a.html,/b.html\n/b.html,/a.html\n")
    first, second = refused(content, templates, tmp_path / "site")
    assert first.startswith("redirects.csv:2:2 新地址 /b.html 也是旧地址")
    assert second.startswith("redirects.csv:3:2 新地址 /a.html 也是旧地址")
