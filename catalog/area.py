"""Where service is given and by whom: the district, its bodies, streets, townships and stations.

Field docstrings are those of item.py.
"""

from typing import Annotated

from pydantic import Field

from catalog.fields import (
    Address,
    Day,
    DistrictCode,
    Latitude,
    Longitude,
    Name,
    Origin,
    Record,
    SiteCode,
    Slug,
    StationCode,
    StreetCode,
    Telephone,
    Text,
    UnifiedCode,
)
from catalog.terms import AreaKind, BodyNature, DataFormat, YesNo


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


class Website(Record):
    """政府网站的标识: what the footer and the meta elements of a government site say (国办发〔2017〕47号)."""

    origin: Origin
    """网站地址。以 https:// 开头，后面不加路径；二维码和站点地图用它"""
    host: Text
    """主办单位。网站由谁主办"""
    undertaker: Text | None = None
    """承办单位。网站由谁维护，没有就不填"""
    code: SiteCode
    """网站标识码。10 位数字，要加引号"""
    filing: Text
    """备案号。ICP 备案号"""
    police_filing: Text | None = None
    """公安备案号。公安机关备案号，没有就不填"""
    formats: tuple[DataFormat, ...] = tuple(DataFormat)
    """开放数据格式。目录和表格以外还发布哪些：xlsx、schema.org、hsds、cpsv-ap；不填就是全部"""


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
    website: Website
    """网站信息。页脚和页面信息里的单位、标识码和备案号"""
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
    longitude: Longitude
    """经度。政务服务中心门口的经度，小数点后 4 至 6 位"""
    latitude: Latitude
    """纬度。政务服务中心门口的纬度，小数点后 4 至 6 位"""


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
    longitude: Longitude
    """经度。站点门口的经度，小数点后 4 至 6 位"""
    latitude: Latitude
    """纬度。站点门口的纬度，小数点后 4 至 6 位"""
    self_service: YesNo
    """自助办理。站里有没有自助终端"""
    mobile: YesNo
    """流动服务。工作人员会不会带着设备上门或到点办理"""
    on_behalf: YesNo
    """帮办代办。能不能请站点的人帮着填、替您跑"""
    opened: Day
    """建成日期。按标准建成、开始服务的日期，写成 2026-01-01"""


class StaffMember(Record):
    """亮明身份: a social worker who is on duty at a station."""

    station: StationCode
    """站点。stations.csv 中的 12 位代码"""
    name: Name
    """姓名。社工的姓名"""
    number: Text
    """工号。工作牌上的编号，居民凭它核对身份"""
    duty: Text
    """值班时间。在站里的日子，例如：周一、三、五"""


class Holiday(Record):
    """放假: days off in a row, both ends included."""

    name: Name
    """节日名称。例如：国庆节"""
    first: Day
    """第一天。写成 "2026-10-01"，要加引号"""
    last: Day
    """最后一天。写成 "2026-10-07"，要加引号；只放一天的与第一天相同"""


class HolidayYear(Record):
    """One year's days off and make-up workdays (调休上班), as the State Council announces them."""

    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    """年份。四位数字，不加引号"""
    source: Text
    """通知。国务院办公厅的放假通知和文号"""
    holidays: Annotated[tuple[Holiday, ...], Field(min_length=1)]
    """放假。每个节日一项"""
    workdays: tuple[Day, ...] = ()
    """调休上班。要上班的周六、周日，写成 "2026-10-10"，要加引号"""


class Holidays(Record):
    """The announced years; past the last one, the site does not know."""

    years: tuple[HolidayYear, ...] = ()
    """年份。每年一项"""


class Redirect(Record):
    """An address that the site once had, and where its page is now."""

    old: Address
    """旧地址。以前的地址，以 / 开头"""
    new: Address
    """新地址。现在的地址，以 / 开头"""
