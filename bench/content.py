"""How long a city's stations and streets take to load and validate, in processor time on one core.

The yardstick is PyYAML's C loader, which only parses the same rows, in the same run.
"""

import csv
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from catalog.check import check
from catalog.load import STATIONS, STREETS, load
from catalog.problem import errors
from catalog.render import prose_links
from catalog.sample_city import STATION_COUNT, STREET_COUNT, city

SAMPLE = Path(__file__).resolve().parents[1] / "catalog" / "content"
ROUNDS = 5


def sample() -> dict[str, bytes]:
    """The sample's files by their paths."""
    files = (path for path in SAMPLE.rglob("*") if path.is_file())
    return {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in files}


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode())))


def validate(content: Path) -> None:
    loaded = load(content)
    found = errors([*loaded.problems, *check(loaded, prose_links)])
    if found or len(loaded.stations) != STATION_COUNT or len(loaded.streets) != STREET_COUNT:
        raise SystemExit(
            f"expected {STATION_COUNT} stations and {STREET_COUNT} streets without faults, came {found[:3]}"
        )


def seconds(work: Callable[[], object]) -> float:
    """Median processor time of one round."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def main() -> None:
    files = city(1, sample())
    tables = {name: rows(files[name]) for name in (STREETS, STATIONS)}
    text = yaml.safe_dump(tables, allow_unicode=True, sort_keys=False)
    with tempfile.TemporaryDirectory() as directory:
        content = Path(directory) / "content"
        write(content, files)
        own = seconds(lambda: validate(content))
    yardstick = seconds(lambda: yaml.load(text, yaml.CSafeLoader))
    print(f"PyYAML's C loader parses the same rows s: {yardstick:.2f}")
    print(f"{STATION_COUNT:,} stations and {STREET_COUNT} streets load and validate s: {own:.2f}")


if __name__ == "__main__":
    main()
