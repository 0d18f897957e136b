"""The tables open in a spreadsheet program as they are, and read back as they were."""

import csv
import io
import json

import pytest

from catalog.exchange.tables import BOM, METADATA, NOTICE, TABLES, encode, harmless
from tests.support.exports import HOURS, catalogue, item, unified

Row = dict[str, str]


def read(name: str) -> list[Row]:
    text = encode(catalogue())[f"{name}.csv"].decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def column(name: str, heading: str) -> list[str]:
    return [row[heading] for row in read(name)]


def test_every_area_station_item_material_and_implementation_has_its_row() -> None:
    assert {name: len(read(name)) for name in TABLES} == {
        "areas": 2,
        "stations": 3,
        "items": 2,
        "materials": 3,
        "implementations": 4,
    }


def test_codes_are_text_in_full() -> None:
    assert column("stations", "区划代码") == ["990100001001", "990100001002", "990100102201"]
    assert column("implementations", "实施编码")[0] == f"{unified(2)}5119999001001"
    raw = encode(catalogue())["stations.csv"].decode()
    assert '"990100001001"' in raw


def test_numbers_are_not_quoted() -> None:
    line = encode(catalogue())["materials.csv"].decode().split("\r\n")[1]
    assert line.startswith('"yang-ben",1,"居民身份证",')


def test_several_lines_quotes_and_commas_read_back() -> None:
    first = read("items")[0]
    assert first["事项简介"] == '年满 80 周岁可以领。\n见样本证办理，"引号"和\\反斜杠。'
    assert first["受理条件"] == "1. 年满 80 周岁\n2. 有样例市户口"
    assert column("areas", "办公时间") == [HOURS, HOURS]


def test_a_street_s_own_limit_stands_in_its_row() -> None:
    limits = {(row["街道代码"], row["事项网址名"]): row["承诺办结时限"] for row in read("implementations")}
    assert limits["990100001", "yang-ben"] == "5 个工作日（约一周）"
    assert limits["990100102", "yang-ben"] == "15 个工作日（约三周）"


@pytest.mark.parametrize("begin", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a"])
def test_what_looks_like_a_formula_is_made_harmless(begin: str) -> None:
    assert harmless(begin) == f"'{begin}"


@pytest.mark.parametrize("text", ["", "010-00000001", "甲=乙", "1+1", "周一-周五"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_no_cell_of_any_table_begins_like_a_formula() -> None:
    assert column("materials", "材料名称")[1] == '\'=HYPERLINK("x")'
    assert column("items", "别名")[0].startswith("'=1+1")
    dangerous = catalogue(
        items=[item(name="@事项", conditions=["-1"], result={"name": "+1", "delivery": "寄"})]
    )
    for name in TABLES:
        text = encode(dangerous)[f"{name}.csv"].decode().removeprefix(BOM)
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_dictionary_describes_every_column_of_every_file() -> None:
    files = encode(catalogue())
    dictionary = json.loads(files[METADATA])
    assert dictionary["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [table["url"] for table in dictionary["tables"]] == [
        name for name in files if name.endswith(".csv")
    ]
    for table in dictionary["tables"]:
        text = files[table["url"]].decode().removeprefix(BOM)
        columns = table["tableSchema"]["columns"]
        assert [each["titles"] for each in columns] == next(csv.reader(io.StringIO(text, newline="")))
        names = [each["name"] for each in columns]
        assert len(set(names)) == len(names)
        assert set(table["tableSchema"]["primaryKey"]) <= set(names)
        assert all(each["dc:description"].endswith("。") for each in columns)


@pytest.mark.parametrize("name", TABLES)
def test_the_key_tells_rows_apart(name: str) -> None:
    headings = [each.heading for each in TABLES[name].columns if each.name in TABLES[name].key]
    keys = [tuple(row[heading] for heading in headings) for row in read(name)]
    assert len(set(keys)) == len(keys)


def test_numbers_are_told_as_numbers_in_the_dictionary() -> None:
    for table in TABLES.values():
        for row in table.rows(catalogue()):
            for each in table.columns:
                assert isinstance(each.value(row), int) is each.number


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert encode(catalogue()) == encode(catalogue())


def test_the_sentence_about_a_sample_lies_beside_the_tables_and_in_none_of_them() -> None:
    files = encode(catalogue())
    sentence = catalogue().district.illustrative
    assert sentence in files[NOTICE].decode("utf-8-sig").splitlines()
    assert json.loads(files[METADATA])["dc:description"] == sentence
    assert [name for name, data in files.items() if sentence in data.decode()] == [NOTICE, METADATA]
    assert [next(iter(read(name)[0])) for name in TABLES] == [
        table.columns[0].heading for table in TABLES.values()
    ]
