"""A small catalogue with everything in it that the outgoing formats must tell apart."""

from collections.abc import Mapping
from typing import Any

from catalog.codes import check_character
from catalog.model import Catalogue, ServiceItem

HOURS = "周一至周五 9:00–12:00，13:30–17:30；周六上午 9:00–12:00"
MATERIAL = {
    "name": "居民身份证",
    "type": "证件证书证明",
    "necessity": "必要",
    "source": "政府部门核发",
    "form": "纸质",
    "originals": 1,
    "copies": 2,
}
ITEM: Mapping[str, Any] = {
    "code": "119999001001",
    "slug": "yang-ben",
    "name": "样本津贴发放",
    "plain_name": "领样本津贴",
    "aliases": ["=1+1 津贴", "样本补贴"],
    "theme": "养老",
    "topics": ["老人服务"],
    "department": "样例区民政局",
    "type": "行政给付",
    "updated": "2026-01-05",
    "audience": ["自然人"],
    "handling": "承诺件",
    "summary": '年满 80 周岁可以领。\n\n见[样本证办理](item:yang-zheng)，"引号"和\\反斜杠。',
    "conditions": ["年满 80 周岁", "有样例市户口"],
    "materials": [
        MATERIAL,
        {**MATERIAL, "name": '=HYPERLINK("x")', "necessity": "非必要", "when": "代办的", "copies": 0},
    ],
    "steps": [
        {"name": "收件", "by": "社区站点", "text": "核对材料。"},
        {"name": "受理", "by": "街道中心", "text": "录入系统。"},
    ],
    "statutory_limit": {"days": 30, "unit": "工作日"},
    "promised_limit": {"days": 15, "unit": "工作日"},
    "duty": {
        "advise": ["社区站点"],
        "collect": ["社区站点"],
        "accept": ["街道中心"],
        "inform": ["社区站点"],
        "deliver": ["社区站点"],
    },
    "fee": {"charged": False},
    "result": {"name": "样本津贴", "delivery": "打到银行卡。"},
    "visits": 1,
    "visit_reason": "核对原件。",
    "legal_basis": [
        {"title": "样例法", "number": "样字〔2000〕1号", "article": "第一条", "gist": "发津贴。"}
    ],
    "related": ["yang-zheng"],
}
LICENCE: Mapping[str, Any] = {
    **ITEM,
    "code": "119999002001",
    "slug": "yang-zheng",
    "name": "样本证办理",
    "plain_name": "办样本证",
    "topics": ["企业用工"],
    "aliases": [],
    "level": "县级",
    "power_source": "上级下放",
    "joint_departments": ["样例区残联"],
    "channels": ["窗口办理", "网上办理"],
    "online": {"depth": "III级", "url": "https://example.com/zheng?a=1"},
    "materials": [{**MATERIAL, "blank_form": "https://example.com/form.pdf"}],
    "fee": {"charged": True, "name": "工本费", "standard": "每证 5 元", "basis": "样价〔2000〕2号"},
    "related": [],
}


def unified(number: int) -> str:
    """A made-up unified social credit code with its check character."""
    first = f"119999{number:011}"
    return first + check_character(first)


def catalogue(**changes: Any) -> Catalogue:
    """Two streets, three stations, two items: one that each street carries out, one that a department does."""
    streets = [_street("990100001", "jia", "甲街道"), _street("990100102", "yi", "乙乡")]
    stations = [
        _station("990100001001", "jia-yi", "甲一社区", "990100001"),
        _station("990100001002", "jia-er", "甲二社区", "990100001"),
        _station("990100102201", "yi-shang", "乙上村", "990100102"),
    ]
    names = ("样例区民政局", "甲街道办事处", "乙乡办事处", "样例区残联")
    data = {
        "district": _DISTRICT,
        "streets": streets,
        "stations": stations,
        "items": [ITEM, LICENCE],
        "bodies": [
            {"name": name, "unified_code": unified(number), "nature": "法定机关"}
            for number, name in enumerate(names, 1)
        ],
        "layers": {
            "jia": {
                "overrides": [{"item": "yang-ben", "promised_limit": {"days": 5, "unit": "工作日"}}],
                "stations": [{"station": "jia-er", "without": ["yang-zheng"], "hours": "周三 9:00–11:00"}],
            }
        },
    }
    return Catalogue.model_validate(data | changes)


def item(**changes: Any) -> ServiceItem:
    """The first item with other values in it."""
    return ServiceItem.model_validate({**ITEM, **changes})


_DISTRICT = {
    "code": "990100",
    "name": "样例区",
    "city": "样例市",
    "site_name": "样例区刻钟办事",
    "advice_phone": "010-00000001",
    "complaint_phone": "010-00000002",
    "website": {
        "origin": "https://kezhong.example",
        "host": "样例区政务服务局",
        "code": "9901000000",
        "filing": "样例备 00000000 号",
    },
    "illustrative": "本网站内容为虚构示例，不能作为办事依据。",
    "items": ["yang-ben", "yang-zheng"],
}


def _street(code: str, slug: str, name: str) -> dict[str, str]:
    return {
        "code": code,
        "slug": slug,
        "name": name,
        "kind": "街道",
        "center": f"{name}政务服务中心",
        "address": f"样例区{name}样例路 1 号",
        "hours": HOURS,
        "phone": "010-00000011",
        "complaint_phone": "010-00000012",
        "body": f"{name}办事处",
        "longitude": "116.0000",
        "latitude": "40.0000",
    }


def _station(code: str, slug: str, name: str, street: str) -> dict[str, str]:
    address = f"样例区{name}样例路 2 号"
    return {
        "code": code,
        "slug": slug,
        "name": name,
        "street": street,
        "address": address,
        "hours": "预约后再来",
        "phone": "010-00000101",
        "longitude": "116.0010",
        "latitude": "40.0020",
        "self_service": "否",
        "mobile": "否",
        "on_behalf": "是",
        "opened": "2026-07-01",
    }
