"""A whole city's content, made up from the sample's items: what the generator is measured and tried on.

Areas, addresses, telephones and people are drawn by chance. The model has one district; the sixteen that a city has
stand in the names and addresses of their streets.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from random import Random
from typing import Any

import yaml

from catalog.codes import check_character
from catalog.load import BODIES, DISTRICT, FORMS, HOLIDAYS, ITEMS, LAYERS, STAFF, STATIONS, STREETS
from catalog.pinyin import syllables

STREET_COUNT, STATION_COUNT = 343, 7_120
FEWEST, MOST = 5, 60
"""Stations of one street."""
Row = dict[str, str]
Layer = dict[str, Any]

# Name, streets, townships among them, and how far its middle lies east and north of the city's, in kilometres.
_DISTRICTS = (
    ("映川区", 28, 0, 4, 3),
    ("澄湖区", 24, 0, -4, 3),
    ("宁熙区", 22, 0, 4, -4),
    ("瑞泽区", 26, 0, -4, -4),
    ("锦汀区", 20, 0, 13, 2),
    ("明岫区", 18, 0, -13, 2),
    ("和畅区", 24, 4, 2, 14),
    ("景明区", 22, 4, 0, -15),
    ("兰渚区", 25, 8, 24, 10),
    ("清渡区", 20, 6, 26, -12),
    ("云岫区", 21, 8, -26, -14),
    ("鹿鸣区", 19, 8, -24, 16),
    ("松岚区", 18, 12, 8, 46),
    ("石涧区", 22, 14, -40, 38),
    ("雁洲区", 16, 11, 46, 40),
    ("翠崖区", 18, 13, -52, -4),
)
_MIDDLE = 39.95, 116.35
_KILOMETRE = 1 / 111.195
"""Degrees of latitude."""
_FIRST = (
    "青柳槐松柏桐枫杏桃桂兰竹菊荷云霞岚晴雪溪泉湖石玉金银锦文武永福昌盛平顺康宁和嘉瑞鹤鹿雁凤龙白双百万广"
)
_SECOND = "泉溪河湖塘桥井渡林园山峰岩台亭阁楼塔门关营寨店铺坊田陌圃洲川源光辉荣华丰泰兴旺德仁义信善贤明清芳香"
_NEW = "东"
"""Before the names of the places of a larger city, when all others are taken."""
_BLOCKS = "里 园 坊 东里 西里 南里 北里 家园 花园".split()
_VILLAGES = "庄 峪 岭 沟 湾 坡 台 洼 口".split()
_ROADS = "路 街 大街 胡同 巷 东路 西路 南街 北街".split()
_SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹柏窦章苏潘葛范彭鲁韦马苗方任袁柳史唐"
_GIVEN = "安平宁静远志文明晓春秋冬雨雪晴岚云霞月星光辉思齐敏慧巧芳兰竹梅松柏成立诚信义仁德善嘉瑞"
_HOURS = "周一至周五 9:00–12:00，13:30–17:30"
# The first is the usual one: it is drawn most often.
_STREET_HOURS = (_HOURS,) * 6 + (f"{_HOURS}；周六上午 9:00–12:00", "周一至周五 9:00–17:00")
_STATION_HOURS = (_HOURS,) * 8 + (f"{_HOURS}；周六 9:00–12:00", "周一至周五 8:30–12:00，14:00–18:00")
_PAPER_HOURS = ("周一至周五 9:00–11:30", "周一、三、五 9:00–12:00", "周二、四 13:30–16:30")
_DUTIES = ("周一至周五", "周一至周五", "周一、三、五", "周二、四")
_STREET_NOTES = ("来办的人多，请尽量上午来。", "这一项在二层窗口办，有电梯。", "有志愿者帮您填表。")
_STATION_NOTES = (
    "站点正在装修，请从侧门进。",
    "站里有打印机，材料可以现场打印。",
    "请先打电话，确认社工在站里。",
)


@dataclass(frozen=True)
class _Place:
    """A street or township on its way into the tables: its number in the city and its district's name."""

    number: int
    district: str
    stem: str
    is_township: bool
    latitude: float
    longitude: float

    @property
    def name(self) -> str:
        return f"{self.stem}{'镇' if self.is_township else '街道'}"

    @property
    def code(self) -> str:
        return f"110199{self.number:03}"

    @property
    def slug(self) -> str:
        return f"{_spelled(self.stem)}-{'zhen' if self.is_township else 'jiedao'}"

    @property
    def body(self) -> str:
        return f"{self.district}{self.name}{'人民政府' if self.is_township else '办事处'}"


# In formats that repeat a service at each place that offers it, a city fills a gigabyte that nobody downloads whole.
_FEW_FORMATS = """website:
  # 全市的事项和站点太多，别的格式要用时另行导出（build.py export）
  formats: []
""".encode()


