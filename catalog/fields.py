"""The shapes of single values that editors type, and what all records have in common."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from catalog.codes import BASIC, check_unified

INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def _visible(text: str) -> str:
    """Refuses what no reader sees: control characters, zero-width and direction marks (Unicode categories C*)."""
    if text.isprintable():
        return text
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in INVISIBLE:
            raise ValueError(f"有看不见的字符（U+{ord(character):04X}），请删去后重新输入这一处")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_visible)]
"""Plain text of one paragraph, without Markdown."""
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_visible)
]
"""A text that stands in lists and headings."""
Markdown = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_visible)]
"""Prose in Markdown; a link to another item is written [名称](item:slug)."""
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_LENGTH = 60
BASIC_CODE = f"^{BASIC.pattern}$"
TELEPHONE = r"^0[0-9]{2,3}-[0-9]{7,8}$"
DISTRICT_CODE = r"^[0-9]{6}$"
STREET_CODE = r"^[0-9]{9}$"
STATION_CODE = r"^[0-9]{12}$"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
LONGITUDE = r"^(7[3-9]|[89][0-9]|1[0-2][0-9]|13[0-5])\.[0-9]{4,6}$"
LATITUDE = r"^([3-9]|[1-4][0-9]|5[0-3])\.[0-9]{4,6}$"
SITE_CODE = r"^[0-9]{10}$"
ADDRESS = r"^/([a-z0-9-]+/)*([a-z0-9-]+\.html)?$"
ORIGIN = r"^https://[a-z0-9.-]+(:[0-9]+)?$"
WEB = r"^https://[^\s]+$"


def _written_day(value: object) -> date:
    try:
        if isinstance(value, str) and re.fullmatch(DAY, value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('日期应为日历上有的一天，加引号，写成 "2026-01-01"')


Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=SLUG_LENGTH)]
"""The part of a page's address that editors choose: pinyin words joined by hyphens."""
Web = Annotated[str, StringConstraints(pattern=WEB, max_length=300)]
"""An address that a resident's browser opens; https only."""
Day = Annotated[date, BeforeValidator(_written_day)]
"""A calendar day, written "2026-01-01"."""
Longitude = Annotated[str, StringConstraints(pattern=LONGITUDE)]
"""Degrees east, CGCS2000 (GB 22021-2008), as text, so that tables keep its digits."""
Latitude = Annotated[str, StringConstraints(pattern=LATITUDE)]
"""Degrees north, CGCS2000."""
SiteCode = Annotated[str, StringConstraints(pattern=SITE_CODE)]
"""政府网站标识码: 10 digits."""
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=200)]
"""An address on the site itself: /items/x.html."""
Origin = Annotated[str, StringConstraints(pattern=ORIGIN)]
"""Where the site is published: scheme and host, no path."""
Flag = Annotated[bool, Field(strict=True)]
"""true or false; strict, because a text would count too."""
BasicCode = Annotated[str, StringConstraints(pattern=BASIC_CODE)]
"""基本编码: province 2, item type 2, department 2, main item 3, sub-item 3."""
Telephone = Annotated[str, StringConstraints(pattern=TELEPHONE)]
"""Telephone number with its area code."""
DistrictCode = Annotated[str, StringConstraints(pattern=DISTRICT_CODE)]
StreetCode = Annotated[str, StringConstraints(pattern=STREET_CODE)]
StationCode = Annotated[str, StringConstraints(pattern=STATION_CODE)]
UnifiedCode = Annotated[str, AfterValidator(check_unified)]
"""统一社会信用代码 of 18 characters with its check character (GB 32100-2015)."""
Copies = Annotated[int, Field(strict=True, ge=0, le=20)]
"""A number of originals or copies; strict, because YAML's `yes` would count as 1."""


class Record(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )
