"""Random mutations of the sample's files: never a traceback, never a published fault.

Each of the five kinds makes FUZZ_EXAMPLES mutations, 400 unless told: two thousand in all. They start from
an excerpt of the sample: five items with all that they lead to, all villages, three of the street's stations.
"""

import csv
import io
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog import source
from catalog.check import check
from catalog.load import load
from catalog.problem import errors
from catalog.release import assemble
from catalog.render import prose_links

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"
TEMPLATES = ROOT / "templates"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "400"))

STATIONS = ("110199001001", "110199001002", "110199001038")
ITEMS = ("zuidi-shenghuo-baozhang", "shiye-dengji", "gaoling-jintie", "linshi-jiuzhu", "yiliao-jiuzhu")
FILES = [
    "district.yaml",
    "bodies.yaml",
    "streets.csv",
    "stations.csv",
    "streets/qinghuai-jiedao.yaml",
    "streets/yunling-zhen.yaml",
    *(f"items/{slug}.yaml" for slug in ITEMS),
]
RUBBISH = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [
            b"\n",
            b"\n- ",
            b": ",
            b"&a ",
            b"*a",
            b"!!int ",
            b"<<: ",
            b"'",
            b'"',
            b"[",
            b"}",
            b",",
            b"\t",
            b"\x00",
            b"---\n",
        ]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 400),
    st.text(max_size=20),
    st.sampled_from(
        [
            "无",
            "其他有关材料",
            "item:mei-you",
            "[看](javascript:1)",
            "010-00001001",
            "2026-02-30",
            "社区站点",
            "<script>",
        ]
    ),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


Steps = tuple[str | int, ...]


def excerpt() -> dict[str, bytes]:
    """The sample's files by name; lists keep what is in the excerpt, everything else stays as it is."""
    texts = {slug: (SAMPLE / f"items/{slug}.yaml").read_text("utf-8") for slug in ITEMS}
    while fringe := {slug for text in texts.values() for slug in led_to(text)} - set(texts):
        texts |= {slug: (SAMPLE / f"items/{slug}.yaml").read_text("utf-8") for slug in fringe}
    files = {f"items/{slug}.yaml": text.encode() for slug, text in texts.items()}
    for path in (path for path in SAMPLE.rglob("*") if path.suffix in (".yaml", ".csv")):
        file = path.relative_to(SAMPLE).as_posix()
        # What is disclosed of, and redirects to, the rest of the sample has no place in an excerpt.
        if not file.startswith(("items/", "disclosure/", "redirects")):
            lines = path.read_text("utf-8").splitlines(keepends=True)
            files[file] = "".join(line for line in lines if is_within(line, texts)).encode()
    return files


def led_to(text: str) -> set[str]:
    """The items that an item names: in its prose and as related ones."""
    related = re.search(r"^related: \[(.*)\]", text, re.MULTILINE)
    return {*re.findall(r"item:([a-z0-9-]+)", text), *(related[1].split(", ") if related else ())}


def is_within(line: str, items: dict[str, str]) -> bool:
    """Whether a line of a list or table belongs to the excerpt."""
    listed = re.fullmatch(r"  - ([a-z-]+)\n", line)
    station = re.match(r"(110199001[0-9]{3}),", line)
    return listed[1] in items if listed else not station or station[1] in STATIONS


EXCERPT = excerpt()


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Files that a mutation leaves alone are parsed once: reading is a pure function of name and bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "read_yaml", lru_cache(maxsize=200)(source.read_yaml))
        yield


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fuzz") / "content"
    for file, data in EXCERPT.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(data)
    return root


def passes(content: Path, file: str, data: bytes) -> bool:
    """Whether `build.py publish` would take the mutated file; the sample is put back afterwards."""
    sound = (content / file).read_bytes()
    try:
        (content / file).write_bytes(data)
        loaded = load(content)
        problems = [*loaded.problems, *check(loaded, prose_links)]
        for problem in problems:
            assert problem.message and problem.line >= 0 and str(problem)
        catalogue = loaded.catalogue
        assert (catalogue is None) == bool(loaded.problems)
        if catalogue is None or errors(problems):
            return False
        files, faults = assemble(catalogue, TEMPLATES)
        assert not [fault for fault in faults if fault.rule == "render"]
        assert not [path for path, page in files.items() if path.endswith(".html") and b"<script>" in page]
        return not faults
    finally:
        (content / file).write_bytes(sound)


BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller example is not worth the minutes it takes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_the_sample_itself_passes(content: Path) -> None:
    assert passes(content, FILES[0], EXCERPT[FILES[0]])


@BOUNDED
@given(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 40), RUBBISH)
def test_rubbish_in_a_file_raises_nothing(
    content: Path, file: str, place: float, length: int, rubbish: bytes
) -> None:
    data = EXCERPT[file]
    start = int(place * len(data))
    passes(content, file, data[:start] + rubbish + data[start + length :])


def places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Where every value within a structure stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def holder(value: Any, path: Steps) -> Any:
    """The mapping or list that the last step of the path leads out of."""
    for key in path[:-1]:
        value = value[key]
    return value


def rewritten(value: Any) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")


YAML_FILES = [file for file in FILES if file.endswith(".yaml")]


@BOUNDED
@given(st.sampled_from(YAML_FILES), st.floats(0, 1, exclude_max=True), VALUES)
def test_any_value_anywhere_raises_nothing(content: Path, file: str, place: float, new: Any) -> None:
    value = yaml.safe_load(EXCERPT[file])
    paths = list(places(value))
    path = paths[int(place * len(paths))]
    holder(value, path)[path[-1]] = new
    passes(content, file, rewritten(value))


@BOUNDED
@given(st.sampled_from(YAML_FILES), st.floats(0, 1, exclude_max=True), st.booleans())
def test_what_is_gone_or_said_twice_raises_nothing(
    content: Path, file: str, place: float, twice: bool
) -> None:
    value = yaml.safe_load(EXCERPT[file])
    paths = list(places(value))
    path = paths[int(place * len(paths))]
    container = holder(value, path)
    if twice and isinstance(container, list):
        container.insert(int(path[-1]), container[int(path[-1])])
    else:
        del container[path[-1]]
    passes(content, file, rewritten(value))


FAULTS: dict[str, tuple[str, ...]] = {
    "district.yaml": ("code", "name", "advice_phone", "items"),
    "bodies.yaml": ("bodies",),
    **{
        f"items/{slug}.yaml": (
            "code",
            "slug",
            "name",
            "department",
            "audience",
            "duty",
            "fee",
            "result",
            "steps",
        )
        for slug in ITEMS
    },
}
"""What each file cannot do without."""
NO_VALUES = st.one_of(
    st.none(),
    st.just(""),
    st.just(" "),
    st.just([]),
    st.just({}),
    st.integers(),
    st.just("没有这个词"),
    st.just([[]]),
)


@BOUNDED
@given(st.sampled_from(sorted(FAULTS)), st.data())
def test_what_must_be_there_is_never_published_without(content: Path, file: str, data: st.DataObject) -> None:
    value = yaml.safe_load(EXCERPT[file])
    field = data.draw(st.sampled_from(FAULTS[file]))
    how = data.draw(st.sampled_from(["gone", "misspelt", "nothing"]))
    if how == "gone":
        del value[field]
    elif how == "misspelt":
        value[f"{field}x"] = value[field]
    else:
        value[field] = data.draw(NO_VALUES.filter(lambda new: not (field == "name" and new == "没有这个词")))
    assert not passes(content, file, rewritten(value))


@BOUNDED
@given(st.sampled_from(["streets.csv", "stations.csv"]), st.data())
def test_a_faulty_row_is_never_published(content: Path, file: str, data: st.DataObject) -> None:
    rows = list(csv.reader(io.StringIO(EXCERPT[file].decode())))
    row = data.draw(st.integers(1, len(rows) - 1))
    how = data.draw(st.sampled_from(["blank", "short", "long", "twice", "code", "phone"]))
    cell = data.draw(st.integers(0, len(rows[0]) - 1))
    if how == "blank":
        rows[row][cell] = ""
    elif how == "short":
        del rows[row][cell]
    elif how == "long":
        rows[row].insert(cell, "多了一格")
    elif how == "twice":
        rows.append(rows[row])
    else:
        rows[row][rows[0].index(how)] = data.draw(st.text(max_size=8))
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows(rows)
    assert not passes(content, file, table.getvalue().encode("utf-8", "surrogatepass"))
