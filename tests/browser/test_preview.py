"""The preview in a real browser: what is saved is seen without anybody loading the page again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE
from tests.support.preview import Previewed, previewing

ITEM, GUIDE = "content/items/gaoling-jintie.yaml", "/items/gaoling-jintie.html"


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Previewed]:
    with previewing(tmp_path) as shown:
        yield shown


@pytest.fixture
def page(browser: Browser, shown: Previewed) -> Iterator[Page]:
    said: list[str] = []
    context = browser.new_context(
        base_url=shown.address, viewport={"width": DESKTOP[0], "height": DESKTOP[1]}
    )
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    # Chromium reports the answers that are no pages, and nothing else happened.
    assert [each for each in said if "500 (" not in each] == []


def test_a_saved_item_is_seen_at_its_place_and_a_fault_is_until_it_is_mended(
    page: Page, shown: Previewed
) -> None:
    page.goto(GUIDE)
    page.locator("#questions").scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 0

    shown.edit(ITEM, "满 80 岁，每月领津贴", "满 80 岁，每月都领津贴")
    expect(page.locator("h1")).to_have_text("满 80 岁，每月都领津贴")
    assert page.evaluate("scrollY") == place

    shown.edit(ITEM, "copies: 0", "copies: 三")
    expect(page.locator("h1")).to_have_text("有 1 处问题")
    fault = page.locator(".faults li")
    expect(fault.locator("h2")).to_have_text("items/gaoling-jintie.yaml第 29 行，第 13 列")
    expect(fault.locator("mark")).to_have_text("三")
    expect(fault).to_contain_text("材料第 1 项的 copies（复印件份数）应为整数，不加引号，现在是“三”。")

    shown.edit(ITEM, "copies: 三", "copies: 0")
    expect(page.locator("h1")).to_have_text("满 80 岁，每月都领津贴")


def test_a_dead_link_is_told_on_the_page_that_has_it(page: Page, shown: Previewed) -> None:
    page.goto(GUIDE)
    foot = '<li><a href="/disclosure/">'
    shown.edit("templates/layout-parts.html", foot, '<li><a href="/nothing/">')
    bar = page.locator(".preview-bar")
    expect(bar).to_contain_text("这一页有 1 个链接打不开")
    expect(bar).to_contain_text(
        re.compile(r"templates/layout-parts.html:\d+:\d+ 链接 /nothing/ 没有对应的页面或文件")
    )
    expect(bar).to_be_in_viewport()
    shown.edit("templates/layout-parts.html", '<li><a href="/nothing/">', foot)
    expect(page.get_by_role("link", name="信息公开")).to_have_attribute("href", "/disclosure/")
    expect(bar).to_have_count(0)


@pytest.mark.parametrize("width", [320, PHONE[0], DESKTOP[0]])
def test_the_list_of_problems_fits_the_screen(page: Page, shown: Previewed, width: int) -> None:
    shown.edit("content/stations.csv", "010-", "01-")
    page.set_viewport_size({"width": width, "height": PHONE[1]})
    page.goto("/.preview/")
    expect(page.locator("h1")).to_have_text("有 1 处问题")
    assert page.evaluate("document.documentElement.scrollWidth") == width
