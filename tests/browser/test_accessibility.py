"""axe-core over every kind of page, and over the desks in each of their states."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.browser import CHROMIUM, DESKTOP, FAKE_DEVICES, PHONE, QUIET
from tests.support.process import ServiceProcess
from tests.support.site import KINDS

PUBLIC = tuple(f"{prefix}{kind}" for prefix in ("", "/elder", "/contrast") for kind in KINDS)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    service = ServiceProcess(tmp_path_factory.mktemp("axe"))
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *FAKE_DEVICES])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, service: ServiceProcess) -> Iterator[Callable[[str], Page]]:
    contexts = []

    def open_page(address: str) -> Page:
        contexts.append(browser.new_context(base_url=service.origin))
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


ENHANCED = {"runOnly": ["color-contrast-enhanced"]}
"""WCAG 2.2, 1.4.6 (AAA): what is written for elders and in high contrast has 7 : 1, large type 4.5 : 1."""


def judge(page: Page, state: str, rules: dict[str, list[str]] = RULES) -> None:
    """No violation at a desk's and a phone's width."""
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page, options=rules).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], f"{state}, {width} px"


@pytest.mark.parametrize("address", [*PUBLIC, "/404.html", "/desk/", "/desk/station/"])
def test_pages(open_page: Callable[[str], Page], address: str) -> None:
    page = open_page(address)
    judge(page, address)
    if address.startswith(("/elder/", "/contrast/")):
        judge(page, address, ENHANCED)


@pytest.mark.parametrize("query", ["sbk", "老人瘫在床上有补贴吗", "护照"])
def test_the_search_with_something_in_it(open_page: Callable[[str], Page], query: str) -> None:
    page = open_page("/")
    page.get_by_role("combobox").fill(query)
    expect(page.locator(".search-panel")).to_be_visible()
    page.keyboard.press("ArrowDown")
    judge(page, f"the list for {query}")
    page = open_page(f"/search/?q={query}")
    expect(page.locator("#results")).to_be_visible()
    judge(page, f"the results for {query}")


def test_the_desks_in_every_state(open_page: Callable[[str], Page]) -> None:
    station, centre = open_page("/desk/station/"), open_page("/desk/centre/")
    for page, login in ((station, "zhan1"), (centre, "jie1")):
        page.locator(f"[data-login={login}]").click()
        expect(page.locator("#link")).to_have_text("已连接")
    judge(centre, "nobody waits")
    station.locator(".item").first.click()
    expect(station.locator("#call")).to_be_enabled(timeout=20_000)
    judge(station, "ready to call")
    station.locator("#scheme").click()
    judge(station, "ready to call, dark")
    station.locator("#call").click()
    expect(station.locator("#place")).to_be_visible()
    judge(station, "waiting")
    judge(centre, "somebody waits")
    centre.get_by_role("button", name="接听").click()
    for page in (station, centre):
        expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
        judge(page, "in a call")
    centre.locator("#hang-up").click()
    judge(centre, "choosing the outcome")
    centre.get_by_text("已解答", exact=True).click()
    centre.locator("#outcome-save").click()
    expect(station.locator("#ended-note")).to_contain_text("已解答")
    judge(station, "ended")
