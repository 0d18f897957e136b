"""Each rule across records: what breaks it, where the fault is placed, and what mends it."""

import pytest

from catalog.check import check
from catalog.model import TimeLimit
from catalog.problem import errors
from catalog.render import prose_links
from catalog.rules_item import is_longer
from catalog.terms import DayUnit
from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content

STREETS = "streets.csv"
JIA = "streets/jia-street.yaml"
YI = "streets/yi-township.yaml"
STATIONS = "stations.csv"


def test_minimal_catalogue_breaks_no_rule(content: Content) -> None:
    assert content.faults() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            REGISTRATION,
            'code: "002000010002"',
            'code: "000500010001"',
            f"{REGISTRATION}:1:7 code（基本编码）“000500010001”与 {ALLOWANCE} 第 2 行重复，应各不相同。",
        ),
        (
            REGISTRATION,
            "name: 就业登记",
            "name: 高龄老年人津贴发放",
            f"{REGISTRATION}:3:7 name（事项名称）“高龄老年人津贴发放”与 {ALLOWANCE} 第 4 行重复，应各不相同。",
        ),
        (
            REGISTRATION,
            "plain_name: 登记就业",
            "plain_name: 高龄津贴",
            f"{REGISTRATION}:4:13 plain_name（通俗名称）“高龄津贴”与 {ALLOWANCE} 第 5 行重复，应各不相同。",
        ),
        (
            ALLOWANCE,
            "aliases: [老年津贴,",
            "aliases: [就业登记,",
            f"{ALLOWANCE}:6:11 别名“就业登记”与 {REGISTRATION} 第 3 行的名称或别名重复，应换一个或删去。",
        ),
        (
            REGISTRATION,
            "plain_name: 登记就业",
            "plain_name: 登记就业\naliases: [八十岁补贴]",
            f"{REGISTRATION}:5:11 别名“八十岁补贴”与 {ALLOWANCE} 第 6 行的名称或别名重复，应换一个或删去。",
        ),
        (
            ALLOWANCE,
            "八十岁补贴]",
            "老年津贴]",
            f"{ALLOWANCE}:6:17 别名“老年津贴”与 {ALLOWANCE} 第 6 行的名称或别名重复，应换一个或删去。",
        ),
        (
            STREETS,
            "乙乡,乡镇",
            "甲街道,乡镇",
            "streets.csv:3:3 name（街道名称）“甲街道”与 streets.csv 第 2 行重复，应各不相同。",
        ),
        (
            STATIONS,
            "990100001,",
            "990100002,",
            "stations.csv:2:4 streets.csv 中没有代码为 990100002 的街道，最接近的是 990100102。",
        ),
        (
            STATIONS,
            "990100001,",
            "123456789,",
            "stations.csv:2:4 streets.csv 中没有代码为 123456789 的街道。",
        ),
        (
            STATIONS,
            "990100001001",
            "990100009001",
            "stations.csv:2:1 code（区划代码）应以所属街道的代码 990100001 开头，现在是 990100009001。",
        ),
        (
            ALLOWANCE,
            "related: [jiu-ye-deng-ji]",
            "related: [jiu-ye-dengji]",
            f"{ALLOWANCE}:67:11 没有网址名为 jiu-ye-dengji 的事项，最接近的是 jiu-ye-deng-ji。",
        ),
        (
            ALLOWANCE,
            "related: [jiu-ye-deng-ji]",
            "related: [jiu-ye-deng-ji, jiu-ye-deng-ji]",
            f"{ALLOWANCE}:67:27 相关事项 jiu-ye-deng-ji 是本事项或已经写过，应删去。",
        ),
        (
            ALLOWANCE,
            "related: [jiu-ye-deng-ji]",
            "related: [gao-ling-jin-tie]",
            f"{ALLOWANCE}:67:11 相关事项 gao-ling-jin-tie 是本事项或已经写过，应删去。",
        ),
        (
            ALLOWANCE,
            "item:jiu-ye-deng-ji",
            "item:qqq",
            f"{ALLOWANCE}:13:10 链接 item:qqq 没有对应的事项。",
        ),
        (
            ALLOWANCE,
            "**本人身份证**",
            "[身份证](http://example.com/)",
            f"{ALLOWANCE}:66:13 链接 http://example.com/ 应写成 https://网址；"
            "电话写成 tel:号码；指向本站事项时写 item:网址名。",
        ),
        (
            ALLOWANCE,
            "promised_limit: {days: 15",
            "promised_limit: {days: 21",
            f"{ALLOWANCE}:46:24 承诺办结时限应不超过法定的 20 个工作日，现在是 21 个工作日。",
        ),
        (
            REGISTRATION,
            "promised_limit: {days: 0",
            "promised_limit: {days: 1",
            f"{REGISTRATION}:25:24 即办件的承诺办结时限应为 0，现在是 1；或改正 handling（办件类型）。",
        ),
        (
            ALLOWANCE,
            "visit_reason: 核对本人身份证原件\n",
            "",
            f"{ALLOWANCE}:57:9 要到现场 1 次，应写明 visit_reason（必须现场办理原因）。",
        ),
        (
            ALLOWANCE,
            "visits: 1",
            "express: true\nvisits: 0",
            f"{ALLOWANCE}:59:15 visits（到办事现场次数）为 0，不应再写 visit_reason（必须现场办理原因）。",
        ),
        (
            STREETS,
            "010-00000012",
            "010-00000011",
            "streets.csv:2:9 投诉电话应与咨询电话不同，现在都是 010-00000011。",
        ),
        (
            "district.yaml",
            "010-00000002",
            "010-00000001",
            "district.yaml:6:18 投诉电话应与咨询电话不同，现在都是 010-00000001。",
        ),
        (
            ALLOWANCE,
            "  - 年满 80 周岁",
            "  - 符合其他有关条件",
            f"{ALLOWANCE}:18:5 不能用“其他有关条件”这样的兜底说法，应写明具体内容。",
        ),
        (
            ALLOWANCE,
            "name: 代办人身份证",
            "name: 相关证明",
            f"{ALLOWANCE}:28:11 不能用“相关证明”这样的兜底说法，应写明具体内容。",
        ),
        (
            ALLOWANCE,
            "type: 行政给付",
            "type: 行政许可",
            f"{ALLOWANCE}:38:3 行政许可应至少有 5 个办理环节，现在有 2 个。",
        ),
    ],
)
def test_a_broken_rule_is_told_at_its_line(
    content: Content, file: str, old: str, new: str, expected: str
) -> None:
    content.edit(file, old, new)
    assert content.faults() == [expected]


