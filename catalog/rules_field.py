"""The rules that a record keeps field by field, as pydantic finds them: each has its code, as other rules do.

A faulty field is told by the first rule that names it; what no rule names is told by the kind of its fault
(field-missing, field-unknown, field-value, field-quotes, field-rule).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.fields import Record
from catalog.model import Bodies, District, ServiceItem, Station, Street, StreetLayer


@dataclass(frozen=True)
class FieldRule:
    """One rule: its stable code, what it asks of editors, and the dotted paths of the fields it speaks of."""

    code: str
    asks: str
    fields: Mapping[type[Record], frozenset[str]]


def _rule(code: str, asks: str, **fields: str) -> FieldRule:
    return FieldRule(code, asks, {_RECORDS[name]: frozenset(paths.split()) for name, paths in fields.items()})


_RECORDS: Mapping[str, type[Record]] = {
    "item": ServiceItem,
    "district": District,
    "street": Street,
    "station": Station,
    "bodies": Bodies,
    "layer": StreetLayer,
}

RULES: tuple[FieldRule, ...] = (
    _rule(
        "telephone",
        "电话带区号",
        district="advice_phone complaint_phone",
        street="phone complaint_phone",
        station="phone",
        layer="overrides.phone relay.agents.phone relay.clerk.phone relay.coordinator.phone",
    ),
    _rule(
        "inspection-elements",
        "八个要素齐全：名称、依据、条件、材料、地点、时间、电话、流程",
        item="name legal_basis conditions materials steps",
        street="address hours",
        station="address hours",
    ),
    _rule("material-name", "每份材料写明名称", item="materials.name"),
    _rule("material-source", "每份材料写明来源", item="materials.source"),
    _rule("material-form", "每份材料写明形式", item="materials.form"),
    _rule("material-copies", "每份材料写明原件和复印件份数", item="materials.originals materials.copies"),
    _rule("material-necessity", "每份材料写明是否必要", item="materials.necessity"),
    _rule("basis-title", "每条依据写明名称和内容", item="legal_basis.title legal_basis.gist"),
    _rule("step-actor", "每个环节写明由谁办、办什么", item="steps.name steps.by steps.text"),
    _rule(
        "duty-complete",
        "咨询、接件、受理、告知、送达都有人负责",
        item="duty duty.advise duty.collect duty.accept duty.inform duty.deliver",
    ),
    _rule(
        "limit-complete",
        "法定和承诺时限写明天数和单位",
        item=(
            "statutory_limit statutory_limit.days statutory_limit.unit "
            "promised_limit promised_limit.days promised_limit.unit"
        ),
    ),
    _rule(
        "fee-founded", "收费的写明项目、标准和依据", item="fee fee.charged fee.name fee.standard fee.basis"
    ),
    _rule("item-code", "基本编码 12 位", item="code"),
    _rule("area-code", "区划代码 6、9、12 位", district="code", street="code", station="code street"),
    _rule("unified-code", "统一社会信用代码 18 位，校验码正确", bodies="bodies.unified_code"),
)


def code_of(record: type[Record], path: str) -> str | None:
    """The code of the rule that speaks of the field at the dotted `path`, if one does."""
    return next((rule.code for rule in RULES if path in rule.fields.get(record, ())), None)
