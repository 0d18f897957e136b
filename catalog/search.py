"""The search index of a checked catalogue: the names of items and places and how they are spelled.

docs/search.md tells the format and how the browser matches. Nothing in it depends on time: the same catalogue gives
the same bytes.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from catalog.entries import SEARCH, item_address, station_address, street_address
from catalog.guides import KIND_WORDS
from catalog.model import Catalogue, ServiceItem, Station, Street
from catalog.pinyin import fold, syllables
from catalog.terms import State

ITEMS = f"{SEARCH}items.json"
"""The address of the items' index; it names the file of summaries and the files of stations."""
SUMMARIES = f"{SEARCH}summaries.json"
VERSION = 1
FILLERS = (
    "怎么(?:办理?|弄|领|样|交|报|回事)?", "怎样", "如何", "咋办?", "什么", "[要有]?啥", "请问",
    "我[要想]?", "我们家?", "想要?", "需要", "可以", "能不能", "有没有", "办理?", "申请", "多少钱?",
    "[去上在](?:哪里?|哪儿)", "哪[里儿]?", "[吗呢吧呀啊的了个能要有给找]",
)  # fmt: skip
"""What a sentence only asks with: patterns that the browser takes away before it compares, the longer ones first."""
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_ENDING = re.compile(
    r"(.+?)((?:社区|村)?(?:居委会|村委会)?(?:政务|便民|党群|公共|综合)*(?:服务)?(?:中心|站|点|室|厅)?)",
    re.DOTALL,
)


def files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Address to bytes of the whole index: the items, their summaries, the district's streets and stations."""
    places = f"{SEARCH}stations-{catalogue.district.code}.json"
    items = [item for item in catalogue.items if item.state is State.IN_USE]
    names = [name for item in items for name in (item.plain_name, item.name, *item.aliases)]
    return {
        ITEMS: _encoded(
            {
                **_spelling(names),
                "items": [_item(item) for item in items],
                "fillers": "|".join(FILLERS),
                "summaries": SUMMARIES,
                "stations": [places],
            }
        ),
        SUMMARIES: _encoded([_plain(item.summary) for item in items]),
        places: _encoded(_places(catalogue)),
    }


def stem(name: str) -> tuple[str, str]:
    """A station's own name and what many share: 槐香园社区政务服务站 as ("槐香园", "社区政务服务站")."""
    found = _ENDING.fullmatch(name)
    assert found is not None, "the own part takes whatever is left"
    return found[1], found[2]


def readings(names: Iterable[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """How names are spelled: {"chang": "长常"} for each character where it is mostly read so.

    Then every name in which a character is read otherwise, folded, with its syllables: {"长辈": "zhang bei"}.
    """
    spelled = {fold(name): syllables(name) for name in names}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, read in spelled.items():
        for character, syllable in zip(name, read, strict=True):
            counts[character][syllable] += 1
    mostly = {character: _most(count) for character, count in counts.items()}
    by_syllable: defaultdict[str, str] = defaultdict(str)
    for character, syllable in sorted(mostly.items()):
        if character != syllable:
            by_syllable[syllable] += character
    otherwise = {
        name: " ".join(read) for name, read in spelled.items() if read != tuple(mostly[c] for c in name)
    }
    return dict(sorted(by_syllable.items())), otherwise


def _most(count: Counter[str]) -> str:
    return min(count, key=lambda syllable: (-count[syllable], syllable))


def _spelling(names: Iterable[str]) -> Mapping[str, Any]:
    mostly, otherwise = readings(names)
    return {"version": VERSION, "readings": mostly, "otherwise": otherwise}


def _item(item: ServiceItem) -> list[Any]:
    address, tag = item_address(item.slug), KIND_WORDS[item.kind].tag
    return [address, tag, item.plain_name, item.name, *item.aliases]


def _places(catalogue: Catalogue) -> Mapping[str, Any]:
    streets = {street.code: street for street in catalogue.streets}
    endings = _numbered(stem(station.name)[1] for station in catalogue.stations)
    names = [*(street.name for street in catalogue.streets), *(stop.name for stop in catalogue.stations)]
    return {
        **_spelling(names),
        "streets": [_street(street) for street in catalogue.streets],
        "endings": list(endings),
        "stations": [_station(stop, streets[stop.street], endings) for stop in catalogue.stations],
    }


def _street(street: Street) -> list[str]:
    return [street_address(street), street.center, street.name, street.address]


def _station(station: Station, street: Street, endings: Mapping[str, int]) -> list[str | int]:
    own, ending = stem(station.name)
    return [station_address(street, station), own, endings[ending], station.address]


def _numbered(words: Iterable[str]) -> Mapping[str, int]:
    return {word: place for place, word in enumerate(dict.fromkeys(words))}


def _plain(markdown: str) -> str:
    return _LINK.sub(r"\1", markdown)


def _encoded(document: Mapping[str, Any] | list[str]) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False, separators=(',', ':'))}\n".encode()
