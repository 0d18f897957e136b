"""A small content that changes at random and stays sound: the minimal catalogue, grown a little, and edits of it."""

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from catalog.codes import check_character
from tests.support.catalogue import MINIMAL

TEMPLATES = Path(__file__).parents[2] / "templates"
Row = dict[str, str]
_BODY = "{% block main %}"
_LINK = re.compile(r"\[([^]]*)\]\(item:([a-z0-9-]+)\)")


@dataclass
class Draft:
    """The records of a content's files, and what differs in the templates; `day` is that of the publication."""

    day: date
    district: dict[str, Any]
    bodies: list[Row]
    streets: list[Row]
    stations: list[Row]
    items: dict[str, dict[str, Any]]
    layers: dict[str, dict[str, Any]]
    prepared: dict[str, dict[str, Any]] = field(default_factory=dict)
    staff: list[Row] = field(default_factory=list)
    holidays: list[dict[str, Any]] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    comment: str = ""

    def copy(self) -> "Draft":
        return deepcopy(self)

    def write(self, root: Path) -> None:
        """`content` and `templates` in `root`, anew."""
        self.settle()
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(TEMPLATES, root / "templates")
        for path, text in {**self._files(), **self.templates}.items():
            file = root / ("templates" if path in self.templates else "content") / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def _files(self) -> Mapping[str, str]:
        tables = {"streets.csv": self.streets, "stations.csv": self.stations, "staff.csv": self.staff}
        tables["redirects.csv"] = [{"old": old, "new": new} for old, new in self.redirects.items()]
        return {
            "district.yaml": _yaml(self.district) + self.comment,
            "bodies.yaml": _yaml({"bodies": self.bodies}),
            **({"holidays.yaml": _yaml({"years": self.holidays})} if self.holidays else {}),
            **{name: _table(rows) for name, rows in tables.items() if rows},
            **{f"items/{slug}.yaml": _yaml(item) for slug, item in self.items.items()},
            **{f"items/{name}.yaml": _yaml(item) for name, item in self.prepared.items()},
            **{f"streets/{slug}.yaml": _yaml(layer) for slug, layer in self.layers.items() if layer},
        }

    def settle(self) -> None:
        """Take away what refers to nothing, and give every village of a relay an agent."""
        self.prepared = {
            name: item for name, item in self.prepared.items() if name.partition("@")[0] in self.items
        }
        shown = {slug for slug, item in self.in_force().items() if item.get("effective", "") <= str(self.day)}
        for item in (*self.items.values(), *self.prepared.values()):
            item["related"] = [slug for slug in item.get("related", ()) if slug in shown - {item["slug"]}]
            item["summary"] = _LINK.sub(
                lambda found: found[0] if found[2] in shown else found[1], item["summary"]
            )
        self.district["items"] = [slug for slug in self.district["items"] if slug in self.items]
        self.layers = {
            street["slug"]: self._settled(self.layers.get(street["slug"], {}), street)
            for street in self.streets
        }
        codes = {station["code"] for station in self.stations}
        self.staff = [member for member in self.staff if member["station"] in codes]
        now = self.addresses()
        moved = {old: new for old, new in self.redirects.items() if old not in now and new in now}
        self.redirects = {old: new for old, new in moved.items() if new not in moved}

    def _settled(self, layer: dict[str, Any], street: Row) -> dict[str, Any]:
        own = [station["slug"] for station in self.stations if station["street"] == street["code"]]
        below = self.district["items"]
        additions = [slug for slug in layer.get("additions", ()) if slug in self.items and slug not in below]
        stations = []
        for each in layer.get("stations", ()):
            kept = {
                **each,
                "adds": [
                    slug
                    for slug in each.get("adds", ())
                    if slug in self.items and slug not in (*below, *additions)
                ],
                "without": [slug for slug in each.get("without", ()) if slug in (*below, *additions)],
            }
            kept = {name: value for name, value in kept.items() if value}
            if each["station"] in own and len(kept) > 1:
                stations.append(kept)
        offered = {*below, *additions, *(slug for each in stations for slug in each.get("adds", ()))}
        told = {
            "additions": additions,
            "overrides": [each for each in layer.get("overrides", ()) if each["item"] in offered],
            "stations": stations,
            "relay": self._relay(layer["relay"], own, offered) if own and "relay" in layer else None,
        }
        return {name: value for name, value in told.items() if value}

    def _relay(self, relay: dict[str, Any], own: list[str], offered: set[str]) -> dict[str, Any]:
        """One agent for all villages."""
        agent = {**relay["agents"][0], "villages": own}
        agent["items"] = [slug for slug in agent.get("items", ()) if slug in offered]
        return {**relay, "agents": [{name: value for name, value in agent.items() if value}]}

    def offered(self, street: Row) -> list[str]:
        """The items that a street or one of its stations carries out."""
        layer = self.layers.get(street["slug"], {})
        adds = [slug for each in layer.get("stations", ()) for slug in each.get("adds", ())]
        return list(dict.fromkeys([*self.district["items"], *layer.get("additions", ()), *adds]))

    def in_force(self) -> dict[str, dict[str, Any]]:
        """The items, in the versions of the day."""
        begun = sorted(name for name in self.prepared if name.partition("@")[2] <= str(self.day))
        return self.items | {name.partition("@")[0]: self.prepared[name] for name in begun}

    def addresses(self) -> set[str]:
        """Of the pages of items, streets and stations on the day."""
        return set(self._addresses())

    def _addresses(self) -> Iterator[str]:
        day = str(self.day)
        begun = {slug: item for slug, item in self.in_force().items() if item.get("effective", day) <= day}
        in_use = {
            slug
            for slug, item in begun.items()
            if item.get("state", "在用") == "在用" and item.get("expires", "9") > day
        }
        yield from (f"/items/{slug}.html" for slug in begun)
        for street in self.streets:
            yield f"/streets/{street['slug']}.html"
            for slug in in_use.intersection(self.offered(street)):
                yield f"/streets/{street['slug']}/items/{slug}.html"
            for station in self.stations:
                if station["street"] == street["code"]:
                    yield f"/streets/{street['slug']}/{station['slug']}.html"
                    yield f"/streets/{street['slug']}/{station['slug']}/poster.html"

    def rename(self, change: Callable[[], None], old: str, new: str) -> None:
        """`change` replaces the pattern `old` in addresses by `new`: the old addresses lead on."""
        before = self.addresses()
        change()
        moved = {address: re.sub(old, new, address) for address in before - self.addresses()}
        self.redirects = {was: moved.get(now, now) for was, now in self.redirects.items()} | moved


