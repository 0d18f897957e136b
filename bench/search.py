"""What a keystroke in the search costs in Chromium over a city's stations: matched, and drawn into the list.

The yardstick is the least that any search can do, in the same page: String.includes over the same names.
Usage: python -m bench.search
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from bench.content import SAMPLE, sample, write
from catalog.load import load
from catalog.model import Catalogue
from catalog.release import assemble
from catalog.sample_city import STATION_COUNT, city
from catalog.search import ITEMS, files
from tests.support.browser import CHROMIUM, PHONE, QUIET

ROOT = Path(__file__).resolve().parents[1]
TYPED = (
    "社保卡丢了怎么办",
    "老伴走了丧葬费怎么领",
    "孩子上学非京籍要五证",
    "shebaokabuban",
    "shbkbuban",
    "槐河北里社区",
    "huaihebeili",
    "hhbl",
    "租公房申请",
    "gonngzufang",
    "没有这样的事项",
    "zzzzzz",
)
KEYSTROKES = """
async (typed) => {
    const field = document.querySelector("#search-field"), list = document.querySelector("#search-list");
    const names = JSON.parse(await (await fetch("/names.json")).text());
    const times = { own: [], scan: [] };
    const timed = (work, into) => { const begun = performance.now(); work(); into.push(performance.now() - begun); };
    for (let round = 0; round < 10; round++)
        for (const query of typed)
            for (let end = 1; end <= query.length; end++) {
                field.value = query.slice(0, end);
                const own = round ? times.own : [], scan = round ? times.scan : [];
                timed(() => { field.dispatchEvent(new InputEvent("input")); void list.offsetHeight; }, own);
                timed(() => names.filter((name) => name.includes(field.value)), scan);
                // Lets the browser paint, and the clock of the page go on.
                await new Promise(requestAnimationFrame);
            }
    return times;
}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def read(content: Path) -> Catalogue:
    catalogue = load(content).catalogue
    assert catalogue is not None
    return catalogue


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The directory on the loopback; yields its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def measure(origin: str) -> dict[str, list[float]]:
    """Milliseconds of every keystroke after a first round that warms up."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
        page.goto(origin)
        page.get_by_role("combobox").fill("槐河北")
        page.get_by_text("社区政务服务站").first.wait_for()
        times: dict[str, list[float]] = page.evaluate(KEYSTROKES, TYPED)
        browser.close()
    return times


def worst_key(times: list[float]) -> float:
    """The keystroke that takes longest, by the median of its rounds: what the machine did beside it is left out."""
    keys = sum(map(len, TYPED))
    return max(median(times[key::keys]) for key in range(keys))


def told(times: list[float]) -> str:
    ordered = sorted(times)
    late = ordered[int(len(ordered) * 0.99)]
    return f"median {median(ordered):.2f}, 99 of 100 within {late:.2f}, worst {ordered[-1]:.2f}"


def main() -> None:
    released, _ = assemble(read(SAMPLE), ROOT / "templates")
    with TemporaryDirectory() as directory:
        root = Path(directory)
        write(root / "content", city(1, sample()))
        whole = read(root / "content")
        index = files(whole)
        names = [item.name for item in whole.items] + [stop.name for stop in whole.stations]
        write(root, released)
        write(root, {address.removeprefix("/"): data for address, data in index.items()})
        write(root, {"names.json": json.dumps(names).encode()})
        with served(root) as origin:
            times = measure(origin)
    size = {address: len(gzip.compress(data, 9)) / 1000 for address, data in index.items()}
    print(
        f"index KB gz: items {size.pop(ITEMS):.1f}, then "
        f"summaries and {STATION_COUNT:,} stations {sum(size.values()):.1f}"
    )
    print(f"String.includes over the same {len(names):,} names ms: {told(times['scan'])}")
    print(f"a keystroke, matched and drawn ms: {told(times['own'])}")
    print(f"the slowest keystroke, by the median of its rounds ms: {worst_key(times['own']):.2f}")
    print(f"a keystroke / String.includes, in all: {sum(times['own']) / sum(times['scan']):.1f}")


if __name__ == "__main__":
    main()
