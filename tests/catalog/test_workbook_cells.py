"""What an editor types is read as what is meant, in prose as it stands."""

import pytest

from catalog.exchange.workbook.cells import CellError, canonical, text_of, value_of
from catalog.exchange.workbook.sheets import PART_SHEETS, SHEETS, Column
from catalog.fields import Record
from catalog.model import ServiceItem
from catalog.terms import Audience, State


def at(sheet: str, field: str) -> Column:
    return SHEETS[sheet].column(field)


@pytest.mark.parametrize(
    ("sheet", "field", "typed", "meant"),
    [
        ("站点", "code", "　９９０１００１０２２０１ ", "990100102201"),
        ("站点", "phone", "０１０－００００２１０１", "010-00002101"),
        ("站点", "phone", "010—00002101", "010-00002101"),
        ("事项", "code", "ＡＢ0500010001", "AB0500010001"),
        ("事项", "visits", " ０2 ", "2"),
        ("事项", "visits", "两次", "两次"),
        ("事项", "state", " 暂停", "暂停"),
        ("事项", "state", "", "在用"),
        ("事项", "version", "", "1"),
        ("事项", "reach", "全县(区)", "全县（区）"),
        ("事项", "online.depth", "Ⅳ级", "IV级"),
        ("事项", "express", "TRUE", "是"),
        ("事项", "express", "", "否"),
        ("事项", "effective", "2026年1月5日", "2026-01-05"),
        ("事项", "effective", "２０２６/1/5", "2026-01-05"),
        ("事项", "effective", "明年", "明年"),
        ("事项", "audience", "自然人，企业法人;行政机关", "自然人、企业法人、行政机关"),
        ("事项", "channels", "", "窗口办理"),
        ("事项", "aliases", "低保、 吃低保\n办低保、", "低保、吃低保、办低保"),
        ("事项", "conditions", "有１２岁、有户口\r\n\r\n 第二条 ", "有１２岁、有户口\n第二条"),
        ("事项", "summary", " 带１２份Ａ４纸：\t全角\u2028不变 ", "带１２份Ａ４纸： 全角\n不变"),
        ("事项", "summary", "看不见\x07的\ufeff字符\x85", "看不见的字符"),
    ],
)
def test_one_spelling_for_all_ways_to_type_it(sheet: str, field: str, typed: str, meant: str) -> None:
    assert canonical(at(sheet, field), typed) == meant
    assert canonical(at(sheet, field), meant) == meant


@pytest.mark.parametrize(
    ("sheet", "field", "text", "value"),
    [
        ("事项", "visits", "0", 0),
        ("事项", "express", "是", True),
        ("事项", "fee.charged", "否", False),
        ("事项", "effective", "2026-02-28", "2026-02-28"),
        ("事项", "effective", "", None),
        ("事项", "aliases", "甲、乙", ["甲", "乙"]),
        ("事项", "conditions", "甲、乙\n丙", ["甲、乙", "丙"]),
        ("事项", "duty.accept", "社区站点、街道中心", ["社区站点", "街道中心"]),
        ("事项", "related", "a-b、c", ["a-b", "c"]),
    ],
)
def test_the_value_of_a_text(sheet: str, field: str, text: str, value: object) -> None:
    found = value_of(at(sheet, field), text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("name", "", "应填写事项名称。"),
        ("conditions", "", "应填写受理条件。"),
        ("visits", "2.5", "到办事现场次数应为整数，现在是“2.5”。"),
        ("express", "有", "物流快递应为是或否，现在是“有”。"),
        ("effective", "2026-02-30", "计划生效日期应为日历上有的一天，写成 2026-01-01，现在是“2026-02-30”。"),
        ("handling", "快办件", "办件类型应为“即办件”、“承诺件”之一，现在是“快办件”。"),
        (
            "duty.inform",
            "街道中心、村",
            "职责分工·告知应为“社区站点”、“街道中心”、“区级部门”之一，现在是“村”。",
        ),
    ],
)
def test_a_faulty_text_is_told_with_what_was_expected(field: str, text: str, message: str) -> None:
    with pytest.raises(CellError) as error:
        value_of(at("事项", field), canonical(at("事项", field), text))
    assert str(error.value) == message


def test_the_text_of_a_value() -> None:
    assert text_of(at("事项", "audience"), (Audience.PERSON, Audience.COMPANY)) == "自然人、企业法人"
    assert text_of(at("事项", "state"), State.CANCELLED) == "取消"
    assert text_of(at("事项", "express"), True) == "是"
    assert text_of(at("事项", "quota"), None) == ""
    assert text_of(at("事项", "visits"), 0) == "0"


def leaves(record: type[Record], prefix: str = "") -> set[str]:
    """The fields of a record by the paths of its JSON Schema, without those that are lists of records."""
    schema = {"$defs": {}, **record.model_json_schema()}
    found: set[str] = set()
    for name, told in schema["properties"].items():
        kinds = [told, *told.get("anyOf", [])]
        references = [kind["$ref"].rpartition("/")[2] for kind in kinds if "$ref" in kind]
        inner = [part for part in references if schema["$defs"][part].get("type") == "object"]
        listed = told.get("items", {}).get("$ref", "").rpartition("/")[2]
        if inner:
            parts = schema["$defs"][inner[0]]["properties"]
            found |= {f"{prefix}{name}.{part}" for part in parts}
        elif schema["$defs"].get(listed, {}).get("type") != "object":
            found.add(f"{prefix}{name}")
    return found


@pytest.mark.parametrize("name", ["站点", "街道", "事项"])
def test_every_field_of_the_model_has_its_column(name: str) -> None:
    sheet = SHEETS[name]
    assert {column.field for column in sheet.columns} == leaves(sheet.record)
    assert sheet.columns[0].field == sheet.key


@pytest.mark.parametrize("part", ["materials", "steps", "legal_basis", "questions"])
def test_every_field_of_a_part_has_its_column(part: str) -> None:
    sheet = PART_SHEETS[part]
    own = {column.field for column in sheet.columns if column.field.startswith(f"{part}.")}
    assert own == leaves(sheet.record, f"{part}.")


def test_every_list_of_records_of_an_item_has_its_sheet() -> None:
    schema = ServiceItem.model_json_schema()
    lists = {
        name
        for name, told in schema["properties"].items()
        if schema["$defs"].get(told.get("items", {}).get("$ref", "").rpartition("/")[2], {}).get("properties")
    }
    assert set(PART_SHEETS) == lists


def test_no_header_stands_twice() -> None:
    for sheet in SHEETS.values():
        names = [column.name for column in sheet.columns]
        assert len(set(names)) == len(names), sheet.name