def first_draft(day: date) -> Draft:
    """Three streets, five stations, three items."""
    draft = Draft(
        day,
        _read("district.yaml"),
        _read("bodies.yaml")["bodies"],
        _rows("streets.csv"),
        _rows("stations.csv"),
        {path.stem: _read(f"items/{path.name}") for path in sorted((MINIMAL / "items").iterdir())},
        {path.stem: _read(f"streets/{path.name}") for path in (MINIMAL / "streets").iterdir()},
    )
    # Workbooks take half of the time, and are not what is edited here.
    draft.district["website"]["formats"] = ["schema.org"]
    draw = Random(0)
    add_item(draft, draw, 1)
    add_street(draft, draw, 2)
    for number, street in enumerate(draft.streets[:2], start=3):
        _add_station(draft, street, number)
    draft.settle()
    return draft


Edit = Callable[[Draft, Random, int], object]
"""Changes a draft; `number` is new at each edit. Returns False if there is nothing that it could change."""


def change_item(draft: Draft, draw: Random, number: int) -> None:
    item = draw.choice(list(draft.items.values()))
    said = f"第 {number} 次改。"
    kind = draw.randrange(9)
    if kind == 0:
        item["summary"] = item["summary"].rstrip() + said
    elif kind == 1:
        item["conditions"] = [*item["conditions"][:2], said]
    elif kind == 2:
        item["steps"][0]["text"] = said
    elif kind == 3:
        item["plain_name"] = f"样例叫法{number}"
    elif kind == 4:
        item["aliases"] = [f"样例别名{number}"]
    elif kind == 5:
        item["materials"] = [*item["materials"][:2], {**item["materials"][0], "name": f"样例材料{number}"}]
    elif kind == 6:
        item["theme"] = draw.choice(["养老", "就业", "助残"])
    elif kind == 7:
        item["questions"] = [{"question": f"第 {number} 问？", "answer": said}]
    else:
        item["updated"] = str(draft.day - timedelta(days=number % 300))


