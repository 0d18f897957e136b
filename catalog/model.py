"""What a service item is, who carries it out, and where.

Element names follow the national exchange schema for service items (政务服务事项清单); docstrings and
elements.py name them. The closed lists are in terms.py, the codes in codes.py, the shapes of single values in
fields.py. Records are frozen: the pipeline never changes what it has read.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from catalog.fields import (
    BasicCode,
    Copies,
    Day,
    DistrictCode,
    Flag,
    Markdown,
    Name,
    Record,
    Slug,
    StationCode,
    StreetCode,
    Telephone,
    Text,
    UnifiedCode,
    Web,
)
from catalog.terms import (
    AreaKind,
    Audience,
    BodyNature,
    Channel,
    DayUnit,
    Handling,
    ItemType,
    Kind,
    Level,
    MaterialForm,
    MaterialSource,
    MaterialType,
    Necessity,
    OnlineDepth,
    Payment,
    Place,
    PowerSource,
    Reach,
    ResultType,
    State,
    Theme,
    Topic,
)


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
    """材料: what to bring. `originals` and `copies` (份数) are counted apart; `when` says who brings it.

    规格 specification, 空白表格 blank_form, 示例样表 sample_form, 填报须知 filling_notes, 受理标准
    acceptance_standard, 依据 basis.
    """

    name: Text
    type: MaterialType
    necessity: Necessity
    source: MaterialSource
    form: MaterialForm
    originals: Copies
    copies: Copies
    when: Text | None = None
    note: Text | None = None
    specification: Text | None = None
    blank_form: Web | None = None
    sample_form: Web | None = None
    filling_notes: Text | None = None
    acceptance_standard: Text | None = None
    basis: Text | None = None

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
    """收费: 项目名称, 标准, 依据, 支付方式, 可减免 with its 依据. Free is `charged: false` and nothing else."""

    charged: Flag
    name: Text | None = None
    standard: Text | None = None
    basis: Text | None = None
    payment: tuple[Payment, ...] = ()
    reduction: Text | None = None
    reduction_basis: Text | None = None

    @model_validator(mode="after")
    def _charge_is_founded(self) -> Self:
        told = (self.name, self.standard, self.basis)
        if self.charged and None in told:
            raise ValueError("收费事项必须写明 name（项目）、standard（标准）和 basis（依据）")
        if not self.charged and any((*told, self.reduction, self.reduction_basis)):
            raise ValueError("不收费的事项不能再写 name、standard、basis 或减免")
        return self


class LegalBasis(Record):
    """设定依据: title, document number where it has one, the article, and what it says in plain words."""

    title: Text
    number: Text | None = None
    article: Text | None = None
    gist: Text


class Result(Record):
    """审批结果: 类型, 名称, 样本 (what it looks like, or where one is shown), and how it reaches the resident."""

    type: ResultType = ResultType.OTHER
    name: Text
    sample: Text | None = None
    delivery: Text


class Online(Record):
    """网上办理: 深度 and the address (网址) where it begins."""

    depth: OnlineDepth
    url: Web


class Question(Record):
    """常见问题."""

    question: Text
    answer: Markdown


class ServiceItem(Record):
    """事项: one entry of the basic catalogue (基本目录) with the guide that all streets share.

    What one street does otherwise stands in that street's layer (layers.py), never in a copy of the item.
    """

    code: BasicCode
    local_code: Text | None = None
    slug: Slug
    name: Name
    plain_name: Name
    aliases: tuple[Text, ...] = ()
    theme: Theme
    topics: tuple[Topic, ...] = ()
    department: Text
    joint_departments: tuple[Text, ...] = ()
    type: ItemType
    state: State = State.IN_USE
    version: Annotated[int, Field(strict=True, ge=1)] = 1
    effective: Day | None = None
    expires: Day | None = None
    level: Level = Level.STREET
    power_source: PowerSource | None = None
    entrusted_by: Text | None = None
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    handling: Handling
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.COUNTER,)
    reach: Reach = Reach.STREET
    online: Online | None = None
    express: Flag = False
    appointment: Flag = False
    self_service: Flag = False
    quota: Text | None = None
    intermediary: Text | None = None
    summary: Markdown
    conditions: Annotated[tuple[Text, ...], Field(min_length=1)]
    materials: tuple[Material, ...]
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    statutory_limit: TimeLimit
    promised_limit: TimeLimit
    special_procedure: Text | None = None
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


class Body(Record):
    """实施主体: a department of the district, or the office of a street or township."""

    name: Name
    unified_code: UnifiedCode
    nature: BodyNature


class Bodies(Record):
    """All implementing bodies of the district."""

    bodies: Annotated[tuple[Body, ...], Field(min_length=1)]


class District(Record):
    """区: the root of one published site, with the two telephone lines that every page shows.

    `items` is the district's list: what every street and station of the district offers.
    """

    code: DistrictCode
    name: Name
    city: Text
    site_name: Text
    advice_phone: Telephone
    complaint_phone: Telephone
    illustrative: Text
    """The sentence every page shows when the content is a sample."""
    items: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Street(Record):
    """街道或乡镇, with its service centre (政务服务中心) and its office, a body, by name."""

    code: StreetCode
    slug: Slug
    name: Name
    kind: AreaKind
    center: Text
    address: Text
    hours: Text
    phone: Telephone
    complaint_phone: Telephone
    body: Text


class Station(Record):
    """社区或村的服务站点."""

    code: StationCode
    slug: Slug
    name: Name
    street: StreetCode
    address: Text
    hours: Text
    phone: Telephone


class HandlingAgent(Record):
    """代办员, the first baton: collects the papers of `villages` (slugs of stations), prepares and submits them.

    `number` is on the agent's badge; `items` names what is collected, all that the villages offer if left out.
    """

    name: Name
    number: Text
    phone: Telephone
    villages: Annotated[tuple[Slug, ...], Field(min_length=1)]
    items: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    hours: Text
    collection: Text


class TownClerk(Record):
    """The second baton: what the clerk handles `at_once`, and what and when the clerk `carries` to the district."""

    name: Name
    number: Text
    phone: Telephone
    at_once: Text
    carries: Text


class Coordinator(Record):
    """The district's third baton: what is done the `same_day`, and within which limit the `others`."""

    name: Name
    number: Text
    phone: Telephone
    same_day: Text
    others: Text


