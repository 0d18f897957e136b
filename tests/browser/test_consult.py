"""Consultations between real browsers with fake devices: what the people at the two desks see and hear."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.support.browser import CHROMIUM, DESKTOP, FAKE_DEVICES, PHONE, QUIET
from tests.support.process import ServiceProcess

ITEM = "高龄老年人津贴"
FRAMES = 60
EVENTS = ["call", "ring", "claim", "connect", "hang_up"]

CHECKED_TODAY = """INSERT INTO device_checks (account, at, camera, microphone, network)
VALUES ('zhan1', strftime('%Y-%m-%d %H:%M:%f000', 'now'), 'fine', 'fine', 'fine')"""

# Remembers the page's connections, so that a test can ask them for their statistics as chrome://webrtc-internals does.
REMEMBER_CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...settings) { super(...settings); window.connections.push(this); }
};
"""
FRAMES_SEEN = "document.getElementById('remote').getVideoPlaybackQuality().totalVideoFrames"
# The loudest sample of what the page plays, over a little more than the second between two beeps.
LOUDEST = """async () => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 16384});
  const [track] = document.getElementById("remote").srcObject.getAudioTracks();
  new MediaStreamAudioSourceNode(context, {mediaStream: new MediaStream([track])}).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  for (let i = 0; i < 12; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    analyser.getFloatTimeDomainData(samples);
    loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), loudest);
  }
  await context.close();
  return loudest;
}"""
SELECTED_PAIR = """async () => {
  const stats = await window.connections.at(-1).getStats();
  const transport = [...stats.values()].find((one) => one.type === "transport");
  const pair = stats.get(transport.selectedCandidatePairId);
  return [stats.get(pair.localCandidateId).candidateType, stats.get(pair.remoteCandidateId).candidateType];
}"""
# From now on the longest time between two pictures on the screen, in milliseconds.
WATCH_GAPS = """() => {
  const video = document.getElementById("remote");
  window.longestGap = 0;
  let last = performance.now();
  const next = (now) => {
    window.longestGap = Math.max(window.longestGap, now - last);
    last = now;
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *FAKE_DEVICES])
        yield chromium
        chromium.close()


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[Callable[..., ServiceProcess]]:
    started: list[ServiceProcess] = []

    def make(settings: str = "") -> ServiceProcess:
        service = ServiceProcess(tmp_path, settings)
        started.append(service)
        service.start()
        return service

    yield make
    for service in started:
        service.stop()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    opened: list[BrowserContext] = []

    def make() -> BrowserContext:
        width, height = DESKTOP
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.add_init_script(REMEMBER_CONNECTIONS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@dataclass
class Desks:
    service: ServiceProcess
    context: Callable[[], BrowserContext]

    def open(self, desk: str, login: str) -> Page:
        """A signed-in desk in a browser of its own."""
        page = self.context().new_page()
        page.faults = faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{self.service.origin}/desk/{desk}/")
        page.locator(f"[data-login={login}]").click()
        expect(page.locator("#link")).to_have_text("已连接")
        return page

    def station(self) -> Page:
        return self.open("station", "zhan1")

    def centre(self, login: str = "jie1") -> Page:
        return self.open("centre", login)

    def talk(self) -> tuple[Page, Page]:
        """Station and centre in a call; the day's device check has been made before."""
        self.service.execute(CHECKED_TODAY)
        station, centre = self.station(), self.centre()
        call(station)
        centre.get_by_role("button", name="接听").click()
        for page in (station, centre):
            expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
        return station, centre


@pytest.fixture
def desks(make_service: Callable[..., ServiceProcess], contexts: Callable[[], BrowserContext]) -> Desks:
    return Desks(make_service(), contexts)


def call(station: Page, item: str = ITEM) -> None:
    station.get_by_role("button", name=item).click()
    button = station.get_by_role("button", name="呼叫街道中心")
    expect(button).to_be_enabled(timeout=20_000)
    button.click()
    expect(station.locator("#place")).to_have_text("您排在第 1 位")


def frames(page: Page) -> int:
    count: int = page.evaluate(FRAMES_SEEN)
    return count


def more_frames(page: Page, count: int, within: float = 20_000) -> None:
    """Waits until the page has shown so many more pictures of the other side; `within` is milliseconds."""
    wanted = frames(page) + count
    for _ in range(int(within / 100)):
        if frames(page) > wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"expected {wanted} pictures within {within} ms, came {frames(page)}: {page.url}")


def hears(page: Page) -> None:
    assert page.evaluate(LOUDEST) > 0.02


