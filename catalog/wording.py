"""The words for time limits, fees and numbers of copies that pages and the exchange formats share."""

from collections.abc import Sequence
from datetime import date

from catalog.model import Fee, HolidayYear, Material, TimeLimit
from catalog.terms import DayUnit

ON_THE_SPOT = "当场办结"
FREE = "不收费"
PAPERLESS = "电子版，不用带纸质材料"

_WEEKDAYS = "一二三四五六日"
# The longest limit of the model, 365 working days, comes to seventeen months.
_NUMERALS = "〇 一 两 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七".split()


def limit(time_limit: TimeLimit) -> str:
    """The limit with its unit and, from a week on, what it comes to: 「15 个工作日（约三周）」."""
    if time_limit.days == 0:
        return ON_THE_SPOT
    span = _about(_calendar_days(time_limit))
    return f"{time_limit.days} 个{time_limit.unit.value}" + (f"（约{span}）" if span else "")


def fee(fee: Fee) -> str:
    """「不收费」, or the name of the charge and its standard."""
    return f"{fee.name}：{fee.standard}" if fee.charged else FREE


def copies(material: Material) -> str:
    """How many originals and copies to bring: 「原件 1 份、复印件 2 份」."""
    counted = (("原件", material.originals), ("复印件", material.copies))
    return "、".join(f"{name} {count} 份" for name, count in counted if count) or PAPERLESS


def day(date: date) -> str:
    """「2026年11月23日（周一）」."""
    return f"{date.year}年{date.month}月{date.day}日（周{_WEEKDAYS[date.weekday()]}）"


def calendar_day(date: date) -> str:
    """「2026年11月23日」, of a day whose weekday says nothing."""
    return f"{date.year}年{date.month}月{date.day}日"


def days_off(years: Sequence[HolidayYear]) -> str:
    """The last announced year's holidays: 「2026年元旦 1月1日至1月3日、春节 2月15日至2月23日」, or nothing."""
    if not years:
        return ""
    last = _last(years)
    spans = (
        f"{each.name} {_span(each.first, each.last)}"
        for each in sorted(last.holidays, key=lambda each: each.first)
    )
    return f"{last.year}年" + "、".join(spans)


def days_worked(years: Sequence[HolidayYear]) -> str:
    """The last announced year's weekend days that are worked: 「1月4日（周日）、2月14日（周六）」, or nothing."""
    days = sorted(_last(years).workdays) if years else ()
    return "、".join(f"{each.month}月{each.day}日（周{_WEEKDAYS[each.weekday()]}）" for each in days)


def _last(years: Sequence[HolidayYear]) -> HolidayYear:
    return max(years, key=lambda each: each.year)


def _span(first: date, last: date) -> str:
    begin = f"{first.month}月{first.day}日"
    return begin if first == last else f"{begin}至{last.month}月{last.day}日"


def way(straight: float, minutes: int) -> str:
    """How far a place is: 「走路约 20 分钟」, from an hour on 「直线距离约 5.6 公里」."""
    return f"走路约 {minutes} 分钟" if minutes < 60 else f"直线距离约 {straight / 1000:.1f} 公里"


def title(document: str) -> str:
    """A document's title in 《》, the titles inside it in 〈〉 (GB/T 15834-2011, 4.15)."""
    return f"《{document.replace('《', '〈').replace('》', '〉')}》"


def _calendar_days(time_limit: TimeLimit) -> int:
    """Five working days take a week; a broken week counts up."""
    if time_limit.unit is DayUnit.WORKING_DAY:
        return -(-time_limit.days * 7 // 5)
    return time_limit.days


def _about(days: int) -> str:
    """Calendar days as weeks up to four, then as months and half months; empty below a week."""
    if days < 7:
        return ""
    # Rounded up, so that nobody comes too early; one day (or three in months) over is still "about".
    if days <= 28:
        return f"{_NUMERALS[(days + 5) // 7]}周"
    months, half = divmod((4 * days + 48) // 61, 2)
    return f"{_NUMERALS[months]}个{'半' if half else ''}月"
