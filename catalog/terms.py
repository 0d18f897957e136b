"""The closed lists of words that editors choose from, each with the code of the national exchange schema.

A class's docstring begins with the element's Chinese name (政务服务事项清单). Codes of 事项类型, 结果类型 and of
materials stand in published exchange tables; the others in one vendor's dictionary of the same schema.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Self


class Coded(Enum):
    """An enumeration whose value is what editors write and whose `code` is the schema's."""

    code: str

    def __new__(cls, value: str, code: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.code = code
        return member


class DataFormat(Enum):
    """开放数据格式: those that hold the whole catalogue once more; each is long where there are many streets."""

    XLSX = "xlsx"
    SCHEMA_ORG = "schema.org"
    HSDS = "hsds"
    CPSV_AP = "cpsv-ap"


class ItemType(Coded):
    """事项类型. The code is Beijing's; other sources number the last two otherwise (SOURCE_TYPE_CODES).

    A type is never read off an item's own code: published codes contradict the types shown beside them.
    """

    LICENCE = "行政许可", "01"
    PAYMENT = "行政给付", "05"
    CONFIRMATION = "行政确认", "07"
    REWARD = "行政奖励", "08"
    RULING = "行政裁决", "09"
    OTHER_POWER = "其他行政权力", "10"
    PUBLIC_SERVICE = "公共服务", "20"


SOURCE_TYPE_CODES: Mapping[str, Mapping[str, ItemType]] = {
    "beijing": {member.code: member for member in ItemType},
    "guangdong": {
        **{member.code: member for member in ItemType if member.code < "10"},
        "20": ItemType.OTHER_POWER,
        "21": ItemType.PUBLIC_SERVICE,
    },
}
"""事项类型 by the code that each source uses for it."""


class Handling(Coded):
    """办件类型."""

    IMMEDIATE = "即办件", "1"
    PROMISED = "承诺件", "2"


class Audience(Coded):
    """服务对象."""

    PERSON = "自然人", "1"
    COMPANY = "企业法人", "2"
    INSTITUTION = "事业法人", "3"
    ASSOCIATION = "社会组织法人", "4"
    UNINCORPORATED = "非法人企业", "5"
    AUTHORITY = "行政机关", "6"
    OTHER = "其他组织", "7"


class State(Coded):
    """事项状态."""

    IN_USE = "在用", "1"
    SUSPENDED = "暂停", "2"
    CANCELLED = "取消", "3"


class Level(Coded):
    """行使层级. Beijing's districts carry the city's level 3 in their codes."""

    NATION = "国家级", "1"
    PROVINCE = "省级", "2"
    CITY = "市级", "3"
    COUNTY = "县级", "4"
    STREET = "镇街级", "5"
    GRADED = "分级管理", "6"


class PowerSource(Coded):
    """权力来源; a 公共服务 has none."""

    OWN = "法定本级行使", "1"
    DEVOLVED = "上级下放", "2"
    AUTHORISED = "上级授权", "3"
    AUTHORISED_BY_PEER = "同级授权", "4"
    ENTRUSTED = "上级委托", "5"
    ENTRUSTED_BY_PEER = "同级委托", "6"


class BodyNature(Coded):
    """实施主体性质."""

    STATUTORY = "法定机关", "1"
    AUTHORISED = "授权组织", "2"
    ENTRUSTED = "受委托组织", "3"


class Channel(Coded):
    """办理形式."""

    COUNTER = "窗口办理", "1"
    ONLINE = "网上办理", "2"
    POST = "快递申请", "3"


class Reach(Coded):
    """通办范围: how far from home the item may be handled."""

    NATION = "全国", "1"
    PROVINCE = "全省", "2"
    CITY = "全市", "3"
    COUNTY = "全县（区）", "4"
    STREET = "全镇街", "5"
    VILLAGES = "跨村（社区）", "6"


class OnlineDepth(Coded):
    """网上办理深度: I information, II downloads and booking, III application, IV all of it without a visit."""

    INFORMATION = "I级", "1"
    DOWNLOADS = "II级", "2"
    APPLICATION = "III级", "3"
    COMPLETE = "IV级", "4"


class ResultType(Coded):
    """审批结果类型."""

    LICENCE = "证照", "10"
    DOCUMENT = "批文", "20"
    OTHER = "其他", "30"
    NONE = "无", ""


class Payment(Coded):
    """支付方式."""

    COUNTER = "窗口缴费", "1"
    ONLINE = "网上缴费", "2"


class Topic(Coded):
    """自然人或法人主题分类: the topics under which portals file the item. The code's letter tells whom it is for."""

    BIRTH = "生育收养", "P01"
    SCHOOLING = "教育科研", "P02"
    EMPLOYMENT = "就业创业", "P03"
    INSURANCE = "社会保障", "P04"
    HEALTH = "医疗卫生", "P05"
    HOUSING = "住房保障", "P06"
    RELIEF = "社会救助", "P07"
    DISABILITY = "助残服务", "P08"
    ELDERLY = "老人服务", "P09"
    VETERANS = "优待抚恤", "P10"
    DEATH = "死亡殡葬", "P11"
    DOCUMENTS = "证件办理", "P12"
    COMPANY_STAFF = "企业用工", "L01"
    COMPANY_INSURANCE = "单位社保", "L02"


class Theme(Coded):
    """领域: the fields by which residents look for an item."""

    EMPLOYMENT = "就业", "employment"
    SOCIAL_INSURANCE = "社会保险", "social-insurance"
    MEDICAL = "医疗保障", "medical"
    ELDERLY = "养老", "elderly"
    RELIEF = "社会救助", "relief"
    DISABILITY = "助残", "disability"
    FAMILY = "生育", "family"
    HOUSING = "住房", "housing"
    EDUCATION = "教育", "education"
    VETERANS = "退役军人", "veterans"


class LifeEvent(Coded):
    """人生事件: what happened to the resident, in the words in which they say it."""

    BIRTH = "生孩子和养孩子", "birth"
    SCHOOLING = "孩子上学", "schooling"
    JOB_SEARCH = "找工作", "job-search"
    JOB_LOSS = "丢了工作", "job-loss"
    SELF_EMPLOYMENT = "自己干或打零工", "self-employment"
    INSURANCE = "社保和医保", "insurance"
    ILLNESS = "看病和报销", "illness"
    HOUSING = "租房和住房", "housing"
    HARDSHIP = "家里有困难", "hardship"
    DISABILITY = "身体有残疾", "disability"
    RETIREMENT = "退休", "retirement"
    AGEING = "上了年纪", "ageing"
    DISCHARGE = "退役回来", "discharge"
    BEREAVEMENT = "亲人去世", "bereavement"
    LOST_PAPERS = "证件丢了或坏了", "lost-papers"


class Group(Coded):
    """适用人群: whom an item is for where it is not for everybody."""

    ELDERS = "老年人", "elders"
    DISABLED = "残疾人", "disabled"
    FAMILIES = "有孩子的家庭", "families"
    JOBSEEKERS = "求职和失业人员", "jobseekers"
    FLEXIBLE = "灵活就业人员", "flexible"
    HARDSHIP = "困难家庭", "hardship"
    TENANTS = "租房家庭", "tenants"
    VETERANS = "退役军人", "veterans"
    NEWCOMERS = "外地来的居民", "newcomers"
    EMPLOYERS = "用人单位", "employers"


class YesNo(Coded):
    """是 or 否, in tables, where a drop-down offers the two words."""

    YES = "是", "1"
    NO = "否", "0"


class Place(Coded):
    """Who acts: a community station, the street's centre, or a department of the district."""

    STATION = "社区站点", "station"
    STREET = "街道中心", "street"
    DISTRICT = "区级部门", "district"


class Kind(Coded):
    """The three kinds of a community item; derived from the duty matrix, never typed."""

    ACCEPTANCE = "受理类", "acceptance"
    AGENCY = "代收代办类", "agency"
    ADVICE = "咨询预审类", "advice"


class Layer(Coded):
    """所属清单: which layer brought an item to a street or a station."""

    DISTRICT = "区级清单", "district"
    STREET = "街道增设", "street"
    STATION = "站点增设", "station"


class DayUnit(Coded):
    """时限单位."""

    WORKING_DAY = "工作日", "working_day"
    CALENDAR_DAY = "自然日", "calendar_day"


class MaterialType(Coded):
    """材料类型."""

    CERTIFICATE = "证件证书证明", "1"
    FORM = "申请表格文书", "2"
    OTHER = "其他", "3"


class Necessity(Coded):
    """必要性."""

    REQUIRED = "必要", "1"
    CONDITIONAL = "非必要", "2"
    DEFERRABLE = "容缺后补", "3"


class MaterialSource(Coded):
    """来源渠道."""

    APPLICANT = "申请人自备", "10"
    GOVERNMENT = "政府部门核发", "20"
    OTHER = "其他", "99"


class MaterialForm(Coded):
    """材料形式."""

    PAPER = "纸质", "1"
    ELECTRONIC = "电子化", "2"
    EITHER = "纸质或电子化", "3"


class AreaKind(Coded):
    """What a street-level area is."""

    STREET = "街道", "street"
    TOWNSHIP = "乡镇", "township"


class ChangeKind(Coded):
    """更新类型: what happened to an item of the catalogue."""

    ADDED = "新增", "added"
    MODIFIED = "修改", "modified"
    STOPPED = "停用", "stopped"


class Satisfaction(Coded):
    """好差评: the five levels, from the best; the code is the column of the monthly figures."""

    VERY_SATISFIED = "非常满意", "very_satisfied"
    SATISFIED = "满意", "satisfied"
    BASICALLY_SATISFIED = "基本满意", "basically_satisfied"
    DISSATISFIED = "不满意", "dissatisfied"
    VERY_DISSATISFIED = "非常不满意", "very_dissatisfied"


POOR = (Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED)
"""差评: what must be rectified."""


class ConsultOutcome(Coded):
    """咨询结果, in the words and codes of the consult service; the code is the column of the monthly figures."""

    ADVISED = "已解答", "advised"
    NOTICE = "已一次性告知", "notice"
    PREREVIEWED = "预审通过", "prereviewed"
    ACCEPTED = "同意受理", "accepted"
    REFERRED = "转其他部门", "referred"
    BROKEN = "中断未办完", "broken"