def say(page: Page, text: str) -> None:
    page.locator("#chat-text").fill(text)
    page.locator("#chat-text").press("Enter")


def conclude(centre: Page, outcome: str) -> None:
    centre.get_by_role("button", name="挂断").click()
    centre.get_by_text(outcome, exact=True).click()
    centre.get_by_role("button", name="结束并保存").click()


def events(service: ServiceProcess) -> list[str]:
    return [event for (event,) in service.rows("SELECT event FROM events ORDER BY at, version")]


def whole_journey(desks: Desks) -> list[Page]:
    """Call, wait, answer, see, hear, write, conclude; the pages afterwards."""
    station, centre, other = desks.station(), desks.centre(), desks.centre("jie2")
    call(station)
    for clerk in (centre, other):
        row = clerk.locator(".queue-row")
        expect(row).to_contain_text(ITEM)
        expect(row).to_contain_text("槐安社区")
        expect(row).to_contain_text(re.compile(r"已等待 \d+ 秒"))
    centre.get_by_role("button", name="接听").click()
    expect(other.locator(".queue-row")).to_have_count(0)
    for page in (station, centre):
        expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
        expect(page.locator("#guide")).to_contain_text("要带的材料")
        more_frames(page, FRAMES)
        hears(page)
    say(station, "请看这张户口簿。")
    expect(centre.locator("#chat-lines")).to_contain_text("请看这张户口簿。")
    say(centre, "看清楚了，材料齐全。")
    expect(station.locator("#chat-lines")).to_contain_text("看清楚了，材料齐全。")
    return [station, centre]


def on_record(service: ServiceProcess, outcome: str) -> None:
    query = "SELECT state, end_reason, outcome, item_name, version, clerk FROM consultations"
    assert service.rows(query) == [("ended", "hung_up", outcome, ITEM, 5, "jie1")]
    assert events(service) == EVENTS
    said = service.rows("SELECT sender, text FROM chat ORDER BY number")
    assert said == [("zhan1", "请看这张户口簿。"), ("jie1", "看清楚了，材料齐全。")]


def test_a_consultation_from_call_to_outcome(desks: Desks) -> None:
    station, centre = whole_journey(desks)
    assert "relay" not in station.evaluate(SELECTED_PAIR)
    conclude(centre, "已解答")
    expect(station.locator("#ended-note")).to_have_text("工作人员已解答。")
    expect(centre.locator("#queue-empty")).to_be_visible()
    on_record(desks.service, "advised")
    assert not station.faults and not centre.faults  # type: ignore[attr-defined]


def test_the_same_through_the_relay_alone(
    make_service: Callable[..., ServiceProcess], contexts: Callable[[], BrowserContext]
) -> None:
    desks = Desks(make_service('ice_transport_policy = "relay"'), contexts)
    station, centre = whole_journey(desks)
    for page in (station, centre):
        assert page.evaluate(SELECTED_PAIR) == ["relay", "relay"]
    conclude(centre, "预审通过")
    expect(station.locator("#ended-note")).to_have_text("材料预审通过。")
    on_record(desks.service, "prereviewed")


def test_a_direct_call_outlives_the_service(desks: Desks) -> None:
    station, centre = desks.talk()
    for page in (station, centre):
        page.evaluate(WATCH_GAPS)
        more_frames(page, 10)
    desks.service.kill()
    for page in (station, centre):
        expect(page.locator("#link")).to_have_text("连接断了，正在恢复")
        more_frames(page, FRAMES)
    desks.service.start()
    for page in (station, centre):
        expect(page.locator("#link")).to_have_text("已连接", timeout=15_000)
        expect(page.locator("#stage-note")).to_contain_text("通话中")
        more_frames(page, FRAMES)
        assert page.evaluate("window.longestGap") < 1_000
        assert (
            page.evaluate("window.connections.filter((one) => one.connectionState === 'connected').length")
            == 1
        )
    say(station, "断线以后还能说话。")
    expect(centre.locator("#chat-lines")).to_contain_text("断线以后还能说话。")
    conclude(centre, "同意受理")
    expect(station.locator("#ended-note")).to_have_text("街道同意受理。")
    assert events(desks.service) == EVENTS
    assert desks.service.rows("SELECT state, outcome, version FROM consultations") == [
        ("ended", "accepted", 5)
    ]


