"""The search in a real browser: as one types, by keyboard, with an input method, without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import PHONE
from tests.support.process import ServiceProcess

LOST_CARD = "/items/shehui-baozhang-ka-buling-huanling.html"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    service = ServiceProcess(tmp_path_factory.mktemp("search"))
    service.start()
    yield service
    service.stop()


@pytest.fixture
def page(browser: Browser, service: ServiceProcess) -> Iterator[Page]:
    """A phone at the home page; whatever the console says fails the test."""
    context = browser.new_context(
        base_url=service.origin, viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN"
    )
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert said == []


def test_nothing_is_fetched_before_somebody_wants_to_search(page: Page, service: ServiceProcess) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(service.origin)))
    page.goto("/", wait_until="networkidle")
    assert any(address.startswith("/static/search.") for address in asked)
    assert not any(address.startswith(("/search/", "/static/matcher.")) for address in asked)
    page.get_by_role("combobox").focus()
    page.wait_for_load_state("networkidle")
    page.get_by_role("combobox").fill("社保卡")
    expect(page.get_by_role("option").first).to_be_visible()
    assert sorted(address for address in asked if address.startswith("/search/")) == [
        "/search/items.json",
        "/search/stations-110199.json",
        "/search/summaries.json",
    ]


def test_a_result_shows_all_that_one_needs_to_choose(page: Page) -> None:
    field = page.get_by_role("combobox", name="查事项或站点")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("医保卡补")
    first = page.get_by_role("option").first
    for part in ("社保卡丢了、坏了，重办一张", "社会保障卡补领换领", "也叫医保卡补办", "站点代收代办"):
        expect(first).to_contain_text(part)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("查到")
    box = first.bounding_box()
    below = field.bounding_box()
    assert box is not None and below is not None
    assert box["height"] >= 44 and box["y"] >= below["y"] + below["height"]
    first.click()
    expect(page).to_have_url(page.url)
    expect(page.locator("h1")).to_have_text("社保卡丢了、坏了，重办一张")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    field = page.get_by_role("combobox")
    field.press_sequentially("sbk")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    for key, selected in [
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", None),
        ("ArrowUp", 2),
        ("ArrowDown", None),
        ("ArrowDown", 0),
        ("ArrowDown", 1),
    ]:
        field.press(key)
        expect(field).to_be_focused()
        expect(page.locator("[aria-selected=true]")).to_have_count(0 if selected is None else 1)
        active = field.get_attribute("aria-activedescendant")
        assert active == ("" if selected is None else options.nth(selected).get_attribute("id"))
    field.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/items')[0].rstrip('/')}{LOST_CARD}")


def test_a_list_that_was_closed_stays_so_when_the_stations_come(page: Page) -> None:
    held: list[Route] = []
    page.route("**/search/stations-*.json", lambda route: held.append(route))
    field = page.get_by_role("combobox")
    field.press_sequentially("sbk")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    with page.expect_response("**/search/stations-*.json"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press_sequentially("b")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_escape_first_closes_the_list_and_then_clears_the_field(page: Page) -> None:
    field = page.get_by_role("combobox")
    field.press_sequentially("sbk")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("sbk")
    field.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    field.press("Escape")
    field.press("Escape")
    expect(field).to_have_value("")


def test_the_list_goes_when_the_focus_does_and_stays_where_its_links_have_it(page: Page) -> None:
    field = page.get_by_role("combobox")
    field.press_sequentially("护照")
    none = page.locator(".search .search-none")
    expect(none).to_contain_text("换个短一点的说法")
    expect(none.get_by_role("link", name="010-00001000")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(none.get_by_role("link", name="按拼音看全部事项")).to_be_focused()
    expect(none).to_be_visible()
    page.get_by_role("link", name="景和区一刻钟政务服务").focus()
    expect(none).to_be_hidden()


def test_what_an_input_method_is_composing_is_left_alone(page: Page) -> None:
    late: list[Route] = []
    page.route("**/search/summaries.json", lambda route: late.append(route))
    field = page.get_by_role("combobox")
    with page.expect_request("**/search/summaries.json"):
        field.focus()
    keyboard = page.context.new_cdp_session(page)
    for composed in ("s", "sh", "she", "she b", "she bao"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
        expect(page.get_by_role("listbox")).to_be_hidden()
    # Nor does it matter that the rest of the index comes meanwhile.
    with page.expect_response("**/search/summaries.json"):
        late[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("listbox")).to_be_hidden()
    # Nor that the arrows walk through the input method's own list.
    field.evaluate(
        "each => each.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', keyCode: 229, bubbles: true}))"
    )
    expect(page.get_by_role("listbox")).to_be_hidden()
    keyboard.send("Input.insertText", {"text": "社保"})
    expect(page.get_by_role("option").first).to_be_visible()
    expect(field).to_have_value("社保")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_index_that_comes_late_takes_nothing_from_under_the_hand(page: Page, elsewhere: bool) -> None:
    late: list[Route] = []
    page.route("**/search/summaries.json", lambda route: late.append(route))
    field = page.get_by_role("combobox")
    field.press_sequentially("sbk")
    expect(page.get_by_role("option")).to_have_count(3)
    field.press("ArrowDown")
    if elsewhere:
        page.get_by_role("link", name="景和区一刻钟政务服务").focus()
    with page.expect_response("**/search/summaries.json"):
        late[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-selected=true]")).to_have_count(0 if elsewhere else 1)
    expect(page.locator(".search-panel")).to_be_visible(visible=not elsewhere)


def test_stations_are_found_by_name_and_by_letters(page: Page) -> None:
    field = page.get_by_role("combobox")
    for typed in ("槐香园", "hxy"):
        field.fill(typed)
        first = page.get_by_role("option").first
        expect(first).to_contain_text("槐香园社区政务服务站")
        expect(first).to_contain_text("示例路 16 号")


def test_enter_shows_all_results_on_their_own_page(page: Page) -> None:
    field = page.get_by_role("combobox")
    field.press_sequentially("补贴")
    expect(page.get_by_role("option")).to_have_count(9)
    expect(page.get_by_role("option").last).to_contain_text("看全部")
    field.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/search')[0].rstrip('/')}/search/?q=%E8%A1%A5%E8%B4%B4")
    expect(page.get_by_role("combobox")).to_have_value("补贴")
    found = page.locator("#results > ul > li")
    expect(found.first).to_be_visible()
    assert found.count() > 8
    assert page.locator("#results-title").inner_text() == f"查到 {found.count()} 项"


def test_an_empty_result_page_says_what_to_try(page: Page) -> None:
    page.goto("/search/?q=护照")
    expect(page.locator("#results-title")).to_have_text("没有查到“护照”")
    expect(page.locator("#results")).to_contain_text("换个短一点的说法")
    expect(page.locator("#results").get_by_role("link", name="按拼音看全部事项")).to_be_visible()


def test_what_is_typed_is_text_and_nothing_else(page: Page) -> None:
    page.goto("/search/?q=%3Cimg%20src=x%20onerror=alert(1)%3E")
    expect(page.locator("#results-title")).to_have_text("没有查到“<img src=x onerror=alert(1)>”")


def test_without_the_index_the_page_says_so_and_its_list_is_there(
    browser: Browser, service: ServiceProcess
) -> None:
    context = browser.new_context(base_url=service.origin)
    context.route("**/search/items.json", lambda route: route.abort())
    page = context.new_page()
    page.goto("/search/?q=社保卡")
    expect(page.locator("#results-title")).to_have_text("查找没有打开，请在下面按拼音找")
    expect(page.locator("#a-z .item-row").first).to_be_visible()
    context.close()


def test_without_javascript_the_form_leads_to_the_list(browser: Browser, service: ServiceProcess) -> None:
    context = browser.new_context(base_url=service.origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("#search-field").fill("社保卡")
    page.locator("#search-field").press("Enter")
    expect(page).to_have_url(f"{service.origin}/search/?q=%E7%A4%BE%E4%BF%9D%E5%8D%A1")
    expect(page.get_by_text("没有看到结果的话，请在下面按拼音找")).to_be_visible()
    assert page.locator("#a-z .item-row").count() == 58
    page.get_by_role("navigation", name="拼音首字母").get_by_role("link", name="S").click()
    expect(page.locator("#letter-S")).to_be_in_viewport()
    context.close()
