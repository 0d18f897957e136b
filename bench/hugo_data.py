"""What the Hugo site of bench/hugo is made from: a catalogue as the data files that its templates read.

Everything stands in it once: items, and streets with what each of them does otherwise. Words that Hugo's templates
would have to compute (limits, fees, days, the places on the maps) are written out, which saves Hugo work.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog import wording
from catalog.entries import Area, areas_of
from catalog.guides import DEPTH_WORDS, KIND_WORDS, local_words, where_to_go
from catalog.hours import is_even, week
from catalog.layers import NO_LAYER, Implementation, at_station, implementations
from catalog.model import (
    Catalogue,
    District,
    Material,
    ServiceItem,
    StaffMember,
    Station,
    StationLayer,
    TimeLimit,
)
from catalog.render import sentence
from catalog.sketch import Sketch, metres, neighbours, sketch, walking_minutes
from catalog.terms import Coded, Kind, Layer, State

Data = dict[str, Any]
Staff = Mapping[str, Sequence[StaffMember]]


def data_files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Path in Hugo's data directory to bytes."""
    carried_out = implementations(catalogue)
    staff: defaultdict[str, list[StaffMember]] = defaultdict(list)
    for member in catalogue.staff:
        staff[member.station].append(member)
    tables: Mapping[str, object] = {
        "site": _site(catalogue.district, catalogue),
        "kinds": {kind.code: _kind(kind) for kind in Kind},
        "items": {item.slug: _item(item) for item in catalogue.items},
        "streets": [
            _street(catalogue, area, carried_out[area.entry.street.code], staff)
            for area in areas_of(catalogue)
        ],
    }
    return {f"{name}.json": json.dumps(table, ensure_ascii=False).encode() for name, table in tables.items()}


def _site(district: District, catalogue: Catalogue) -> Data:
    return {
        **district.model_dump(
            mode="json", include={"site_name", "advice_phone", "complaint_phone", "illustrative"}
        ),
        **district.website.model_dump(mode="json"),
        "domain": district.website.origin.removeprefix("https://"),
        "days_off": wording.days_off(catalogue.holidays),
        "days_worked": wording.days_worked(catalogue.holidays),
    }


def _kind(kind: Kind) -> Data:
    words = KIND_WORDS[kind]
    return {"tag": words.tag, "here": words.here, "sentence": words.sentence}


def _item(item: ServiceItem) -> Data:
    fee, duty = wording.fee(item.fee), item.duty
    visits = f"{item.visits} 次。{_sentence(item.visit_reason)}" if item.visits else "不用跑"
    basis = f"依据：{item.fee.reduction_basis}" if item.fee.reduction_basis else ""
    return {
        **item.model_dump(
            mode="json",
            include={
                "slug",
                "name",
                "plain_name",
                "code",
                "department",
                "conditions",
                "visits",
                "summary",
                "related",
            },
        ),
        "kind": item.kind.code,
        "theme": item.theme.value,
        "theme_anchor": f"#{item.theme.code}" if item.state is State.IN_USE else "",
        "state": item.state.value,
        "where": where_to_go(duty),
        "promised": wording.limit(item.promised_limit),
        "promised_note": _note(item.promised_limit),
        "fee": fee,
        "updated": str(item.updated),
        "updated_day": wording.day(item.updated),
        "materials": [_material(material) for material in item.materials],
        "steps": [
            {"name": step.name, "by": step.by.value, "text": step.text, "duration": step.duration or ""}
            for step in item.steps
        ],
        "duty": {
            name: [place.value for place in getattr(duty, name)]
            for name in ("advise", "collect", "accept", "inform", "deliver")
        },
        "online": item.online and {"url": item.online.url, "depth": DEPTH_WORDS[item.online.depth]},
        "questions": [question.model_dump() for question in item.questions],
        "legal_basis": [
            {
                "title": wording.title(each.title),
                "number": each.number or "",
                "article": each.article or "",
                "gist": each.gist,
            }
            for each in item.legal_basis
        ],
        "time": [
            ("法定时限", wording.limit(item.statutory_limit) + _note(item.statutory_limit)),
            ("特别程序", _sentence(item.special_procedure)),
            ("费用", fee + (f"。依据：{item.fee.basis}" if item.fee.charged else "")),
            ("怎么交费", _joined(item.fee.payment)),
            ("减免", f"{_sentence(item.fee.reduction)}{basis}" if item.fee.reduction else ""),
            ("跑几次", visits),
            ("办成后", item.result.name),
            ("什么样子", _sentence(item.result.sample)),
            ("怎么拿到", item.result.delivery),
        ],
        "about": [
            ("基本编码", item.code),
            ("事项类型", item.type.value),
            ("办件类型", item.handling.value),
            ("服务对象", _joined(item.audience)),
            ("主管部门", item.department),
        ],
        "more": [
            ("联办机构", "、".join(item.joint_departments)),
            ("委托部门", item.entrusted_by),
            ("行使层级", item.level.value),
            ("权力来源", item.power_source.value if item.power_source else ""),
            ("办理形式", _joined(item.channels)),
            ("通办范围", item.reach.value),
            ("物流快递", "结果可以寄到家" if item.express else ""),
            ("预约", "可以预约" if item.appointment else ""),
            ("自助终端", "可以在自助机上办" if item.self_service else ""),
            ("数量限制", item.quota),
            ("中介服务", item.intermediary),
            ("主题分类", _joined(item.topics)),
        ],
    }


