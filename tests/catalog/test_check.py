"""Each rule across records: what breaks it, where the fault is placed, and what mends it."""

import pytest

from catalog.check import check
from catalog.render import prose_links
from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content

STREETS = "streets.csv"
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
            "yi-township",
            "jia-street",
            "streets.csv:3:2 slug（网址名）“jia-street”与 streets.csv 第 2 行重复，应各不相同。",
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
            f"{ALLOWANCE}:66:13 链接 http://example.com/ 应以 https:// 开头；"
            "电话以 tel: 开头；指向本站事项时写 item:网址名。",
        ),
        (
            ALLOWANCE,
            "promised_limit: {days: 15",
            "promised_limit: {days: 21",
            f"{ALLOWANCE}:46:24 承诺办结时限应不超过法定的 20 个工作日，现在是 21 个。",
        ),
        (
            ALLOWANCE,
            "promised_limit: {days: 15",
            "promised_limit: {days: 0",
            f"{ALLOWANCE}:46:24 承诺件的承诺办结时限应大于 0，现在是 0；或改正 handling（办件类型）。",
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
            "visits: 0",
            f"{ALLOWANCE}:58:15 visits（到办事现场次数）为 0，不应再写 visit_reason（必须现场办理原因）。",
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
            f"{ALLOWANCE}:10:7 行政许可应至少有 5 个办理环节和 1 个常见问题，现在有 2 个环节、1 个问题。",
        ),
    ],
)
def test_a_broken_rule_is_told_at_its_line(
    content: Content, file: str, old: str, new: str, expected: str
) -> None:
    content.edit(file, old, new)
    assert content.faults() == [expected]


def test_a_file_is_named_after_its_slug(content: Content) -> None:
    content.edit(REGISTRATION, "slug: jiu-ye-deng-ji", "slug: jiu-ye")
    content.edit(ALLOWANCE, "related: [jiu-ye-deng-ji]", "related: [jiu-ye]")
    content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "item:jiu-ye")
    assert content.faults() == [
        f"{REGISTRATION}:2:7 文件名应与 slug（网址名）一致：应为 items/jiu-ye.yaml，现在是 {REGISTRATION}。"
    ]


def test_two_items_of_one_slug_are_told(content: Content) -> None:
    content.edit(REGISTRATION, "slug: jiu-ye-deng-ji", "slug: gao-ling-jin-tie")
    assert [problem.rule for problem in check(content.load(), prose_links)] == [
        "unknown-item",
        "unknown-item",
        "duplicate-slug",
        "file-name",
    ]


def test_two_streets_and_two_stations_of_one_code_are_told(content: Content) -> None:
    content.edit(STREETS, "990100102", "990100001")
    content.edit(STATIONS, "990100102201,yi-shang,乙上村,990100102", "990100001001,jia-yi,乙上村,990100001")
    assert content.faults() == [
        "stations.csv:3:1 code（区划代码）“990100001001”与 stations.csv 第 2 行重复，应各不相同。",
        "stations.csv:3:2 slug（网址名）“jia-yi”与 stations.csv 第 2 行重复，应各不相同。",
        "streets.csv:3:1 code（区划代码）“990100001”与 streets.csv 第 2 行重复，应各不相同。",
    ]


def test_stations_of_different_streets_may_share_a_slug(content: Content) -> None:
    content.edit(STATIONS, "yi-shang", "jia-yi")
    assert content.faults() == []


def test_a_district_of_another_code_is_told_at_every_street(content: Content) -> None:
    content.edit("district.yaml", "990100", "990200")
    assert content.faults() == [
        "streets.csv:2:1 code（区划代码）应以所在区的代码 990200 开头，现在是 990100001。",
        "streets.csv:3:1 code（区划代码）应以所在区的代码 990200 开头，现在是 990100102。",
    ]


def test_limits_of_different_units_are_not_compared(content: Content) -> None:
    content.edit(
        ALLOWANCE, "promised_limit: {days: 15, unit: 工作日", "promised_limit: {days: 25, unit: 自然日"
    )
    assert content.faults() == []


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
