"""The sample's site, published and served on the loopback as a plain web server would do."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from catalog.load import load
from catalog.publish import publish
from catalog.release import assemble
from catalog.sections import Files
from catalog.store import CURRENT

LOADED = re.compile(r'<(?:link rel="(?:icon|stylesheet)" href|script(?: type="module")? src)="(/[^"]+)"')
"""What a page's head has browsers load."""
ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "catalog" / "content"
HOME, SEARCH = "/", "/search/"
GUIDE = "/items/zuidi-shenghuo-baozhang.html"
STREET_GUIDE = "/streets/qinghuai-jiedao/items/shehui-baozhang-ka-buling-huanling.html"
STATION = "/streets/qinghuai-jiedao/huaian-shequ.html"
DISCLOSED = (
    "",
    "lists.html",
    "pledges.html",
    "agents.html",
    "progress.html",
    "ratings.html",
    "consults.html",
    "changes.html",
)
KINDS = (
    HOME,
    "/items/",
    "/items/events.html",
    "/items/groups.html",
    "/items/kinds.html",
    SEARCH,
    GUIDE,
    STREET_GUIDE,
    "/streets/",
    "/streets/yunling-zhen.html",
    "/streets/yunling-zhen/items/linshi-jiuzhu.html",
    STATION,
    "/streets/yunling-zhen/shangyun-cun.html",
    "/streets/qinghuai-jiedao/huaian-shequ/poster.html",
    *(f"/disclosure/{name}" for name in DISCLOSED),
    "/forms/weituo-shu.html",
    "/open-data/",
    "/style/",
)
"""One page of every kind that every mode has."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@cache
def sample() -> Files:
    """All files of the sample's release."""
    catalogue = load(CONTENT).catalogue
    assert catalogue is not None
    files, problems = assemble(catalogue, ROOT / "templates")
    assert not problems
    return files


def published(directory: Path) -> Path:
    """The sample, published into `directory`: what a web server serves."""
    publish(CONTENT, ROOT / "templates", directory, datetime(2026, 11, 23, tzinfo=UTC), compress=False)
    return directory / CURRENT


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The origin at which a published site is served on the loopback."""
    handler = partial(_Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
