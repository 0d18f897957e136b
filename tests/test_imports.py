"""Imports point down only, and the two halves share nothing but catalog.json."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the top down. A module imports nothing from the lines above its own, and none import in a ring.
CATALOG = (
    {"build"},
    {
        "catalog.commands.checking",
        "catalog.commands.exchanging",
        "catalog.commands.log",
        "catalog.commands.previewing",
        "catalog.commands.publishing",
        "catalog.commands.releases",
        "catalog.commands.writing",
    },
    {"catalog.commands.build"},
    {"catalog.commands.common"},
    {"catalog.change_log", "catalog.preview_server"},
    {"catalog.compare", "catalog.preview", "catalog.progress", "catalog.publish"},
    {"catalog.inputs", "catalog.publication", "catalog.release"},
    {"catalog.store", "catalog.workers"},
    {"catalog.making"},
    {"catalog.blame"},
    {"catalog.links", "catalog.sections"},
    {"catalog.compress", "catalog.fingerprint", "catalog.record"},
    {"catalog.exchange.open_data", "catalog.search"},
    {"catalog.exchange.export", "catalog.exchange.formats"},
    {
        "catalog.exchange.cpsv_ap",
        "catalog.exchange.hsds",
        "catalog.exchange.schema_org",
        "catalog.exchange.tables",
    },
    {"catalog.exchange.workbook.proposal"},
    {"catalog.exchange.workbook.mark", "catalog.exchange.workbook.place"},
    {"catalog.exchange.workbook.edit"},
    {
        "catalog.exchange.workbook.changes",
        "catalog.exchange.workbook.read",
        "catalog.exchange.workbook.store",
        "catalog.exchange.workbook.write",
        "catalog.exchange.workbook.yaml_edit",
    },
    {"catalog.exchange.workbook.units"},
    {"catalog.exchange.workbook.cells"},
    {
        "catalog.exchange.workbook.align",
        "catalog.exchange.workbook.csv_edit",
        "catalog.exchange.workbook.package",
        "catalog.exchange.workbook.sheets",
        "catalog.exchange.workbook.yaml_text",
    },
    {"catalog.exchange.catalog_json", "catalog.exchange.offers"},
    {"catalog.exchange.plain", "catalog.exchange.times", "catalog.exchange.turtle"},
    {"catalog.disclosure_pages", "catalog.render"},
    {"catalog.pages", "catalog.qr"},
    {"catalog.disclosure_figures", "catalog.places"},
    {"catalog.guides"},
    {"catalog.site_files"},
    {"catalog.entries", "catalog.modes"},
    {"catalog.check", "catalog.content_schema", "catalog.sample_city", "catalog.skeleton"},
    {"catalog.rules_disclosure", "catalog.rules_layer", "catalog.rules_place", "catalog.rules_reference"},
    {"catalog.rules_item"},
    {"catalog.days", "catalog.rule"},
    {"catalog.load"},
    {"catalog.faults"},
    {
        "catalog.assets",
        "catalog.charts",
        "catalog.elements",
        "catalog.figures",
        "catalog.hours",
        "catalog.layers",
        "catalog.quote",
        "catalog.rules_field",
        "catalog.sketch",
        "catalog.source",
        "catalog.wording",
    },
    {"catalog.model", "catalog.pinyin", "catalog.problem"},
    {"catalog.overrides"},
    {"catalog.area", "catalog.disclosure", "catalog.form", "catalog.item", "catalog.relay"},
    {"catalog.fields"},
    {"catalog.codes", "catalog.terms"},
)
CONSULT = (
    {"consult.__main__"},
    {"consult.app"},
    {"consult.signaling", "consult.views"},
    {"consult.service"},
    {"consult.dispatch", "consult.consultation", "consult.messages"},
)
PURE = (
    "catalog.charts",
    "catalog.codes",
    "catalog.disclosure",
    "catalog.disclosure_figures",
    "catalog.disclosure_pages",
    "catalog.figures",
    "catalog.rules_disclosure",
    "catalog.terms",
    "catalog.fields",
    "catalog.area",
    "catalog.item",
    "catalog.model",
    "catalog.overrides",
    "catalog.relay",
    "catalog.layers",
    "catalog.rule",
    "catalog.rules_field",
    "catalog.rules_item",
    "catalog.rules_place",
    "catalog.sample_city",
    "catalog.rules_reference",
    "catalog.rules_layer",
    "catalog.content_schema",
    "catalog.wording",
    "catalog.problem",
    "catalog.quote",
    "catalog.elements",
    "catalog.faults",
    "catalog.check",
    "catalog.entries",
    "catalog.form",
    "catalog.guides",
    "catalog.hours",
    "catalog.modes",
    "catalog.pages",
    "catalog.places",
    "catalog.skeleton",
    "catalog.sketch",
    "catalog.site_files",
    "catalog.pinyin",
    "catalog.search",
    "consult.messages",
    "consult.consultation",
    "consult.dispatch",
    "consult.relay.stun",
    "consult.relay.allocation",
    "consult.relay.credentials",
)
LIBRARIES = {"aiohttp", "asyncio", "aiortc", "aioice", "sqlalchemy", "alembic", "sqlite3", "socket"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, name: str, is_package: bool, known: set[str]) -> Iterator[str]:
    """Every module that `source` imports anywhere in it; of our own the module, not the name in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = name.split(".") if is_package else name.split(".")[:-1]
                base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in known else base


