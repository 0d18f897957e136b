"""A release is complete, and its links hold together."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import assets, disclosure_pages, pages
from catalog.exchange.formats import FORMATS
from catalog.load import load
from catalog.model import Catalogue, Redirect
from catalog.release import assemble, page_count
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
    planned = {page.path for page in [*pages.plan(catalogue), *disclosure_pages.plan(catalogue)]}
    planned |= {"open-data/index.html"}
    static = assets.read(TEMPLATES).files.keys()
    exported = {f"open-data/{name}" for each in FORMATS.values() for name in each.files}
    in_modes = {f"{mode}/{path}" for mode in ("elder", "contrast") for path in planned - {"404.html"}}
    beside = {
        "catalog.json",
        "open-data/catalog.schema.json",
        "robots.txt",
        "sitemap.xml",
        "sitemap-city.xml",
        "sitemap-items.xml",
    }
    beside |= {f"streets/{slug}/sitemap.xml" for slug in ("jia-street", "yi-township")}
    index = {"search/items.json", "search/summaries.json", "search/stations-990100.json"}
    index |= {f"streets/{name}.json" for name in ("holidays", "nearby", "jia-street", "yi-township")}
    assert set(files) == planned | static | exported | in_modes | beside | index
    assert page_count(files) == len(planned)
    assert json.loads(files["catalog.json"])["district"]["code"] == "990100"


def test_the_last_item_of_a_field_may_be_cancelled(catalogue: Catalogue) -> None:
    for item in catalogue.items:
        rest = tuple(other for other in catalogue.items if other is not item)
        cancelled = item.model_copy(update={"state": State.CANCELLED})
        _, problems = assemble(catalogue.model_copy(update={"items": (cancelled, *rest)}), TEMPLATES)
        assert problems == []


def test_what_moved_leads_on_and_is_in_no_sitemap(catalogue: Catalogue) -> None:
    old = Redirect(old="/gao-ling.html", new="/items/gao-ling-jin-tie.html")
    files, problems = assemble(catalogue.model_copy(update={"redirects": (old,)}), TEMPLATES)
    assert problems == []
    assert b'http-equiv="refresh" content="0; url=/items/gao-ling-jin-tie.html"' in files["gao-ling.html"]
    assert b'content="0; url=/elder/items/gao-ling-jin-tie.html"' in files["elder/gao-ling.html"]
    listed = files["sitemap-items.xml"]
    assert b"gao-ling.html<" not in listed and b"gao-ling-jin-tie.html<" in listed


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "/items/gao-ling-jin-tie.html",
            "/items/",
            "旧地址 /items/gao-ling-jin-tie.html 现在有页面，应删去这一行，或给页面换一个网址名。",
        ),
        ("/index.html", "/items/", "旧地址 /index.html 现在有页面，应删去这一行，或给页面换一个网址名。"),
        ("/desk/", "/items/", "旧地址 /desk/ 的第一段留给了别的用途，应删去这一行。"),
        ("/elder/a.html", "/items/", "旧地址 /elder/a.html 的第一段留给了别的用途，应删去这一行。"),
        ("/a.html", "/items/mei-you.html", "新地址 /items/mei-you.html 没有页面，应改成现在有的地址。"),
        ("/a.html", "/b.html", "新地址 /b.html 也是旧地址，应直接写最后的地址。"),
    ],
)
def test_a_dead_redirect_stops_a_release(catalogue: Catalogue, old: str, new: str, fault: str) -> None:
    others = Redirect(old="/b.html", new="/items/")
    moved = catalogue.model_copy(update={"redirects": (others, Redirect(old=old, new=new))})
    _, problems = assemble(moved, TEMPLATES)
    assert [str(problem) for problem in problems] == [
        f"redirects.csv:3:{1 if '旧' == fault[0] else 2} {fault}"
    ]


def test_an_old_address_is_written_once(catalogue: Catalogue) -> None:
    twice = (Redirect(old="/b.html", new="/items/"), Redirect(old="/b.html", new="/"))
    _, problems = assemble(catalogue.model_copy(update={"redirects": twice}), TEMPLATES)
    assert [str(problem) for problem in problems] == [
        "redirects.csv:3:1 旧地址 /b.html 写了两次，应删去一行。"
    ]


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
    (problem,) = problems
    assert (problem.file, problem.line, problem.rule) == ("templates/station.html", 1, "render")
    assert "页面 /streets/jia-street/jia-yi.html 无法生成（UndefinedError: " in problem.message


def test_an_address_in_the_open_data_without_a_page_is_told(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = pages.items

    def moved(catalogue: Catalogue) -> list[pages.Page]:
        stale = "/items/jiu-ye-deng-ji.html"
        return [
            replace(page, address="/moved.html") if page.address == stale else page
            for page in plan(catalogue)
        ]

    monkeypatch.setattr(pages, "items", moved)
    _, problems = assemble(catalogue, TEMPLATES)
    assert "catalog.json 网址 /items/jiu-ye-deng-ji.html 没有对应的页面。" in map(str, problems)
