import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from catalog import render
from catalog.model import Catalogue
from catalog.pages import Page, plan
from catalog.render import (
    Renderer,
    RenderError,
    hours,
    prose,
    prose_links,
    sentence,
    tel,
)
from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content

TEMPLATES = Path(__file__).parents[2] / "templates"


def links(html: bytes) -> list[str]:
    return re.findall(r' (?:href|src)="([^"]*)"', html.decode())


class Text(HTMLParser):
    """The words of a page, each run of them stripped."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.feed(html.decode())

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.runs.append(data.strip())


def read(content: Content) -> Catalogue:
    loaded = content.load().catalogue
    assert loaded is not None
    return loaded


def site(catalogue: Catalogue) -> dict[str, bytes]:
    renderer = Renderer(TEMPLATES)
    return {page.address: renderer.render(page) for page in plan(catalogue)}


@pytest.fixture
def pages(content: Content) -> dict[str, bytes]:
    return site(read(content))


@pytest.fixture
def guide(pages: dict[str, bytes]) -> str:
    return "".join(Text(pages["/items/gao-ling-jin-tie.html"]).runs)


def elements(html: bytes) -> Iterator[str]:
    return (match[1] for match in re.finditer(r"<([a-z][a-z0-9]*)", html.decode()))


def test_every_page_carries_what_every_page_must(pages: dict[str, bytes]) -> None:
    for html in pages.values():
        text = html.decode()
        assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
        assert "本网站内容为虚构示例，不能作为办事依据。" in text
        assert 'href="tel:+86-10-00000001"' in text and 'href="tel:+86-10-00000002"' in text
        assert {"/", "/items/", "/streets/", "/open-data/", "/desk/"} <= set(links(html))
        assert list(elements(html)).count("h1") == 1
        assert list(elements(html)).count("main") == 1


SCRIPT = re.compile(
    r'<script( type="module" src="/static/[a-z-]+\.[0-9a-f]{16}\.js")?>(.*?)</script>', re.DOTALL
)


def test_pages_have_no_inline_script_or_style_and_load_nothing_from_elsewhere(
    pages: dict[str, bytes],
) -> None:
    for html in pages.values():
        text = html.decode()
        assert not {"style", "iframe", "img"} & set(elements(html))
        assert all(attributes and not inside for attributes, inside in SCRIPT.findall(text))
        assert not re.search(r"\s(?:style|on[a-z]+)=", text)
        loads = text.replace('<link rel="canonical" href="https://kezhong.example/', "")
        assert not re.search(r"(?:src|<link[^>]*href)=\"(?:https?:)?//", loads)


def test_titles_differ_and_name_the_site(pages: dict[str, bytes]) -> None:
    titles = [re.findall(r"<title>(.*?)</title>", html.decode())[0] for html in pages.values()]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith("－样例区刻钟办事") for title in titles)


def test_the_navigation_marks_the_page_one_is_on(pages: dict[str, bytes]) -> None:
    assert b'href="/items/" aria-current="page"' in pages["/items/"]
    assert b'aria-current="page"' not in pages["/items/jiu-ye-deng-ji.html"]


@pytest.mark.parametrize(
    "words",
    [
        "带什么居民身份证（原件 1 份、复印件 2 份）另有 1 样看情况带",
        "去哪里社区（村）站点，代收代办；也可以到街道中心。查地址",
        "要多久15 个工作日（约三周）",
        "多少钱不收费",
        "谁能办年满 80 周岁。全部 2 条",
        "跑几次1 次",
        "都要带居民身份证原件 1 份、复印件 2 份",
        "看情况带代办人身份证原件 1 份请人代办时要带纸质、电子版都可以。代办人当面出示。",
        "有样例市户籍",
        "审核街道中心15 个工作日街道中心审核并告知结果。",
        "材料交给站点，由站点替您送办，您不用自己去街道中心。正式受理的是街道中心。",
        "甲街道政务服务中心地址样例区甲一路 3 号时间周一至周五9:00—17:00电话010-00000011"
        "这里更快：10 个工作日（约两周）。材料也可以放在门口的收件箱。",
        "乙乡便民服务中心地址样例区乙乡村口 1 号",
        "权力来源法定本级行使办理形式窗口办理通办范围全镇街主题分类老人服务",
        "承诺时限15 个工作日（约三周）。公示时间不计算在内。",
        "法定时限20 个工作日（约四周）",
        "跑几次1 次。核对本人身份证原件。",
        "办成后津贴发放什么样子银行短信写明“高龄津贴”。怎么拿到每月打到银行卡",
        "可以请人代办吗？可以，代办人带上本人身份证。",
        "《样例市老年人权益保障条例》（样例令第 1 号）第十条：对高龄老人发放津贴。",
        "基本编码000500010001",
        "咨询社区站点、街道中心接件社区站点受理街道中心",
        "请打投诉电话010-00000002。",
        "可能还要办登记就业",
    ],
)
def test_a_guide_says(guide: str, words: str) -> None:
    assert words in guide


def test_a_guide_has_the_official_name_beside_the_plain_one(pages: dict[str, bytes]) -> None:
    runs = Text(pages["/items/gao-ling-jin-tie.html"]).runs
    place = runs.index("高龄津贴")
    assert runs[place : place + 3] == ["高龄津贴", "高龄老年人津贴发放", "站点代收代办"]


def test_a_guide_leads_staff_to_the_desk(pages: dict[str, bytes]) -> None:
    assert "/desk/station/?item=000500010001" in links(pages["/items/gao-ling-jin-tie.html"])


def test_a_guide_leaves_out_what_its_item_does_not_have(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/items/jiu-ye-deng-ji.html"]).runs)
    for missing in ("常见问题", "可能还要办", "看情况带", "全部 1 条", "None"):
        assert missing not in text
    for said in (
        "要多久当场办结",
        "多少钱工本费：每证 2 元",
        "费用工本费：每证 2 元。依据：样例收费目录",
        "跑几次不用跑",
        "就业信息表电子版，不用带纸质材料",
    ):
        assert said in text


def test_a_guide_whose_materials_all_depend_says_so(content: Content) -> None:
    content.edit(ALLOWANCE, "necessity: 必要", "necessity: 容缺后补")
    text = "".join(Text(site(read(content))["/items/gao-ling-jin-tie.html"]).runs)
    assert "带什么2 样看情况带" in re.sub(r"\s", "", text).replace("2样", "2 样")
    assert "可以先受理，后补交居民身份证" in text


def test_a_station_says_what_it_does_and_where_its_centre_is(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/streets/jia-street/jia-yi.html"]).runs)
    assert "在本站当场受理材料带齐，站点当场受理，您不用再去街道中心。登记就业" in text
    assert "由本站代收代办材料交给站点，由站点替您送办，您不用自己去街道中心。高龄津贴" in text
    assert "甲街道政务服务中心地址样例区甲一路 1 号" in text
    assert "投诉电话010-00000012" in text


def test_a_street_lists_its_stations_with_address_hours_and_telephone(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/streets/jia-street.html"]).runs)
    assert "甲一社区地址样例区甲一路 2 号时间周一至周日9:00—18:00电话010-00000101" in text
    assert "乙上村" not in text


def test_a_street_without_stations_promises_none(content: Content) -> None:
    catalogue = read(content)
    home = site(catalogue.model_copy(update={"stations": (), "layers": {}}))["/"]
    assert "/streets/jia-street.html" in links(home)
    assert "/streets/jia-street.html#stations" not in links(home)


def test_a_township_tells_how_its_agents_carry_papers(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/streets/yi-township.html"]).runs)
    for words in (
        "村里的代办员收材料",
        "镇里的工作人员办理镇样例（工号 样镇 01），电话010-00000302。镇里能办的当场办。其余的每周五送到区里。",
        "区里的协调员办理区样例（工号 样区 01），电话010-00000303。当天能办的当天办完。其余的缩短一半时限。",
        "结果回到您手里办完三天内由代办员送到家。",
        "代样例（工号 样代 01），电话010-00000301。负责乙上村。周一、周四上午。在村里的服务站收。",
    ):
        assert words in text
    assert "代办员" not in "".join(Text(pages["/streets/jia-street.html"]).runs)


def test_a_village_names_its_own_agent_and_its_hours_for_papers(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/streets/yi-township/yi-shang.html"]).runs)
    assert "收材料周一、周四9:00—11:00请注意下雪封路时不收材料。" in text
    assert (
        "村里的代办员收材料代样例（工号 样代 01），电话010-00000301。周一、周四上午。在村里的服务站收。"
        in text
    )
    assert "三级接力" not in "".join(Text(pages["/streets/jia-street/jia-yi.html"]).runs)


def test_a_street_lists_what_it_offers_and_a_station_what_it_adds(pages: dict[str, bytes]) -> None:
    jia, yi, village = (
        "".join(Text(pages[f"/streets/{name}.html"]).runs)
        for name in ("jia-street", "yi-township", "yi-township/yi-shang")
    )
    assert "区级清单 1 项，街道增设 1 项。" in jia.replace("\n", "")
    assert "区级清单 1 项。" in yi and "登记就业" not in yi
    assert "登记就业" in jia and "登记就业" in village


def test_an_item_that_is_not_in_use_says_so_and_is_listed_nowhere(content: Content) -> None:
    content.edit(REGISTRATION, "type: 公共服务", "type: 公共服务\nstate: 暂停")
    pages = site(read(content))
    assert "本事项暂停办理。" in "".join(Text(pages["/items/jiu-ye-deng-ji.html"]).runs)
    assert "目前没有街道或乡镇办理这一事项。" in "".join(Text(pages["/items/jiu-ye-deng-ji.html"]).runs)
    listing = ["/", "/items/", "/streets/jia-street.html", "/streets/yi-township/yi-shang.html"]
    assert all("/items/jiu-ye-deng-ji.html" not in links(pages[address]) for address in listing)
    content.edit(REGISTRATION, "state: 暂停", "state: 取消")
    text = "".join(Text(site(read(content))["/items/jiu-ye-deng-ji.html"]).runs)
    assert "本事项已经取消。" in text


def test_a_guide_shows_the_rarer_elements_where_an_item_has_them(content: Content) -> None:
    content.edit(
        ALLOWANCE,
        "visits: 1",
        "visits: 1\nspecial_procedure: 公示 7 天\nquota: 每年 100 人\nintermediary: 需要体检\nexpress: true\n"
        "appointment: true\nself_service: true\njoint_departments: [区人力资源和社会保障局]\n"
        'channels: [窗口办理, 网上办理]\nonline: {depth: III级, url: "https://banshi.example.cn/gao-ling"}',
    )
    content.edit(
        ALLOWANCE,
        "    copies: 2\n",
        "    copies: 2\n    specification: A4 纸\n    filling_notes: 用黑笔填\n    acceptance_standard: 字迹清楚\n"
        '    blank_form: "https://a.example.cn/b"\n    sample_form: "https://a.example.cn/s"\n',
    )
    page = site(read(content))["/items/gao-ling-jin-tie.html"]
    text = "".join(Text(page).runs)
    for words in (
        "特别程序公示 7 天。",
        "数量限制每年 100 人",
        "中介服务需要体检",
        "物流快递结果可以寄到家",
        "预约可以预约",
        "自助终端可以在自助机上办",
        "联办机构区人力资源和社会保障局",
        "也可以在网上办：网上申请。",
        "A4 纸。用黑笔填。字迹清楚。空白表格、填好的样子",
    ):
        assert words in text
    for address in ("gao-ling", "b", "s"):
        assert f'{address}"' in page.decode()


def test_a_guide_tells_how_to_pay_and_who_pays_less(content: Content) -> None:
    content.edit(
        REGISTRATION,
        "payment: [窗口缴费]",
        "payment: [窗口缴费], reduction: 低保户免交, reduction_basis: 样例办法",
    )
    text = "".join(Text(site(read(content))["/items/jiu-ye-deng-ji.html"]).runs)
    assert "怎么交费窗口缴费减免低保户免交。依据：样例办法" in text


def test_the_list_groups_items_by_field_with_what_people_call_them(pages: dict[str, bytes]) -> None:
    text = "".join(Text(pages["/items/"]).runs)
    assert "养老高龄津贴高龄老年人津贴发放也叫：老年津贴、八十岁补贴站点代收代办" in text
    assert {"#elderly", "#employment"} <= set(links(pages["/items/"]))
    assert {"#agency", "#acceptance"} <= set(links(pages["/items/kinds.html"]))


def test_editors_text_is_escaped(content: Content) -> None:
    content.edit(ALLOWANCE, "对高龄老人发放津贴。", "<script>alert(1)</script>")
    html = site(read(content))["/items/gao-ling-jin-tie.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_rendering_is_the_same_every_time(content: Content) -> None:
    assert site(read(content)) == site(read(content))


def test_a_page_that_fails_is_named_with_its_template(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("{{ nobody }}")
    with pytest.raises(RenderError, match=r"^/x\.html by bad\.html: UndefinedError: 'nobody' is undefined$"):
        Renderer(tmp_path).render(Page("/x.html", "bad.html", {}))


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"^/x\.html by none\.html: TemplateNotFound: "):
        Renderer(tmp_path).render(Page("/x.html", "none.html", {}))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("[低保](item:dibao)", '<p><a href="/items/dibao.html">低保</a></p>'),
        ("[网站](https://example.org/a?b=1)", '<p><a href="https://example.org/a?b=1">网站</a></p>'),
        ("[电话](tel:+86-10-00000001)", '<p><a href="tel:+86-10-00000001">电话</a></p>'),
        ("[站点](/streets/)", '<p><a href="/streets/">站点</a></p>'),
        ("[下面](#where)", '<p><a href="#where">下面</a></p>'),
        ("**要**带", "<p><strong>要</strong>带</p>"),
        ("<b onclick=x>字</b>", "<p>&lt;b onclick=x&gt;字&lt;/b&gt;</p>"),
        ("<div>\n\n字\n\n</div>", "<p>&lt;div&gt;</p>\n<p>字</p>\n<p>&lt;/div&gt;</p>"),
        ("# 题", "<p># 题</p>"),
        ("题\n==", "<p>题\n==</p>"),
        ("![图](https://example.org/i.png)", "<p>![图](https://example.org/i.png)</p>"),
        ("<a@example.org>", "<p>&lt;a@example.org&gt;</p>"),
    ],
)
def test_prose_is_words_lists_and_links(markdown: str, html: str) -> None:
    assert prose(markdown) == html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&#58;alert(1)",
        "&#106;avascript:alert(1)",
        "java`scri`pt:alert(1)",
        "java&Tab;script:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "//example.org/",
        "/\\example.org/",
        "item:dibao/../x",
        'item:"onclick=x',
    ],
)
def test_a_link_to_nowhere_safe_becomes_plain_words(target: str) -> None:
    assert prose(f"看[这里]({target})。") == "<p>看<span>这里</span>。</p>"
    assert prose(f"看[这里][r]。\n\n[r]: <{target}>") == "<p>看<span>这里</span>。</p>"


def test_a_link_without_a_target_becomes_plain_words() -> None:
    assert prose("看[这里]()。") == "<p>看<span>这里</span>。</p>"


def test_prose_links_are_the_targets_as_written() -> None:
    markdown = """
