"""Publications as processes that can be killed: each is a child of one process that has imported everything."""

import json
import os
import resource
import subprocess
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.publish import publish

ROOT = Path(__file__).parents[2]
DONE, DISK_REFUSED = 0, 3
"""What a publication ends with."""


class Publisher:
    """Begins one publication after the other, each the leader of a group with its workers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.publisher"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(
        self, files: Path, site: Path, now: datetime, processes: int = 1, largest: int | None = None
    ) -> int:
        """Publish the content and templates in `files`; the group's id. No file may grow beyond `largest` bytes."""
        told = {"files": str(files), "site": str(site), "now": now.isoformat(), "processes": processes}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told | {"largest": largest}) + "\n")
        self._process.stdin.flush()
        return self._told()

    def ended(self) -> int:
        """What the publication that was begun ended with, once it has: DONE, DISK_REFUSED, or less a signal."""
        return self._told()

    def close(self) -> None:
        """No further publications."""
        self._process.communicate()

    def _told(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def _serve() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            # Whatever happens, the child must not read on.
            code = 1
            try:
                code = _publish(json.loads(line))
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        os.setpgid(pid, pid)
        _tell(pid)
        _tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _publish(told: dict[str, Any]) -> int:
    os.setpgid(0, 0)
    if told["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (told["largest"], told["largest"]))
    files, now = Path(told["files"]), datetime.fromisoformat(told["now"])
    try:
        publish(
            files / "content",
            files / "templates",
            Path(told["site"]),
            now,
            compress=False,
            processes=told["processes"],
        )
    except OSError:
        return DISK_REFUSED
    return DONE


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