def read_imports() -> dict[str, set[str]]:
    paths = {
        module_name(path): path
        for path in [ROOT / "build.py", *(ROOT / "catalog").rglob("*.py"), *(ROOT / "consult").rglob("*.py")]
    }
    return {
        name: set(imports_of(path.read_text("utf-8"), name, path.name == "__init__.py", set(paths)))
        for name, path in paths.items()
    }


IMPORTS = read_imports()


def reached(name: str) -> set[str]:
    """The modules of this project and the libraries that importing `name` brings with it."""
    seen: set[str] = set()
    waiting = {name}
    while waiting:
        module = waiting.pop()
        seen.add(module)
        waiting |= IMPORTS.get(module, set()) - seen
    return seen


def belongs(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_every_named_module_is_there_and_every_catalogue_module_has_its_layer() -> None:
    named = set().union(*CATALOG, *CONSULT, PURE)
    assert named - set(IMPORTS) == set()
    own = {name for name in IMPORTS if name == "build" or (belongs(name, "catalog") and name.count("."))}
    assert own - set().union(*CATALOG) == {
        "catalog.commands",
        "catalog.exchange",
        "catalog.exchange.workbook",
    }


@pytest.mark.parametrize("layers", [CATALOG, CONSULT], ids=["catalog", "consult"])
def test_imports_point_down(layers: tuple[set[str], ...]) -> None:
    depth = {name: number for number, layer in enumerate(layers) for name in layer}
    # Through modules that have no layer, too.
    upward = [
        (name, other)
        for name in depth
        for other in reached(name)
        if depth.get(other, depth[name]) < depth[name]
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_ring() -> None:
    own = {name: {other for other in IMPORTS[name] if other in IMPORTS and other != name} for name in IMPORTS}
    assert len(list(TopologicalSorter(own).static_order())) == len(IMPORTS)


@pytest.mark.parametrize(
    ("half", "other"), [("catalog", "consult"), ("consult", "catalog"), ("build", "consult")]
)
def test_the_halves_never_import_each_other(half: str, other: str) -> None:
    crossing = {
        f"{name} imports {module}"
        for name in IMPORTS
        if belongs(name, half)
        for module in IMPORTS[name]
        if belongs(module, other)
    }
    assert crossing == set()


def test_the_relay_imports_nothing_else_of_the_service() -> None:
    foreign = {
        f"{name} imports {module}"
        for name in IMPORTS
        if belongs(name, "consult.relay")
        for module in IMPORTS[name]
        if belongs(module, "consult") and not belongs(module, "consult.relay")
    }
    assert foreign == set()


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_touch_neither_network_nor_database(name: str) -> None:
    assert {module.partition(".")[0] for module in reached(name)} & LIBRARIES == set()


@pytest.mark.parametrize(
    ("source", "is_package", "expected"),
    [
        ("import a.b", False, {"a.b"}),
        ("from a import b, c", False, {"a.b", "a"}),
        ("def f():\n    from . import b", False, {"a.b"}),
        ("from .b import x", True, {"a.sub.b"}),
        ("from ..b import x", False, {"b"}),
    ],
)
def test_the_reader_of_imports_sees_them_all(source: str, is_package: bool, expected: set[str]) -> None:
    name = "a.sub" if is_package or "." in source[:6] else "a.m"
    assert set(imports_of(source, name, is_package, {"a.b"})) == expected
