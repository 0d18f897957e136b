"""The editors' command as they run it: as a process of its own, or here, which is faster and is seen by coverage."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import build as command

ROOT = Path(__file__).parents[2]


def build(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, from another directory."""
    line = [sys.executable, ROOT / "build.py", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(line, capture_output=True, text=True, cwd="/", env=environment, check=False)


def here(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in this process."""
    told, said = io.StringIO(), io.StringIO()
    words = list(map(str, arguments))
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(said):
        try:
            code: object = command.main(words)
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, told.getvalue(), said.getvalue())
