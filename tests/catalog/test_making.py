"""Sections made of pages: what is made, what is taken over, and what is wrong."""

import shutil
from pathlib import Path

import pytest

from catalog.load import load
from catalog.making import Maker
from catalog.model import Catalogue, Redirect
from catalog.problem import Unusable
from catalog.record import Record
from catalog.render import Renderer
from catalog.sections import Section, sections
from tests.support.catalogue import MINIMAL

TEMPLATES = Path(__file__).parents[2] / "templates"
STREET = "streets/jia-street"


@pytest.fixture
def catalogue() -> Catalogue:
    read = load(MINIMAL).catalogue
    assert read is not None
    return read


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def section(catalogue: Catalogue, name: str = STREET) -> Section:
    return next(each for each in sections(catalogue) if each.name == name)


def test_what_did_not_change_is_taken_over_in_every_mode(catalogue: Catalogue) -> None:
    maker = Maker(Renderer(TEMPLATES), "generator", compress=True)
    first = maker.make(section(catalogue))
    record = Record(dict.fromkeys(first.files, ""), first.pages, first.targets)
    again = maker.make(section(catalogue), record)
    assert (again.rendered, again.pages, again.targets) == (0, first.pages, first.targets)
    assert set(again.kept) == {path for path in first.files if ".html" in path}
    assert {f"elder/{STREET}.html.gz", f"{STREET}.html.br"} <= set(again.kept)
    other = Maker(Renderer(TEMPLATES), "generator", compress=False).make(section(catalogue), record)
    assert other.rendered == first.rendered


def test_only_pages_that_reach_a_template_are_made_again_when_it_changes(
    catalogue: Catalogue, templates: Path
) -> None:
    def keys() -> dict[str, str]:
        return dict(Maker(Renderer(templates), "generator", compress=False).make(section(catalogue)).pages)

    before = keys()
    (templates / "poster.html").write_text(
        (templates / "poster.html").read_text("utf-8") + "<!-- -->", "utf-8"
    )
    after = keys()
    assert {path for path in before if before[path] != after[path]} == {f"{STREET}/jia-yi/poster.html"}
    (templates / "station-parts.html").write_text("{% macro a() %}{% endmacro %}")
    (templates / "street.html").write_text("{% include site.name ~ '.html' %}")
    assert keys()[f"{STREET}.html"] != after[f"{STREET}.html"]


def test_a_template_that_cannot_be_read_fails_when_its_page_is_made(
    catalogue: Catalogue, templates: Path
) -> None:
    (templates / "street.html").write_text("{% if %}")
    made = Maker(Renderer(templates), "generator", compress=False).make(section(catalogue))
    (problem,) = made.problems
    assert (problem.file, problem.line, problem.rule) == ("templates/street.html", 1, "render")
    assert f"{STREET}.html" not in made.files and f"{STREET}/jia-yi.html" in made.files


def test_a_link_within_a_page_to_nothing_is_dead(catalogue: Catalogue, templates: Path) -> None:
    (templates / "street.html").write_text('<a href="#here">a</a><b id="here"></b><a href="#there">b</a>')
    made = Maker(Renderer(templates), "generator", compress=False).make(section(catalogue))
    (dead,) = made.dead
    assert (dead.page, dead.link) == (f"{STREET}.html", "#there")


def test_an_address_that_is_a_file_of_its_section_already_is_told(catalogue: Catalogue) -> None:
    moved = Redirect(old=f"/{STREET}/jia-yi.html", new="/")
    both = catalogue.model_copy(update={"redirects": (moved, Redirect(old="/other.html", new="/"))})
    (problem,) = Maker(Renderer(TEMPLATES), "generator", compress=False).make(section(both)).problems
    assert (problem.file, problem.rule) == (f"{STREET}/jia-yi.html", "address-twice")


def test_templates_that_bring_each_other_in_are_refused(templates: Path) -> None:
    (templates / "street.html").write_text('{% include "layout.html" %}')
    with (templates / "layout.html").open("a") as layout:
        layout.write('{% include "street.html" %}')
    with pytest.raises(
        Unusable, match=r"^模板不能互相引用：(layout\.html -> street|street\.html -> layout)\.html"
    ):
        Renderer(templates)


def test_a_template_that_is_no_text_is_refused(templates: Path) -> None:
    (templates / "street.html").write_bytes(b"\xff")
    with pytest.raises(Unusable, match=r"^模板 street\.html 应为 UTF-8 编码，第 1 个字节不是。$"):
        Renderer(templates)
