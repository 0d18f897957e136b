"""A preview of the sample that a test may change, on a free port of the loopback."""

import http.client
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from catalog.preview_server import serving
from tests.support.site import CONTENT, ROOT

DAY = date(2026, 11, 24)
SHOWN_WITHIN = 10.0


class Previewed:
    """The sample in `home`/content with `home`/templates, shown at `address`."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self.address = home, address.rstrip("/")

    def edit(self, file: str, old: str, new: str) -> None:
        """Save a file with the first `old` replaced, as editors do: a new file takes the place of the old one."""
        path = self.home / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        new_file = path.with_name(f".{path.name}.new")
        new_file.write_text(text.replace(old, new, 1), "utf-8")
        new_file.replace(path)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=SHOWN_WITHIN)

    def get(self, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one answer."""
        connection = self.connect()
        try:
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


@contextmanager
def previewing(home: Path) -> Iterator[Previewed]:
    """The sample and its templates, previewed from copies in `home`."""
    content, templates = home / "content", home / "templates"
    shutil.copytree(CONTENT, content)
    shutil.copytree(ROOT / "templates", templates)
    with serving(content, templates, 0, lambda: DAY) as address:
        yield Previewed(home, address)
