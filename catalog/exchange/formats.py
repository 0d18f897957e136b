"""The formats in which the catalogue goes out: one table, for `build.py export` and for /open-data/."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.exchange import cpsv_ap, hsds, schema_org, tables
from catalog.model import Catalogue


@dataclass(frozen=True)
class Format:
    """One format: its name and readers in Chinese, its files (name -> what it holds), and who writes them."""

    title: str
    readers: str
    media_type: str
    files: Mapping[str, str]
    write: Callable[[Catalogue], Mapping[str, bytes]]


def _one(name: str, encode: Callable[[Catalogue], bytes]) -> Callable[[Catalogue], Mapping[str, bytes]]:
    return lambda catalogue: {name: encode(catalogue)}


def _workbook(catalogue: Catalogue) -> bytes:
    # Only here: what writes workbooks takes a tenth of a second to import.
    from catalog.exchange.workbook import write

    return write.encode(catalogue)


# A format that is added here is exported by its key and published under /open-data/. `write` gives the files
# that `files` names, the same bytes for the same catalogue.
FORMATS: Mapping[str, Format] = {
    "csv": Format(
        title="表格（CSV）",
        readers="想用表格软件查看、筛选和统计的人。",
        media_type="text/csv",
        files={tables.NOTICE: "使用以前请先看：这些表格的内容能不能作为办事依据。"}
        | {f"{name}.csv": table.holds for name, table in tables.TABLES.items()}
        | {tables.METADATA: "数据字典：每张表、每一列的名称和含义（W3C 表格数据元数据）。"},
        write=tables.encode,
    ),
    "xlsx": Format(
        title="工作簿（XLSX）",
        readers="用表格软件修改站点、街道和事项的编辑人员；改好以后可以导入。",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        files={"catalog.xlsx": "站点、街道、事项，以及事项的材料、环节、依据和问题。"},
        write=_one("catalog.xlsx", _workbook),
    ),
    "schema.org": Format(
        title="schema.org（JSON-LD）",
        readers="搜索引擎、地图和语音助手。",
        media_type="application/ld+json",
        files={"schema-org.jsonld": "每个事项由谁办、去哪里办、什么时间办、收不收费。"},
        write=_one("schema-org.jsonld", schema_org.encode),
    ),
    "hsds": Format(
        title="HSDS 3.0（JSON）",
        readers="使用国际社会服务数据规范（Open Referral）的系统。",
        media_type="application/json",
        files={"hsds.json": "每个事项在每个街道（乡镇）的办理情况：条件、材料、地点、时间、电话。"},
        write=_one("hsds.json", hsds.encode),
    ),
    "cpsv-ap": Format(
        title="CPSV-AP 3.2.0（Turtle）",
        readers="使用欧盟公共服务核心词汇的系统，以及做关联数据的人。",
        media_type="text/turtle",
        files={"cpsv-ap.ttl": "事项与实施主体、依据、材料、办理渠道之间的关联。"},
        write=_one("cpsv-ap.ttl", cpsv_ap.encode),
    ),
}
