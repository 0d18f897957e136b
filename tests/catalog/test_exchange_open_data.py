"""The open-data page lists every file that is published, with its true size, and nothing else."""

import re
from pathlib import Path

import pytest

from catalog.exchange import catalog_json, open_data
from catalog.exchange.formats import FORMATS
from catalog.exchange.tables import TABLES
from catalog.render import Renderer
from tests.support.exports import catalogue

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "catalog.schema.json"
CATALOGUE = catalogue()
FILES = open_data.files(CATALOGUE, catalog_json.document(CATALOGUE), SCHEMA)


@pytest.fixture(scope="module")
def html() -> str:
    return Renderer(ROOT / "templates").render(open_data.page(CATALOGUE, FILES)).decode()


def test_every_file_is_offered_for_download_once(html: str) -> None:
    offered = re.findall(r'<a href="([^"]+)" download>', html)
    assert sorted(offered) == sorted(FILES)
    assert {"/catalog.json", "/open-data/catalog.schema.json", "/open-data/items.csv"} < set(FILES)


def test_a_file_stands_with_its_size_and_what_it_holds(html: str) -> None:
    item = re.search(r'<li>\s*<a href="/open-data/hsds.json".*?</li>', html, re.DOTALL)
    assert item is not None
    assert open_data.size(len(FILES["/open-data/hsds.json"])) in item[0]
    assert FORMATS["hsds"].files["hsds.json"] in item[0]


def test_a_table_tells_its_columns_and_nothing_else_does(html: str) -> None:
    told = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", html)
    for table in TABLES.values():
        assert {(column.heading, column.holds) for column in table.columns} <= set(told)
    assert html.count("<details>") == len(TABLES)


def test_every_format_says_for_whom_it_is(html: str) -> None:
    for each in FORMATS.values():
        assert each.title in html
        assert each.readers in html


def test_the_files_are_those_of_the_formats_and_the_contract_s_schema() -> None:
    assert FILES["/open-data/catalog.schema.json"] == SCHEMA.read_bytes()
    for each in FORMATS.values():
        for name, data in each.write(CATALOGUE).items():
            assert FILES[f"/open-data/{name}"] == data


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1025, "2 KB"),
        (1000 * 1024, "1000 KB"),
        (1000 * 1024 + 1, "1.0 MB"),
        (1536 * 1024, "1.5 MB"),
        (1536 * 1024 + 1, "1.6 MB"),
    ],
)
def test_sizes_are_told_as_people_say_them(count: int, words: str) -> None:
    assert open_data.size(count) == words
