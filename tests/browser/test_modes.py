"""The elders' and the high-contrast way of showing, as a resident without JavaScript uses them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import PHONE
from tests.support.site import GUIDE, KINDS, STREET_GUIDE


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=origin, java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]}
    )
    yield context.new_page()
    context.close()


def test_the_elders_way_is_one_press_and_stays_from_page_to_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="长者版").click()
    page.get_by_role("link", name="年纪").click()
    page.get_by_role("link", name="满 80 岁").first.click()
    assert page.url.endswith("/elder/items/gaoling-jintie.html")
    expect(page.locator("body")).to_have_css("font-size", "24px")
    page.get_by_role("link", name="标准版").click()
    assert page.url.endswith("/items/gaoling-jintie.html") and "elder" not in page.url
    expect(page.locator("body")).to_have_css("font-size", "18px")


SMALL = """
() => [...document.querySelectorAll("a, button, summary, label, input:not(label input)")]
    .filter((each) => each.checkVisibility() && !each.closest("p, dd, .plain, .skip, .breadcrumb"))
    .map((each) => [each.textContent.trim(), each.getBoundingClientRect().height])
    .filter(([, height]) => height < 60)
"""
TYPE = """
() => {
    const sizes = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const inside = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !inside.checkVisibility() || inside.closest("svg")) continue;
        sizes.add(parseFloat(getComputedStyle(inside).fontSize));
    }
    return [...sizes];
}
"""


@pytest.mark.parametrize("address", [kind for kind in KINDS if "poster" not in kind])
def test_for_elders_type_and_targets_are_large_and_nothing_scrolls_sideways(page: Page, address: str) -> None:
    """GB/T 37668 and the rules for elders' services: targets of 60 px; type from 24 px is our own."""
    page.goto(f"/elder{address}")
    assert page.evaluate(SMALL) == []
    assert min(page.evaluate(TYPE)) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_for_elders_there_is_less_to_choose_from(page: Page) -> None:
    counted = []
    for prefix in ("", "/elder"):
        page.goto(f"{prefix}/")
        counted.append(page.locator("a:visible").count())
    assert counted[1] * 2 < counted[0]
    page.goto(f"/elder{GUIDE}")
    assert not page.locator("#about").is_visible() and page.locator("#materials").is_visible()


def test_in_high_contrast_the_ground_is_black(page: Page) -> None:
    page.goto(STREET_GUIDE)
    page.get_by_role("link", name="高对比").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")
    assert page.url.endswith(f"/contrast{STREET_GUIDE}")
