"""信息公开: what the district discloses about its service beside the catalogue itself.

Monthly figures come as tables with one row a month and street, so that other systems can write them; who rated or
asked is in none of them. Field docstrings are those of item.py.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from catalog.fields import Day, Name, Record, Slug, StreetCode, Telephone, Text
from catalog.terms import ChangeKind

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
_WHOLE = re.compile(r"0|[1-9][0-9]{0,6}")


def _written_count(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise ValueError("应为整数，最多 7 位，不写逗号、单位和小数，例如 128；没有就写 0")


Month = Annotated[str, StringConstraints(pattern=MONTH)]
"""A calendar month, written 2026-10; as text months sort by themselves."""
Count = Annotated[int, BeforeValidator(_written_count)]
"""A number in a cell of a table: digits and nothing else."""


class About(Record):
    """总说明: who answers for what is disclosed."""

    office: Name
    """公开机构。负责信息公开的单位"""
    phone: Telephone
    """更正电话。居民发现公开的信息有误时打的电话，带区号"""
    rectification_days: Annotated[int, Field(strict=True, ge=1, le=30)] = 7
    """整改期限。差评要在多少天内整改完，不填是 7 天"""
    agents_checked: Day | None = None
    """代办员名单核对日期。写成 "2026-11-01"，要加引号；有代办员的都要填，不填不公开代办员"""


class Pledge(Record):
    """One promise to whoever comes, what it means for them, and what they can do where it is not kept."""

    name: Name
    """承诺名称。例如：首问负责"""
    promise: Text
    """承诺内容。工作人员要做到什么"""
    means: Text
    """对居民的意义。对您来说是什么，用“您”来写"""
    complaint: Text
    """做不到怎么办。居民可以找谁、怎么投诉"""


class Pledges(Record):
    """服务承诺."""

    updated: Day
    """公布日期。这些承诺公布或修改的日期，写成 "2026-03-01"，要加引号"""
    pledges: Annotated[tuple[Pledge, ...], Field(min_length=1)]
    """服务承诺。每条一项"""


class PlanStep(Record):
    """Which share of all stations is to be open by the end of which day."""

    by: Day
    """截止日期。写成 "2026-07-31"，要加引号"""
    share: Annotated[int, Field(strict=True, ge=1, le=100)]
    """比例。到这一天应建成的百分比，整数；全部建成写 100"""


class BuildPlan(Record):
    """站点建设计划; what has been built follows from the stations' own dates."""

    programme: Text
    """计划名称。建设计划的名称，不加书名号"""
    as_of: Day
    """统计日期。站点建成情况统计到哪一天，写成 "2026-11-20"，要加引号"""
    steps: Annotated[tuple[PlanStep, ...], Field(min_length=1)]
    """计划进度。按先后写，最后一步是 100"""


class Change(Record):
    """One change of the catalogue, as residents are told of it."""

    date: Day
    """日期。改动生效的日期，写成 "2026-01-01"，要加引号"""
    kind: ChangeKind
    """更新类型。新增、修改或停用"""
    items: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """事项。改动的事项的网址名，可以多个"""
    text: Text
    """改了什么。一句话说清对居民有什么不同"""


class Changes(Record):
    """目录更新记录."""

    changes: Annotated[tuple[Change, ...], Field(min_length=1)]
    """更新记录。每次改动一项，先后不限"""


class Monthly(Record):
    """One month of one street."""

    month: Month
    """月份。写成 2026-10"""
    street: StreetCode
    """街道代码。streets.csv 中的 9 位代码"""


class MonthlyRatings(Monthly):
    """好差评: how many ratings of each of the five levels."""

    very_satisfied: Count
    """非常满意。这个月的评价条数"""
    satisfied: Count
    """满意。这个月的评价条数"""
    basically_satisfied: Count
    """基本满意。这个月的评价条数"""
    dissatisfied: Count
    """不满意。这个月的评价条数，算差评"""
    very_dissatisfied: Count
    """非常不满意。这个月的评价条数，算差评"""


class MonthlyRectifications(Monthly):
    """差评整改: what became of the month's ratings of the two lowest levels."""

    received: Count
    """收到差评。与评价表中“不满意”“非常不满意”之和相等"""
    in_time: Count
    """按期整改。在期限内核实、整改完的条数"""
    late: Count
    """超期整改。超过期限才整改完的条数"""
    open: Count
    """还在整改。还没有整改完的条数"""


class MonthlyConsults(Monthly):
    """视频咨询: how many calls, how they were answered, and with which outcome."""

    consults: Count
    """咨询次数。站点发起的视频咨询"""
    answered: Count
    """接通次数。街道中心接通的"""
    answered_within_1_min: Count
    """一分钟内接通。接通的里面，等候不超过 60 秒的"""
    median_wait_seconds: Count
    """等候时间中位数。接通的咨询从发起到接通的秒数，取中位数；没有接通的写 0"""
    advised: Count
    """已解答。结果是已解答的次数"""
    notice: Count
    """已一次性告知。结果是开出一次性告知书的次数"""
    prereviewed: Count
    """预审通过。结果是预审通过的次数"""
    accepted: Count
    """同意受理。结果是同意受理的次数"""
    referred: Count
    """转其他部门。结果是转其他部门的次数"""
    broken: Count
    """中断未办完。接通以后中断、没有办完的次数"""
    raised: Count
    """提级到区。请区级部门一起解答的次数，不超过接通次数"""


class Disclosure(Record):
    """All that is disclosed; what is not there has no page."""

    about: About | None = None
    pledges: Pledges | None = None
    plan: BuildPlan | None = None
    changes: tuple[Change, ...] = ()
    ratings: tuple[MonthlyRatings, ...] = ()
    rectifications: tuple[MonthlyRectifications, ...] = ()
    consults: tuple[MonthlyConsults, ...] = ()
