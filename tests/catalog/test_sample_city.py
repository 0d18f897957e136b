"""The made-up city: as large as a real one, without a fault, and the same whenever it is drawn by the same number."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog.check import check
from catalog.layers import implementations
from catalog.load import load
from catalog.render import prose_links
from catalog.sample_city import FEWEST, MOST, STATION_COUNT, STREET_COUNT, city

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"


@pytest.fixture(scope="module")
def sample() -> Mapping[str, bytes]:
    files = (path for path in SAMPLE.rglob("*") if path.is_file())
    return {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in files}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "sample-city", *arguments], capture_output=True, text=True
    )


def test_the_command_writes_a_whole_city_without_a_fault(tmp_path: Path, sample: Mapping[str, bytes]) -> None:
    told = run(str(tmp_path / "city"), "--seed", "7")
    assert (told.returncode, told.stderr) == (0, "")
    loaded = load(tmp_path / "city")
    assert [*loaded.problems, *check(loaded, prose_links)] == []
    catalogue = loaded.catalogue
    assert catalogue is not None
    assert (len(catalogue.streets), len(catalogue.stations)) == (STREET_COUNT, STATION_COUNT)
    sizes = Counter(station.street for station in catalogue.stations)
    assert len(sizes) == STREET_COUNT
    assert FEWEST <= min(sizes.values()) < max(sizes.values()) <= MOST
    assert len({station.name for station in catalogue.stations}) == STATION_COUNT
    assert len({street.address.partition("区")[0] for street in catalogue.streets}) == 16
    offered = [len(each) for each in implementations(catalogue).values()]
    assert 55 < sum(offered) / STREET_COUNT <= len(catalogue.items)
    assert catalogue.holidays
    assert catalogue.forms


def test_the_same_number_draws_the_same_city_and_another_one_another(sample: Mapping[str, bytes]) -> None:
    assert city(2, sample) == city(2, sample)
    assert city(2, sample) != city(3, sample)


def test_a_city_twice_as_large_has_no_faults_either(tmp_path: Path, sample: Mapping[str, bytes]) -> None:
    for path, data in city(1, sample, scale=2).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    loaded = load(tmp_path)
    assert [*loaded.problems, *check(loaded, prose_links)] == []
    assert (len(loaded.streets), len(loaded.stations)) == (2 * STREET_COUNT, 2 * STATION_COUNT)


@pytest.mark.parametrize("is_file", [False, True])
def test_nothing_is_written_where_something_is(tmp_path: Path, is_file: bool) -> None:
    there = tmp_path / "there"
    there.write_text("x")
    told = run(str(there if is_file else tmp_path))
    assert told.returncode == 2
    assert "现在已有内容，没有写入" in told.stderr
    assert list(tmp_path.iterdir()) == [there]
