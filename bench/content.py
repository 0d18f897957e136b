"""How long a city's stations and streets take to load and validate, in processor time on one core.

The yardstick is PyYAML's C loader, which only parses the same rows, in the same run.
"""

import csv
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from catalog.check import check
from catalog.codes import check_character
from catalog.load import load
from catalog.model import Station, Street
from catalog.problem import errors
from catalog.render import prose_links

SAMPLE = Path(__file__).resolve().parents[1] / "catalog" / "content"
STREETS, STATIONS, ROUNDS = 343, 7_120, 5
HOURS = "周一至周五 9:00–12:00，13:30–17:30"
Row = dict[str, str]


def street(number: int) -> Row:
    """A made-up street of the sample's district."""
    return {
        "code": f"110199{number:03}",
        "slug": f"jiedao-{number}",
        "name": f"样例{number}街道",
        "kind": "街道",
        "center": f"样例{number}街道政务服务中心",
        "address": f"景和区样例路 {number} 号",
        "hours": HOURS,
        "phone": f"010-0001{number:04}",
        "complaint_phone": f"010-0002{number:04}",
        "body": f"样例{number}街道办事处",
        "longitude": "116.0000",
        "latitude": "40.0000",
    }


def station(number: int) -> Row:
    """A made-up station; neighbours in number belong to different streets."""
    place, of_street = divmod(number, STREETS)
    return {
        "code": f"110199{of_street + 1:03}{place + 1:03}",
        "slug": f"shequ-{place + 1}",
        "name": f"样例{number}社区政务服务站",
        "street": f"110199{of_street + 1:03}",
        "address": f"景和区样例街 {number} 号",
        "hours": HOURS,
        "phone": f"010-1000{number:04}",
        "longitude": "116.0010",
        "latitude": "40.0020",
        "self_service": "否",
        "mobile": "否",
        "on_behalf": "是",
        "opened": "2026-07-01",
    }


def bodies() -> str:
    """The offices of the streets, as entries of bodies.yaml."""
    first = [f"11110199{100_000 + number:08}0" for number in range(1, STREETS + 1)]
    return "".join(
        f'  - {{name: 样例{number}街道办事处, unified_code: "{code}{check_character(code)}", nature: 法定机关}}\n'
        for number, code in enumerate(first, start=1)
    )


def write(path: Path, columns: Iterable[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(columns), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def prepare(content: Path, streets: list[Row], stations: list[Row]) -> None:
    """The sample's items and departments under a city's streets and stations."""
    shutil.copytree(SAMPLE, content)
    # What the sample says of its own streets and stations is not true of a city's.
    for of_the_sample in ("streets", "disclosure"):
        shutil.rmtree(content / of_the_sample)
    (content / "staff.csv").unlink()
    write(content / "streets.csv", Street.model_fields, streets)
    write(content / "stations.csv", Station.model_fields, stations)
    with (content / "bodies.yaml").open("a", encoding="utf-8") as file:
        file.write(bodies())


def validate(content: Path) -> None:
    loaded = load(content)
    found = errors([*loaded.problems, *check(loaded, prose_links)])
    if found or len(loaded.stations) != STATIONS or len(loaded.streets) != STREETS:
        raise SystemExit(
            f"expected {STATIONS} stations and {STREETS} streets without faults, came {found[:3]}"
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
    streets = [street(number) for number in range(1, STREETS + 1)]
    stations = [station(number) for number in range(STATIONS)]
    text = yaml.safe_dump({"streets": streets, "stations": stations}, allow_unicode=True, sort_keys=False)
    with tempfile.TemporaryDirectory() as directory:
        content = Path(directory) / "content"
        prepare(content, streets, stations)
        own = seconds(lambda: validate(content))
    yardstick = seconds(lambda: yaml.load(text, yaml.CSafeLoader))
    print(f"PyYAML's C loader parses the same rows s: {yardstick:.2f}")
    print(f"{STATIONS:,} stations and {STREETS} streets load and validate s: {own:.2f}")


if __name__ == "__main__":
    main()
