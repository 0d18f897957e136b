"""The command that judges exports by foreign schemas finds what is wrong; tiny schemas stand in for theirs."""

import hashlib
import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.catalogue import ALLOWANCE, MINIMAL, Content
from tests.support.validate_exports import (
    LIBRARIES,
    SCHEMAS,
    cpsv_ap_faults,
    hsds_faults,
    main,
    schema_org_faults,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "exchange.md"

SERVICE = {
    "type": "object",
    "required": ["id", "name", "status"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {"enum": ["active"]},
    },
}
GOOD = {"id": "36415cdb-2941-554a-8c68-e8e205c201dc", "name": "甲", "status": "active"}
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix cpsv: <http://purl.org/vocab/cpsv#> .
@prefix dct: <http://purl.org/dc/terms/> .
<urn:shape> a sh:NodeShape ; sh:targetClass cpsv:PublicService ;
    sh:property [ sh:path dct:title ; sh:minCount 1 ] .
"""
VOCABULARY = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
schema:Thing a rdfs:Class .
schema:Place a rdfs:Class ; rdfs:subClassOf schema:Thing .
schema:Service a rdfs:Class ; rdfs:subClassOf schema:Thing .
schema:Day a rdfs:Class ; rdfs:subClassOf schema:Thing .
schema:Text a rdfs:Class, schema:DataType .
schema:Duration a rdfs:Class ; rdfs:subClassOf schema:Thing .
schema:Monday a schema:Day .
schema:name schema:domainIncludes schema:Thing ; schema:rangeIncludes schema:Text .
schema:area schema:domainIncludes schema:Service ; schema:rangeIncludes schema:Place .
schema:day schema:domainIncludes schema:Service ; schema:rangeIncludes schema:Day .
schema:takes schema:domainIncludes schema:Service ; schema:rangeIncludes schema:Duration .
"""
PLACE = {"@id": "urn:p", "@type": "Place", "name": "甲"}


def test_a_service_is_judged_by_its_schema_with_its_formats() -> None:
    schema = json.dumps(SERVICE).encode()
    assert hsds_faults(schema, json.dumps([GOOD]).encode()) == []
    bad = [GOOD, {**GOOD, "status": "open"}, {**GOOD, "id": "1"}, {"id": GOOD["id"], "status": "active"}]
    faults = hsds_faults(schema, json.dumps(bad).encode())
    assert [fault.split(": ")[:2] for fault in faults] == [["1", "$.status"], ["2", "$.id"], ["3", "$"]]


def test_a_service_is_judged_by_its_shapes() -> None:
    head = "@prefix cpsv: <http://purl.org/vocab/cpsv#> . @prefix dct: <http://purl.org/dc/terms/> . "
    bare, titled = "<urn:a> a cpsv:PublicService . ", '<urn:b> a cpsv:PublicService ; dct:title "甲"@zh . '
    assert cpsv_ap_faults(SHAPES.encode(), f"{head}{titled}".encode()) == []
    [fault] = cpsv_ap_faults(SHAPES.encode(), f"{head}{bare}{titled}".encode())
    assert fault.startswith("urn:a: http://purl.org/dc/terms/title: ")


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "乙"},
        {"area": {"@id": "urn:p"}},
        {"area": [{"@type": "Place", "name": "丙"}]},
        {"day": ["https://schema.org/Monday"]},
        {"takes": "P1D"},
    ],
)
def test_what_the_vocabulary_has_passes(properties: dict[str, object]) -> None:
    assert judged(properties) == []


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ({"colour": "红"}, "Service.colour: not a property of this type"),
        ({"area": {"@id": "urn:nothing"}}, "Service.area: a value that it does not take"),
        ({"area": {"@type": "Service"}}, "Service.area: a value that it does not take"),
        ({"area": "乙"}, "Service.area: a value that it does not take"),
        ({"day": ["https://schema.org/Thing"]}, "Service.day: a value that it does not take"),
        ({"area": {"@type": "Planet"}}, "Planet: no type of the vocabulary"),
        ({"area": {"@type": "Place", "area": PLACE}}, "Place.area: not a property of this type"),
    ],
)
def test_what_the_vocabulary_has_not_is_told(properties: dict[str, object], fault: str) -> None:
    assert any(each.startswith(fault) for each in judged(properties))


def judged(properties: dict[str, object]) -> list[str]:
    graph = {"@graph": [PLACE, {"@type": "Service", **properties}]}
    return schema_org_faults(VOCABULARY.encode(), json.dumps(graph).encode())


def test_the_command_counts_the_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passes, fails = tmp_path / "passes.ttl", tmp_path / "fails.ttl"
    passes.write_text(SHAPES, "utf-8")
    fails.write_text(SHAPES.replace("dct:title", "dct:creator"), "utf-8")
    assert main(["--content", str(MINIMAL), "--cpsv-ap", str(passes)]) == 0
    told = "a file that is not CPSV-AP 3.2.0, SEMICeu/CPSV-AP commit e37f5e1; pySHACL 0.40.1, rdflib 7.6.0"
    assert capsys.readouterr().out == f"cpsv-ap: 0 faults by {told}\n"
    assert main(["--content", str(MINIMAL), "--cpsv-ap", str(fails)]) == 1
    assert "http://purl.org/dc/terms/creator" in capsys.readouterr().out


def test_the_command_asks_for_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main([])
    assert refused.value.code == 2
    assert "at least one schema" in capsys.readouterr().err


def test_the_command_refuses_content_with_faults(
    content: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "item:jiu-ye-dengji")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES, "utf-8")
    with pytest.raises(SystemExit) as refused:
        main(["--content", str(content.root), "--cpsv-ap", str(shapes)])
    assert refused.value.code == 2
    assert "has faults; run build.py check" in capsys.readouterr().err


def test_the_command_knows_the_named_version_by_its_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES, "utf-8")
    own = replace(SCHEMAS["cpsv-ap"], sha256=hashlib.sha256(shapes.read_bytes()).hexdigest())
    monkeypatch.setitem(SCHEMAS, "cpsv-ap", own)
    assert main(["--content", str(MINIMAL), "--cpsv-ap", str(shapes)]) == 0
    told = "CPSV-AP 3.2.0, SEMICeu/CPSV-AP commit e37f5e1; pySHACL 0.40.1, rdflib 7.6.0"
    assert capsys.readouterr().out == f"cpsv-ap: 0 faults by {told}\n"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_document_names_the_schema_and_its_judges(name: str) -> None:
    schema = SCHEMAS[name]
    whence = f"`{schema.repository}`, `{schema.file}`"
    place = f"| {schema.name} | {whence} | {schema.version}, commit {schema.commit[:7]} | "
    (row,) = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith(place)]
    judges = ", ".join(f"{library} {LIBRARIES[library]}" for library in schema.libraries)
    assert row.removeprefix(place).startswith(judges)
    assert row.count(" | ") == 4 and f"`{schema.sha256[:16]}`" in row


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_installed_judges_are_the_named_versions(library: str) -> None:
    assert version(library) == LIBRARIES[library]


def test_every_judge_is_named_with_its_version() -> None:
    assert {library for schema in SCHEMAS.values() for library in schema.libraries} == set(LIBRARIES)
