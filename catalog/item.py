"""A service item (事项): one entry of the basic catalogue (基本目录), with the guide that all streets share.

A field's docstring is what editors are told of it: the element's Chinese name, in brackets its column in the
exchange tables of the national service platform (政务服务事项交换库), and what to write there. elements.py reads them.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from catalog.fields import BasicCode, Copies, Day, Flag, Markdown, Name, Record, Slug, Text, Web
from catalog.terms import (
    Audience,
    Channel,
    DayUnit,
    Group,
    Handling,
    ItemType,
    Kind,
    Level,
    LifeEvent,
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
    """天数。整数；当场办结写 0"""
    unit: DayUnit
    """时限单位。工作日或自然日；法定时限和承诺时限最好用同一单位"""
    note: Text | None = None
    """时限说明。哪些时间不计算在内"""


def _each_once(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if len(set(places)) < len(places):
        raise ValueError("同一单位只能写一次")
    return places


Places = Annotated[tuple[Place, ...], Field(min_length=1), AfterValidator(_each_once)]


class DutyMatrix(Record):
    """Who does 咨询, 接件, 受理, 告知 and 送达; each by one place or several."""

    advise: Places
    """咨询。谁负责解答，可以多选"""
    collect: Places
    """接件。谁收材料，可以多选"""
    accept: Places
    """受理。谁正式受理，可以多选"""
    inform: Places
    """告知。谁告知结果，可以多选"""
    deliver: Places
    """送达。谁送达结果，可以多选"""

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
    """材料名称 [material_name]。写明是什么材料，不用“其他有关材料”"""
    type: MaterialType
    """材料类型 [material_type]。证件、表格或其他"""
    necessity: Necessity
    """必要性 [is_need]。必要、非必要或容缺后补"""
    source: MaterialSource
    """来源渠道 [source_type]。自己准备，还是政府部门核发"""
    form: MaterialForm
    """材料形式 [material_format]。纸质、电子化或都可以"""
    originals: Copies
    """原件份数 [page_num]。整数"""
    copies: Copies
    """复印件份数 [page_num]。整数；与原件分开数"""
    when: Text | None = None
    """什么情况下提交。非必要的材料必须写明"""
    note: Text | None = None
    """材料说明 [remark]。带哪几页、怎么拍、是否当场归还"""
    specification: Text | None = None
    """规格 [page_format]。照片尺寸、纸张大小等"""
    blank_form: Web | None = None
    """空白表格 [form_guid]。下载网址，以 https:// 开头"""
    sample_form: Web | None = None
    """示例样表 [example_guid]。下载网址，以 https:// 开头"""
    site_form: Slug | None = None
    """本站表格。forms/ 中表格的网址名；网页上有空白的和填好的样子，可以打印"""
    filling_notes: Text | None = None
    """填报须知 [fill_explain]。表格怎么填"""
    acceptance_standard: Text | None = None
    """受理标准 [accept_stand]。什么样的材料算合格"""
    basis: Text | None = None
    """材料依据 [by_law]。要这份材料的规定"""

    @model_validator(mode="after")
    def _something_is_brought(self) -> Self:
        if self.form is not MaterialForm.ELECTRONIC and self.originals + self.copies == 0:
            raise ValueError("originals 与 copies 不能都是 0，请写明要带几份原件、几份复印件")
        return self


class Step(Record):
    """办理流程的一步: its name, who acts, what happens, and how long it takes."""

    name: Text
    """环节名称。收件、受理、审查、决定、制证、送达等"""
    by: Place
    """办理主体。社区站点、街道中心或区级部门"""
    text: Text
    """环节说明。谁做什么，居民要做什么"""
    duration: Text | None = None
    """环节用时。当场、几个工作日等"""


class Fee(Record):
    """收费: 项目名称, 标准, 依据, 支付方式, 可减免 with its 依据. Free is `charged: false` and nothing else."""

    charged: Flag
    """是否收费 [is_fee]。true 收费，false 不收费"""
    name: Text | None = None
    """收费项目 [fee_name]。收费的必填"""
    standard: Text | None = None
    """收费标准 [fee_stand]。收费的必填"""
    basis: Text | None = None
    """收费依据 [by_law]。收费的必填"""
    payment: tuple[Payment, ...] = ()
    """支付方式 [is_pay_online]。收费的必填；不收费的不填"""
    reduction: Text | None = None
    """减免 [is_desc]。什么情况减免、减免多少"""
    reduction_basis: Text | None = None
    """减免依据 [desc_explain]。减免的规定"""

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
    """文件名称。法律、法规、规章或文件的全称，不加书名号"""
    number: Text | None = None
    """文号。例如：国务院令第 649 号；法律没有文号的写条款"""
    article: Text | None = None
    """条款。例如：第九条"""
    gist: Text
    """内容摘要。用平常话说规定了什么"""


class Result(Record):
    """审批结果: 类型, 名称, 样本 (what it looks like, or where one is shown), and how it reaches the resident."""

    type: ResultType = ResultType.OTHER
    """审批结果类型 [result_type]。证照、批文、其他或无"""
    name: Text
    """结果名称 [result_name]。办成后得到什么"""
    sample: Text | None = None
    """结果样本 [result_guid]。结果是什么样子，一句话说清"""
    delivery: Text
    """领取方式。怎么拿到结果"""


class Online(Record):
    """网上办理: 深度 and the address (网址) where it begins."""

    depth: OnlineDepth
    """网上办理深度 [online_handle_depth]。I 级看信息，II 级下载和预约，III 级网上申请，IV 级全程不用到现场"""
    url: Web
    """网址 [online_handle_url]。开始办理的网址，以 https:// 开头"""


