"""What a service item is, who carries it out, and where.

Element names in Chinese and the enumerations follow the national exchange schema for service items
(政务服务事项清单); each docstring names its element. Values that editors type are Chinese words, and each
enumeration knows the schema's code. Records are frozen: the pipeline never changes what it has read.
"""

from enum import Enum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Plain text of one paragraph, without Markdown."""
Markdown = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Prose in Markdown; a link to another item is written [名称](item:slug)."""
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
BASIC_CODE = r"^[0-9A-Z]{12}$"
TELEPHONE = r"^0[0-9]{2,3}-[0-9]{7,8}$"
DISTRICT_CODE = r"^[0-9]{6}$"
STREET_CODE = r"^[0-9]{9}$"
STATION_CODE = r"^[0-9]{12}$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
"""The part of a page's address that editors choose: pinyin words joined by hyphens."""
BasicCode = Annotated[str, StringConstraints(pattern=BASIC_CODE)]
"""基本编码: province 2, item type 2, department 2, main item 3, sub-item 3."""
Telephone = Annotated[str, StringConstraints(pattern=TELEPHONE)]
"""Telephone number with its area code."""
DistrictCode = Annotated[str, StringConstraints(pattern=DISTRICT_CODE)]
StreetCode = Annotated[str, StringConstraints(pattern=STREET_CODE)]
StationCode = Annotated[str, StringConstraints(pattern=STATION_CODE)]
Copies = Annotated[int, Field(strict=True, ge=0, le=20)]
"""A number of originals or copies; strict, because YAML's `yes` would count as 1."""


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Coded(Enum):
    """An enumeration whose value is what editors write and whose `code` is the schema's."""

    code: str

    def __new__(cls, value: str, code: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.code = code
        return member


class ItemType(Coded):
    """事项类型. The codes are those of the national list; they are never read off an item's own code."""

    LICENCE = "行政许可", "01"
    PAYMENT = "行政给付", "05"
    CONFIRMATION = "行政确认", "07"
    REWARD = "行政奖励", "08"
    PUBLIC_SERVICE = "公共服务", "20"
    OTHER_POWER = "其他行政权力", "10"


class Handling(Coded):
    """办件类型."""

    IMMEDIATE = "即办件", "1"
    PROMISED = "承诺件", "2"


class Audience(Coded):
    """服务对象."""

    PERSON = "自然人", "1"
    COMPANY = "企业法人", "2"


class Layer(Coded):
    """Which list put the item on the community's counter: the district's, or the street's additions."""

    DISTRICT = "区级清单", "district"
    STREET = "街道增设", "street"


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


class TimeLimit(Record):
    """办结时限: `days` in `unit`; 0 days means on the spot. `note` says what is not counted (特别程序)."""

    days: Annotated[int, Field(strict=True, ge=0, le=365)]
    unit: DayUnit
    note: Text | None = None


def _each_once(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if len(set(places)) < len(places):
        raise ValueError("同一单位只能写一次")
    return places


Places = Annotated[tuple[Place, ...], Field(min_length=1), AfterValidator(_each_once)]


class DutyMatrix(Record):
    """Who does 咨询, 接件, 受理, 告知 and 送达; each by one place or several."""

    advise: Places
    collect: Places
    accept: Places
    inform: Places
    deliver: Places

    @property
    def kind(self) -> Kind:
        """受理类 where the station accepts, 代收代办类 where it collects, else 咨询预审类."""
        if Place.STATION in self.accept:
            return Kind.ACCEPTANCE
        if Place.STATION in self.collect:
            return Kind.AGENCY
        return Kind.ADVICE


class Material(Record):
    """材料: what to bring. `originals` and `copies` are counted apart; `when` says who brings it."""

    name: Text
    type: MaterialType
    necessity: Necessity
    source: MaterialSource
    form: MaterialForm
    originals: Copies
    copies: Copies
    when: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _something_is_brought(self) -> Self:
        if self.form is not MaterialForm.ELECTRONIC and self.originals + self.copies == 0:
            raise ValueError("originals 与 copies 不能都是 0，请写明要带几份原件、几份复印件")
        return self


class Step(Record):
    """办理流程的一步: its name, who acts, what happens, and how long it takes."""

    name: Text
    by: Place
    text: Text
    duration: Text | None = None


class Fee(Record):
    """收费. Free of charge is `charged: false`, and then nothing else is said."""

    charged: Annotated[bool, Field(strict=True)]
    name: Text | None = None
    standard: Text | None = None
    basis: Text | None = None

    @model_validator(mode="after")
    def _charge_is_founded(self) -> Self:
        told = (self.name, self.standard, self.basis)
        if self.charged and None in told:
            raise ValueError("收费事项必须写明 name（项目）、standard（标准）和 basis（依据）")
        if not self.charged and any(told):
            raise ValueError("不收费的事项不能再写 name、standard 或 basis")
        return self


class LegalBasis(Record):
    """设定依据: title, document number where it has one, the article, and what it says in plain words."""

    title: Text
    number: Text | None = None
    article: Text | None = None
    gist: Text


class Result(Record):
    """审批结果: its name and how it reaches the resident."""

    name: Text
    delivery: Text


class Question(Record):
    """常见问题."""

    question: Text
    answer: Markdown


class ServiceItem(Record):
    """事项: one entry of the basic catalogue with the guide that all streets share."""

    code: BasicCode
    slug: Slug
    name: Text
    plain_name: Text
    aliases: tuple[Text, ...] = ()
    layer: Layer
    theme: Theme
    department: Text
    type: ItemType
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    handling: Handling
    summary: Markdown
    conditions: Annotated[tuple[Text, ...], Field(min_length=1)]
    materials: Annotated[tuple[Material, ...], Field(min_length=1)]
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    statutory_limit: TimeLimit
    promised_limit: TimeLimit
    duty: DutyMatrix
    fee: Fee
    result: Result
    visits: Annotated[int, Field(strict=True, ge=0, le=9)]
    visit_reason: Text | None = None
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()
    related: tuple[Slug, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.duty.kind


class District(Record):
    """区: the root of one published site, with the two telephone lines that every page shows."""

    code: DistrictCode
    name: Text
    city: Text
    site_name: Text
    advice_phone: Telephone
    complaint_phone: Telephone
    illustrative: Text
    """The sentence every page shows when the content is a sample."""


class Street(Record):
    """街道或乡镇, with its service centre (政务服务中心)."""

    code: StreetCode
    slug: Slug
    name: Text
    kind: AreaKind
    center: Text
    address: Text
    hours: Text
    phone: Telephone
    complaint_phone: Telephone


class Station(Record):
    """社区或村的服务站点."""

    code: StationCode
    slug: Slug
    name: Text
    street: StreetCode
    address: Text
    hours: Text
    phone: Telephone


class Catalogue(Record):
    """Everything one release is made from, in the order of the content's files."""

    district: District
    streets: tuple[Street, ...]
    stations: tuple[Station, ...]
    items: tuple[ServiceItem, ...]