def rename(content: Content) -> None:
    """Call the registration jiu-ye wherever it is referred to."""
    content.edit(REGISTRATION, "slug: jiu-ye-deng-ji", "slug: jiu-ye")
    content.edit(ALLOWANCE, "related: [jiu-ye-deng-ji]", "related: [jiu-ye]")
    content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "item:jiu-ye")
    for file in (JIA, YI):
        content.edit(file, "jiu-ye-deng-ji", "jiu-ye")


def rules(content: Content) -> list[str]:
    return [problem.rule for problem in check(content.load(), prose_links)]


def test_a_file_is_named_after_its_slug(content: Content) -> None:
    rename(content)
    assert content.faults() == [
        f"{REGISTRATION}:2:7 文件名应与 slug（网址名）一致：应为 items/jiu-ye.yaml，现在是 {REGISTRATION}。"
    ]


def test_two_items_of_one_slug_are_told(content: Content) -> None:
    rename(content)
    content.edit(REGISTRATION, "slug: jiu-ye", "slug: gao-ling-jin-tie")
    assert {"duplicate-slug", "file-name"} <= set(rules(content))


def test_two_streets_of_one_slug_are_told(content: Content) -> None:
    content.edit(STREETS, "yi-township", "jia-street")
    assert (
        "streets.csv:3:2 slug（网址名）“jia-street”与 streets.csv 第 2 行重复，应各不相同。"
        in content.faults()
    )


