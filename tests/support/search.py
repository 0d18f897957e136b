"""The search as a visitor's browser carries it out: the published matcher, run by node over the published index."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SCRIPT = Path(__file__).with_name("matcher.mjs")
Found = list[tuple[str, str, bool]]
"""(address, the name that matched, whether it is only alike), best first, ten at most."""


def unpack(files: Mapping[str, bytes], root: Path) -> None:
    """Writes what the search needs of a release below `root`."""
    for path, data in files.items():
        if path.startswith(("search/", "static/")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    # Browsers are told by the page that a script is a module, node by this.
    (root / "package.json").write_text('{"type": "module"}')


def ask(root: Path, queries: Sequence[str]) -> list[Found]:
    """What is found for each query."""
    answer = subprocess.run(
        ["node", str(SCRIPT), str(root)],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
    )
    return [[(address, name, guess) for address, name, guess in found] for found in json.loads(answer.stdout)]
