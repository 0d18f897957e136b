"""From the home page to what to bring for a lost social-security card at one's own station."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import PHONE
from tests.support.site import STREET_GUIDE

STATION, CARD = "槐安社区政务服务站", "社保卡丢了、坏了，重办一张"


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def arrived(page: Page) -> None:
    """At the guide as one's own street carries it out: what to bring is on the first screen."""
    expect(page).to_have_url(f"{page.url.partition('/streets/')[0]}{STREET_GUIDE}")
    bring = page.locator(".summary div").first
    expect(bring).to_contain_text("持卡人的身份证")
    box = bring.bounding_box()
    assert box is not None and box["y"] + box["height"] <= PHONE[1]
    expect(page.locator("#where")).to_contain_text(STATION)


@pytest.mark.parametrize("mode", ["", "/elder", "/contrast"])
def test_without_javascript_in_three_clicks(
    browser: Browser, contexts: list[BrowserContext], origin: str, mode: str
) -> None:
    contexts.append(
        browser.new_context(
            base_url=origin,
            java_script_enabled=False,
            viewport={"width": PHONE[0], "height": PHONE[1]},
        )
    )
    page = contexts[0].new_page()
    page.goto(f"{mode}/")
    page.locator(".site-nav").get_by_role("link", name="站点").click()
    page.get_by_role("link", name=STATION).click()
    page.get_by_role("link", name=CARD).click()
    if mode:
        expect(page.locator(".summary div").first).to_contain_text("持卡人的身份证")
        assert page.url == f"{origin}{mode}{STREET_GUIDE}"
    else:
        arrived(page)


def tab_to(page: Page, words: str) -> None:
    """Tab until the focus is on what is called `words`; the sequence must get there."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"150 tabs did not reach {words}")


def test_by_keyboard_alone(browser: Browser, contexts: list[BrowserContext], origin: str) -> None:
    contexts.append(browser.new_context(base_url=origin, viewport={"width": PHONE[0], "height": PHONE[1]}))
    page = contexts[0].new_page()
    page.goto("/")
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("huaian")
    expect(page.get_by_role("option", name=STATION)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(STATION)
    tab_to(page, CARD)
    page.keyboard.press("Enter")
    arrived(page)


VOICE = """
speechSynthesis.getVoices = () => [{ lang: "zh-CN", name: "made up" }];
window.said = [];
speechSynthesis.speak = (utterance) => said.push(utterance.text);
"""


def test_a_guide_is_read_aloud_where_the_browser_speaks_chinese(
    browser: Browser, contexts: list[BrowserContext], origin: str
) -> None:
    contexts.append(browser.new_context(base_url=origin))
    page = contexts[0].new_page()
    page.goto(STREET_GUIDE)
    expect(page.get_by_role("button", name="打印这一页")).to_be_visible()
    assert not page.get_by_role("button", name="读给我听").is_visible()
    page.add_init_script(VOICE)
    page.goto(STREET_GUIDE)
    page.get_by_role("button", name="读给我听").click()
    said = page.evaluate("said")
    assert said[:3] == [CARD, "带什么", "持卡人的身份证 另有 3 样看情况带"]
    expect(page.get_by_role("button", name="不读了")).to_have_attribute("aria-pressed", "true")
