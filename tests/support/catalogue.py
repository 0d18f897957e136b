"""A copy of the minimal catalogue that a test may spoil."""

import shutil
from pathlib import Path

from catalog.check import check
from catalog.load import Loaded, load
from catalog.render import prose_links

MINIMAL = Path(__file__).parents[1] / "data" / "catalogue"
ALLOWANCE = "items/gao-ling-jin-tie.yaml"
REGISTRATION = "items/jiu-ye-deng-ji.yaml"


class Content:
    """The minimal catalogue in `root`, to be edited in place."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(MINIMAL, root)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in `file`, which must be there."""
        text = (self.root / file).read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        self.write(file, text.replace(old, new, 1))

    def write(self, file: str, data: str | bytes) -> None:
        (self.root / file).write_bytes(data.encode() if isinstance(data, str) else data)

    def append(self, file: str, text: str) -> None:
        self.write(file, (self.root / file).read_text("utf-8") + text)

    def load(self) -> Loaded:
        return load(self.root)

    def faults(self) -> list[str]:
        """Every problem of reading and of the rules, as an editor sees it."""
        loaded = self.load()
        return [str(problem) for problem in sorted([*loaded.problems, *check(loaded, prose_links)])]
