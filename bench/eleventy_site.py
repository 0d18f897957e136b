"""The city's standard pages by the newest Eleventy of version 3, from the same tables as Hugo's (bench/eleventy)."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bench.content import write
from bench.measuring import Run, count, measured

ROOT = Path(__file__).resolve().parents[1]
ELEVENTY = ROOT / ".venv" / "eleventy"
_HEAP = 8192
"""MiB that Node may fill: at its own limit it gives up before it has a city's pages."""


def eleventy(root: Path, data: Mapping[str, bytes]) -> tuple[Run, Path]:
    """How long it took, and where it wrote its pages."""
    package = _installed()
    shutil.copytree(ROOT / "bench" / "eleventy", root)
    shutil.copytree(ROOT / "templates" / "static", root / "static")
    write(root / "data", data)
    (root / "package.json").write_text('{"type": "module"}')
    (root / "node_modules").symlink_to(ELEVENTY / "node_modules")
    run = measured(["node", f"--max-old-space-size={_HEAP}", package / "cmd.cjs"], root)
    version = json.loads((package / "package.json").read_bytes())["version"]
    print(f"Eleventy {version}, {count(root / 'public'):,} pages, the standard ones alone: {run}")
    return run, root / "public"


def _installed() -> Path:
    ELEVENTY.mkdir(parents=True, exist_ok=True)
    npm: list[str | Path] = [
        "npm",
        "install",
        "--prefix",
        ELEVENTY,
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    subprocess.run([*npm, "--loglevel=error", "@11ty/eleventy@3"], check=True, stdout=subprocess.DEVNULL)
    return ELEVENTY / "node_modules" / "@11ty" / "eleventy"
