"""The service as its operator runs it: a process of its own that can be killed and started again."""

import atexit
import http.client
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_WITHIN = 30.0


class ServiceProcess:
    """`python -m consult serve --demo` on a free port, with the sample catalogue and everything else in `home`."""

    def __init__(self, home: Path, settings: str = "") -> None:
        self.home = home
        self.port = _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.database = home / "kezhong.sqlite3"
        self.settings = home / "settings.toml"
        self.settings.write_text(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = home / "service.log"
        shutil.copytree(_published(), home / "site", symlinks=True)

    def start(self) -> None:
        """Returns once pages are answered; an AssertionError shows the log where that does not come about."""
        command = [
            "-m",
            "consult",
            "--config",
            str(self.settings),
            "--database",
            f"sqlite:///{self.database}",
        ]
        command += ["serve", "--demo", "--port", str(self.port), "--site", str(self.home / "site")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + START_WITHIN
        while not self._answers():
            alive = self._process.poll() is None and time.monotonic() < deadline
            assert alive, self._log.read_text()

    def kill(self) -> None:
        """kill -9: nothing is said, nothing is saved."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """As a planned stop; the log must hold no traceback."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(10) == 0, self._log.read_text()
        assert "Traceback" not in self._log.read_text(), self._log.read_text()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            rows = connection.execute(query, values).fetchall()
        connection.close()
        return rows

    def execute(self, statement: str) -> None:
        """Writes into the database beside the running service."""
        with sqlite3.connect(self.database) as connection:
            connection.execute(statement)
        connection.close()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/catalog.json")
            return connection.getresponse().status == 200
        except OSError:
            # Not listening yet; the short wait keeps this from taking a core.
            select.select([], [], [], 0.05)
            return False
        finally:
            connection.close()


@cache
def _published() -> Path:
    """The sample's site, published once by the editors' command; every service has a copy of its own."""
    home = Path(tempfile.mkdtemp(prefix="kezhong-"))
    atexit.register(shutil.rmtree, home)
    command = [sys.executable, "build.py", "publish", "--site", str(home / "site")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return home / "site"


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