def _material(material: Material) -> Data:
    return {
        **material.model_dump(
            mode="json", include={"name", "when", "note", "site_form", "blank_form", "sample_form"}
        ),
        "necessity": material.necessity.value,
        "copies": wording.copies(material),
        "has_copies": material.copies > 0,
        "either": material.form.value == "纸质或电子化",
        "told": [
            told
            for told in (material.specification, material.filling_notes, material.acceptance_standard)
            if told
        ],
    }


def _street(catalogue: Catalogue, area: Area, carried_out: tuple[Implementation, ...], staff: Staff) -> Data:
    street = area.entry.street
    layer = catalogue.layers.get(street.slug, NO_LAYER)
    own = {each.station: each for each in layer.stations}
    stations = [stop.station for stop in area.stations]
    offered = {
        station.slug: at_station(
            carried_out, station, own.get(station.slug, StationLayer(station=station.slug))
        )
        for station in stations
    }
    takes = {slug: {each.item.slug for each in taken} for slug, taken in offered.items()}
    everywhere = tuple(each for each in carried_out if each.layer is not Layer.STATION)
    agents = layer.relay.agents if layer.relay else ()
    carried = {village: number for number, agent in enumerate(agents) for village in agent.villages}
    names = {station.slug: station.name for station in stations}
    relay: Data | None = layer.relay.model_dump(mode="json") if layer.relay else None
    for agent in relay["agents"] if relay else ():
        agent["villages"] = [names[village] for village in agent["villages"]]
    counts = ((each, sum(one.layer is each for one in everywhere)) for each in Layer)
    kinds = _kinds(everywhere)
    return {
        **street.model_dump(mode="json", include={"slug", "name", "center", "address", "hours", "phone"}),
        "kind": street.kind.value,
        "complaint": street.complaint_phone,
        **_week(street.hours),
        "words": list(local_words(street.kind).items()),
        "counts": "，".join(f"{each.value} {count} 项" for each, count in counts if count),
        "map": _map(sketch(street, stations)),
        "relay": relay,
        "kinds": kinds,
        "offered": {
            each.item.slug: _implementation(
                each, [slug for slug, taken in takes.items() if each.item.slug not in taken]
            )
            for each in carried_out
        },
        "stations": [
            {
                **_station(area, station, stations, own.get(station.slug), staff),
                "agent": carried.get(station.slug, -1),
                "kinds": None if (at := _kinds(offered[station.slug])) == kinds else at,
            }
            for station in stations
        ],
    }


def _implementation(own: Implementation, without: list[str]) -> Data:
    return {
        "address": own.place,
        "hours": own.hours,
        "phone": own.phone,
        "promised": wording.limit(own.promised_limit),
        "promised_note": _note(own.promised_limit),
        "note": own.note,
        "body": own.body.name,
        "code": own.task_code,
        "layer": own.layer.value,
        "without": without,
    }


def _station(
    area: Area, station: Station, stations: Sequence[Station], own: StationLayer | None, staff: Staff
) -> Data:
    street = area.entry.street
    straight = metres(street, station)
    papers = own.hours if own else None
    return {
        **station.model_dump(mode="json", include={"slug", "name", "address", "hours", "phone"}),
        "self_service": station.self_service.value,
        "mobile": station.mobile.value,
        "on_behalf": station.on_behalf.value,
        "opened": wording.calendar_day(station.opened),
        **_week(station.hours),
        "own_papers": papers,
        "own_hours": papers if papers != station.hours else None,
        "own_note": own.note if own else None,
        "staff": [
            {"name": member.name, "number": member.number, "duty": member.duty}
            for member in staff[station.code]
        ],
        "map": _map(sketch(street, stations, station)),
        "near": [(each.number, each.minutes) for each in neighbours(stations, station)],
        "way": wording.way(straight, walking_minutes(straight)),
    }


def _kinds(offered: Iterable[Implementation]) -> list[Data]:
    every = tuple(offered)
    found = ((kind, [each.item.slug for each in every if each.item.kind is kind]) for kind in Kind)
    return [{"kind": kind.code, "items": items} for kind, items in found if items]


def _map(drawn: Sketch) -> Data:
    return {
        "height": drawn.height,
        "reach": drawn.reach,
        "bar": drawn.bar,
        "metres": drawn.metres,
        "centre": (drawn.centre.x, drawn.centre.y),
        "stations": [(spot.x, spot.y, spot.number) for spot in drawn.stations],
        "marked": drawn.marked and (drawn.marked.x, drawn.marked.y, drawn.marked.number),
    }


def _week(hours: str) -> Data:
    rows = week(hours)
    return {"week": rows, "even": is_even(rows)}


def _sentence(text: str | None) -> str:
    return sentence(text) if text else ""


def _note(limit: TimeLimit) -> str:
    return f"。{sentence(limit.note)}" if limit.note else ""


def _joined(words: Iterable[Coded]) -> str:
    return "、".join(word.value for word in words)