def test_a_relayed_call_recovers_after_the_service(
    make_service: Callable[..., ServiceProcess], contexts: Callable[[], BrowserContext]
) -> None:
    desks = Desks(make_service('ice_transport_policy = "relay"'), contexts)
    station, centre = desks.talk()
    desks.service.kill()
    desks.service.start()
    for page in (station, centre):
        expect(page.locator("#link")).to_have_text("已连接", timeout=15_000)
    # The picture stands until new paths are found; then it moves again by itself.
    for page in (station, centre):
        more_frames(page, FRAMES, within=60_000)
        expect(page.locator("#stage-note")).to_contain_text("通话中")
    assert station.evaluate(SELECTED_PAIR) == ["relay", "relay"]


@pytest.mark.parametrize("reloaded", ["station", "centre"])
def test_a_page_loaded_anew_comes_back_into_the_call(desks: Desks, reloaded: str) -> None:
    station, centre = desks.talk()
    say(station, "刷新之前说的话。")
    expect(centre.locator("#chat-lines")).to_contain_text("刷新之前说的话。")
    (station if reloaded == "station" else centre).reload()
    for page in (station, centre):
        expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
        expect(page.locator("#chat-lines")).to_contain_text("刷新之前说的话。")
        more_frames(page, FRAMES, within=30_000)


def test_the_station_hangs_up_and_the_clerk_says_what_came_of_it(desks: Desks) -> None:
    station, centre = desks.talk()
    station.get_by_role("button", name="挂断").click()
    expect(station.locator("#ended-note")).to_have_text("工作人员正在填写办理结果。")
    dialog = centre.get_by_role("dialog")
    expect(dialog).to_contain_text("通话已经结束")
    centre.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    centre.get_by_text("转其他部门", exact=True).click()
    dialog.get_by_role("button", name="保存").click()
    expect(station.locator("#ended-note")).to_have_text("已转其他部门办理。")
    station.get_by_role("button", name="办下一件").click()
    expect(station.locator("#idle")).to_be_visible()