def stop_item(draft: Draft, draw: Random, number: int) -> bool:
    """Suspend, cancel or take up again one that is not the first."""
    slugs = list(draft.items)[1:]
    if not slugs:
        return False
    item = draft.items[draw.choice(slugs)]
    item["state"] = draw.choice(
        [state for state in ("在用", "暂停", "取消") if state != item.get("state", "在用")]
    )
    return True


def change_station(draft: Draft, draw: Random, number: int) -> None:
    station = draw.choice(draft.stations)
    _change(
        draw,
        station,
        {
            "name": f"样例社区{number}",
            "address": f"样例区样例路 {number} 号",
            "hours": f"周一至周日 8:{number % 60:02}—18:00",
            "phone": f"010-{number:08}",
            "longitude": f"116.{number % 90:04}",
            "self_service": "否" if station["self_service"] == "是" else "是",
            "opened": f"2026-0{number % 9 + 1}-01",
        },
    )


def change_street(draft: Draft, draw: Random, number: int) -> None:
    street = draw.choice(draft.streets)
    _change(
        draw,
        street,
        {
            "name": f"样例{number}街道",
            "center": f"样例服务中心{number}",
            "address": f"样例区样例大街 {number} 号",
            "hours": f"周一至周六 8:{number % 60:02}—17:00",
            "phone": f"010-{number:08}",
            "latitude": f"40.{number % 90:04}",
        },
    )


def change_district(draft: Draft, draw: Random, number: int) -> None:
    _change(
        draw,
        draft.district,
        {
            "illustrative": f"第 {number} 版虚构示例。",
            "site_name": f"样例办事{number}",
            "advice_phone": f"010-{number:08}",
        },
    )


def _change(draw: Random, record: dict[str, Any], values: Mapping[str, str]) -> None:
    name = draw.choice(list(values))
    record[name] = values[name]


def add_item(draft: Draft, draw: Random, number: int) -> None:
    """For everybody, for one street, for one station, or for nobody yet."""
    pattern = _read("items/jiu-ye-deng-ji.yaml")
    slug = f"shi-xiang-{number}"
    draft.items[slug] = pattern | {
        "code": f"0020{number:08}",
        "slug": slug,
        "name": f"样例登记{number}",
        "plain_name": f"登记样例{number}",
    }
    street, station = draw.choice(draft.streets), draw.choice(draft.stations)
    kind = draw.randrange(4)
    if kind == 0:
        draft.district["items"].insert(draw.randint(0, 1), slug)
    elif kind == 1:
        draft.layers.setdefault(street["slug"], {}).setdefault("additions", []).append(slug)
    elif kind == 2:
        _own(draft, station).setdefault("adds", []).append(slug)


def remove_item(draft: Draft, draw: Random, number: int) -> bool:
    """One that is not the first."""
    slugs = [slug for slug in list(draft.items)[1:] if draft.district["items"] != [slug]]
    if not slugs:
        return False
    del draft.items[draw.choice(slugs)]
    return True


def rename_item(draft: Draft, draw: Random, number: int) -> None:
    old, new = draw.choice(list(draft.items)), f"gai-{number}"

    def change() -> None:
        whole = (draft.district, draft.layers, draft.items, draft.prepared)
        draft.district, draft.layers, draft.items, draft.prepared = (
            _renamed(each, old, new) for each in whole
        )

    draft.rename(change, rf"/{old}\.html", f"/{new}.html")


def _renamed(value: Any, old: str, new: str) -> Any:
    """With the slug replaced wherever it stands."""
    if isinstance(value, dict):
        return {_renamed(name, old, new): _renamed(each, old, new) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, old, new) for each in value]
    if not isinstance(value, str):
        return value
    # Alone, before the day of a version, or in a link.
    return re.sub(rf"^{old}(?=$|@)|(?<=\(item:){old}(?=\))", new, value)


def list_item(draft: Draft, draw: Random, number: int) -> None:
    """Into the district's list, out of it, or to its end."""
    listed, slug = draft.district["items"], draw.choice(list(draft.items))
    if slug not in listed:
        listed.insert(0, slug)
    elif len(listed) > 1:
        listed.remove(slug)
        if draw.random() < 0.5:
            listed.append(slug)


