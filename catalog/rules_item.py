"""The rules that one item keeps by itself: its elements agree with each other, and none is left open."""

import re
from collections.abc import Iterator

from catalog.model import ServiceItem, TimeLimit
from catalog.rule import Found, Rule, advice, each_item, error
from catalog.source import Path
from catalog.terms import (
    Audience,
    Channel,
    DayUnit,
    Handling,
    ItemType,
    Necessity,
    OnlineDepth,
    Payment,
    Place,
    PowerSource,
    ResultType,
)
from catalog.wording import title

CATCH_ALL = re.compile(
    r"(其他|其它|其余|别的)(有关|相关|必要)?的?(材料|资料|证明|证件|证书|文件|手续|条件|情形)"
    r"|(有关|相关)的?(材料|资料|证明|证件|证书|文件|手续|规定|要求|政策)"
    r"|(规定|需要|要求|必需)的?(其他|其它|别的|材料|资料|条件)|等(材料|资料|证明|证件|文件)?$|^(其他|其它)$"
)
"""What asks for papers without naming them: 北京市优化营商环境条例 art. 31."""
PLACEHOLDER = re.compile(
    r"[\W_]*|无|暂无|没有|待定|待补充|待完善|略|同上|另行通知|(详见|参见|见)(窗口|附件|官网|公告|有关规定)[。]?|[xX]+|todo|TODO"
)
"""What fills an element without saying anything."""
LICENCE_STEPS = 5
_CITED_BY_ARTICLE = re.compile(r"中华人民共和国.+法|.+(省|市|自治区)实施《.+法》.*办法")
"""Laws of the National People's Congress, and the regulations by which a province puts one into practice."""
_ENTRUSTED = (PowerSource.ENTRUSTED, PowerSource.ENTRUSTED_BY_PEER)


def is_longer(promised: TimeLimit, allowed: TimeLimit) -> bool:
    """Whether `promised` may outlast `allowed`; of different units, five working days count as a week.

    A broken week counts in full for the promised limit and not at all for the allowed one.
    """
    if promised.unit is allowed.unit:
        return promised.days > allowed.days
    return _calendar_days(promised, round_up=True) > _calendar_days(allowed, round_up=False)


def _calendar_days(limit: TimeLimit, round_up: bool) -> int:
    if limit.unit is DayUnit.CALENDAR_DAY:
        return limit.days
    weeks, rest = divmod(limit.days, 5)
    return weeks * 7 + (rest + 2 * bool(rest) if round_up else rest)


def _handling(item: ServiceItem) -> Found:
    immediate, days = item.handling is Handling.IMMEDIATE, item.promised_limit.days
    if immediate != (days == 0):
        expected = "为 0" if immediate else "大于 0"
        message = (
            f"{item.handling.value}的承诺办结时限应{expected}，现在是 {days}；或改正 handling（办件类型）。"
        )
        yield ("promised_limit", "days"), message


def _promised(item: ServiceItem) -> Found:
    promised, statutory = item.promised_limit, item.statutory_limit
    if is_longer(promised, statutory):
        message = (
            f"承诺办结时限应不超过法定的 {statutory.days} 个{statutory.unit.value}，"
            f"现在是 {promised.days} 个{promised.unit.value}。"
        )
        yield ("promised_limit", "days"), message


def _visit_reason(item: ServiceItem) -> Found:
    if item.visits and item.visit_reason is None:
        yield ("visits",), f"要到现场 {item.visits} 次，应写明 visit_reason（必须现场办理原因）。"


def _visit_unreasoned(item: ServiceItem) -> Found:
    if not item.visits and item.visit_reason is not None:
        yield (
            ("visit_reason",),
            "visits（到办事现场次数）为 0，不应再写 visit_reason（必须现场办理原因）。",
        )


def _post(item: ServiceItem) -> Found:
    by_post = item.express or Channel.POST in item.channels
    if not item.visits and not by_post and Channel.ONLINE not in item.channels:
        message = (
            "不用到现场、又不能网上办的事项，应能寄送：channels（办理形式）加上快递申请，或 express 写 true。"
        )
        yield ("visits",), message


def _depth(item: ServiceItem) -> Found:
    if item.online and item.online.depth is OnlineDepth.COMPLETE and item.visits:
        message = f"网上办理深度为 IV级，到办事现场次数应为 0，现在是 {item.visits}。"
        yield ("online", "depth"), message


def _online(item: ServiceItem) -> Found:
    offered = Channel.ONLINE in item.channels
    applies = item.online is not None and item.online.depth in (OnlineDepth.APPLICATION, OnlineDepth.COMPLETE)
    if offered and item.online is None:
        yield ("channels",), "办理形式有网上办理，应写明 online（网上办理）的深度和网址。"
    if applies and not offered:
        yield ("online", "depth"), "能在网上申请（III级、IV级），channels（办理形式）应加上网上办理。"