def test_two_streets_and_two_stations_of_one_code_are_told(content: Content) -> None:
    content.edit(STREETS, "990100102", "990100001")
    content.edit(STATIONS, "990100102201,yi-shang,乙上村,990100102", "990100001001,jia-yi,乙上村,990100001")
    (content.root / YI).unlink()
    assert content.faults() == [
        "stations.csv:3:1 code（区划代码）“990100001001”与 stations.csv 第 2 行重复，应各不相同。",
        "stations.csv:3:2 slug（网址名）“jia-yi”与 stations.csv 第 2 行重复，应各不相同。",
        "streets.csv:3:1 code（区划代码）“990100001”与 streets.csv 第 2 行重复，应各不相同。",
    ]


def test_stations_of_different_streets_may_share_a_slug(content: Content) -> None:
    content.edit(STATIONS, "yi-shang", "jia-yi")
    content.edit(YI, "station: yi-shang", "station: jia-yi")
    content.edit(YI, "villages: [yi-shang]", "villages: [jia-yi]")
    assert content.faults() == []


def test_a_district_of_another_code_is_told_at_every_street(content: Content) -> None:
    content.edit("district.yaml", "990100", "990200")
    assert content.faults() == [
        "streets.csv:2:1 code（区划代码）应以所在区的代码 990200 开头，现在是 990100001。",
        "streets.csv:3:1 code（区划代码）应以所在区的代码 990200 开头，现在是 990100102。",
    ]


