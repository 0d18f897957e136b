"""The Chinese name of every field that editors fill in, and what to write there.

Names of 事项, 材料, 收费, 依据 and 问题 are those of the national exchange schema's elements.
"""

from collections.abc import Mapping

from catalog.fields import Record
from catalog.model import Bodies, District, ServiceItem, Station, Street, StreetLayer

_Table = Mapping[str, tuple[str, str]]

_PHONE = ("电话", "带区号，例如 010-00000000")
_HOURS = ("办公时间", "居民能来办事的时间，例如：周一至周五 9:00–12:00，13:30–17:30")
_PLACE: _Table = {"address": ("地址", "从区名写到门牌号"), "hours": _HOURS, "phone": _PHONE}
_CONTACT: _Table = {
    "name": ("姓名", "工作人员的姓名"),
    "number": ("工号", "工作牌上的编号，居民凭它核对身份"),
    "phone": _PHONE,
}
_LIMIT: _Table = {
    "days": ("天数", "整数；当场办结写 0"),
    "unit": ("时限单位", "工作日或自然日；法定时限和承诺时限最好用同一单位"),
    "note": ("时限说明", "哪些时间不计算在内"),
}


def _within(field: str, name: str, description: str, parts: _Table) -> _Table:
    return {field: (name, description)} | {f"{field}.{part}": told for part, told in parts.items()}