[甲](item:dibao)、[乙](https://example.org/ "题")、<https://example.org/c>、[丙][r]、[丁](javascript:x)

[r]: item:y
"""
    assert prose_links(markdown) == [
        "item:dibao",
        "https://example.org/",
        "https://example.org/c",
        "item:y",
        "javascript:x",
    ]
    assert prose_links("没有链接") == []


def test_hours_keeps_a_span_of_time_on_one_line() -> None:
    assert hours("周一 9:00–12:00，<下午>") == '周一 <span class="keep">9:00–12:00</span>，&lt;下午&gt;'


@pytest.mark.parametrize(
    ("text", "closed"), [("带上", "带上。"), ("带上。", "带上。"), ("带了吗？", "带了吗？")]
)
def test_sentence_ends_once(text: str, closed: str) -> None:
    assert sentence(text) == closed


def test_tel_is_a_global_number() -> None:
    assert tel("010-00001234") == "tel:+86-10-00001234"
    assert tel("0311-0000123") == "tel:+86-311-0000123"


def test_a_part_is_made_once_for_the_same_records_and_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[object, ...]] = []

    def macro(*seen: object) -> str:
        made.append(seen)
        return f"{len(made)}"

    once = render._Once()
    one, other = ["a"], ["a"]
    assert [once(macro, one, "b"), once(macro, one, "".join("b"))] == ["1", "1"]
    assert [once(macro, other, "b"), once(macro, one, "c"), once(macro, one, "b")] == ["2", "3", "1"]
    monkeypatch.setattr(render, "_PARTS", 3)
    once(macro, one, "d")
    assert once(macro, one, "b") == "5" and len(once._made) == 2
