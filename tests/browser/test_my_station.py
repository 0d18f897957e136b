"""One's own station: found by street or nearby, remembered on this device, spoken of by guides."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, expect

from tests.support.browser import PHONE
from tests.support.site import GUIDE, STATION, STREET_GUIDE

NAME = "槐安社区政务服务站"
HOME: Geolocation = {"latitude": 40.0283, "longitude": 116.0948}
"""Beside that station."""
TUESDAY_MORNING = "2026-11-24T10:00:00+08:00"


@pytest.fixture
def context(browser: Browser, origin: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=origin, viewport={"width": PHONE[0], "height": PHONE[1]})
    context.clock.set_fixed_time(TUESDAY_MORNING)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_a_station_says_whether_it_is_open_who_is_there_and_where_it_lies(page: Page) -> None:
    page.goto(STATION)
    expect(page.locator("#open-now")).to_have_text("现在开着，12:00 休息")
    expect(page.locator(".staff-list")).to_contain_text("赵样例工号 青社 011")
    expect(page.locator(".ways")).to_contain_text("自助终端")
    expect(page.get_by_text("2026年8月21日")).to_be_visible()
    drawing = page.get_by_role("img", name=f"{NAME}的位置示意图，上为北")
    expect(drawing).to_be_visible()
    expect(drawing.locator("text")).to_have_count(38 + len(("scale", "north")))
    nearest = page.locator(".near li").first
    expect(nearest).to_have_text("6青砚社区政务服务站约 7 分钟")


def test_a_village_says_how_far_the_town_is_and_its_centre_whether_it_is_open(page: Page) -> None:
    page.goto("/streets/yunling-zhen/shangyun-cun.html")
    expect(page.locator("#open-now")).to_have_text("现在没开，明天（周三）9:00 开门")
    expect(page.locator(".map-and-list")).to_contain_text("直线距离约 5.7 公里")
    expect(page.locator(".map-and-list")).to_contain_text("走路一刻钟以内没有别的站点。")
    page.locator(".days-off summary").click()
    expect(page.locator(".days-off")).to_contain_text("10月10日（周六），开不开门请先打电话。")
    page.goto("/streets/yunling-zhen.html")
    expect(page.locator("#open-now")).to_have_text("现在开着，12:00 休息")


def test_a_chosen_station_is_spoken_of_by_guides_and_can_be_forgotten(page: Page) -> None:
    page.goto(STATION)
    page.get_by_role("button", name="设为我的站点").click()
    expect(page.locator("#choose-told")).to_contain_text("只记在这台设备上")
    page.goto("/")
    expect(page.locator("#my-station")).to_contain_text(f"我的站点：{NAME}")
    expect(page.locator("#my-station")).to_contain_text("景和区青槐街道样例街 12 号")
    page.goto(GUIDE)
    expect(page.locator(".summary")).to_contain_text(f"您的站点：{NAME}")
    expect(page.locator("#my-station .open-state")).to_have_text("现在开着，12:00 休息")
    page.goto(f"/elder{STREET_GUIDE}")
    page.locator("#my-station-short a").click()
    expect(page).to_have_url(f"{page.url.partition('/elder')[0]}/elder{STATION}")
    page.get_by_role("button", name="忘记这个站点").click()
    page.goto(GUIDE)
    expect(page.locator("#my-station")).to_be_hidden()


def choose(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="设为我的站点").click()


def test_the_card_of_a_list_forgets_the_station(page: Page) -> None:
    choose(page, STATION)
    page.goto("/streets/")
    page.get_by_role("button", name="忘记这个站点").click()
    expect(page.locator("#my-station")).to_have_text("已经忘记。")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator("#my-station")).to_be_hidden()


def test_a_station_that_is_gone_is_told_and_another_can_be_chosen(page: Page) -> None:
    choose(page, STATION)
    page.evaluate(
        "localStorage['kezhong.station'] = localStorage['kezhong.station'].replace('huaian', 'meiyou')"
    )
    page.goto(GUIDE)
    expect(page.locator("#my-station")).to_contain_text(f"{NAME}的页面不在了")
    page.get_by_role("link", name="重新选一个站点").click()
    expect(page).to_have_url(f"{page.url.partition('/streets/')[0]}/streets/")


@pytest.mark.parametrize(
    "stored", ["", "x", "null", "{}", '{"address": "javascript:alert(1)", "name": "站点"}', '{"address": 1}']
)
def test_what_was_not_stored_by_these_pages_is_not_taken_for_a_station(page: Page, stored: str) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto("/")
    page.evaluate("stored => localStorage.setItem('kezhong.station', stored)", stored)
    page.goto(GUIDE, wait_until="networkidle")
    expect(page.locator("#my-station")).to_be_hidden()
    expect(page.locator("#my-station-short")).to_be_hidden()
    assert failed == []


def test_papers_have_their_own_hours_on_a_guide_and_the_station_its_own_at_home(page: Page) -> None:
    choose(page, "/streets/yunling-zhen/wulinghou-cun.html")
    page.goto("/")
    expect(page.locator("#my-station")).to_contain_text("时间周一至周五 8:30–11:00")
    expect(page.locator("#my-station .open-state")).to_have_text("现在开着，11:00 下班")
    page.goto("/items/linshi-jiuzhu.html")
    expect(page.locator("#my-station")).to_contain_text("收材料周一、三、五 8:30–11:00")
    expect(page.locator("#my-station .open-state")).to_have_text("现在没开，明天（周三）8:30 开门")


def test_a_guide_says_where_to_go_when_the_station_does_not_take_the_item(page: Page) -> None:
    choose(page, "/streets/yunling-zhen/shangyun-cun.html")
    page.goto("/items/ruxue-zhengce-zixun.html")
    told = page.locator("#my-station")
    expect(told).to_contain_text("云岭镇目前不办这一项。请打咨询电话 010-00001000，问清到哪里办。")
    expect(page.locator(".summary")).to_contain_text("您的站点不办这一项，看到哪里办")
    # One village of the township took it upon itself.
    page.goto("/items/canbao-zhengming-dayin.html")
    expect(told).to_contain_text("本站不办这一项，请到水磨湾村便民服务站，电话 010-00003212。")
    choose(page, "/streets/yunling-zhen/shuimowan-cun.html")
    page.goto("/items/canbao-zhengming-dayin.html")
    expect(told).to_contain_text("您的站点：水磨湾村便民服务站")
    expect(told).to_contain_text("请注意站里有打印机")


def test_the_nearest_are_told_with_minutes_and_the_position_stays_here(
    context: BrowserContext, page: Page
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation(HOME)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.goto("/streets/")
    page.get_by_role("button", name="找离我最近的站点").click()
    rows = page.locator("#nearest-list li")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text(NAME)
    expect(rows.first).to_contain_text("走路约 1 分钟，在一刻钟以内")
    expect(rows.first).to_contain_text("现在开着，12:00 休息")
    assert not [url for url in asked if "116.09" in url or "40.02" in url]


def test_in_the_mountains_the_nearest_are_far_and_what_helps_is_told(
    context: BrowserContext, page: Page
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 40.23, "longitude": 116.0})
    page.goto("/elder/streets/")
    page.get_by_role("button", name="找离我最近的站点").click()
    expect(page.locator("#nearest-told")).to_contain_text("一刻钟以内没有站点。")
    row = page.locator("#nearest-list li").first
    expect(row).to_contain_text("走路要一小时以上，一刻钟以外")
    assert (row.locator("a").get_attribute("href") or "").startswith("/elder/streets/yunling-zhen/")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, "浏览器没有允许读取位置。请在下面按街道找。"),
        ({"latitude": 30.0, "longitude": 104.0}, "您现在离本区很远。请在下面按街道找。"),
    ],
)
def test_without_a_position_or_far_away_the_list_stays(
    context: BrowserContext, page: Page, place: dict[str, float] | None, words: str
) -> None:
    if place:
        context.grant_permissions(["geolocation"])
        context.set_geolocation({"latitude": place["latitude"], "longitude": place["longitude"]})
    page.goto("/streets/")
    page.get_by_role("button", name="找离我最近的站点").click()
    expect(page.locator("#nearest-told")).to_have_text(words)
    expect(page.get_by_role("link", name=NAME)).to_be_visible()


def test_what_scripts_add_is_accessible(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation(HOME)
    choose(page, STATION)
    for address in ("/", "/streets/", GUIDE, "/items/canbao-zhengming-dayin.html", STATION):
        page.goto(address, wait_until="networkidle")
        if address == "/streets/":
            page.get_by_role("button", name="找离我最近的站点").click()
            expect(page.locator("#nearest-list li")).to_have_count(5)
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], address
        heights = "[...document.querySelectorAll('.mine a, .mine button, .near a')].map((each) => each.offsetHeight)"
        assert all(height >= 44 for height in page.evaluate(heights)), address
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_without_javascript_the_page_says_all_but_the_hour(browser: Browser, origin: str) -> None:
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    page = context.new_page()
    page.goto(STATION)
    assert not page.locator("#choose-station").is_visible() and not page.locator("#open-now").is_visible()
    page.get_by_text("哪几天放假不开门").click()
    assert "国庆节 10月1日至10月7日" in page.locator(".days-off").inner_text()
    page.goto("/streets/")
    assert not page.locator("#find-nearest").is_visible()
    context.close()
