"""What a guide costs to open, how it stands still while it loads, and that it reads without its style sheets."""

import gzip
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE
from tests.support.site import GUIDE, HOME, KINDS, STATION, STREET_GUIDE

ONE_ROUND_TRIP = 14 * 1024
"""Ten segments of 1,460 bytes: the first window of a fresh TCP connection (RFC 6928)."""


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    context = browser.new_context(base_url=origin, viewport={"width": PHONE[0], "height": PHONE[1]})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", [GUIDE, STREET_GUIDE])
def test_the_first_load_of_a_guide_fits_one_round_trip(page: Page, address: str) -> None:
    """All that Chromium fetches, as gzip sends it; headers apart."""
    bodies: dict[str, int] = {}
    page.on(
        "response", lambda response: bodies.update({response.url: len(gzip.compress(response.body(), 9))})
    )
    page.goto(address, wait_until="networkidle")
    assert len(bodies) >= 4
    assert sum(bodies.values()) <= ONE_ROUND_TRIP, bodies


CHOSEN = json.dumps({"address": STATION, "name": "槐安社区政务服务站"}, ensure_ascii=False)
"""One's own station as a browser remembers it."""
SHIFT = """
() => new Promise((done) => {
    let shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shift += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shift), 300)));
})
"""


@pytest.mark.parametrize("address", KINDS)
def test_nothing_moves_while_a_page_loads(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(SHIFT) == 0


@pytest.mark.parametrize(
    "address", [HOME, "/streets/", GUIDE, STREET_GUIDE, "/elder/streets/", f"/elder{GUIDE}"]
)
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_nothing_moves_when_ones_own_station_comes_into_the_page(
    browser: Browser, origin: str, address: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(base_url=origin, viewport={"width": size[0], "height": size[1]})
    context.add_init_script(f'localStorage.setItem("kezhong.station", {json.dumps(CHOSEN)})')
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    expect(page.locator("#my-station")).to_contain_text("槐安社区政务服务站")
    assert page.evaluate(SHIFT) == 0
    context.close()


def test_the_room_of_a_station_that_is_forgotten_is_given_back(page: Page) -> None:
    page.goto("/streets/")
    page.evaluate("(chosen) => localStorage.setItem('kezhong.station', chosen)", CHOSEN)
    page.reload()
    page.get_by_role("button", name="忘记这个站点").click()
    box = page.locator("#my-station").bounding_box()
    assert box and box["height"] < 120


def test_without_style_sheets_a_guide_reads_from_top_to_bottom(page: Page) -> None:
    page.route("**/*.css", lambda route: route.abort())
    page.goto(GUIDE)
    told = [each for each in page.locator("h1, h2").all_inner_texts() if each]
    assert told[:6] == ["申请低保", "要点", "带什么", "谁能办", "怎么办", "去哪里"]
    assert page.get_by_text("全家每个人的页都要带", exact=False).is_visible()
    # Nothing is as wide as to be scrolled for, the code to be scanned among it.
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
