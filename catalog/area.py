"""Where service is given and by whom: the district, its bodies, streets, townships and stations.

Field docstrings are those of item.py.
"""

from typing import Annotated

from pydantic import Field

from catalog.fields import (
    DistrictCode,
    Name,
    Record,
    Slug,
    StationCode,
    StreetCode,
    Telephone,
    Text,
    UnifiedCode,
)
from catalog.terms import AreaKind, BodyNature


class Body(Record):
    """实施主体: a department of the district, or the office of a street or township."""

    name: Name
    """实施主体名称 [dept_name]。事项的主管部门、街道表的 body 都按这个名称引用"""
    unified_code: UnifiedCode
    """统一社会信用代码 [dept_code]。18 位，末位是校验码"""
    nature: BodyNature
    """实施主体性质 [dept_type]。法定机关、授权组织或受委托组织"""


class Bodies(Record):
    """All implementing bodies of the district."""

    bodies: Annotated[tuple[Body, ...], Field(min_length=1)]
    """实施主体。区里各部门和各街道办事处（镇政府）"""


class District(Record):
    """区: the root of one published site, with the two telephone lines that every page shows.

    `items` is the district's list: what every street and station of the district offers.
    """

    code: DistrictCode
    """区划代码。6 位数字，要加引号"""
    name: Name
    """区名。例如：样例区"""
    city: Text
    """城市。所在城市"""
    site_name: Text
    """网站名称。每页标题后面的名称"""
    advice_phone: Telephone
    """咨询电话。全区的咨询电话，带区号"""
    complaint_phone: Telephone
    """投诉电话。与咨询电话不同，带区号"""
    illustrative: Text
    """示例说明。内容是示例时，每页都显示的一句话"""
    items: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """区级清单。全区每个街道、每个站点都办的事项的网址名"""


class Street(Record):
    """街道或乡镇, with its service centre (政务服务中心) and its office, a body, by name."""

    code: StreetCode
    """区划代码 [town_code]。9 位数字，以区代码开头"""
    slug: Slug
    """网址名。小写拼音，用连字符相连"""
    name: Name
    """街道名称 [town_name]。街道或乡镇的名称"""
    kind: AreaKind
    """街道或乡镇。街道或乡镇"""
    center: Text
    """政务服务中心名称。门口牌子上的名称"""
    address: Text
    """地址 [transact_addr]。从区名写到门牌号"""
    hours: Text
    """办公时间 [transact_time]。居民能来办事的时间，例如：周一至周五 9:00–12:00，13:30–17:30"""
    phone: Telephone
    """电话 [link_way]。带区号，例如 010-00000000"""
    complaint_phone: Telephone
    """投诉电话 [supervise_way]。与电话不同，带区号"""
    body: Text
    """实施主体。bodies.yaml 中街道办事处（镇政府）的名称"""


class Station(Record):
    """社区或村的服务站点."""

    code: StationCode
    """区划代码 [village_code]。12 位数字，以街道代码开头"""
    slug: Slug
    """网址名。小写拼音，用连字符相连；同一街道内不重复"""
    name: Name
    """站点名称 [village_name]。门口牌子上的名称"""
    street: StreetCode
    """所属街道代码。streets.csv 中的 9 位代码"""
    address: Text
    """地址 [transact_addr]。从区名写到门牌号"""
    hours: Text
    """办公时间 [transact_time]。居民能来办事的时间，例如：周一至周五 9:00–12:00，13:30–17:30"""
    phone: Telephone
    """电话 [link_way]。带区号，例如 010-00000000"""