@pytest.mark.parametrize(
    ("promised", "allowed", "longer"),
    [
        ((15, "工作日"), (15, "工作日"), False),
        ((16, "工作日"), (15, "工作日"), True),
        ((28, "自然日"), (20, "工作日"), False),
        ((29, "自然日"), (20, "工作日"), True),
        ((20, "工作日"), (28, "自然日"), False),
        ((20, "工作日"), (27, "自然日"), True),
        # A broken week counts in full for the promise and not at all for what is allowed.
        ((21, "工作日"), (30, "自然日"), True),
        ((21, "工作日"), (31, "自然日"), False),
        ((9, "自然日"), (6, "工作日"), True),
        ((8, "自然日"), (6, "工作日"), False),
    ],
)
def test_limits_of_different_units_are_compared_on_the_safe_side(
    promised: tuple[int, str], allowed: tuple[int, str], longer: bool
) -> None:
    first, second = (TimeLimit(days=days, unit=DayUnit(unit)) for days, unit in (promised, allowed))
    assert is_longer(first, second) is longer


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        (ALLOWANCE, "promised_limit: {days: 15", "promised_limit: {days: 0", "handling-days"),
        (ALLOWANCE, "fee: {charged: false}", "fee: {charged: false, payment: [窗口缴费]}", "payment-of-free"),
        (ALLOWANCE, "topics: [老人服务]", "topics: []", "audience-topics"),
        (ALLOWANCE, "audience: [自然人]", "audience: [自然人, 其他组织]", "audience-topics"),
        (ALLOWANCE, "power_source: 法定本级行使", "power_source: 同级委托", "entrusted-by"),
        (
            ALLOWANCE,
            "power_source: 法定本级行使",
            "power_source: 法定本级行使\nentrusted_by: 区民政局",
            "entrusted-by",
        ),
        (
            ALLOWANCE,
            "department: 区民政局",
            "department: 区民政局\njoint_departments: [区体育局]",
            "unknown-body",
        ),
        (
            ALLOWANCE,
            "visits: 1",
            'visits: 1\nonline: {depth: III级, url: "https://a.example.cn/"}',
            "online-channel",
        ),
        (ALLOWANCE, "visits: 1", 'visits: 1\neffective: "2026-01-01"\nexpires: "2026-01-01"', "dates"),
        (ALLOWANCE, "  - 有样例市户籍", "  - 同上", "placeholder"),
        (ALLOWANCE, "gist: 对高龄老人发放津贴。", "gist: 详见附件", "placeholder"),
        (ALLOWANCE, "name: 居民身份证", "name: 户口簿等材料", "catch-all"),
        (ALLOWANCE, "name: 居民身份证", "name: 规定的其他证件", "catch-all"),
        (STATIONS, "周一至周日 9:00—18:00", "全天", "hours-clock"),
        (STREETS, "周一至周五 9:00—17:00", "全天", "hours-clock"),
        (JIA, "    note: 材料也", "    hours: 上午\n    note: 材料也", "hours-clock"),
        (JIA, "样例区甲一路 3 号", "样例区甲一路 1 号", "override-equal"),
        (
            JIA,
            "{days: 10, unit: 工作日}",
            "{days: 15, unit: 工作日, note: 公示时间不计算在内}",
            "override-equal",
        ),
        (JIA, "{days: 10, unit: 工作日}", "{days: 0, unit: 工作日}", "override-limit"),
        (JIA, "    note: 材料也", "    phone: 010-00000012\n    note: 材料也", "same-telephone"),
        (
            YI,
            "    adds: [jiu-ye-deng-ji]\n    hours: 周一、周四 9:00—11:00\n    note: 下雪封路时不收材料\n",
            "",
            "override-empty",
        ),
        (YI, "周一、周四 9:00—11:00", "周一至周五 9:00—16:00", "override-equal"),
        (YI, "adds: [jiu-ye-deng-ji]", "adds: [jiu-ye-deng-ji, jiu-ye-deng-ji]", "copied-item"),
        (YI, "adds: [jiu-ye-deng-ji]", "adds: [jiu-ye-deng-ji, gao-ling-jin-tie]", "copied-item"),
        (
            YI,
            "    hours: 周一、周四 9",
            "    without: [jiu-ye-deng-ji]\n    hours: 周一、周四 9",
            "without-unoffered",
        ),
        (
            "district.yaml",
            "items: [gao-ling-jin-tie]",
            "items: [gao-ling-jin-tie, gao-ling-jin-tie]",
            "copied-item",
        ),
    ],
)
def test_other_ways_to_break_a_rule(content: Content, file: str, old: str, new: str, rule: str) -> None:
    content.edit(file, old, new)
    assert rule in rules(content)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (ALLOWANCE, "sample: 银行短信写明“高龄津贴”", "type: 无"),
        (
            ALLOWANCE,
            "visits: 1",
            'channels: [窗口办理, 网上办理]\nonline: {depth: III级, url: "https://a.example.cn/"}\nvisits: 1',
        ),
        (ALLOWANCE, "visits: 1", 'online: {depth: I级, url: "https://a.example.cn/"}\nvisits: 1'),
        (ALLOWANCE, "power_source: 法定本级行使", "power_source: 上级委托\nentrusted_by: 区民政局"),
        (ALLOWANCE, "visits: 1", 'effective: "2026-01-01"\nexpires: "2026-01-02"\nvisits: 1'),
        (REGISTRATION, "channels: [窗口办理, 快递申请]", "express: true"),
        (JIA, "{days: 10, unit: 工作日}", "{days: 14, unit: 自然日}"),
        (YI, "      items: [gao-ling-jin-tie]\n", ""),
        (YI, "    hours: 周一、周四 9", "    without: [gao-ling-jin-tie]\n    hours: 周一、周四 9"),
    ],
)
def test_what_rules_allow(content: Content, file: str, old: str, new: str) -> None:
    content.edit(file, old, new)
    assert content.faults() == []


def test_a_catalogue_without_layers_has_no_fault_but_what_no_street_offers(content: Content) -> None:
    for file in (JIA, YI):
        (content.root / file).unlink()
    (content.root / "streets").rmdir()
    assert rules(content) == ["unlisted-item"]


def test_advice_is_marked_and_stops_nothing(content: Content) -> None:
    content.edit(ALLOWANCE, "    number: 样例令第 1 号\n", "")
    (problem,) = check(content.load(), prose_links)
    assert (
        str(problem)
        == f"{ALLOWANCE}:60:5 建议：《样例市老年人权益保障条例》没有 number（文号），查得到就补上。"
    )
    assert errors([problem]) == []
    assert problem.plain() == {
        "file": ALLOWANCE,
        "line": 60,
        "column": 5,
        "rule": "basis-number",
        "severity": "advice",
        "message": "《样例市老年人权益保障条例》没有 number（文号），查得到就补上。",
    }


@pytest.mark.parametrize(
    "law", ["中华人民共和国老年人权益保障法", "样例市实施《中华人民共和国老年人权益保障法》办法"]
)
def test_a_law_needs_no_number(content: Content, law: str) -> None:
    content.edit(ALLOWANCE, "    number: 样例令第 1 号\n", "")
    content.edit(ALLOWANCE, "title: 样例市老年人权益保障条例", f"title: {law}")
    assert content.faults() == []


@pytest.mark.parametrize("file", ["district.yaml", "bodies.yaml", STREETS, STATIONS])
def test_what_hangs_on_an_unreadable_file_is_no_second_fault(content: Content, file: str) -> None:
    content.write(file, b"\xff")
    assert [fault.partition(":")[0] for fault in content.faults()] == [file]


def test_telephone_and_https_links_are_welcome(content: Content) -> None:
    content.edit(ALLOWANCE, "**本人身份证**", "[法规](https://example.com/)和[电话](tel:010-00000001)")
    assert content.faults() == []


def test_a_reference_to_a_faulty_file_is_no_second_fault(content: Content) -> None:
    content.edit(REGISTRATION, "visits: 0", "visits: 多次")
    content.edit(STREETS, "010-00000011", "11")
    content.edit("district.yaml", "city: 样例市\n", "")
    assert [fault.split(" ")[0] for fault in content.faults()] == [
        "district.yaml:1:1",
        f"{REGISTRATION}:34:9",
        "streets.csv:2:8",
    ]


def test_rules_are_told_together_with_faults_of_reading(content: Content) -> None:
    content.edit("district.yaml", "complaint_phone: 010-00000002", "complaint_phone: 热线")
    content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "item:jiu-ye")
    content.edit(STATIONS, "990100102201", "990100009201")
    assert [fault.split(" ")[0] for fault in content.faults()] == [
        "district.yaml:6:18",
        f"{ALLOWANCE}:13:10",
        "stations.csv:3:1",
    ]


@pytest.mark.parametrize("allowed", ["没有其他收入", "有关节疾病", "其他家庭成员同意"])
def test_a_plain_condition_is_no_catch_all(content: Content, allowed: str) -> None:
    content.edit(ALLOWANCE, "  - 年满 80 周岁", f"  - {allowed}")
    assert content.faults() == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("周一至周五 17:00–9:00", "“17:00–9:00”应从早到晚，不超过 24:00"),
        ("周一至周五 20:00–25:00", "“20:00–25:00”应从早到晚，不超过 24:00"),
        ("周一至周五 9:00–12:75", "“9:00–12:75”应从早到晚，不超过 24:00"),
        ("周一至周八 9:00–12:00", "没有“周八”这一天，应写周一至周日中的一天"),
    ],
)
def test_hours_that_no_clock_or_week_has_are_told(content: Content, hours: str, words: str) -> None:
    content.edit(STATIONS, "周一至周日 9:00—18:00", hours)
    (told,) = content.faults()
    assert told.startswith(f"stations.csv:2:6 {words}")
