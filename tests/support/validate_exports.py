"""Judges the outgoing formats by other people's schemas, from local copies of them.

    python -m tests.support.validate_exports --hsds service.json --cpsv-ap cpsv-ap-SHACL.ttl \
        --schema-org schemaorg-current-https.ttl

SCHEMAS says where the files come from and what judges by them; docs/exchange.md tells the same.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from pyshacl import validate
from rdflib import RDF, RDFS, SH, Graph, Namespace, URIRef
from rdflib.term import Node

from catalog.check import check
from catalog.exchange import cpsv_ap, hsds, schema_org
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import errors
from catalog.render import prose_links

SAMPLE = Path(__file__).parents[2] / "catalog" / "content"
SCHEMA = Namespace("https://schema.org/")
BASE = "https://catalogue.example/open-data/"


def hsds_faults(schema: bytes, export: bytes) -> list[str]:
    """Where a service of the export breaks the compiled HSDS `service` schema."""
    validator = Draft202012Validator(json.loads(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [
        f"{number}: {error.json_path}: {error.message}"
        for number, service in enumerate(json.loads(export))
        for error in validator.iter_errors(service)
    ]


def cpsv_ap_faults(shapes: bytes, export: bytes) -> list[str]:
    """Every violation of the SHACL shapes; shapes that have no target in the export say nothing."""
    data = Graph().parse(data=export, format="turtle", publicID=BASE)
    _, report, _ = validate(data, shacl_graph=Graph().parse(data=shapes, format="turtle"))
    assert isinstance(report, Graph)
    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted(
        f"{report.value(each, SH.focusNode)}: {report.value(each, SH.resultPath)}: "
        f"{report.value(each, SH.resultMessage)}"
        for each in results
    )


def schema_org_faults(vocabulary: bytes, export: bytes) -> list[str]:
    """Every type and property that is not of the vocabulary, or not where the vocabulary has it."""
    graph = Graph().parse(data=vocabulary, format="turtle")
    nodes = list(_typed_nodes(json.loads(export)["@graph"]))
    types = {node["@id"]: node["@type"] for node in nodes if "@id" in node}
    return [fault for node in nodes for fault in _node_faults(graph, node, types)]


def _typed_nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _typed_nodes(each)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for each in value.values():
            yield from _typed_nodes(each)


def _node_faults(graph: Graph, node: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[str]:
    kind = node["@type"]
    if (SCHEMA[kind], RDF.type, RDFS.Class) not in graph:
        yield f"{kind}: no type of the vocabulary"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if _supers(graph, kind).isdisjoint(graph.objects(SCHEMA[name], SCHEMA.domainIncludes)):
            yield f"{kind}.{name}: not a property of this type"
        for each in value if isinstance(value, list) else [value]:
            if not _in_range(graph, name, each, types):
                yield f"{kind}.{name}: a value that it does not take: {each!r:.80}"


def _supers(graph: Graph, kind: str) -> set[Node | None]:
    return set(graph.transitive_objects(SCHEMA[kind], RDFS.subClassOf))


def _in_range(graph: Graph, name: str, value: Any, types: Mapping[str, str]) -> bool:
    ranges = set(graph.objects(SCHEMA[name], SCHEMA.rangeIncludes))
    if isinstance(value, dict):
        kind = value.get("@type") or types.get(value["@id"])
        return kind is not None and not ranges.isdisjoint(_supers(graph, kind))
    if str(value).startswith(SCHEMA):  # a member of an enumeration, by its address
        return not ranges.isdisjoint(graph.objects(URIRef(value), RDF.type))
    return any(_is_data_type(graph, each) for each in ranges)


def _is_data_type(graph: Graph, kind: Node) -> bool:
    """Whether literals are of it: schema:Text and its like, or schema:Duration, a Quantity written as text."""
    data = {
        node
        for each in graph.transitive_objects(kind, RDFS.subClassOf)
        for node in graph.objects(each, RDF.type)
    }
    return SCHEMA.DataType in data or kind == SCHEMA.Duration


@dataclass(frozen=True)
class Schema:
    """One foreign schema: the file that was judged by, what it judges, and the libraries that do it."""

    name: str
    version: str
    repository: str
    file: str
    commit: str
    sha256: str
    libraries: tuple[str, ...]
    encode: Callable[[Catalogue], bytes]
    faults: Callable[[bytes, bytes], list[str]]

    def words(self, data: bytes) -> str:
        """What `data` is: this version of the schema, or another file."""
        known = f"{self.name} {self.version}, {self.repository} commit {self.commit[:7]}"
        return known if hashlib.sha256(data).hexdigest() == self.sha256 else f"a file that is not {known}"


LIBRARIES: Mapping[str, str] = {"jsonschema": "4.26.0", "pySHACL": "0.40.1", "rdflib": "7.6.0"}
"""The versions that the project's own judgement was made with."""
SCHEMAS: dict[str, Schema] = {
    "hsds": Schema(
        "HSDS",
        "3.0",
        "openreferral/specification",
        "schema/compiled/service.json",
        "279fd2eb3552c349bf698c07c00cc25f5fc8249b",
        "5cd7c2ecb5776947e437a4d5b9656f9a80db56bef3ad49f5bb142d49dbe66156",
        ("jsonschema",),
        hsds.encode,
        hsds_faults,
    ),
    "cpsv-ap": Schema(
        "CPSV-AP",
        "3.2.0",
        "SEMICeu/CPSV-AP",
        "releases/3.2.0/shacl/cpsv-ap-SHACL.ttl",
        "e37f5e1991cd89772165bed7d42fd64cdea8c2d4",
        "a314fa6bf8e1b613af7ed75fb9f4423d30a16b6fb93b4d3f05168f697bc37b30",
        ("pySHACL", "rdflib"),
        cpsv_ap.encode,
        cpsv_ap_faults,
    ),
    "schema-org": Schema(
        "schema.org",
        "30.0",
        "schemaorg/schemaorg",
        "data/releases/30.0/schemaorg-current-https.ttl",
        "cc71c8e064859e912aac8b11ec06e6bc53255b6a",
        "320938f0945d717fc317f822c707f10944e7a7a0097018665a3b95dcf475b39d",
        ("rdflib",),
        schema_org.encode,
        schema_org_faults,
    ),
}


