"""The published sample in a real browser: as a resident sees it on a phone, at a desk, by keyboard and on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from catalog import assets
from catalog.commands.common import TEMPLATES
from tests.support.browser import DESKTOP as DESK
from tests.support.browser import PHONE
from tests.support.site import CONTENT, GUIDE, KINDS, LOADED, STREET_GUIDE, sample

GUIDES = sorted(f"/items/{path.stem}.html" for path in (CONTENT / "items").glob("*.yaml"))

PAGES = (*KINDS, "/404.html")
BY_SCRIPT = {
    *map(assets.read(TEMPLATES).address, ("static/my-station.js", "static/open-hours.js")),
    "/streets/holidays.json",
}
"""What scripts ask for by themselves, before anything is pressed or chosen."""


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """A phone without JavaScript of its own; evaluate() works all the same."""
    context = browser.new_context(
        base_url=origin, java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]}
    )
    yield context.new_page()
    context.close()


def widen(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("address", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(page: Page, address: str) -> None:
    for width in (320, PHONE[0]):
        widen(page, (width, PHONE[1]))
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("address", [*GUIDES, STREET_GUIDE])
def test_the_first_screen_of_a_guide_answers_the_five_questions(page: Page, address: str) -> None:
    page.goto(address)
    for question in ("带什么", "去哪里", "要多久", "多少钱", "谁能办"):
        line = page.locator(".summary div", has=page.get_by_text(question, exact=True))
        answer = line.locator("dd")
        box = answer.bounding_box()
        assert answer.inner_text().strip()
        assert box is not None and box["y"] + box["height"] <= PHONE[1], f"{question} is not answered there"


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_silent_and_ask_no_other_origin(browser: Browser, origin: str, address: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    # With JavaScript allowed, so that anything the policy forbids would be reported.
    page = browser.new_page(base_url=origin)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    page.close()
    assert said == []
    html = sample()[address.removeprefix("/") + ("index.html" if address.endswith("/") else "")].decode()
    named = {address, *LOADED.findall(html)}
    assert named <= {url.removeprefix(origin) for url in asked} <= named | BY_SCRIPT


def test_the_first_tab_reaches_the_skip_link_and_it_leads_to_the_text(page: Page) -> None:
    page.goto(GUIDE)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "跳到正文"
    box = skip.bounding_box()
    assert box is not None and box["y"] >= 0 and box["height"] >= 44
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.breadcrumb') !== null")


def test_focus_is_visible(page: Page) -> None:
    page.goto("/items/")
    for _ in range(8):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "3px" in outline and "solid" in outline


# Links inside a sentence are exempt (WCAG 2.2, 2.5.8).
TARGETS = """
() => [...document.querySelectorAll("a, button, summary, label, input:not(label input)")]
    .filter((each) => each.checkVisibility() && !each.closest(".lead, .questions p, .skip"))
    .map((each) => [each.textContent.trim(), each.getBoundingClientRect().height])
    .filter(([, height]) => height < 44)
"""


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("address", PAGES)
def test_targets_are_at_least_44_pixels_high(page: Page, address: str, size: tuple[int, int]) -> None:
    widen(page, size)
    page.goto(address)
    assert page.evaluate(TARGETS) == []


TEXT_SIZES = """
() => {
    const sizes = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
    {
        const inside = walker.currentNode.parentElement;
        if (walker.currentNode.data.trim() && !inside.closest("svg")) sizes.add(getComputedStyle(inside).fontSize);
    }
    return [...sizes];
}
"""


@pytest.mark.parametrize("address", [page for page in PAGES if "poster" not in page])
def test_a_page_has_at_most_three_sizes_of_type_and_none_below_18_pixels(page: Page, address: str) -> None:
    page.goto(address)
    sizes = [float(size.removesuffix("px")) for size in page.evaluate(TEXT_SIZES)]
    assert len(sizes) <= 3
    assert min(sizes) == 18


def test_at_a_desk_the_summary_stands_beside_the_text_and_stays(page: Page) -> None:
    widen(page, (1024, 900))
    page.goto(GUIDE)
    summary, text = page.locator(".summary"), page.locator(".guide-body")
    beside, body = summary.bounding_box(), text.bounding_box()
    assert beside is not None and body is not None
    assert beside["x"] >= body["x"] + body["width"]
    page.locator("#questions").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 900
    box = summary.bounding_box()
    assert box is not None and 0 <= box["y"] and box["y"] + box["height"] <= 900


@pytest.mark.parametrize("address", GUIDES)
def test_the_summary_that_stays_fits_the_lowest_screen_it_stays_on(page: Page, address: str) -> None:
    widen(page, (1024, 720))
    page.goto(address)
    box = page.locator(".summary").bounding_box()
    assert box is not None and box["height"] <= 720 - 16


def test_a_question_opens_without_javascript(page: Page) -> None:
    page.goto(GUIDE)
    answer = page.locator("#questions details").first.locator("p").first
    assert not answer.is_visible()
    page.locator("#questions summary").first.click()
    assert answer.is_visible()


def test_a_material_can_be_ticked_by_its_name(page: Page) -> None:
    page.goto(GUIDE)
    page.locator("#materials label").first.click()
    assert page.locator("#materials input").first.is_checked()


def test_a_resident_gets_from_home_to_the_telephone_of_a_station(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="申请低保").click()
    page.get_by_role("link", name="查地址").click()
    page.get_by_role("link", name="青槐街道怎么办、哪些站点能办").click()
    page.get_by_role("link", name="槐安社区政务服务站").click()
    assert page.locator("h1").inner_text() == "槐安社区政务服务站"
    assert page.locator("main").get_by_role("link", name="010-00002101").get_attribute("href") == (
        "tel:+86-10-00002101"
    )


def test_every_station_page_is_reached_from_the_list_of_stations(page: Page) -> None:
    page.goto("/streets/")
    stations = page.locator("main .names a")
    assert stations.count() == 58
    for address in ("/streets/qinghuai-jiedao/huaian-shequ.html", "/streets/yunling-zhen/wulinghou-cun.html"):
        assert page.locator(f"main .names a[href='{address}']").count() == 1


def test_printed_a_guide_shows_its_answers_and_leaves_the_navigation_out(page: Page) -> None:
    page.goto(GUIDE)
    page.emulate_media(media="print")
    assert page.locator("#questions p").first.is_visible()
    assert page.locator("#materials input").first.is_visible()
    for gone in (".site-nav", ".breadcrumb", ".staff", ".skip", "#related"):
        assert not page.locator(gone).first.is_visible()


def test_motion_stops_for_those_who_ask_for_less(page: Page) -> None:
    page.goto("/")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(behaviour) == "auto"