def test_a_released_consultation_goes_to_another_clerk(desks: Desks) -> None:
    station, centre = desks.talk()
    other = desks.centre("jie2")
    centre.get_by_role("button", name="退回排队").click()
    expect(centre.locator("#queue")).to_contain_text(ITEM)
    expect(station.locator("#place")).to_have_text("您排在第 1 位")
    other.get_by_role("button", name="接听").click()
    for page in (station, other):
        expect(page.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
        more_frames(page, FRAMES)


def test_the_device_check_speaks_plainly(desks: Desks) -> None:
    station = desks.station()
    expect(station.locator("#check-note")).to_have_text("检查完成，可以开始咨询。", timeout=20_000)
    for device, word in (("camera", "画面正常"), ("microphone", "听到了声音"), ("network", "应该流畅")):
        expect(station.locator(f"#check-{device}")).to_contain_text(word)
    wait_for_rows(
        station, desks.service, "SELECT camera, microphone, network FROM device_checks", [("fine",) * 3]
    )
    # Once a day is enough.
    station.reload()
    expect(station.locator("#items")).to_contain_text(ITEM)
    expect(station.locator("#check")).to_be_hidden()


def test_the_device_check_names_a_missing_camera(desks: Desks) -> None:
    context = desks.context()
    context.add_init_script("""
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (wishes) =>
        wishes.video ? Promise.reject(new DOMException("none", "NotFoundError")) : open(wishes);
    """)
    page = context.new_page()
    page.goto(f"{desks.service.origin}/desk/station/")
    page.locator("[data-login=zhan1]").click()
    expect(page.locator("#check-camera")).to_contain_text("不能用", timeout=20_000)
    expect(page.locator("#check-microphone")).to_contain_text("听到了声音")
    expect(page.locator("#check-note")).to_contain_text("没有找到设备")


def test_from_the_guide_to_the_desk_with_its_item(desks: Desks) -> None:
    page = desks.context().new_page()
    page.goto(f"{desks.service.origin}/items/gaoling-jintie.html")
    page.get_by_role("link", name="社工视频咨询这一事项").click()
    page.locator("[data-login=zhan2]").click()
    expect(page.locator("#chosen")).to_have_text(f"要咨询：{ITEM}")
    expect(page.locator("#preview")).to_contain_text("要带的材料")


def test_by_keyboard_alone(desks: Desks) -> None:
    station = desks.context().new_page()
    station.goto(f"{desks.service.origin}/desk/station/")
    expect(station.locator("#login")).to_be_focused()
    station.keyboard.type("zhan1")
    station.keyboard.press("Tab")
    station.keyboard.type("shili-2026")
    station.keyboard.press("Enter")
    expect(station.locator("#items")).to_contain_text(ITEM)
    tab_to(station, "#search")
    station.keyboard.type("低保")
    expect(station.locator("#items .item").first).to_contain_text("最低生活保障")
    tab_to(station, "#items .item")
    station.keyboard.press("Enter")
    expect(station.locator("#call")).to_be_enabled(timeout=20_000)
    tab_to(station, "#call")
    station.keyboard.press("Enter")
    expect(station.locator("#waiting-note")).to_contain_text("暂时没有工作人员在线")
    tab_to(station, "#cancel")
    station.keyboard.press("Enter")
    expect(station.locator("#ended-note")).to_have_text("您取消了呼叫。")


def test_a_second_window_takes_over(desks: Desks) -> None:
    first = desks.station()
    second = first.context.new_page()
    second.goto(f"{desks.service.origin}/desk/station/")
    expect(second.locator("#link")).to_have_text("已连接")
    expect(first.locator("#superseded")).to_contain_text("已在另一个窗口打开")


def test_a_window_that_is_taken_over_in_a_call_lets_its_devices_go(desks: Desks) -> None:
    first, centre = desks.talk()
    tracks = "document.getElementById('self').srcObject?.getTracks().map((one) => one.readyState) ?? []"
    assert first.evaluate(tracks) == ["live", "live"]
    second = first.context.new_page()
    second.goto(f"{desks.service.origin}/desk/station/")
    expect(second.locator("#stage-note")).to_contain_text("通话中", timeout=20_000)
    more_frames(second, FRAMES, within=30_000)
    expect(first.locator("#superseded")).to_be_visible()
    expect(first.locator("#consult")).to_be_hidden()
    assert first.evaluate(tracks) == []
    assert not first.evaluate("window.connections.some((one) => one.connectionState !== 'closed')")


def test_the_device_check_waits_its_turn(desks: Desks) -> None:
    context = desks.context()
    context.route("**/device-check", busy_once())
    page = context.new_page()
    page.goto(f"{desks.service.origin}/desk/station/")
    page.locator("[data-login=zhan1]").click()
    expect(page.locator("#check-note")).to_contain_text("正在排队", timeout=20_000)
    expect(page.locator("#check-note")).to_have_text("检查完成，可以开始咨询。", timeout=20_000)


def busy_once() -> Callable[[Route], None]:
    """Answers the first offer as a service whose places are all taken."""
    offers = iter([True])

    def answer(route: Route) -> None:
        if route.request.method == "POST" and next(offers, False):
            route.fulfill(status=503)
        else:
            route.continue_()

    return answer


def test_a_missing_camera_is_told_to_the_other_side(desks: Desks) -> None:
    desks.service.execute(CHECKED_TODAY)
    context = desks.context()
    context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    station, centre = context.new_page(), desks.centre()
    station.goto(f"{desks.service.origin}/desk/station/")
    station.locator("[data-login=zhan1]").click()
    call(station)
    centre.get_by_role("button", name="接听").click()
    expect(centre.locator("#stage-note")).to_contain_text("对方没有声音和画面", timeout=20_000)
    expect(station.locator("#notices")).to_contain_text("对方看不到也听不到您")
    more_frames(station, FRAMES)


def test_on_a_phone_the_chat_keeps_its_place(desks: Desks) -> None:
    station, centre = desks.talk()
    width, height = PHONE
    centre.set_viewport_size({"width": width, "height": height})
    centre.locator("#tab-chat").click()
    for number in range(12):
        say(station, f"第 {number} 句：请看这张户口簿。")
    expect(centre.locator("#chat-lines")).to_contain_text("第 11 句")
    box = centre.locator("#chat-lines").bounding_box()
    assert box is not None and box["height"] <= height / 2
    expect(centre.locator("#chat-lines > *").last).to_be_in_viewport()


def test_a_wrong_password_says_so_and_keeps_the_name(desks: Desks) -> None:
    page = desks.context().new_page()
    page.goto(f"{desks.service.origin}/desk/centre/")
    page.locator("#login").fill("jie1")
    page.locator("#password").fill("wrong")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(page.locator("#login")).to_have_value("jie1")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_runs_off_the_screen(desks: Desks, width: int) -> None:
    for page in desks.talk():
        page.set_viewport_size({"width": width, "height": 900})
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus; a person would not go on for ever."""
    for _ in range(40):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def wait_for_rows(page: Page, service: ServiceProcess, query: str, wanted: list[tuple[Any, ...]]) -> None:
    """The page has sent it; the service may need a moment to keep it."""
    for _ in range(50):
        if service.rows(query) == wanted:
            return
        page.wait_for_timeout(100)
    assert service.rows(query) == wanted