class Question(Record):
    """常见问题."""

    question: Text
    """问题 [question]。居民真正问的话"""
    answer: Markdown
    """答案 [answer]。先说结论，再说怎么办"""


class ServiceItem(Record):
    """事项: one entry of the basic catalogue (基本目录) with the guide that all streets share.

    What one street does otherwise stands in that street's layer (layers.py), never in a copy of the item.
    """

    code: BasicCode
    """基本编码 [catalog_code]。12 位：省码 2、事项类型 2、部门 2、主项 3、子项 3；要加引号"""
    local_code: Text | None = None
    """地方基本编码 [local_catalog_code]。本市另有编码时填写"""
    slug: Slug
    """网址名。小写拼音，用连字符相连；与文件名一致"""
    name: Name
    """事项名称 [task_name]。清单上的正式名称"""
    plain_name: Name
    """通俗名称。居民平时怎么说就怎么写"""
    aliases: tuple[Text, ...] = ()
    """别名。居民平时的其他叫法；一个别名只能属于一个事项"""
    theme: Theme
    """领域。首页按领域列出事项"""
    topics: tuple[Topic, ...] = ()
    """主题分类 [user_topic_type, corp_topic_type]。自然人或法人的办事主题，可以多选"""
    events: tuple[LifeEvent, ...] = ()
    """人生事件。居民遇到什么事会来办，可以多选"""
    groups: tuple[Group, ...] = ()
    """适用人群。只有哪些人能办，可以多选；人人都能办的不填"""
    department: Text
    """主管部门 [dept_name]。bodies.yaml 中一个实施主体的名称"""
    joint_departments: tuple[Text, ...] = ()
    """联办机构 [other_dept]。一起办理的部门，也要写在 bodies.yaml 中"""
    type: ItemType
    """事项类型 [task_type]。按权责清单选择，不从编码推断"""
    state: State = State.IN_USE
    """事项状态 [task_state]。在用、暂停或取消；不在用的事项不再列给居民"""
    version: Annotated[int, Field(strict=True, ge=1)] = 1
    """事项版本 [task_version]。内容有实质变化时加 1"""
    updated: Day
    """更新日期。内容最近一次改动的日期，写成 "2026-01-01"，要加引号"""
    effective: Day | None = None
    """计划生效日期 [plan_effective_date]。写成 "2026-01-01"，要加引号"""
    expires: Day | None = None
    """计划取消日期 [plan_cancel_date]。写成 "2026-12-31"，要加引号；应晚于生效日期"""
    level: Level = Level.STREET
    """行使层级 [use_level]。镇街级由街道办事处（镇政府）实施，其余由主管部门实施"""
    power_source: PowerSource | None = None
    """权力来源 [power_source]。公共服务不填，其余都要填"""
    entrusted_by: Text | None = None
    """委托部门 [entrust_name]。受委托实施时，写委托的部门"""
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    """服务对象 [server_type]。谁可以申请，可以多选"""
    handling: Handling
    """办件类型 [project_type]。当场办结的是即办件，其余是承诺件"""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.COUNTER,)
    """办理形式 [handle_type]。窗口、网上或快递，可以多选"""
    reach: Reach = Reach.STREET
    """通办范围 [handle_area]。在多大范围内都能办"""
    online: Online | None = None
    """网上办理 [is_online]。真能在网上办的才填"""
    express: Flag = False
    """物流快递 [is_express]。结果能不能寄到家"""
    appointment: Flag = False
    """预约 [is_schedule]。能不能预约"""
    self_service: Flag = False
    """自助终端 [is_service_terminals]。能不能在自助机上办"""
    quota: Text | None = None
    """数量限制 [limit_explain]。没有限制就不填"""
    intermediary: Text | None = None
    """中介服务 [service_type]。没有中介服务就不填"""
    summary: Markdown
    """事项简介。两三句话：谁能办、带什么、去哪里"""
    conditions: Annotated[tuple[Text, ...], Field(min_length=1)]
    """受理条件 [accept_condition]。逐条写明，不用“其他有关条件”"""
    materials: tuple[Material, ...]
    """材料。逐样写明；不要材料的写 []"""
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    """办理流程 [handle_flow]。按先后写，至少两步"""
    statutory_limit: TimeLimit
    """法定办结时限 [anticipate_day]。规定最长多久办完"""
    promised_limit: TimeLimit
    """承诺办结时限 [promise_day]。本市承诺多久办完，不超过法定时限"""
    special_procedure: Text | None = None
    """特别程序 [special_procedure]。听证、公示、鉴定等程序和用时"""
    duty: DutyMatrix
    """职责分工。每个环节由谁负责；站点的三种类别由此得出"""
    fee: Fee
    """收费 [is_fee]。不收费只写 charged: false"""
    result: Result
    """审批结果 [result_name]。办成后得到什么、怎么拿到"""
    visits: Annotated[int, Field(strict=True, ge=0, le=9)]
    """到办事现场次数 [limit_scene_num]。居民要跑几次；不用跑写 0"""
    visit_reason: Text | None = None
    """必须现场办理原因 [limit_scene_explain]。要跑就写为什么；不用跑就不填"""
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(min_length=1)]
    """设定依据 [by_law]。至少一条，写到条款"""
    questions: tuple[Question, ...] = ()
    """常见问题。居民真正问的问题"""
    related: tuple[Slug, ...] = ()
    """相关事项。可能还要办的事项的网址名"""

    @property
    def kind(self) -> Kind:
        return self.duty.kind
