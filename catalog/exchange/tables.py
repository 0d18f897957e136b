"""The catalogue as five tables of comma-separated values (RFC 4180) with their data dictionary.

The files begin with a byte order mark, by which spreadsheet programs know UTF-8. Text is quoted and numbers are
not. The dictionary is the W3C's metadata vocabulary for tabular data (csv-metadata.json).
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog import wording
from catalog.elements import ELEMENTS
from catalog.entries import item_address
from catalog.exchange.offers import by_service, stable_id
from catalog.exchange.plain import plain
from catalog.layers import Implementation, implementations
from catalog.model import Catalogue, DutyMatrix, Material, ServiceItem, Station, Street

BOM = "\ufeff"
METADATA = "csv-metadata.json"
NOTICE = "notice.txt"
"""What kind of content the tables hold; a comment within them would be a row (RFC 4180 has none)."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What spreadsheet programs take for the beginning of a formula."""

Cell = str | int | None


@dataclass(frozen=True)
class Column:
    """One column: its stable name, its Chinese heading, what it holds, and its value in a row."""

    name: str
    heading: str
    holds: str
    value: Callable[[Any], Cell]
    number: bool = False


@dataclass(frozen=True)
class Table:
    """One file: what it holds, the records that become rows, its columns, and those that tell rows apart."""

    holds: str
    rows: Callable[[Catalogue], Iterable[Any]]
    columns: tuple[Column, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A material with its item and its place in the item's list, from 1."""

    item: ServiceItem
    number: int
    material: Material


def encode(catalogue: Catalogue) -> Mapping[str, bytes]:
    """The notice, every table and the dictionary: file name to bytes."""
    words = catalogue.district.illustrative
    files = {f"{name}.csv": _table(table, catalogue) for name, table in TABLES.items()}
    return {NOTICE: f"{BOM}{words}\r\n".encode(), **files, METADATA: _metadata(words)}


def harmless(text: str) -> str:
    """Text that no spreadsheet program runs as a formula: an apostrophe before one that looks like it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _table(table: Table, catalogue: Catalogue) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    values = [column.value for column in table.columns]
    writer.writerows([_cell(value(row)) for value in values] for row in table.rows(catalogue))
    return (BOM + out.getvalue()).encode()


def _cell(value: Cell) -> str | int:
    return value if isinstance(value, int) else harmless(value or "")


def _metadata(notice: str) -> bytes:
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "dc:description": notice,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tables": [_schema(name, table) for name, table in TABLES.items()],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _schema(name: str, table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "titles": column.heading,
            "datatype": "integer" if column.number else "string",
            "dc:description": column.holds,
        }
        for column in table.columns
    ]
    return {
        "url": f"{name}.csv",
        "dc:description": table.holds,
        "tableSchema": {"columns": columns, "primaryKey": list(table.key)},
    }


def _all(values: Iterable[str]) -> str:
    return "、".join(values)


def _numbered(values: Iterable[str]) -> str:
    return "\n".join(f"{number}. {value}" for number, value in enumerate(values, 1))


def _duty(act: str) -> Callable[[ServiceItem], Cell]:
    return lambda item: _all(place.value for place in getattr(item.duty, act))


def _areas(catalogue: Catalogue) -> Iterable[Street]:
    return catalogue.streets


def _stations(catalogue: Catalogue) -> Iterable[Station]:
    return catalogue.stations


def _items(catalogue: Catalogue) -> Iterable[ServiceItem]:
    return catalogue.items


def _materials(catalogue: Catalogue) -> Iterable[Listed]:
    for item in catalogue.items:
        for number, material in enumerate(item.materials, 1):
            yield Listed(item, number, material)


def _implementations(catalogue: Catalogue) -> Iterable[Implementation]:
    for _, own in by_service(catalogue, implementations(catalogue)):
        yield from own


_ITEM = "事项的网址名，在全部事项中不重复。"

TABLES: Mapping[str, Table] = {
    "areas": Table(
        "每个街道（乡镇）一行。",
        _areas,
        (
            Column("code", "区划代码", "9 位，按文本读取。", lambda street: street.code),
            Column("name", "名称", "街道或乡镇的名称。", lambda street: street.name),
            Column("kind", "类别", "街道或者乡镇。", lambda street: street.kind.value),
            Column("center", "政务服务中心", "办事大厅的名称。", lambda street: street.center),
            Column("address", "地址", "办事大厅的地址。", lambda street: street.address),
            Column("hours", "办公时间", "对外办公的时间。", lambda street: street.hours),
            Column("phone", "咨询电话", "带区号。", lambda street: street.phone),
            Column("complaint_phone", "投诉电话", "带区号。", lambda street: street.complaint_phone),
            Column("body", "实施主体", "街道办事处或乡镇政府的名称。", lambda street: street.body),
        ),
        ("code",),
    ),
    "stations": Table(
        "每个社区（村）站点一行。",
        _stations,
        (
            Column("code", "区划代码", "12 位，按文本读取。", lambda station: station.code),
            Column("name", "名称", "站点的名称。", lambda station: station.name),
            Column("street", "所属街道代码", "areas.csv 的区划代码。", lambda station: station.street),
            Column("address", "地址", "站点的地址。", lambda station: station.address),
            Column("hours", "办公时间", "对外办公的时间。", lambda station: station.hours),
            Column("phone", "电话", "带区号。", lambda station: station.phone),
        ),
        ("code",),
    ),
    "items": Table(
        "每个事项一行。",
        _items,
        (
            Column("slug", "网址名", _ITEM, lambda item: item.slug),
            Column("code", "基本编码", "12 位，按文本读取。", lambda item: item.code),
            Column("name", "事项名称", "正式名称。", lambda item: item.name),
            Column("plain_name", "通俗名称", "群众平时的叫法。", lambda item: item.plain_name),
            Column("aliases", "别名", "用顿号隔开。", lambda item: _all(item.aliases)),
            Column("theme", "领域", "如：养老、助残。", lambda item: item.theme.value),
            Column("type", "事项类型", "如：行政给付、公共服务。", lambda item: item.type.value),
            Column("type_code", "事项类型代码", "2 位，按文本读取。", lambda item: item.type.code),
            Column("kind", "社区办理方式", "受理类、代收代办类或咨询预审类。", lambda item: item.kind.value),
            Column("department", "主管部门", "主管这个事项的部门。", lambda item: item.department),
            Column("state", "事项状态", "在用、暂停或取消。", lambda item: item.state.value),
            Column("handling", "办件类型", "即办件或承诺件。", lambda item: item.handling.value),
            Column(
                "audience", "服务对象", "用顿号隔开。", lambda item: _all(one.value for one in item.audience)
            ),
            Column(
                "channels", "办理形式", "用顿号隔开。", lambda item: _all(one.value for one in item.channels)
            ),
            Column("summary", "事项简介", "纯文本。", lambda item: plain(item.summary)),
            Column("conditions", "受理条件", "每条一行，带序号。", lambda item: _numbered(item.conditions)),
            Column(
                "statutory_limit",
                "法定办结时限",
                "含单位。",
                lambda item: wording.limit(item.statutory_limit),
            ),
            Column(
                "promised_limit", "承诺办结时限", "含单位。", lambda item: wording.limit(item.promised_limit)
            ),
            Column("visits", "到办事现场次数", "次。", lambda item: item.visits, number=True),
            Column("fee", "收费", "不收费，或者收费的项目和标准。", lambda item: wording.fee(item.fee)),
            Column("result", "审批结果", "结果的名称。", lambda item: item.result.name),
            *(
                Column(act, ELEMENTS[ServiceItem][f"duty.{act}"], "由谁做，用顿号隔开。", _duty(act))
                for act in DutyMatrix.model_fields
            ),
            Column("url", "网址", "办事指南在本站的地址。", lambda item: item_address(item.slug)),
        ),
        ("slug",),
    ),
    "materials": Table(
        "每个事项的每份材料一行。",
        _materials,
        (
            Column("item", "事项网址名", _ITEM, lambda row: row.item.slug),
            Column("number", "序号", "材料在事项中的顺序，从 1 起。", lambda row: row.number, number=True),
            Column("name", "材料名称", "材料的名称。", lambda row: row.material.name),
            Column(
                "type", "材料类型", "证件证书证明、申请表格文书或其他。", lambda row: row.material.type.value
            ),
            Column(
                "necessity", "必要性", "必要、非必要或容缺后补。", lambda row: row.material.necessity.value
            ),
            Column("when", "什么情况下提交", "不是人人都要的，写明谁要。", lambda row: row.material.when),
            Column("source", "来源渠道", "谁出具这份材料。", lambda row: row.material.source.value),
            Column("form", "材料形式", "纸质、电子化，或者都可以。", lambda row: row.material.form.value),
            Column("originals", "原件份数", "份。", lambda row: row.material.originals, number=True),
            Column("copies", "复印件份数", "份。", lambda row: row.material.copies, number=True),
            Column("note", "说明", "提醒办事人的话。", lambda row: row.material.note),
        ),
        ("item", "number"),
    ),
    "implementations": Table(
        "每个事项在每个街道（乡镇）的办理情况一行，即实施清单。",
        _implementations,
        (
            Column(
                "row_guid",
                "记录唯一标识",
                "这一行的 UUID，每次发布都不变；几个街道为同一部门收件时，编码相同，标识不同。",
                lambda one: stable_id("implementation", one.handling_code, one.street.code),
            ),
            Column("street", "街道代码", "areas.csv 的区划代码。", lambda one: one.street.code),
            Column("item", "事项网址名", _ITEM, lambda one: one.item.slug),
            Column("task_code", "实施编码", "31 位。", lambda one: one.task_code),
            Column("handling_code", "业务办理项编码", "33 位。", lambda one: one.handling_code),
            Column("layer", "所属清单", "由哪一级的清单列入。", lambda one: one.layer.value),
            Column("body", "实施主体", "实施这个事项的单位。", lambda one: one.body.name),
            Column("body_code", "实施主体编码", "18 位统一社会信用代码。", lambda one: one.body.unified_code),
            Column("place", "办理地点", "这个街道的办理地点。", lambda one: one.place),
            Column("hours", "办理时间", "这个街道的办理时间。", lambda one: one.hours),
            Column("phone", "咨询方式", "带区号的电话。", lambda one: one.phone),
            Column("complaint_phone", "监督投诉方式", "带区号的电话。", lambda one: one.complaint_phone),
            Column(
                "promised_limit", "承诺办结时限", "含单位。", lambda one: wording.limit(one.promised_limit)
            ),
            Column("note", "说明", "这个街道的特别说明。", lambda one: one.note),
        ),
        ("street", "item"),
    ),
}
"""File name without its ending -> what it holds."""