def link_items(draft: Draft, draw: Random, number: int) -> bool:
    if len(draft.items) < 2:
        return False
    one, other = draw.sample(list(draft.items), 2)
    item = draft.items[one]
    item["related"] = [other]
    item["summary"] = f"{item['summary'].rstrip()}也看[第 {number} 处](item:{other})。"
    return True


def date_item(draft: Draft, draw: Random, number: int) -> bool:
    """One that is not the first takes effect or expires in the days around this one."""
    items = list(draft.items.values())[1:]
    if not items:
        return False
    item = draw.choice(items)
    item.pop("effective", None)
    item.pop("expires", None)
    item[draw.choice(["effective", "expires"])] = str(draft.day + timedelta(days=draw.randint(-1, 3)))
    return True


def prepare_item(draft: Draft, draw: Random, number: int) -> None:
    """A version of an item for one of the next days."""
    slug = draw.choice(list(draft.items))
    day = draft.day + timedelta(days=draw.randint(1, 3))
    draft.prepared[f"{slug}@{day}"] = draft.items[slug] | {"summary": f"第 {number} 次预先写好。"}


def add_station(draft: Draft, draw: Random, number: int) -> None:
    _add_station(draft, draw.choice(draft.streets), number)


def _add_station(draft: Draft, street: Row, number: int) -> None:
    station = _rows("stations.csv")[0] | {
        "code": f"{street['code']}{number % 900 + 100:03}",
        "slug": f"zhan-{number}",
        "name": f"样例{number}社区",
        "street": street["code"],
        "longitude": f"116.{number % 90:04}",
    }
    draft.stations.insert(number % 3, station)


def remove_station(draft: Draft, draw: Random, number: int) -> bool:
    if len(draft.stations) < 2:
        return False
    draft.stations.remove(draw.choice(draft.stations))
    return True


def rename_station(draft: Draft, draw: Random, number: int) -> None:
    station, new = draw.choice(draft.stations), f"zhan-gai-{number}"
    street = next(street for street in draft.streets if street["code"] == station["street"])
    old = station["slug"]

    def change() -> None:
        layer = draft.layers.get(street["slug"], {})
        station["slug"] = new
        for each in layer.get("stations", ()):
            each["station"] = new if each["station"] == old else each["station"]
        if "relay" in layer:
            layer["relay"] = _renamed(layer["relay"], old, new)

    draft.rename(change, rf"^/streets/{street['slug']}/{old}(?=[./])", f"/streets/{street['slug']}/{new}")


def add_street(draft: Draft, draw: Random, number: int) -> None:
    first = f"11990100{number + 500:08}0"
    body = {
        "name": f"样例{number}街道办事处",
        "unified_code": first + check_character(first),
        "nature": "法定机关",
    }
    street = _rows("streets.csv")[0] | {
        "code": f"990100{number % 800 + 200}",
        "slug": f"jie-{number}",
        "name": f"样例新{number}街道",
        "body": body["name"],
    }
    draft.bodies.append(body)
    draft.streets.insert(draw.randint(0, len(draft.streets)), street)
    _add_station(draft, street, number)


def remove_street(draft: Draft, draw: Random, number: int) -> bool:
    """With its stations; one that leaves others behind."""
    gone = draw.choice(draft.streets)
    rest = [station for station in draft.stations if station["street"] != gone["code"]]
    if not rest:
        return False
    draft.streets.remove(gone)
    draft.stations = rest
    draft.bodies = [body for body in draft.bodies if body["name"] != gone["body"]]
    return True


def rename_street(draft: Draft, draw: Random, number: int) -> None:
    street, new = draw.choice(draft.streets), f"jie-gai-{number}"
    old = street["slug"]

    def change() -> None:
        street["slug"] = new
        draft.layers = {new if slug == old else slug: layer for slug, layer in draft.layers.items()}

    draft.rename(change, rf"^/streets/{old}(?=[./])", f"/streets/{new}")


def add_override(draft: Draft, draw: Random, number: int) -> bool:
    street = draw.choice(draft.streets)
    overrides = draft.layers.setdefault(street["slug"], {}).setdefault("overrides", [])
    free = [slug for slug in draft.offered(street) if slug not in [each["item"] for each in overrides]]
    if not free:
        return False
    what = draw.choice(
        [{"note": f"本街道说明{number}"}, {"phone": f"010-{number:08}"}, {"place": f"样例区 {number} 号楼"}]
    )
    overrides.append({"item": draw.choice(free), **what})
    return True