def _payment_missing(item: ServiceItem) -> Found:
    if item.fee.charged and not item.fee.payment:
        yield ("fee",), "收费事项应写明 payment（支付方式）。"


def _payment_of_free(item: ServiceItem) -> Found:
    if not item.fee.charged and item.fee.payment:
        online = "网上" if Payment.ONLINE in item.fee.payment else ""
        yield ("fee", "payment"), f"不收费的事项不应写{online}支付方式，应删去 payment。"


def _sample(item: ServiceItem) -> Found:
    if item.result.type is not ResultType.NONE and item.result.sample is None:
        yield ("result",), f"写了结果名称“{item.result.name}”，应写明 sample（结果样本）：它是什么样子。"


def _topics(item: ServiceItem) -> Found:
    letters = {topic.code[0] for topic in item.topics}
    expected = {"P" if audience is Audience.PERSON else "L" for audience in item.audience}
    names = {"P": "自然人", "L": "法人"}
    for letter in sorted(expected - letters):
        yield (
            ("topics",) if item.topics else ("audience",),
            f"服务对象有{names[letter]}，topics（主题分类）应至少有一个{names[letter]}主题。",
        )
    for index, topic in enumerate(item.topics):
        if topic.code[0] not in expected:
            whom = names[topic.code[0]]
            message = f"主题“{topic.value}”属于{whom}，audience（服务对象）中没有{whom}，两处应一致。"
            yield ("topics", index), message


def _licence_steps(item: ServiceItem) -> Found:
    if item.type is ItemType.LICENCE and len(item.steps) < LICENCE_STEPS:
        yield ("steps",), f"行政许可应至少有 {LICENCE_STEPS} 个办理环节，现在有 {len(item.steps)} 个。"


def _licence_questions(item: ServiceItem) -> Found:
    if item.type is ItemType.LICENCE and not item.questions:
        yield ("type",), "行政许可应至少有 1 个常见问题，现在没有。"


def _catch_all(item: ServiceItem) -> Found:
    texts: list[tuple[Path, str]] = [(("conditions", i), text) for i, text in enumerate(item.conditions)]
    texts += [(("materials", i, "name"), material.name) for i, material in enumerate(item.materials)]
    for path, text in texts:
        if found := CATCH_ALL.search(text):
            yield path, f"不能用“{found[0]}”这样的兜底说法，应写明具体内容。"


def _placeholder(item: ServiceItem) -> Found:
    for path, text in _elements(item):
        if PLACEHOLDER.fullmatch(text):
            yield path, f"“{text}”等于没有填，应写明具体内容。"


def _elements(item: ServiceItem) -> Iterator[tuple[Path, str]]:
    """事项名称、设定依据、申请条件、办理材料、办理流程; 地点、时间、电话 are the street's and the station's."""
    yield from ((("name",), item.name), (("plain_name",), item.plain_name), (("summary",), item.summary))
    yield from ((("conditions", i), text) for i, text in enumerate(item.conditions))
    yield from ((("materials", i, "name"), material.name) for i, material in enumerate(item.materials))
    for i, step in enumerate(item.steps):
        yield from ((("steps", i, "name"), step.name), (("steps", i, "text"), step.text))
    for i, basis in enumerate(item.legal_basis):
        yield from ((("legal_basis", i, "title"), basis.title), (("legal_basis", i, "gist"), basis.gist))


def _no_materials(item: ServiceItem) -> Found:
    if not item.materials and not re.search("不用带|不需要带|不用交|不要材料", item.summary):
        message = "没有要带的材料，summary（事项简介）里最好写明“不用带材料”，免得居民白准备。"
        yield ("materials",), message


def _when(item: ServiceItem) -> Found:
    for index, material in enumerate(item.materials):
        if material.necessity is Necessity.CONDITIONAL and material.when is None:
            message = f"“{material.name}”不是人人都要带，应写明 when（什么情况下提交）。"
            yield ("materials", index), message


def _material_twice(item: ServiceItem) -> Found:
    names = [material.name for material in item.materials]
    for index, name in enumerate(names):
        if name in names[:index]:
            message = (
                f"材料“{name}”写了两次，第一次是第 {names.index(name) + 1} 项；应合并，或写明有什么不同。"
            )
            yield ("materials", index, "name"), message


def _basis_place(item: ServiceItem) -> Found:
    for index, basis in enumerate(item.legal_basis):
        if basis.number is None and basis.article is None:
            yield (
                ("legal_basis", index),
                f"{title(basis.title)}应写明 number（文号）和 article（条款），两样都没有就无法核对。",
            )


def _basis_number(item: ServiceItem) -> Found:
    for index, basis in enumerate(item.legal_basis):
        if (
            basis.number is None
            and basis.article is not None
            and not _CITED_BY_ARTICLE.fullmatch(basis.title)
        ):
            yield ("legal_basis", index), f"{title(basis.title)}没有 number（文号），查得到就补上。"