def city(seed: int, sample: Mapping[str, bytes], scale: int = 1) -> Mapping[str, bytes]:
    """The files of a city's content directory, path to bytes; the same for the same seed, sample and scale.

    It has `scale` times as many streets and stations as STREET_COUNT and STATION_COUNT: 1 or 2, as streets have three
    digits. Of `sample`, the files of a content directory, the district, its departments, items, forms and holidays are
    kept.
    """
    draw = Random(seed)
    stems = list(
        {_spelled(first + second): first + second for first, second in product(_FIRST, _SECOND)}.values()
    )
    draw.shuffle(stems)
    supply = chain(stems, (_NEW + stem for stem in stems))
    places = list(_places(draw, supply, scale))
    stations = {
        place.code: list(_stations(draw, place, size, supply))
        for place, size in zip(places, _sizes(draw, len(places), scale), strict=True)
    }
    rows = _numbered(row for each in stations.values() for row in each)
    district = yaml.load(sample[DISTRICT], yaml.CSafeLoader)["items"]
    items = [path[len(ITEMS) + 1 : -len(".yaml")] for path in sorted(sample) if path.startswith(f"{ITEMS}/")]
    more = [slug for slug in items if slug not in district]
    kept = {
        path: data
        for path, data in sample.items()
        if path.split("/")[0] in (DISTRICT, HOLIDAYS, ITEMS, FORMS)
    }
    return {
        **kept,
        DISTRICT: sample[DISTRICT].replace(b"website:\n", _FEW_FORMATS, 1),
        BODIES: _yaml({"bodies": [*_departments(sample[BODIES]), *map(_body, places)]}),
        STREETS: _table([_street(draw, place) for place in places]),
        STATIONS: _table(rows),
        STAFF: _table(_staff(draw, rows)),
        **{
            f"{LAYERS}/{place.slug}.yaml": _yaml(_layer(draw, place, stations[place.code], district, more))
            for place in places
        },
    }


def _spelled(name: str) -> str:
    return "".join(syllables(name))


def _places(draw: Random, supply: Iterator[str], scale: int) -> Iterator[_Place]:
    number = 0
    for district, count, townships, east, north in _DISTRICTS:
        # Farther out there is more land to a street.
        radius = 2.5 + math.hypot(east, north) / 6
        for index in range(count * scale):
            number += 1
            latitude, longitude = _moved(draw, *_offset(*_MIDDLE, east, north), radius)
            yield _Place(
                number, district, next(supply), index >= (count - townships) * scale, latitude, longitude
            )


def _sizes(draw: Random, count: int, scale: int) -> list[int]:
    """How many stations each street has: most have around twenty, few have many."""
    sizes = [min(MOST, max(FEWEST, round(draw.lognormvariate(2.9, 0.5)))) for _ in range(count)]
    while lacking := STATION_COUNT * scale - sum(sizes):
        one = draw.randrange(count)
        sizes[one] = min(MOST, max(FEWEST, sizes[one] + (1 if lacking > 0 else -1)))
    return sizes


def _street(draw: Random, place: _Place) -> Row:
    return {
        "code": place.code,
        "slug": place.slug,
        "name": place.name,
        "kind": "乡镇" if place.is_township else "街道",
        "center": f"{place.name}政务服务中心",
        "address": f"{place.district}{place.name}{_road(draw)}",
        "hours": draw.choice(_STREET_HOURS),
        "phone": f"010-0001{place.number:04}",
        "complaint_phone": f"010-0002{place.number:04}",
        "body": place.body,
        "longitude": f"{place.longitude:.5f}",
        "latitude": f"{place.latitude:.5f}",
    }


def _stations(draw: Random, place: _Place, size: int, supply: Iterator[str]) -> Iterator[Row]:
    """A street's stations, neighbourhood by neighbourhood; villages stand for themselves."""
    reach = 7.0 if place.is_township else 1.2
    for count, (name, latitude, longitude) in enumerate(
        islice(_neighbourhoods(draw, place, reach, supply), size), start=1
    ):
        unit = "村" if place.is_township else "社区"
        yield {
            "code": f"{place.code}{count + (200 if place.is_township else 0):03}",
            "slug": f"{_spelled(name)}-{'cun' if place.is_township else 'shequ'}",
            "name": f"{name}{unit}{'便民服务站' if place.is_township else '政务服务站'}",
            "street": place.code,
            "address": f"{place.district}{place.name}{name + unit if place.is_township else ''}{_road(draw)}",
            "hours": draw.choice(_STATION_HOURS),
            "phone": "",
            "longitude": f"{longitude:.5f}",
            "latitude": f"{latitude:.5f}",
            "self_service": draw.choice("是否"),
            "mobile": draw.choice("是否否"),
            "on_behalf": draw.choice("是是是否"),
            "opened": f"2026-{draw.randint(6, 11):02}-{draw.randint(1, 20):02}",
        }


def _neighbourhoods(
    draw: Random, place: _Place, reach: float, supply: Iterator[str]
) -> Iterator[tuple[str, float, float]]:
    """Names and places without end: those that share a first name lie beside each other."""
    endings = _VILLAGES if place.is_township else _BLOCKS
    while True:
        stem = next(supply)
        middle = _moved(draw, place.latitude, place.longitude, reach)
        for ending in draw.sample(endings, draw.randint(5, len(endings))):
            yield (f"{stem}{ending}", *_moved(draw, *middle, reach / 4))