_ITEM: _Table = {
    "code": ("基本编码", "12 位：省码 2、事项类型 2、部门 2、主项 3、子项 3；要加引号"),
    "local_code": ("地方基本编码", "本市另有编码时填写"),
    "slug": ("网址名", "小写拼音，用连字符相连；与文件名一致"),
    "name": ("事项名称", "清单上的正式名称"),
    "plain_name": ("通俗名称", "居民平时怎么说就怎么写"),
    "aliases": ("别名", "居民平时的其他叫法；一个别名只能属于一个事项"),
    "theme": ("领域", "首页按领域列出事项"),
    "topics": ("主题分类", "自然人或法人的办事主题，可以多选"),
    "department": ("主管部门", "bodies.yaml 中一个实施主体的名称"),
    "joint_departments": ("联办机构", "一起办理的部门，也要写在 bodies.yaml 中"),
    "type": ("事项类型", "按权责清单选择，不从编码推断"),
    "state": ("事项状态", "在用、暂停或取消；不在用的事项不再列给居民"),
    "version": ("事项版本", "内容有实质变化时加 1"),
    "effective": ("计划生效日期", '写成 "2026-01-01"，要加引号'),
    "expires": ("计划取消日期", '写成 "2026-12-31"，要加引号；应晚于生效日期'),
    "level": ("行使层级", "镇街级由街道办事处（镇政府）实施，其余由主管部门实施"),
    "power_source": ("权力来源", "公共服务不填，其余都要填"),
    "entrusted_by": ("委托部门", "受委托实施时，写委托的部门"),
    "audience": ("服务对象", "谁可以申请，可以多选"),
    "handling": ("办件类型", "当场办结的是即办件，其余是承诺件"),
    "channels": ("办理形式", "窗口、网上或快递，可以多选"),
    "reach": ("通办范围", "在多大范围内都能办"),
    "express": ("物流快递", "结果能不能寄到家"),
    "appointment": ("预约", "能不能预约"),
    "self_service": ("自助终端", "能不能在自助机上办"),
    "quota": ("数量限制", "没有限制就不填"),
    "intermediary": ("中介服务", "没有中介服务就不填"),
    "summary": ("事项简介", "两三句话：谁能办、带什么、去哪里"),
    "conditions": ("受理条件", "逐条写明，不用“其他有关条件”"),
    "special_procedure": ("特别程序", "听证、公示、鉴定等程序和用时"),
    "visits": ("到办事现场次数", "居民要跑几次；不用跑写 0"),
    "visit_reason": ("必须现场办理原因", "要跑就写为什么；不用跑就不填"),
    "related": ("相关事项", "可能还要办的事项的网址名"),
}
_ONLINE: _Table = {
    "depth": ("网上办理深度", "I 级看信息，II 级下载和预约，III 级网上申请，IV 级全程不用到现场"),
    "url": ("网址", "开始办理的网址，以 https:// 开头"),
}
_MATERIAL: _Table = {
    "name": ("材料名称", "写明是什么材料，不用“其他有关材料”"),
    "type": ("材料类型", "证件、表格或其他"),
    "necessity": ("必要性", "必要、非必要或容缺后补"),
    "source": ("来源渠道", "自己准备，还是政府部门核发"),
    "form": ("材料形式", "纸质、电子化或都可以"),
    "originals": ("原件份数", "整数"),
    "copies": ("复印件份数", "整数；与原件分开数"),
    "when": ("什么情况下提交", "非必要的材料必须写明"),
    "note": ("材料说明", "带哪几页、怎么拍、是否当场归还"),
    "specification": ("规格", "照片尺寸、纸张大小等"),
    "blank_form": ("空白表格", "下载网址，以 https:// 开头"),
    "sample_form": ("示例样表", "下载网址，以 https:// 开头"),
    "filling_notes": ("填报须知", "表格怎么填"),
    "acceptance_standard": ("受理标准", "什么样的材料算合格"),
    "basis": ("材料依据", "要这份材料的规定"),
}
_STEP: _Table = {
    "name": ("环节名称", "收件、受理、审查、决定、制证、送达等"),
    "by": ("办理主体", "社区站点、街道中心或区级部门"),
    "text": ("环节说明", "谁做什么，居民要做什么"),
    "duration": ("环节用时", "当场、几个工作日等"),
}
_DUTY: _Table = {
    "advise": ("咨询", "谁负责解答，可以多选"),
    "collect": ("接件", "谁收材料，可以多选"),
    "accept": ("受理", "谁正式受理，可以多选"),
    "inform": ("告知", "谁告知结果，可以多选"),
    "deliver": ("送达", "谁送达结果，可以多选"),
}
_FEE: _Table = {
    "charged": ("是否收费", "true 收费，false 不收费"),
    "name": ("收费项目", "收费的必填"),
    "standard": ("收费标准", "收费的必填"),
    "basis": ("收费依据", "收费的必填"),
    "payment": ("支付方式", "收费的必填；不收费的不填"),
    "reduction": ("减免", "什么情况减免、减免多少"),
    "reduction_basis": ("减免依据", "减免的规定"),
}
_RESULT: _Table = {
    "type": ("审批结果类型", "证照、批文、其他或无"),
    "name": ("结果名称", "办成后得到什么"),
    "sample": ("结果样本", "结果是什么样子，一句话说清"),
    "delivery": ("领取方式", "怎么拿到结果"),
}
_LEGAL_BASIS: _Table = {
    "title": ("文件名称", "法律、法规、规章或文件的全称，不加书名号"),
    "number": ("文号", "例如：国务院令第 649 号；法律没有文号的写条款"),
    "article": ("条款", "例如：第九条"),
    "gist": ("内容摘要", "用平常话说规定了什么"),
}
_QUESTION: _Table = {"question": ("问题", "居民真正问的话"), "answer": ("答案", "先说结论，再说怎么办")}
_BODY: _Table = {
    "name": ("实施主体名称", "事项的主管部门、街道表的 body 都按这个名称引用"),
    "unified_code": ("统一社会信用代码", "18 位，末位是校验码"),
    "nature": ("实施主体性质", "法定机关、授权组织或受委托组织"),
}
_OVERRIDE: _Table = {
    "item": ("事项", "事项的网址名"),
    "place": ("办理地点", "与街道中心地址不同时填写"),
    "hours": ("办理时间", "与街道中心办公时间不同时填写"),
    "phone": ("咨询电话", "与街道中心电话不同时填写"),
    "note": ("本街道说明", "只有本街道才有的情况"),
}
_STATION_LAYER: _Table = {
    "station": ("站点", "站点的网址名"),
    "without": ("不办的事项", "本街道办、这个站点不办的事项"),
    "adds": ("增办的事项", "只有这个站点增办的事项"),
    "hours": ("收件时间", "与站点办公时间不同时填写"),
    "note": ("本站说明", "只有本站才有的情况"),
}
_AGENT: _Table = {
    **_CONTACT,
    "villages": ("负责的村", "站点的网址名；一个村只由一名代办员负责"),
    "items": ("代办的事项", "事项的网址名；不填就是村里能办的全部事项"),
    "hours": ("代办时间", "什么时候在村里、什么时候出发"),
    "collection": ("怎么收材料", "上门、在站点还是约定地点"),
}
_CLERK: _Table = {
    **_CONTACT,
    "at_once": ("当场办理", "哪些事情在镇里当场办"),
    "carries": ("送区办理", "哪些材料送到区里，什么时候送"),
}
_COORDINATOR: _Table = {
    **_CONTACT,
    "same_day": ("当天办理", "哪些事情当天办完"),
    "others": ("其余时限", "其余事情压缩到多长时间"),
}
_RELAY: _Table = {
    **_within("agents", "代办员", "第一棒：在村里收材料", _AGENT),
    **_within("clerk", "镇里的工作人员", "第二棒：在镇里办理或送到区里", _CLERK),
    **_within("coordinator", "区里的协调员", "第三棒：在区里协调办理", _COORDINATOR),
    "results": ("结果怎么回来", "谁、什么时候、怎样把结果交到居民手里"),
}

