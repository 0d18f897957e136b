"""The schema for editors' tools: up to date, Chinese throughout, and a judge of the content."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from catalog.content_schema import FILES, document, encode

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "content.schema.json"
SAMPLE = ROOT / "catalog" / "content"
SCHEMA = document()
RECORDS = {
    "items": "ServiceItem",
    "streets": "StreetLayer",
    "district.yaml": "District",
    "bodies.yaml": "Bodies",
    "holidays.yaml": "Holidays",
    "forms": "Form",
    "disclosure/about.yaml": "About",
    "disclosure/pledges.yaml": "Pledges",
    "disclosure/plan.yaml": "BuildPlan",
    "disclosure/changes.yaml": "Changes",
}
YAML_FILES = sorted(SAMPLE.rglob("*.yaml"))


def validator(record: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{record}", "$defs": SCHEMA["$defs"]})


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def judged(path: Path) -> Draft202012Validator:
    file = path.relative_to(SAMPLE)
    return validator(RECORDS.get(file.as_posix()) or RECORDS[file.parts[0]])


def test_the_published_schema_is_the_models() -> None:
    assert FILE.read_bytes() == encode(), "docs/content.schema.json is old; run build.py schema"


def test_the_command_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "schema.json"
    result = subprocess.run(
        [sys.executable, ROOT / "build.py", "schema", "--out", out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, f"已写出 {out}。\n")
    assert out.read_bytes() == encode()


def test_it_is_a_schema_of_every_kind_of_file() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {record.__name__ for record in FILES} <= set(SCHEMA["$defs"])
    assert [each["$ref"].rpartition("/")[2] for each in SCHEMA["anyOf"]] == list(RECORDS.values())[:1] + [
        "StreetLayer",
        "District",
        "Bodies",
        "Form",
        "Holidays",
        "About",
        "Pledges",
        "BuildPlan",
        "Changes",
    ]


def test_every_record_and_field_has_chinese_words_and_no_others() -> None:
    for name, definition in SCHEMA["$defs"].items():
        told = [definition.get("title")] if "properties" in definition else []
        for field in definition.get("properties", {}).values():
            told += [field.get("title"), field.get("description")]
        assert all(words and not words.isascii() for words in told), name
        assert "properties" in definition or not {"title", "description"} & set(definition), name


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.stem)
def test_the_sample_is_valid(path: Path) -> None:
    assert [error.message for error in judged(path).iter_errors(read(path))] == []
    assert Draft202012Validator(SCHEMA).is_valid(read(path))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "5"),
        ("theme", "老人"),
        ("visits", "一次"),
        ("expires", 20260101),
        ("duty", {"advise": []}),
        ("materials", [{"name": "身份证"}]),
        ("telefax", "010-00000000"),
    ],
)
def test_a_faulty_item_is_not(field: str, value: object) -> None:
    item = read(SAMPLE / "items" / "zuidi-shenghuo-baozhang.yaml")
    assert validator("ServiceItem").is_valid(item)
    assert not validator("ServiceItem").is_valid(item | {field: value})


def test_fields_that_nest_are_named_by_their_own_element() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["HandlingAgent"]["properties"]["villages"]["title"] == "负责的村"
    assert definitions["Material"]["title"] == "材料"
    assert json.loads(encode()) == SCHEMA
