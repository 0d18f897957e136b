"""catalog.json keeps its contract: the schema is the judge, the shape is written out once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from catalog.exchange.catalog_json import document, encode
from catalog.exchange.plain import plain
from catalog.load import load
from tests.support.catalogue import MINIMAL

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"
SCHEMA = json.loads((ROOT / "docs" / "catalog.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def read(content: Path) -> dict[str, Any]:
    catalogue = load(content).catalogue
    assert catalogue is not None
    # As a reader gets it: what JSON cannot hold would not survive.
    result: dict[str, Any] = json.loads(encode(document(catalogue)))
    return result


def test_the_schema_is_a_schema_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    undescribed = [
        f"{name}.{field}"
        for name, definition in [("", SCHEMA), *SCHEMA["$defs"].items()]
        for field, rule in definition.get("properties", {}).items()
        if not rule.get("description")
    ]
    assert undescribed == []


@pytest.mark.parametrize("content", [MINIMAL, SAMPLE], ids=["minimal", "sample"])
def test_the_document_is_valid(content: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read(content))] == []


def test_areas_are_told_with_codes_and_addresses() -> None:
    data = read(MINIMAL)
    assert list(data) == [
        "schema",
        "version",
        "illustrative",
        "district",
        "bodies",
        "streets",
        "stations",
        "items",
    ]
    assert (data["schema"], data["version"]) == ("kezhong-catalog", 1)
    assert data["illustrative"] == "本网站内容为虚构示例，不能作为办事依据。"
    assert data["district"] == {
        "code": "990100",
        "name": "样例区",
        "city": "样例市",
        "site_name": "样例区刻钟办事",
        "advice_phone": "010-00000001",
        "complaint_phone": "010-00000002",
        "items": ["gao-ling-jin-tie"],
    }
    assert data["bodies"][0] == {
        "name": "区民政局",
        "unified_code": "11990100000000010K",
        "nature": "法定机关",
        "nature_code": "1",
    }
    implementations, relay = data["streets"][1].pop("implementations"), data["streets"][1].pop("relay")
    assert [(each["item"], each["layer"]) for each in implementations] == [
        ("gao-ling-jin-tie", "district"),
        ("jiu-ye-deng-ji", "station"),
    ]
    assert relay["agents"][0]["villages"] == ["990100102201"]
    assert data["streets"][1] == {
        "code": "990100102",
        "slug": "yi-township",
        "name": "乙乡",
        "kind": "township",
        "kind_name": "乡镇",
        "center": "乙乡便民服务中心",
        "address": "样例区乙乡村口 1 号",
        "hours": "周一至周五 9:00—17:00",
        "phone": "010-00000021",
        "complaint_phone": "010-00000022",
        "body": "乙乡人民政府",
        "url": "/streets/yi-township.html",
    }
    assert data["stations"][0] == {
        "code": "990100001001",
        "slug": "jia-yi",
        "name": "甲一社区",
        "street": "990100001",
        "address": "样例区甲一路 2 号",
        "hours": "周一至周日 9:00—18:00",
        "phone": "010-00000101",
        "url": "/streets/jia-street/jia-yi.html",
        "items": ["gao-ling-jin-tie", "jiu-ye-deng-ji"],
        "intake_hours": "周一至周日 9:00—18:00",
        "note": None,
        "agent": None,
    }


def test_what_a_street_carries_out_is_told_with_its_codes_and_its_own_ways() -> None:
    implementation = read(MINIMAL)["streets"][0]["implementations"][0]
    assert implementation == {
        "item": "gao-ling-jin-tie",
        "layer": "district",
        "layer_name": "区级清单",
        "body": "甲街道办事处",
        "task_code": "11990100000001010T5000500010001",
        "handling_code": "11990100000001010T500050001000101",
        "place": "样例区甲一路 3 号",
        "hours": "周一至周五 9:00—17:00",
        "phone": "010-00000011",
        "complaint_phone": "010-00000012",
        "promised_limit": {
            "days": 10,
            "unit": "working_day",
            "text": "10 个工作日（约两周）",
            "note": None,
        },
        "note": "材料也可以放在门口的收件箱",
    }


def test_a_village_is_told_with_its_hours_for_papers_and_its_agent() -> None:
    data = read(MINIMAL)
    village = data["stations"][1]
    assert (village["hours"], village["intake_hours"]) == ("周一至周五 9:00—16:00", "周一、周四 9:00—11:00")
    assert village["note"] == "下雪封路时不收材料"
    relay = data["streets"][1]["relay"]
    assert relay["agents"][0] == {
        "name": "代样例",
        "number": village["agent"],
        "phone": "010-00000301",
        "villages": [village["code"]],
        "items": ["gao-ling-jin-tie"],
        "hours": "周一、周四上午",
        "collection": "在村里的服务站收",
    }
    assert (relay["clerk"]["number"], relay["coordinator"]["number"]) == ("样镇 01", "样区 01")
    assert relay["results"] == "办完三天内由代办员送到家"


def test_an_item_is_told_whole() -> None:
    item = read(MINIMAL)["items"][0]
    material = {
        "type": "证件证书证明",
        "necessity": "必要",
        "source": "政府部门核发",
        "form": "纸质",
        "originals": 1,
        "copies": 2,
        "when": None,
        "note": None,
        "specification": None,
        "blank_form": None,
        "sample_form": None,
        "filling_notes": None,
        "acceptance_standard": None,
        "basis": None,
    }
    assert item.pop("materials")[0] == {"name": "居民身份证", **material}
    assert item == {
        "code": "000500010001",
        "local_code": None,
        "slug": "gao-ling-jin-tie",
        "name": "高龄老年人津贴发放",
        "plain_name": "高龄津贴",
        "aliases": ["老年津贴", "八十岁补贴"],
        "theme": "养老",
        "topics": ["老人服务"],
        "department": "区民政局",
        "joint_departments": [],
        "type": "行政给付",
        "type_code": "05",
        "state": "在用",
        "version": 1,
        "effective": None,
        "expires": None,
        "level": "镇街级",
        "level_code": "5",
        "power_source": "法定本级行使",
        "entrusted_by": None,
        "audience": ["自然人"],
        "kind": "agency",
        "kind_name": "代收代办类",
        "handling": "承诺件",
        "channels": ["窗口办理"],
        "reach": "全镇街",
        "online": None,
        "express": False,
        "appointment": False,
        "self_service": False,
        "quota": None,
        "intermediary": None,
        "url": "/items/gao-ling-jin-tie.html",
        "summary": "年满 80 周岁的老人每月可领津贴。\n也可以看就业登记。",
        "conditions": ["年满 80 周岁", "有样例市户籍"],
        "steps": [
            {
                "name": "交材料",
                "by": "station",
                "by_name": "社区站点",
                "text": "把材料交给社区站点，当场核对。",
                "duration": None,
            },
            {
                "name": "审核",
                "by": "street",
                "by_name": "街道中心",
                "text": "街道中心审核并告知结果。",
                "duration": "15 个工作日",
            },
        ],
        "statutory_limit": {
            "days": 20,
            "unit": "working_day",
            "text": "20 个工作日（约四周）",
            "note": None,
        },
        "promised_limit": {
            "days": 15,
            "unit": "working_day",
            "text": "15 个工作日（约三周）",
            "note": "公示时间不计算在内",
        },
        "special_procedure": None,
        "duty": {
            "advise": ["station", "street"],
            "collect": ["station"],
            "accept": ["street"],
            "inform": ["station"],
            "deliver": ["station"],
        },
        "fee": {
            "charged": False,
            "name": None,
            "standard": None,
            "basis": None,
            "payment": [],
            "reduction": None,
            "reduction_basis": None,
            "text": "不收费",
        },
        "result": {
            "type": "其他",
            "name": "津贴发放",
            "sample": "银行短信写明“高龄津贴”",
            "delivery": "每月打到银行卡",
            "type_code": "30",
        },
        "visits": 1,
        "visit_reason": "核对本人身份证原件",
        "legal_basis": [
            {
                "title": "样例市老年人权益保障条例",
                "number": "样例令第 1 号",
                "article": "第十条",
                "gist": "对高龄老人发放津贴。",
            }
        ],
        "questions": [{"question": "可以请人代办吗？", "answer": "可以，代办人带上**本人身份证**。"}],
        "related": ["jiu-ye-deng-ji"],
    }


def test_a_charge_is_told_with_its_words() -> None:
    assert read(MINIMAL)["items"][1]["fee"] == {
        "charged": True,
        "name": "工本费",
        "standard": "每证 2 元",
        "basis": "样例收费目录",
        "payment": ["窗口缴费"],
        "reduction": None,
        "reduction_basis": None,
        "text": "工本费：每证 2 元",
    }


def test_the_same_catalogue_gives_the_same_readable_bytes() -> None:
    first, second = load(MINIMAL).catalogue, load(MINIMAL).catalogue
    assert first is not None and second is not None
    data = encode(document(first))
    assert data == encode(document(second))
    assert "高龄老年人津贴发放" in data.decode()
    assert data.endswith(b"}\n")


Mutation = Callable[[dict[str, Any]], object]

MUTATIONS: dict[str, Mutation] = {
    "another version": lambda data: data.update(version=2),
    "a field more": lambda data: data.update(published="2026-11-23"),
    "a field less": lambda data: data["items"][0].pop("visits"),
    "a material's field more": lambda data: data["items"][0]["materials"][0].update(colour="红"),
    "a material's field less": lambda data: data["items"][0]["materials"][0].pop("note"),
    "a code too short": lambda data: data["items"][0].update(code="123"),
    "a number as text": lambda data: data["items"][0]["promised_limit"].update(days="15"),
    "an unknown kind": lambda data: data["items"][0].update(kind="受理类"),
    "an unknown unit": lambda data: data["items"][0]["promised_limit"].update(unit="工作日"),
    "nobody accepts": lambda data: data["items"][0]["duty"].update(accept=[]),
    "an unknown place": lambda data: data["items"][0]["duty"].update(accept=["city"]),
    "one step": lambda data: data["items"][0]["steps"].pop(),
    "a fee without basis": lambda data: data["items"][1]["fee"].update(basis=None),
    "a basis without fee": lambda data: data["items"][0]["fee"].update(basis="规定"),
    "a foreign address": lambda data: data["items"][0].update(url="https://example.com/items/a.html"),
    "an empty name": lambda data: data["streets"][0].update(name=""),
    "a telephone without area": lambda data: data["stations"][0].update(phone="12345678"),
    "a street's code for a station's": lambda data: data["stations"][0].update(code="990100001"),
    "no stations": lambda data: data["stations"].clear(),
    "a task code too short": lambda data: data["streets"][0]["implementations"][0].update(task_code="1"),
    "an unknown layer": lambda data: data["streets"][0]["implementations"][0].update(layer="市级"),
    "a relay without agents": lambda data: data["streets"][1]["relay"]["agents"].clear(),
    "an agent's field less": lambda data: data["streets"][1]["relay"]["agents"][0].pop("collection"),
    "a station's items missing": lambda data: data["stations"][0].pop("items"),
    "a day that is none": lambda data: data["items"][0].update(expires="明年"),
    "an address that is not https": lambda data: data["items"][0].update(
        online={"depth": "III级", "url": "http://example.com/"}
    ),
    "an alias twice": lambda data: data["items"][0]["aliases"].append("老年津贴"),
}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS)
def test_a_document_that_breaks_the_contract_is_invalid(mutation: Mutation) -> None:
    data = read(MINIMAL)
    mutation(data)
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("没有标记。", "没有标记。"),
        ("请看[低保](item:di-bao)和[法规](https://example.com/)。", "请看低保和法规。"),
        ("**重要**：*本人*到场，带`原件`。", "重要：本人到场，带原件。"),
        ("要带：\n\n- 身份证\n- 户口簿\n\n1. 交材料\n\n> 提示", "要带：\n身份证\n户口簿\n交材料\n提示"),
        ("第一段。\n\n\n第二段，\n还是第二段。\n", "第一段。\n第二段，还是第二段。"),
        (r"照片 352\*440，3 * 4，a_b_c", "照片 352*440，3 * 4，a_b_c"),
        ("少于 5 份 & <b>不是标签</b>", "少于 5 份 & <b>不是标签</b>"),
    ],
)
def test_prose_becomes_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text
