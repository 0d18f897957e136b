"""How long a whole city's site takes to build, and how much memory, beside Hugo in the same run; then three edits.

Hugo makes the street guides, guides, streets, stations and posters with the same words and links in the same three
modes (bench/hugo). It makes no codes, lists, search, data files or link check, does not wait until its pages are on the
disk, and finds many words written out: all of that is in its favour.
With --eleventy Eleventy makes the standard pages, too. With --scale 2 no other program runs: the city is published,
then one twice as large, and the time of a page is compared.
Usage: python -m bench.site [--content DIR | --scale 2] [--eleventy]
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.alike import same
from bench.content import sample, write
from bench.eleventy_site import eleventy
from bench.hugo_data import data_files
from bench.hugo_site import hugo
from bench.measuring import Run, count, measured
from catalog.load import DISTRICT, ITEMS, STATIONS, load
from catalog.modes import OTHERS, STANDARD
from catalog.sample_city import city
from catalog.source import read_yaml

ROOT = Path(__file__).resolve().parents[1]


def edit(path: Path, pattern: str, replacement: str) -> None:
    """Write the first match anew; SystemExit where there is none."""
    text, count = re.subn(pattern, replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    if not count:
        raise SystemExit(f"{path.name} should match {pattern}")
    path.write_text(text, "utf-8")


def publisher(content: Path, site: Path) -> list[str | Path]:
    """The command that publishes without compressing, which Hugo does not do either."""
    command: list[str | Path] = [sys.executable, ROOT / "build.py", "publish"]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    flags = ["--no-compress"] if "--no-compress" in told else []
    return [*command, "--content", content, "--site", site, *flags]


def cold(root: Path, content: Path) -> tuple[Run, int]:
    """Publish for the first time; the time and memory, and the number of pages."""
    site = root / "site"
    run = measured(publisher(content, site), root)
    pages = count(site / "current")
    modes = sum(count(site / "current" / mode.name) for mode in OTHERS)
    print(
        f"Kezhong, {pages:,} pages, {modes:,} of them for elders and in high contrast: {run}, "
        f"{pages / run.seconds:,.0f} pages/s"
    )
    return run, pages


def grown(scale: int) -> None:
    """A city and a larger one, one after the other."""
    runs = []
    for each in (1, scale):
        with TemporaryDirectory() as directory:
            write(Path(directory) / "content", city(1, sample(), each))
            runs.append(cold(Path(directory), Path(directory) / "content"))
    (one, pages), (other, more) = runs
    print(f"pages, {scale}x / 1x: {more / pages:.2f}")
    print(f"time per page, {scale}x / 1x: {(other.seconds / more) / (one.seconds / pages):.2f}")
    print(f"processor time per page, {scale}x / 1x: {(other.processor / more) / (one.processor / pages):.2f}")
    print(f"memory, {scale}x / 1x: {other.mebibytes / one.mebibytes:.2f}")


def beside_others(root: Path, content: Path, *, has_eleventy: bool) -> None:
    """A cold build and those of others, then three edits of `content`."""
    current, publish = root / "site" / "current", publisher(content, root / "site")
    own, _ = cold(root, content)
    catalogue = load(content).catalogue
    assert catalogue is not None
    data = data_files(catalogue)
    standard, other, public = hugo(root / "hugo", data)
    print(f"pages compared that have the same words and links: {same(current, public):,}")
    if has_eleventy:
        third, public = eleventy(root / "eleventy", data)
        print(f"pages compared that have the same words and links: {same(current, public, (STANDARD,)):,}")
        print(f"cold build time / Eleventy without modes: {own.seconds / third.seconds:.2f}")
        print(f"cold build memory / Eleventy without modes: {own.mebibytes / third.mebibytes:.2f}")
    unchanged = measured(publish, root)
    edit(content / STATIONS, r"010-\d{8}", "010-99999999")
    station = measured(publish, root)
    edit(content / ITEMS / f"{_listed(content)}.yaml", r"^(    text: .*?)。?$", r"\1，请您放心。")
    item = measured(publish, root)
    print(f"cold build time / Hugo without modes: {own.seconds / standard.seconds:.2f}")
    print(f"cold build memory / Hugo without modes: {own.mebibytes / standard.mebibytes:.2f}")
    # What other programs on the machine take away from one of both does not count here.
    print(f"cold build processor time / Hugo: {own.processor / other.processor:.2f}")
    print(f"cold build time / Hugo: {own.seconds / other.seconds:.2f}")
    print(f"cold build memory / Hugo: {own.mebibytes / other.mebibytes:.2f}")
    print(f"no change s: {unchanged.seconds:.2f}")
    print(f"one station s: {station.seconds:.2f}")
    print(f"one item s: {item.seconds:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.site")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--content", type=Path, help="a content directory in place of the made-up city")
    chosen.add_argument("--scale", type=int, choices=[2], help="a city, and one so many times as large")
    parser.add_argument("--eleventy", action="store_true", help="beside Eleventy, too")
    options = parser.parse_args()
    if options.scale:
        grown(options.scale)
        return
    with TemporaryDirectory() as directory:
        content = Path(directory) / "content"
        if options.content:
            shutil.copytree(options.content, content)
        else:
            write(content, city(1, sample()))
        beside_others(Path(directory), content, has_eleventy=options.eleventy)


def _listed(content: Path) -> str:
    """An item that every street carries out."""
    district, _ = read_yaml(DISTRICT, (content / DISTRICT).read_bytes())
    assert district is not None
    value: Any = district.value
    return str(value["items"][0])


if __name__ == "__main__":
    main()
