"""Pictures of the product as it stands: `make screenshots` writes them to var/screenshots, or to the directory given.

Each screen at a phone's and a desk's width, both desks in a real call; what the camera sees is a drawn, made-up paper.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.support.browser import CHROMIUM, DESKTOP, FAKE_DEVICES, PHONE, QUIET
from tests.support.process import ROOT, ServiceProcess
from tests.support.site import GUIDE, STATION, STREET_GUIDE

PUBLIC = {
    "home": "/",
    "home-elder": "/elder/",
    "items": "/items/",
    "events": "/items/events.html",
    "search": "/search/?q=社保卡丢了怎么办",
    "guide": GUIDE,
    "guide-elder": f"/elder{GUIDE}",
    "guide-contrast": f"/contrast{GUIDE}",
    "guide-street": STREET_GUIDE,
    "street": "/streets/qinghuai-jiedao.html",
    "station": STATION,
    "station-elder": f"/elder{STATION}",
    "poster": STATION.replace(".html", "/poster.html"),
    "style": "/style/",
}
PRINTED = ("guide", "guide-street", "poster")
"""Those that are made for paper too."""
PAPER = """<body style="margin:0;background:#56483c;font:40px 'Noto Sans CJK SC',sans-serif;color:#222">
<div style="margin:60px auto;width:640px;height:700px;background:#fbf7ec;padding:50px;transform:rotate(-2deg)">
<p style="text-align:center;font-weight:700">{title}</p><p>姓　　名：示例·王大槐</p><p>出生日期：1944 年 5 月</p>
<p>住　　址：青槐街道示例路 12 号</p><p style="color:#a8281a">样张，仅供演示</p></div></body>"""
FRAMES = 30


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        service = ServiceProcess(Path(home))
        service.start()
        try:
            _public(playwright, service, out)
            _desks(playwright, service, out)
        finally:
            service.stop()


def _public(playwright: Playwright, service: ServiceProcess, out: Path) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    page = browser.new_page()
    for name, address in PUBLIC.items():
        page.goto(service.origin + address)
        _shoot(page, out, name)
        if name in PRINTED:
            page.pdf(path=out / f"{name}.pdf", prefer_css_page_size=True)
    browser.close()


def _desks(playwright: Playwright, service: ServiceProcess, out: Path) -> None:
    sides = {"station": ("zhan1", "户口簿（示例）"), "centre": ("jie1", "街道政务服务中心")}
    browsers = [
        _with_camera(playwright, service.home / f"{desk}.mjpeg", title) for desk, (_, title) in sides.items()
    ]
    station, centre = (
        _desk(browser, service, desk, login)
        for browser, (desk, (login, _)) in zip(browsers, sides.items(), strict=True)
    )
    station.get_by_role("button", name="高龄老年人津贴").click()
    expect(station.locator("#call")).to_be_enabled(timeout=20_000)
    _shoot(station, out, "desk-station-ready")
    station.locator("#call").click()
    expect(station.locator("#place")).to_contain_text("第 1 位")
    _shoot(station, out, "desk-station-waiting")
    _shoot(centre, out, "desk-centre-queue")
    centre.get_by_role("button", name="接听").click()
    for page in (station, centre):
        expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
    station.locator("#chat-text").fill("老人今年 82 岁，户口簿在这里，您看清楚吗？")
    station.locator("#chat-text").press("Enter")
    expect(centre.locator("#chat-lines > *")).to_have_count(1)
    centre.wait_for_timeout(4_000)
    for name, page in (("desk-station-call", station), ("desk-centre-call", centre)):
        _shoot(page, out, name)
    centre.locator("#hang-up").click()
    _shoot(centre, out, "desk-centre-outcome")
    for browser in browsers:
        browser.close()


def _with_camera(playwright: Playwright, film: Path, title: str) -> Browser:
    """A browser whose camera sees a paper with `title`."""
    studio = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    page = studio.new_page(viewport={"width": 1280, "height": 720})
    page.set_content(PAPER.format(title=title))
    film.write_bytes(page.screenshot(type="jpeg", quality=80) * FRAMES)
    studio.close()
    camera = f"--use-file-for-fake-video-capture={film}"
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *FAKE_DEVICES, camera])


def _desk(browser: Browser, service: ServiceProcess, desk: str, login: str) -> Page:
    page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
    page.goto(f"{service.origin}/desk/{desk}/")
    page.locator(f"[data-login={login}]").click()
    expect(page.locator("#link")).to_have_text("已连接")
    return page


def _shoot(page: Page, out: Path, name: str) -> None:
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        # The picture on the stage follows the new size a moment later.
        page.wait_for_timeout(500)
        page.screenshot(path=out / f"{name}-{width}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "screenshots")