def remove_override(draft: Draft, draw: Random, number: int) -> bool:
    having = [layer for layer in draft.layers.values() if layer.get("overrides")]
    if not having:
        return False
    overrides = draw.choice(having)["overrides"]
    overrides.remove(draw.choice(overrides))
    return True


def change_own(draft: Draft, draw: Random, number: int) -> None:
    """What one station does otherwise than its street."""
    station = draw.choice(draft.stations)
    own, listed = _own(draft, station), draft.district["items"]
    own.update(
        draw.choice(
            [
                {"note": f"本站说明{number}"},
                {"without": [draw.choice(listed)]},
                {"hours": f"周一 9:{number % 60:02}—11:00"},
            ]
        )
    )


def _own(draft: Draft, station: Row) -> dict[str, Any]:
    street = next(street["slug"] for street in draft.streets if street["code"] == station["street"])
    stations = draft.layers.setdefault(street, {}).setdefault("stations", [])
    for each in stations:
        if each["station"] == station["slug"]:
            return each  # type: ignore[no-any-return]
    stations.append({"station": station["slug"]})
    return stations[-1]  # type: ignore[no-any-return]


def change_staff(draft: Draft, draw: Random, number: int) -> None:
    if len(draft.staff) > 2:
        draft.staff.pop(0)
    code = draw.choice(draft.stations)["code"]
    draft.staff.append({"station": code, "name": f"样例{number}", "number": f"社 {number}", "duty": "周一"})


def change_holidays(draft: Draft, draw: Random, number: int) -> None:
    day = f"2026-12-{number % 28 + 1:02}"
    feast = {"name": f"样例节{number}", "first": day, "last": day}
    draft.holidays = [{"year": 2026, "source": f"样例通知 {number} 号", "holidays": [feast]}]


def reorder(draft: Draft, draw: Random, number: int) -> None:
    draw.shuffle(draft.streets)
    draw.shuffle(draft.stations)


def forget_addresses(draft: Draft, draw: Random, number: int) -> bool:
    """Some of the old addresses no longer lead on."""
    if not draft.redirects:
        return False
    del draft.redirects[draw.choice(list(draft.redirects))]
    return True


def change_template(draft: Draft, draw: Random, number: int) -> None:
    name = draw.choice(["layout", "station", "guide", "street", "moved", "404", "home", "open-data"])
    mark = "<body>" if name in ("layout", "moved") else _BODY
    text = (TEMPLATES / f"{name}.html").read_text("utf-8")
    assert mark in text
    draft.templates[f"{name}.html"] = text.replace(mark, f"{mark}<!-- {number} -->", 1)


def change_static(draft: Draft, draw: Random, number: int) -> None:
    """A style sheet, or a file that is there at times only."""
    if draw.random() < 0.5:
        css = (TEMPLATES / "static" / "site.css").read_text("utf-8")
        draft.templates["static/site.css"] = f"{css}/* {number} */\n"
    elif draft.templates.pop("static/more.txt", None) is None:
        draft.templates["static/more.txt"] = f"{number}\n"


def undo_templates(draft: Draft, draw: Random, number: int) -> bool:
    if not draft.templates:
        return False
    del draft.templates[draw.choice(list(draft.templates))]
    return True


EDITS: tuple[Edit, ...] = (
    change_item,
    stop_item,
    change_station,
    change_street,
    change_district,
    add_item,
    remove_item,
    rename_item,
    list_item,
    link_items,
    date_item,
    prepare_item,
    add_station,
    remove_station,
    rename_station,
    add_street,
    remove_street,
    rename_street,
    add_override,
    remove_override,
    change_own,
    change_staff,
    change_holidays,
    reorder,
    forget_addresses,
    change_template,
    change_static,
    undo_templates,
)


def _read(file: str) -> Any:
    return yaml.safe_load((MINIMAL / file).read_text("utf-8"))


def _rows(file: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO((MINIMAL / file).read_text("utf-8"))))


def _yaml(value: object) -> str:
    return str(yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))


def _table(rows: list[Row]) -> str:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()