_TABLES: Mapping[type[Record], _Table] = {
    ServiceItem: {
        **_ITEM,
        **_within("online", "网上办理", "真能在网上办的才填", _ONLINE),
        **_within("materials", "材料", "逐样写明；不要材料的写 []", _MATERIAL),
        **_within("steps", "办理流程", "按先后写，至少两步", _STEP),
        **_within("statutory_limit", "法定办结时限", "规定最长多久办完", _LIMIT),
        **_within("promised_limit", "承诺办结时限", "本市承诺多久办完，不超过法定时限", _LIMIT),
        **_within("duty", "职责分工", "每个环节由谁负责；站点的三种类别由此得出", _DUTY),
        **_within("fee", "收费", "不收费只写 charged: false", _FEE),
        **_within("result", "审批结果", "办成后得到什么、怎么拿到", _RESULT),
        **_within("legal_basis", "设定依据", "至少一条，写到条款", _LEGAL_BASIS),
        **_within("questions", "常见问题", "居民真正问的问题", _QUESTION),
    },
    District: {
        "code": ("区划代码", "6 位数字，要加引号"),
        "name": ("区名", "例如：样例区"),
        "city": ("城市", "所在城市"),
        "site_name": ("网站名称", "每页标题后面的名称"),
        "advice_phone": ("咨询电话", "全区的咨询电话，带区号"),
        "complaint_phone": ("投诉电话", "与咨询电话不同，带区号"),
        "illustrative": ("示例说明", "内容是示例时，每页都显示的一句话"),
        "items": ("区级清单", "全区每个街道、每个站点都办的事项的网址名"),
    },
    Street: {
        "code": ("区划代码", "9 位数字，以区代码开头"),
        "slug": ("网址名", "小写拼音，用连字符相连"),
        "name": ("街道名称", "街道或乡镇的名称"),
        "kind": ("街道或乡镇", "街道或乡镇"),
        "center": ("政务服务中心名称", "门口牌子上的名称"),
        **_PLACE,
        "complaint_phone": ("投诉电话", "与电话不同，带区号"),
        "body": ("实施主体", "bodies.yaml 中街道办事处（镇政府）的名称"),
    },
    Station: {
        "code": ("区划代码", "12 位数字，以街道代码开头"),
        "slug": ("网址名", "小写拼音，用连字符相连；同一街道内不重复"),
        "name": ("站点名称", "门口牌子上的名称"),
        "street": ("所属街道代码", "streets.csv 中的 9 位代码"),
        **_PLACE,
    },
    Bodies: _within("bodies", "实施主体", "区里各部门和各街道办事处（镇政府）", _BODY),
    StreetLayer: {
        "additions": ("街道增设", "在区级清单之外增办的事项的网址名"),
        **_within(
            "overrides",
            "本街道的不同之处",
            "只写与全市标准不同的地方，相同的不写",
            {
                **_OVERRIDE,
                **_within("promised_limit", "承诺办结时限", "只能比全市的短", _LIMIT),
            },
        ),
        **_within("stations", "站点的不同之处", "只写与本街道不同的站点", _STATION_LAYER),
        **_within("relay", "三级接力代办", "路远的乡镇：村、镇、区三级接力送材料", _RELAY),
    },
}

ELEMENTS: Mapping[type[Record], Mapping[str, str]] = {
    record: {field: name for field, (name, _) in table.items()} for record, table in _TABLES.items()
}
"""Names by record and dotted field path: `ELEMENTS[ServiceItem]["materials.copies"]` is 复印件份数."""
DESCRIPTIONS: Mapping[type[Record], Mapping[str, str]] = {
    record: {field: words for field, (_, words) in table.items()} for record, table in _TABLES.items()
}
"""What to write there, by the same keys."""