def _basis_article(item: ServiceItem) -> Found:
    for index, basis in enumerate(item.legal_basis):
        if basis.article is None and basis.number is not None:
            yield (
                ("legal_basis", index),
                f"{title(basis.title)}没有 article（条款），文件分条的最好写明第几条。",
            )


def _power_missing(item: ServiceItem) -> Found:
    if item.type is not ItemType.PUBLIC_SERVICE and item.power_source is None:
        yield ("type",), f"{item.type.value}应写明 power_source（权力来源）。"


def _power_of_service(item: ServiceItem) -> Found:
    if item.type is ItemType.PUBLIC_SERVICE and item.power_source is not None:
        yield ("power_source",), "公共服务没有权力来源，应删去 power_source；或改正 type（事项类型）。"


def _entrusted(item: ServiceItem) -> Found:
    if item.power_source in _ENTRUSTED and item.entrusted_by is None:
        yield ("power_source",), "权力来源是委托，应写明 entrusted_by（委托部门）。"
    if item.power_source not in _ENTRUSTED and item.entrusted_by is not None:
        yield ("entrusted_by",), "权力来源不是委托，应删去 entrusted_by（委托部门）；或改正 power_source。"


def _dates(item: ServiceItem) -> Found:
    if item.effective and item.expires and item.expires <= item.effective:
        message = f"计划取消日期应晚于生效日期 {item.effective}，现在是 {item.expires}。"
        yield ("expires",), message


def _station_duty(item: ServiceItem) -> Found:
    duty = item.duty
    places = (*duty.advise, *duty.collect, *duty.accept, *duty.inform, *duty.deliver)
    if Place.STATION not in places:
        yield ("duty",), "职责分工中没有社区站点；站点至少应负责咨询，否则不应列入社区事项。"


def _accept_step(item: ServiceItem) -> Found:
    accept = item.duty.accept
    if Place.STATION not in accept and {step.by for step in item.steps}.isdisjoint(accept):
        who = "或".join(place.value for place in accept)
        yield ("steps",), f"职责分工写明由{who}受理，办理流程中应有由其办理的环节。"


def _station_step(item: ServiceItem) -> Found:
    does = Place.STATION in (*item.duty.collect, *item.duty.accept)
    if does and Place.STATION not in {step.by for step in item.steps}:
        yield ("steps",), f"{item.kind.value}由社区站点收材料，办理流程中应有社区站点的环节。"


RULES: tuple[Rule, ...] = (
    error("handling-days", "即办件的承诺时限为 0，承诺件大于 0", each_item(_handling)),
    error("promised-limit", "承诺时限不超过法定时限", each_item(_promised)),
    error("visit-reason", "要到现场，就写明原因", each_item(_visit_reason)),
    error("visit-unreasoned", "不用到现场，就不写原因", each_item(_visit_unreasoned)),
    error("post-missing", "不用到现场、又不能网上办的，要能寄送", each_item(_post)),
    error("depth-visits", "网上办理深度 IV 级的，不用到现场", each_item(_depth)),
    error("online-channel", "办理形式与网上办理一致", each_item(_online)),
    error("payment-missing", "收费的写明支付方式", each_item(_payment_missing)),
    error("payment-of-free", "不收费的不写支付方式", each_item(_payment_of_free)),
    error("result-sample", "有结果名称就有结果样本", each_item(_sample)),
    error("audience-topics", "服务对象与主题分类一致", each_item(_topics)),
    error("licence-steps", "行政许可至少 5 个环节", each_item(_licence_steps)),
    error("licence-questions", "行政许可至少 1 个常见问题", each_item(_licence_questions)),
    error("catch-all", "条件和材料不用兜底说法", each_item(_catch_all)),
    error("placeholder", "名称、依据、条件、材料、流程不能空填", each_item(_placeholder)),
    advice("no-materials", "不要材料的，在简介里说明", each_item(_no_materials)),
    error("material-when", "非必要的材料写明什么情况下提交", each_item(_when)),
    error("material-twice", "同一份材料只写一次", each_item(_material_twice)),
    error("basis-place", "设定依据要有文号或条款", each_item(_basis_place)),
    advice("basis-number", "法律以外的依据写明文号", each_item(_basis_number)),
    advice("basis-article", "设定依据写到条款", each_item(_basis_article)),
    error("power-missing", "公共服务以外的事项写明权力来源", each_item(_power_missing)),
    error("power-of-service", "公共服务不写权力来源", each_item(_power_of_service)),
    error("entrusted-by", "委托的写明委托部门，不是委托的不写", each_item(_entrusted)),
    error("dates", "取消日期晚于生效日期", each_item(_dates)),
    error("station-duty", "社区事项中站点至少负责咨询", each_item(_station_duty)),
    error("accept-step", "受理的单位在流程中有环节", each_item(_accept_step)),
    error("station-step", "站点收材料的，流程中有站点的环节", each_item(_station_step)),
)
