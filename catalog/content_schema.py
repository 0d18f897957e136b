"""A JSON Schema (draft 2020-12) of the content, for editors' tools that complete and check while one types."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from catalog.disclosure import (
    About,
    BuildPlan,
    Changes,
    MonthlyConsults,
    MonthlyRatings,
    MonthlyRectifications,
    Pledges,
)
from catalog.elements import DESCRIPTIONS, ELEMENTS, nested
from catalog.fields import Record
from catalog.load import (
    ABOUT,
    BODIES,
    CHANGES,
    CONSULTS,
    DISTRICT,
    FORMS,
    HOLIDAYS,
    ITEMS,
    LAYERS,
    PLAN,
    PLEDGES,
    RATINGS,
    RECTIFICATIONS,
    REDIRECTS,
    STAFF,
    STATIONS,
    STREETS,
)
from catalog.model import (
    Bodies,
    District,
    Form,
    Holidays,
    Redirect,
    ServiceItem,
    StaffMember,
    Station,
    Street,
    StreetLayer,
)

FILES: Mapping[type[Record], tuple[str, str]] = {
    ServiceItem: ("事项", f"{ITEMS}/*.yaml"),
    StreetLayer: ("街道的增设与不同之处", f"{LAYERS}/*.yaml"),
    District: ("区", DISTRICT),
    Bodies: ("实施主体", BODIES),
    Street: ("街道或乡镇", f"{STREETS} 的一行"),
    Station: ("站点", f"{STATIONS} 的一行"),
    StaffMember: ("值班的社工", f"{STAFF} 的一行"),
    Form: ("表格", f"{FORMS}/*.yaml"),
    Holidays: ("放假和调休", HOLIDAYS),
    Redirect: ("改了的地址", f"{REDIRECTS} 的一行"),
    About: ("信息公开总说明", ABOUT),
    Pledges: ("服务承诺", PLEDGES),
    BuildPlan: ("站点建设计划", PLAN),
    Changes: ("目录更新记录", CHANGES),
    MonthlyRatings: ("每月好差评", f"{RATINGS} 的一行"),
    MonthlyRectifications: ("每月差评整改", f"{RECTIFICATIONS} 的一行"),
    MonthlyConsults: ("每月视频咨询", f"{CONSULTS} 的一行"),
}
"""What each record is called and where it is written."""


def document() -> dict[str, Any]:
    """The schema; each kind of file is a definition, and a YAML file is any one of them."""
    _, schema = models_json_schema(
        [(record, "validation") for record in FILES], ref_template="#/$defs/{model}", by_alias=True
    )
    definitions: dict[str, Any] = schema["$defs"]
    for definition in definitions.values():
        _forget_words(definition)
    for record, (title, file) in FILES.items():
        _name(definitions, record, record, "")
        definitions[record.__name__] |= {"title": title, "description": file}
    yaml_files = [record for record, (_, file) in FILES.items() if file.endswith(".yaml")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:kezhong:schema:content:1",
        "title": "办事目录的内容",
        "anyOf": [{"$ref": f"#/$defs/{record.__name__}"} for record in yaml_files],
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def encode() -> bytes:
    """The schema as UTF-8 JSON, the same bytes for the same model."""
    return (json.dumps(document(), ensure_ascii=False, indent=2) + "\n").encode()


def _forget_words(definition: dict[str, Any]) -> None:
    """Docstrings and field names say nothing to editors."""
    for part in (definition, *definition.get("properties", {}).values()):
        part.pop("title", None)
        part.pop("description", None)


def _name(definitions: dict[str, Any], root: type[Record], record: type[BaseModel], prefix: str) -> None:
    properties = definitions[record.__name__]["properties"]
    for field in record.model_fields:
        path = prefix + field
        properties[field] |= {"title": ELEMENTS[root][path], "description": DESCRIPTIONS[root][path]}
        for inner in nested(record.model_fields[field].annotation):
            definitions[inner.__name__]["title"] = ELEMENTS[root][path]
            _name(definitions, root, inner, f"{path}.")
