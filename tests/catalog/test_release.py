"""A release is complete, and its links hold together."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import pages
from catalog.exchange.formats import FORMATS
from catalog.load import load
from catalog.model import Catalogue
from catalog.release import assemble, dead_links, page_count
from catalog.terms import State
from tests.support.catalogue import MINIMAL

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def catalogue() -> Catalogue:
    result = load(MINIMAL).catalogue
    assert result is not None
    return result


def test_a_release_has_every_planned_page_the_static_files_and_the_open_data(catalogue: Catalogue) -> None:
    files, problems = assemble(catalogue, TEMPLATES)
    assert problems == []
    planned = {page.path for page in pages.plan(catalogue)} | {"open-data/index.html"}
    static = {
        path.relative_to(TEMPLATES).as_posix() for path in (TEMPLATES / "static").rglob("*") if path.is_file()
    }
    exported = {f"open-data/{name}" for each in FORMATS.values() for name in each.files}
    index = {"search/items.json", "search/summaries.json", "search/stations-990100.json"}
    contract = {"catalog.json", "open-data/catalog.schema.json"}
    assert set(files) == planned | static | exported | index | contract
    assert page_count(files) == len(planned)
    assert json.loads(files["catalog.json"])["district"]["code"] == "990100"


def test_the_last_item_of_a_field_may_be_cancelled(catalogue: Catalogue) -> None:
    for item in catalogue.items:
        rest = tuple(other for other in catalogue.items if other is not item)
        cancelled = item.model_copy(update={"state": State.CANCELLED})
        _, problems = assemble(catalogue.model_copy(update={"items": (cancelled, *rest)}), TEMPLATES)
        assert problems == []


def test_a_release_is_the_same_twice(catalogue: Catalogue) -> None:
    assert assemble(catalogue, TEMPLATES) == assemble(catalogue, TEMPLATES)


def test_two_pages_of_one_address_are_told(catalogue: Catalogue) -> None:
    street = catalogue.streets[0].model_copy(update={"slug": "index"})
    files, problems = assemble(
        catalogue.model_copy(update={"streets": (street, *catalogue.streets[1:])}), TEMPLATES
    )
    assert [str(problem) for problem in problems] == [
        "streets/index.html 网址 /streets/index.html 已有别的内容，应换一个网址名（slug）。"
    ]


def test_a_page_that_fails_is_told_with_its_template(catalogue: Catalogue, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "station.html").write_text("{{ no_such_thing }}")
    _, problems = assemble(catalogue, templates)
    assert [problem.file for problem in problems] == [
        "streets/jia-street/jia-yi.html",
        "streets/yi-township/yi-shang.html",
    ]
    assert all("station.html" in problem.message and problem.rule == "render" for problem in problems)


def test_an_address_in_the_open_data_without_a_page_is_told(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = pages.plan

    def moved(catalogue: Catalogue) -> list[pages.Page]:
        stale = "/items/jiu-ye-deng-ji.html"
        return [
            replace(page, address="/moved.html") if page.address == stale else page
            for page in plan(catalogue)
        ]

    monkeypatch.setattr(pages, "plan", moved)
    _, problems = assemble(catalogue, TEMPLATES)
    assert "catalog.json 就业登记的网址 /items/jiu-ye-deng-ji.html 没有对应的页面。" in map(str, problems)


PAGE = b'<h1 id="top">A</h1><p id="\xe6\x9d\x90\xe6\x96\x99">B</p>'


def faults(*hrefs: str, at: str = "items/a.html") -> list[str]:
    links = "".join(f'<a href="{href}">x</a>' for href in hrefs)
    files = {
        "index.html": PAGE,
        "items/index.html": PAGE,
        "items/b.html": PAGE,
        "static/site.css": b"a {}",
        at: PAGE + links.encode(),
    }
    return [str(problem) for problem in dead_links(files)]


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/items/",
        "/items/b.html",
        "b.html",
        "../static/site.css",
        "./",
        "#top",
        "/items/b.html#top",
        "/items/b.html?from=home#top",
        "/items/b.html#%E6%9D%90%E6%96%99",
        "/items/%62.html",
        "/static/site.css#anything",
        "/desk/station?item=b",
        "https://example.com/nowhere",
        "tel:+86-10-00000000",
        "",
    ],
)
def test_a_living_link_is_no_fault(href: str) -> None:
    assert faults(href) == []


def test_dead_links_are_told_by_page_and_link_each_once() -> None:
    assert faults(
        "/nowhere.html", "/items/b.html#nowhere", "#nowhere", "c.html", "/items", "/nowhere.html"
    ) == [
        "items/a.html 链接 /nowhere.html 没有对应的页面或文件。",
        "items/a.html 链接 /items/b.html#nowhere 指向的页面里没有 #nowhere 这一处。",
        "items/a.html 链接 #nowhere 指向的页面里没有 #nowhere 这一处。",
        "items/a.html 链接 c.html 没有对应的页面或文件。",
        "items/a.html 链接 /items 没有对应的页面或文件。",
    ]


def test_a_missing_picture_is_a_dead_link() -> None:
    files = {"index.html": b'<img src="/static/a.png" alt="">'}
    assert [problem.message for problem in dead_links(files)] == ["链接 /static/a.png 没有对应的页面或文件。"]
