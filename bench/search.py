"""What a keystroke in the search costs in Chromium over a city's stations: matched, and drawn into the list.

The yardstick is the least that any search can do, in the same page: String.includes over the same names.
Usage: python -m bench.search
"""

import gzip
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from bench.content import STATIONS, STREETS, station, street
from catalog.load import load
from catalog.model import Catalogue, Station, Street
from catalog.release import assemble
from catalog.search import ITEMS, files
from tests.support.browser import CHROMIUM, PHONE, QUIET

ROOT = Path(__file__).resolve().parents[1]
FIRST, MIDDLE, LAST = (
    "东西南北上下前后大小新老",
    "槐安和平青松柏石长永福兴文昌清泉云",
    "里园坊巷庄桥营村屯河台苑湾岭",
)
TYPED = (
    "社保卡丢了怎么办",
    "老伴走了丧葬费怎么领",
    "孩子上学非京籍要五证",
    "shebaokabuban",
    "shbkbuban",
    "东槐园社区",
    "donghuaiyuan",
    "dhy",
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


def city(sample: Catalogue) -> Catalogue:
    """The sample's items under a city's streets and stations with names that differ as real ones do."""
    names = ("".join(parts) for parts in product(MIDDLE, LAST, FIRST, LAST))
    stations = [
        Station.model_validate({**station(number), "name": f"{own[2]}{own[0]}{own[1]}{own[3]}社区政务服务站"})
        for number, own in enumerate(islice(names, STATIONS))
    ]
    streets = [Street.model_validate(street(number)) for number in range(1, STREETS + 1)]
    return sample.model_copy(update={"streets": tuple(streets), "stations": tuple(stations)})


def write(root: Path, released: Mapping[str, bytes]) -> None:
    for path, data in released.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


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
        page.get_by_role("combobox").fill("东槐园")
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
    sample = load(ROOT / "catalog" / "content").catalogue
    assert sample is not None
    index = files(city(sample))
    released, _ = assemble(sample, ROOT / "templates")
    names = [item.name for item in sample.items] + [stop.name for stop in city(sample).stations]
    with TemporaryDirectory() as directory:
        root = Path(directory)
        write(root, released)
        write(root, {address.removeprefix("/"): data for address, data in index.items()})
        write(root, {"names.json": json.dumps(names).encode()})
        with served(root) as origin:
            times = measure(origin)
    size = {address: len(gzip.compress(data, 9)) / 1000 for address, data in index.items()}
    print(
        f"index KB gz: items {size.pop(ITEMS):.1f}, then summaries and {STATIONS:,} stations {sum(size.values()):.1f}"
    )
    print(f"String.includes over the same {len(names):,} names ms: {told(times['scan'])}")
    print(f"a keystroke, matched and drawn ms: {told(times['own'])}")
    print(f"the slowest keystroke, by the median of its rounds ms: {worst_key(times['own']):.2f}")
    print(f"a keystroke / String.includes, in all: {sum(times['own']) / sum(times['scan']):.1f}")


if __name__ == "__main__":
    main()
