"""The site as it is being written: each page when it is asked for, or what is wrong and where."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog import load, source
from catalog.entries import CATALOG
from catalog.model import Catalogue
from catalog.preview import HTML, SHOWN, Answer, Draft, Preview, Superseded, kind_of, live
from catalog.problem import Problem
from catalog.release import assemble
from catalog.sections import Plan, Section, sections
from tests.support.catalogue import ALLOWANCE, MINIMAL, REGISTRATION, Content
from tests.support.site import ROOT

DAY = date(2026, 11, 24)
TEMPLATES = ROOT / "templates"
GUIDE = "/items/gao-ling-jin-tie.html"


class Site:
    """The minimal catalogue and the templates, to be changed between one reading and the next."""

    def __init__(self, content: Content, templates: Path) -> None:
        self.content, self.templates = content, templates
        shutil.copytree(TEMPLATES, templates)
        self.preview = Preview(content.root, templates)

    def read(self, day: date = DAY) -> Draft:
        return self.preview.read(day)

    def get(self, target: str) -> Answer:
        return self.read().answer(target)

    def text(self, target: str) -> str:
        return self.get(target).body.decode()

    def template(self, name: str, old: str, new: str) -> None:
        text = (self.templates / name).read_text("utf-8")
        assert old in text
        (self.templates / name).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def site(content: Content, tmp_path: Path) -> Site:
    return Site(content, tmp_path / "templates")


@pytest.fixture(scope="module")
def draft() -> Draft:
    """The minimal catalogue as it is."""
    return Preview(MINIMAL, TEMPLATES).read(DAY)


def catalogue() -> Catalogue:
    found = load.load(MINIMAL, DAY).catalogue
    assert found is not None
    return found


def test_every_file_of_a_release_is_there_and_the_same(draft: Draft) -> None:
    files, problems = assemble(catalogue(), TEMPLATES)
    assert problems == [] and draft.problems == []
    for path, data in files.items():
        answer = draft.answer(f"/{path}")
        assert (answer.status, answer.body) == (200, data), path
        assert (answer.kind == HTML) == path.endswith(".html")


@pytest.mark.parametrize("prefix", ["", "/elder", "/contrast"])
def test_addresses_are_answered_as_a_web_server_does(draft: Draft, prefix: str) -> None:
    assert draft.answer(f"{prefix}/?a=b#c").page == "index.html"
    assert draft.answer(f"{prefix}/items/").page == "items/index.html"
    assert draft.answer(f"{prefix}/items/gao%2Dling-jin-tie.html").page == GUIDE[1:]
    for folder in ("/items", "/streets"):
        answer = draft.answer(prefix + folder)
        assert (answer.status, answer.location) == (301, f"{prefix}{folder}/")
    assert draft.answer("/elder").location == "/elder/"


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/nothing/",
        "/elder/nothing",
        "/elder/404.html",
        "/elder/catalog.json",
        "/desk/",
        "/items//",
    ]
    + [
        "/../build.py",
        "/%2e%2e/build.py",
        "/open-data/nothing.csv",
        "/.preview/nothing",
        "/.preview/../x",
    ],
)
def test_for_nothing_there_is_the_page_that_says_so(draft: Draft, address: str) -> None:
    answer = draft.answer(address)
    assert (answer.status, answer.page) == (404, "404.html")
    assert answer.body == draft.answer("/404.html").body


def test_a_section_is_planned_when_something_in_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[str] = []

    def noted(found: Catalogue) -> list[Section]:
        def of(section: Section) -> Section:
            def plan(sees: Catalogue) -> Plan:
                planned.append(section.name)
                return section._plan(sees)

            return replace(section, _plan=plan)

        return [of(section) for section in sections(found)]

    monkeypatch.setattr("catalog.preview.sections", noted)
    fresh = Preview(MINIMAL, TEMPLATES).read(DAY)
    assert planned == []
    expected = {
        "/static/tokens.css": [],
        GUIDE: ["items"],
        "/items/": ["items"],
        "/nothing": ["items", "city", "search"],
        "/streets/jia-street.html": ["items", "city", "search", "streets/jia-street"],
        CATALOG: ["items", "city", "search", "streets/jia-street", "data"],
    }
    for address, names in expected.items():
        fresh.answer(address)
        assert planned == names


def test_what_did_not_change_is_not_read_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read_yaml = source.read_yaml

    def noted(file: str, data: bytes) -> tuple[source.YamlFile | None, list[Problem]]:
        parsed.append(file)
        return read_yaml(file, data)

    monkeypatch.setattr(source, "read_yaml", noted)
    assert "高龄津贴" in site.text(GUIDE)
    assert ALLOWANCE in parsed
    parsed.clear()
    site.content.edit(ALLOWANCE, "高龄津贴", "高寿津贴")
    assert "高寿津贴" in site.text(GUIDE)
    assert parsed == [ALLOWANCE]
    site.template("guide.html", "{% block main %}", "{% block main %}<p>新的模板</p>")
    assert "<p>新的模板</p>" in site.text(GUIDE)
    (site.templates / "static" / "modes.css").write_text("/* 新的样式 */", "utf-8")
    (style,) = [each for each in site.text(f"/elder{GUIDE}").split('"') if "/static/modes." in each]
    assert site.text(style) == "/* 新的样式 */"
    assert parsed == [ALLOWANCE]


def test_a_fault_is_shown_instead_of_every_page_with_its_line_and_gone_when_it_is_mended(site: Site) -> None:
    site.content.edit(ALLOWANCE, "copies: 2", "copies: 一")
    for address in ("/", GUIDE, "/elder/", "/catalog.json", "/nothing", "/.preview/nothing"):
        answer = site.get(address)
        assert (answer.status, answer.kind, answer.page) == (500, HTML, "")
        html = answer.body.decode()
        assert "<h1>有 1 处问题</h1>" in html and "显示不出来" in html
        assert f"{ALLOWANCE}<span" in html and "列</span>" in html
        assert "copies: <mark>一</mark>" in html
        assert "copies（复印件份数）应为整数，不加引号，现在是“一”。" in html
    assert site.get("/.preview/").status == 200
    assert json.loads(site.get(f"/.preview/links?page={GUIDE[1:]}").body) == []
    site.content.edit(ALLOWANCE, "copies: 一", "copies: 2")
    assert site.get(GUIDE).status == 200


def test_faults_are_of_cells_of_files_and_of_nothing_to_quote(site: Site) -> None:
    site.content.edit("stations.csv", "010-", "01-")
    (site.content.root / "bodies.yaml").unlink()
    html = site.text("/")
    assert "第 2 行，第 " in html and " 格</span>" in html and "<mark>01-" in html
    assert '<h2 class="card-title">bodies.yaml</h2>\n    <p>缺少这个文件。</p>' in html


def test_what_is_missing_is_marked_by_a_gap_and_what_lacks_a_field_is_not_marked(site: Site) -> None:
    site.content.edit(ALLOWANCE, "name: ", "name:\n#")
    assert "name:<mark>　</mark>" in site.text("/")
    site.content.edit(ALLOWANCE, "name:\n#", "#")
    html = site.text("/")
    assert "缺少 name（事项名称）。" in html and "<mark>" not in html


def test_of_very_many_faults_the_first_are_shown(site: Site) -> None:
    rows = (MINIMAL / "stations.csv").read_text("utf-8").splitlines()
    site.content.write("stations.csv", "\n".join([rows[0], *["x" + "," * rows[0].count(",")] * 50]) + "\n")
    told = len([each for each in site.read().problems])
    html = site.text("/")
    assert told > SHOWN and html.count('class="card"') == SHOWN
    assert f"<h1>有 {told} 处问题</h1>" in html and f"还有 {told - SHOWN} 处，" in html


def test_a_dead_redirect_is_a_fault(site: Site) -> None:
    site.content.write("redirects.csv", "old,new\n/old.html,/nothing.html\n")
    assert "/old.html,<mark>/nothing.html</mark>" in site.text("/")


def test_advice_stops_nothing_and_is_listed(site: Site) -> None:
    site.content.edit(ALLOWANCE, "    number: 样例令第 1 号\n", "")
    assert site.get(GUIDE).status == 200
    html = site.text("/.preview/")
    assert "<h1>没有问题</h1>" in html and "另有 1 条建议，不影响发布" in html
    assert "没有 number（文号），查得到就补上。" in html
    site.content.edit(ALLOWANCE, "copies: 2", "copies: 一")
    assert "建议" not in site.text(GUIDE) and "另有 1 条建议" not in site.text(GUIDE)


@pytest.mark.parametrize(
    ("template", "old", "new", "line", "marked", "reason"),
    [
        (
            "guide.html",
            "{% block main %}",
            "{% block main %}\n  {{ no_such_thing }}",
            1,
            "{{ no_such_thing }}",
            "UndefinedError",
        ),
        ("layout.html", "<body>", "{% if %}", 0, "{% if %}", "TemplateSyntaxError"),
        (
            "guide.html",
            "guide-parts.html",
            "no-parts.html",
            0,
            "no-parts.html",
            "TemplateNotFound: no-parts.html",
        ),
    ],
)
def test_a_template_that_fails_is_told_with_its_line(
    site: Site, template: str, old: str, new: str, line: int, marked: str, reason: str
) -> None:
    before = (site.templates / template).read_text("utf-8").partition(old)[0].count("\n")
    site.template(template, old, new)
    answer = site.get(GUIDE)
    html = answer.body.decode()
    assert answer.status == 500 and "<h1>有 1 处问题</h1>" in html
    assert f"templates/{template}<span" in html and f"第 {before + 1 + line} 行</span>" in html
    assert marked in html.partition("<mark>")[2].partition("</mark>")[0]
    assert f"模板出错（{reason}" in html


def test_a_template_that_is_not_there_is_told_without_a_line(site: Site) -> None:
    (site.templates / "guide.html").unlink()
    assert '<h2 class="card-title">templates/guide.html</h2>' in site.text(GUIDE)
    assert site.get("/items/").status == 200


def test_whatever_cannot_be_read_is_told(site: Site) -> None:
    (site.templates / "guide.html").write_bytes(b"\xff")
    html = site.text("/")
    assert "应为 UTF-8 编码，第 1 个字节不是。" in html
    shutil.rmtree(site.content.root)
    html = site.text("/")
    assert f"{site.content.root}</h2>" in html and "暂时无法读取（应为目录）。" in html


def test_what_goes_wrong_without_templates_is_told_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = site.read()

    def fails(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("catalog.preview.holding", fails)
    assert "程序出错（KeyError: &#39;x&#39;）" in draft.answer("/").body.decode()
    broken = Draft(DAY, (), (), None, draft._own)
    assert "程序出错（AssertionError" in broken.answer("/").body.decode()


def test_a_draft_is_of_its_day(site: Site) -> None:
    later = (site.content.root / ALLOWANCE).read_text("utf-8").replace("高龄津贴", "高寿津贴")
    site.content.write(ALLOWANCE.replace(".yaml", "@2027-01-01.yaml"), later)
    assert b"\xe9\xab\x98\xe5\xaf\xbf" not in site.read().answer(GUIDE).body
    new_year = site.read(date(2027, 1, 1))
    assert "高寿津贴" in new_year.answer(GUIDE).body.decode()
    assert "按 2027年1月1日（周五）的样子显示" in new_year.answer("/.preview/").body.decode()


def test_a_day_on_which_nothing_is_in_force_yet_is_told(site: Site) -> None:
    for file in (ALLOWANCE, REGISTRATION):
        site.content.edit(file, "updated:", 'effective: "2027-01-01"\nupdated:')
    assert "到 2026-11-24 还没有一个事项生效。" in site.text("/")
    assert site.read(date(2027, 1, 1)).answer("/").status == 200


def dead(draft: Draft, page: str) -> list[str]:
    found: list[str] = json.loads(draft.answer(f"/.preview/links?page={page}").body)
    return found


def test_links_that_lead_nowhere_are_told_of_each_page(site: Site) -> None:
    links = (
        '<a href="/nothing/"></a><a href="/items/#nothing"></a><a href="/desk/"></a><a href="/{{ 1 }}/"></a>'
    )
    site.template("guide.html", "{% block main %}", "{% block main %}" + links)
    draft = site.read()
    told = [line.partition(" ") for line in dead(draft, GUIDE[1:])]
    assert [words for _, _, words in told] == [
        f"链接 /nothing/ 没有对应的页面或文件（见页面 {GUIDE}）。",
        f"链接 /items/#nothing 指向的页面里没有 #nothing 这一处（见页面 {GUIDE}）。",
        "链接 /1/ 没有对应的页面或文件。",
    ]
    file, line, column = told[0][0].split(":")
    written = (site.templates / "guide.html").read_text("utf-8").splitlines()[int(line) - 1]
    assert file == "templates/guide.html" and written[int(column) - 1 :].startswith("/nothing/")
    for page in ("index.html", "404.html", "streets/jia-street.html", "catalog.json", "nothing", ""):
        assert dead(draft, page) == []
    assert json.loads(draft.answer("/.preview/links").body) == []


def test_nobody_waits_for_the_links_of_a_page_that_is_no_more(draft: Draft) -> None:
    with pytest.raises(Superseded):
        draft.answer("/.preview/links?page=index.html", lambda: False)


def test_the_previews_own_files_are_there_whatever_the_templates_are(site: Site) -> None:
    shutil.rmtree(site.templates)
    for name, kind in (("reload.js", "javascript"), ("preview.css", "css"), ("site.css", "css")):
        answer = site.get(f"/.preview/{name}")
        assert answer.status == 200 and kind in answer.kind and answer.kind.endswith("; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<p></body> </body></html>", b"<p></body> SCRIPT\n</body></html>"),
        (b"half a pa", b"half a paSCRIPT\n"),
    ],
)
def test_a_page_is_given_the_script_that_loads_it_again(body: bytes, expected: bytes) -> None:
    script = b'<script src="/.preview/reload.js" data-revision="7" data-page="x.html"></script>'
    assert live(Answer(200, HTML, body, "x.html"), "7") == expected.replace(b"SCRIPT", script)
    assert live(Answer(200, "text/css", body), "7") == body


def test_files_are_of_their_kind() -> None:
    kinds = [kind_of(path) for path in ("a.css", "a.json", "a.svg", "a.xlsx", "a.unheard-of")]
    assert kinds[:3] == [
        "text/css; charset=utf-8",
        "application/json; charset=utf-8",
        "image/svg+xml; charset=utf-8",
    ]
    assert kinds[3:] == [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    ]
