"""The Chinese element name of every field that editors fill in."""

from collections.abc import Mapping

from catalog.model import District, Record, ServiceItem, Station, Street

_PLACE = {"address": "地址", "hours": "办公时间", "phone": "电话"}
_LIMIT = {"days": "天数", "unit": "时限单位", "note": "时限说明"}


def _within(field: str, name: str, parts: Mapping[str, str]) -> dict[str, str]:
    return {field: name} | {f"{field}.{part}": label for part, label in parts.items()}


_ITEM = {
    "code": "基本编码",
    "slug": "网址名",
    "name": "事项名称",
    "plain_name": "通俗名称",
    "aliases": "别名",
    "layer": "所属清单",
    "theme": "领域",
    "department": "主管部门",
    "type": "事项类型",
    "audience": "服务对象",
    "handling": "办件类型",
    "summary": "事项简介",
    "conditions": "受理条件",
    "visits": "到办事现场次数",
    "visit_reason": "必须现场办理原因",
    "related": "相关事项",
}
_MATERIAL = {
    "name": "材料名称",
    "type": "材料类型",
    "necessity": "必要性",
    "source": "来源渠道",
    "form": "材料形式",
    "originals": "原件份数",
    "copies": "复印件份数",
    "when": "什么情况下提交",
    "note": "填报须知",
}
_STEP = {"name": "环节名称", "by": "办理主体", "text": "环节说明", "duration": "环节用时"}
_DUTY = {"advise": "咨询", "collect": "接件", "accept": "受理", "inform": "告知", "deliver": "送达"}
_FEE = {"charged": "是否收费", "name": "收费项目", "standard": "收费标准", "basis": "收费依据"}
_RESULT = {"name": "结果名称", "delivery": "领取方式"}
_LEGAL_BASIS = {"title": "文件名称", "number": "文号", "article": "条款", "gist": "内容摘要"}
_QUESTION = {"question": "问题", "answer": "答案"}

ELEMENTS: Mapping[type[Record], Mapping[str, str]] = {
    ServiceItem: _ITEM
    | _within("materials", "材料", _MATERIAL)
    | _within("steps", "办理流程", _STEP)
    | _within("statutory_limit", "法定办结时限", _LIMIT)
    | _within("promised_limit", "承诺办结时限", _LIMIT)
    | _within("duty", "职责分工", _DUTY)
    | _within("fee", "收费", _FEE)
    | _within("result", "审批结果", _RESULT)
    | _within("legal_basis", "设定依据", _LEGAL_BASIS)
    | _within("questions", "常见问题", _QUESTION),
    District: {
        "code": "区划代码",
        "name": "区名",
        "city": "城市",
        "site_name": "网站名称",
        "advice_phone": "咨询电话",
        "complaint_phone": "投诉电话",
        "illustrative": "示例说明",
    },
    Street: {
        "code": "区划代码",
        "slug": "网址名",
        "name": "街道名称",
        "kind": "街道或乡镇",
        "center": "政务服务中心名称",
        "complaint_phone": "投诉电话",
    }
    | _PLACE,
    Station: {"code": "区划代码", "slug": "网址名", "name": "站点名称", "street": "所属街道代码"} | _PLACE,
}
"""Names by record and dotted field path: `ELEMENTS[ServiceItem]["materials.copies"]` is 复印件份数."""