def _numbered(rows: Iterator[Row]) -> list[Row]:
    return [{**row, "phone": f"010-{10_0000 + number:08}"} for number, row in enumerate(rows)]


def _staff(draw: Random, stations: Sequence[Row]) -> list[Row]:
    return [
        {
            "station": station["code"],
            "name": _person(draw),
            "number": f"社 {number:04}{'ABC'[index]}",
            "duty": draw.choice(_DUTIES),
        }
        for number, station in enumerate(stations, start=1)
        for index in range(draw.choice((1, 2, 2, 3)))
    ]


def _layer(
    draw: Random, place: _Place, stations: Sequence[Row], district: Sequence[str], more: Sequence[str]
) -> Layer:
    """Most streets carry out every item; some leave a few to a single station or to nobody."""
    lacking = draw.sample(more, draw.choice((0, 1, 2, 3) if place.is_township else (0, 0, 0, 0, 1, 2)))
    additions = [slug for slug in more if slug not in lacking]
    told: Layer = {
        "additions": additions,
        "overrides": [_override(draw, place, slug) for slug in draw.sample(district, draw.randint(0, 3))],
        "stations": [
            _own(draw, station["slug"], [*district, *additions], lacking)
            for station in stations
            if draw.random() < 0.15
        ],
    }
    if place.is_township:
        told["relay"] = _relay(draw, place, [station["slug"] for station in stations])
    return {name: value for name, value in told.items() if value}


def _override(draw: Random, place: _Place, slug: str) -> Layer:
    note, phone = draw.choice(_STREET_NOTES), f"010-0003{place.number:04}"
    return {"item": slug, **draw.choice(({"note": note}, {"phone": phone}, {"phone": phone, "note": note}))}


def _own(draw: Random, station: str, offered: Sequence[str], lacking: Sequence[str]) -> Layer:
    ways: list[Layer] = [
        {"without": draw.sample(offered, draw.randint(1, 4))},
        {"hours": draw.choice(_PAPER_HOURS)},
        {"note": draw.choice(_STATION_NOTES)},
        *({"adds": [slug]} for slug in lacking),
    ]
    return {"station": station, **draw.choice(ways)}


def _relay(draw: Random, place: _Place, villages: Sequence[str]) -> Layer:
    shares = [list(villages[first : first + 5]) for first in range(0, len(villages), 5)]
    return {
        "agents": [
            {
                **_worker(draw, "代", place, index),
                "villages": share,
                "hours": draw.choice(("周一、三、五上午到各村收材料", "周二、四上午到各村收材料")),
                "collection": "上门收，出发前一天打电话约时间。",
            }
            for index, share in enumerate(shares, start=1)
        ],
        "clerk": {
            **_worker(draw, "镇", place, 20),
            "at_once": "镇里能办的，材料齐了当场办。",
            "carries": "要区里办的，每周二、五上午送到区政务服务中心。",
        },
        "coordinator": {
            **_worker(draw, "区", place, 21),
            "same_day": "当天能办的，当天办完。",
            "others": "其余的，按承诺时限缩短三分之一办完。",
        },
        "results": "办完当天通知镇里，3 天内由代办员送到家，也可以寄到家。",
    }


def _worker(draw: Random, baton: str, place: _Place, index: int) -> Row:
    return {
        "name": _person(draw),
        "number": f"{baton} {place.number:03}{index:02}",
        "phone": f"010-002{place.number:03}{index:02}",
    }


def _departments(bodies: bytes) -> list[Row]:
    """The sample's bodies but for the offices of its streets."""
    told: list[Row] = yaml.load(bodies, yaml.CSafeLoader)["bodies"]
    return [body for body in told if not body["name"].endswith(("街道办事处", "镇人民政府"))]


def _body(place: _Place) -> Row:
    first = f"11110199{100_000 + place.number:08}0"
    return {"name": place.body, "unified_code": first + check_character(first), "nature": "法定机关"}


def _road(draw: Random) -> str:
    return f"{draw.choice(_FIRST)}{draw.choice(_SECOND)}{draw.choice(_ROADS)} {draw.randint(1, 199)} 号"


def _person(draw: Random) -> str:
    return draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=draw.choice((1, 2, 2))))


def _moved(draw: Random, latitude: float, longitude: float, reach: float) -> tuple[float, float]:
    """Somewhere within `reach` kilometres, everywhere as likely."""
    angle, distance = draw.uniform(0, math.tau), reach * math.sqrt(draw.random())
    return _offset(latitude, longitude, distance * math.cos(angle), distance * math.sin(angle))


def _offset(latitude: float, longitude: float, east: float, north: float) -> tuple[float, float]:
    return latitude + north * _KILOMETRE, longitude + east * _KILOMETRE / math.cos(math.radians(latitude))


def _table(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def _yaml(value: object) -> bytes:
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, encoding="utf-8")