class Relay(Record):
    """三级接力: how papers travel where the way is far, and how and when `results` come back."""

    agents: Annotated[tuple[HandlingAgent, ...], Field(min_length=1)]
    clerk: TownClerk
    coordinator: Coordinator
    results: Text


class Override(Record):
    """What one street does otherwise for one item; each part left out stays as it is in the layer below."""

    item: Slug
    place: Text | None = None
    hours: Text | None = None
    phone: Telephone | None = None
    promised_limit: TimeLimit | None = None
    note: Text | None = None


class StationLayer(Record):
    """What one station offers otherwise than its street: `without` items, `adds` items, its hours for papers."""

    station: Slug
    without: tuple[Slug, ...] = ()
    adds: tuple[Slug, ...] = ()
    hours: Text | None = None
    note: Text | None = None


class StreetLayer(Record):
    """What a street or township adds to the district's list and does otherwise; references only, never copies."""

    additions: tuple[Slug, ...] = ()
    overrides: tuple[Override, ...] = ()
    stations: tuple[StationLayer, ...] = ()
    relay: Relay | None = None


class Catalogue(Record):
    """Everything one release is made from, in the order of the content's files; `layers` by the street's slug."""

    district: District
    streets: tuple[Street, ...]
    stations: tuple[Station, ...]
    items: tuple[ServiceItem, ...]
    bodies: tuple[Body, ...]
    layers: Mapping[str, StreetLayer]