def installed(schema: Schema) -> str:
    """The libraries that judge by the schema, each with the version that is at work here."""
    return ", ".join(f"{name} {version(name)}" for name in schema.libraries)


def main(arguments: Sequence[str]) -> int:
    """Judge the export of one content directory by each schema that is given; 0 if no fault was found."""
    parser = argparse.ArgumentParser(description="Validate the exports by local copies of foreign schemas")
    parser.add_argument("--content", type=Path, default=SAMPLE, metavar="DIR")
    for name in SCHEMAS:
        parser.add_argument(f"--{name}", type=Path, metavar="PATH", dest=name)
    options = vars(parser.parse_args(arguments))
    chosen = {name: path for name in SCHEMAS if (path := options[name])}
    if not chosen:
        parser.error("name at least one schema file")
    loaded = load(options["content"])
    catalogue = loaded.catalogue
    if catalogue is None or errors(list(check(loaded, prose_links))):
        parser.error(f"{options['content']} has faults; run build.py check")
    counts: Counter[str] = Counter()
    for name, path in chosen.items():
        schema, data = SCHEMAS[name], path.read_bytes()
        faults = schema.faults(data, schema.encode(catalogue))
        counts[name] = len(faults)
        sys.stdout.writelines(f"{name}: {fault}\n" for fault in faults)
        sys.stdout.write(f"{name}: {len(faults)} faults by {schema.words(data)}; {installed(schema)}\n")
    return min(counts.total(), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
