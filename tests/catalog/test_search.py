"""The search index: complete, small, and the same for the same catalogue."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from catalog.load import load
from catalog.model import Catalogue
from catalog.pinyin import fold, syllables
from catalog.search import FILLERS, ITEMS, SUMMARIES, files, readings, stem
from catalog.terms import State
from tests.support.catalogue import Content

SAMPLE = Path(__file__).parents[2] / "catalog" / "content"
PLACES = "/search/stations-990100.json"


@pytest.fixture
def catalogue(content: Content) -> Catalogue:
    loaded = content.load().catalogue
    assert loaded is not None
    return loaded


def index(catalogue: Catalogue) -> dict[str, Any]:
    return {address: json.loads(data) for address, data in files(catalogue).items()}


def test_the_items_index_names_its_other_files(catalogue: Catalogue) -> None:
    built = index(catalogue)
    assert list(built) == [ITEMS, SUMMARIES, PLACES]
    assert built[ITEMS]["version"] == 1
    assert built[ITEMS]["summaries"] == SUMMARIES
    assert built[ITEMS]["stations"] == [PLACES]
    assert built[ITEMS]["fillers"] == "|".join(FILLERS)


def test_an_item_stands_with_its_kind_and_all_of_its_names(catalogue: Catalogue) -> None:
    assert index(catalogue)[ITEMS]["items"] == [
        [
            "/items/gao-ling-jin-tie.html",
            "站点代收代办",
            "高龄津贴",
            "高龄老年人津贴发放",
            "老年津贴",
            "八十岁补贴",
        ],
        ["/items/jiu-ye-deng-ji.html", "站点当场受理", "登记就业", "就业登记"],
    ]


def test_summaries_are_in_the_order_of_the_items_and_without_links(catalogue: Catalogue) -> None:
    assert index(catalogue)[SUMMARIES] == [
        "年满 80 周岁的老人每月可领津贴。\n\n也可以看就业登记。",
        catalogue.items[1].summary,
    ]


def test_items_that_nobody_can_ask_for_are_not_found(catalogue: Catalogue) -> None:
    ended = catalogue.items[0].model_copy(update={"state": State.CANCELLED})
    built = index(catalogue.model_copy(update={"items": (ended, catalogue.items[1])}))
    assert [row[2] for row in built[ITEMS]["items"]] == ["登记就业"]
    assert len(built[SUMMARIES]) == 1


def test_stations_share_their_endings(catalogue: Catalogue) -> None:
    built = index(catalogue)[PLACES]
    street, station = catalogue.streets[0], catalogue.stations[0]
    assert built["streets"][0] == ["/streets/jia-street.html", street.center, street.name, street.address]
    address, own, ending, at = built["stations"][0]
    assert (address, at) == ("/streets/jia-street/jia-yi.html", station.address)
    assert own + built["endings"][ending] == station.name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("槐香园社区政务服务站", ("槐香园", "社区政务服务站")),
        ("上云村便民服务站", ("上云", "村便民服务站")),
        ("站", ("站", "")),
        ("甲\n乙村", ("甲\n乙", "村")),
        ("示例一号院", ("示例一号院", "")),
    ],
)
def test_a_stations_name_is_its_own_part_and_a_common_ending(name: str, parts: tuple[str, str]) -> None:
    assert stem(name) == parts


def test_readings_tell_how_every_name_is_spelled() -> None:
    names = ["长辈", "家长", "长阳", "长沟", "长辛店", "重办", "重度", "重残", "A 级"]
    mostly, otherwise = readings(names)
    read = {character: syllable for syllable, all_of_it in mostly.items() for character in all_of_it}
    assert read["长"] == "chang" and otherwise == {
        "长辈": "zhang bei",
        "家长": "jia zhang",
        "重办": "chong ban",
    }
    for name in map(fold, names):
        spelled = otherwise.get(name, " ".join(read.get(character, character) for character in name))
        assert spelled == " ".join(syllables(name))


def test_the_same_catalogue_gives_the_same_bytes(content: Content) -> None:
    first, second = content.load().catalogue, content.load().catalogue
    assert first is not None and second is not None
    assert files(first) == files(second)


def test_the_sample_is_small_on_the_wire() -> None:
    sample = load(SAMPLE).catalogue
    assert sample is not None and len(sample.items) == 58
    sizes = {address: len(gzip.compress(data, 9, mtime=0)) for address, data in files(sample).items()}
    assert sizes[ITEMS] < 6_500
    assert sum(sizes.values()) < 15_000
