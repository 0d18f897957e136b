"""What the browser finds: the published matcher over the sample's index, run by node."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from catalog.entries import item_address
from catalog.load import load
from catalog.model import Catalogue
from catalog.pinyin import syllables
from catalog.release import assemble
from tests.support.search import Found, ask, unpack

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
STATION = "/streets/qinghuai-jiedao/huaixiangyuan-shequ.html"
LOST_CARD = "/items/shehui-baozhang-ka-buling-huanling.html"
HOUSING = "/items/gongzufang-zige-shenhe.html"

Ask = Callable[[Iterable[str]], Mapping[str, Found]]


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    catalogue = load(ROOT / "catalog" / "content").catalogue
    assert catalogue is not None
    return catalogue


@pytest.fixture(scope="module")
def asked(sample: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    root = tmp_path_factory.mktemp("release")
    files, problems = assemble(sample, ROOT / "templates")
    assert problems == []
    unpack(files, root)

    def asked(queries: Iterable[str]) -> Mapping[str, Found]:
        unique = list(dict.fromkeys(queries))
        return dict(zip(unique, ask(root, unique), strict=True))

    return asked


def addresses(found: Found, count: int = 10) -> list[str]:
    return [address for address, _, _ in found[:count]]


def names(sample: Catalogue) -> dict[str, set[str]]:
    """Each official name, plain name and alias of an item, and the addresses of the items that have it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in sample.items:
        for name in (item.name, item.plain_name, *item.aliases):
            found[name].add(item_address(item.slug))
    return dict(found)


def test_every_name_finds_its_item_first(sample: Catalogue, asked: Ask) -> None:
    own = names(sample)
    answers = asked(own)
    assert {name: found[:1] for name, found in answers.items() if {found[0][0]} != own[name]} == {}


def test_every_name_in_pinyin_finds_its_item_first(sample: Catalogue, asked: Ask) -> None:
    own = {"".join(syllables(name)): at for name, at in names(sample).items()}
    answers = asked(own)
    assert {name: found[:1] for name, found in answers.items() if {found[0][0]} != own[name]} == {}


def test_the_initials_of_every_name_find_its_item_first(sample: Catalogue, asked: Ask) -> None:
    """Initials alone may be shared (sydj is 失业登记 and 生育登记): then those items come first, before all others."""
    own: defaultdict[str, set[str]] = defaultdict(set)
    for name, at in names(sample).items():
        own["".join(syllable[0] for syllable in syllables(name))] |= at
    answers = asked(own)
    assert {
        name: found for name, found in answers.items() if set(addresses(found, len(own[name]))) != own[name]
    } == {}
    assert sum(len(at) > 1 for at in own.values()) <= 5


def recall(asked: Ask, file: str) -> tuple[float, list[str]]:
    """The share of a file's queries that find their item among the first three, and the others."""
    rows = [line.split("\t") for line in (DATA / file).read_text("utf-8").splitlines()]
    answers = asked(query for query, _ in rows)
    missed = [query for query, slug in rows if item_address(slug) not in addresses(answers[query], 3)]
    return 1 - len(missed) / len(rows), missed


def test_what_residents_say_finds_the_item(sample: Catalogue, asked: Ask) -> None:
    rows = [line.split("\t") for line in (DATA / "colloquial.tsv").read_text("utf-8").splitlines()]
    assert len({query for query, _ in rows}) >= 200
    assert {slug for _, slug in rows} == {item.slug for item in sample.items}
    assert {query for query, _ in rows}.isdisjoint(names(sample))
    share, missed = recall(asked, "colloquial.tsv")
    assert share >= 0.95, missed


def test_so_does_what_was_written_down_after_the_weights_were_chosen(asked: Ask) -> None:
    share, missed = recall(asked, "colloquial-unseen.tsv")
    assert share >= 0.9, missed


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("槐香园", STATION),
        ("hxy", STATION),
        ("huaixiang", STATION),
        ("槐香园社区在哪儿", STATION),
        ("我住槐香园，去哪办事", STATION),
        ("槐香圆", STATION),
        ("示例路 16 号", STATION),
        ("青槐街道", "/streets/qinghuai-jiedao.html"),
        ("changyucha", "/streets/yunling-zhen/changyucha-cun.html"),
        ("社保卡补办", LOST_CARD),
        ("ＳＢＫＢＢ", LOST_CARD),
        ("SheBaoKaBuBan", LOST_CARD),
        ("社保ka补ban", LOST_CARD),
        ("shebkbuban", LOST_CARD),
        ("公租房", HOUSING),
        ("公祖房申请", HOUSING),
        ("租公房申请", HOUSING),
        ("公租申请", HOUSING),
        ("公公租房申请", HOUSING),
        ("gongzufagn", HOUSING),
        ("gongzfang", HOUSING),
        ("gonngzufang", HOUSING),
        ("我要申请公租房", HOUSING),
    ],
)
def test_spellings_and_slips(asked: Ask, query: str, address: str) -> None:
    assert addresses(asked([query])[query], 1) == [address]


def test_matches_come_in_the_order_that_is_written_down(asked: Ask) -> None:
    found = asked(["低保"])["低保"]
    at = [name for _, name, _ in found]
    assert at[0] == "低保"
    assert [name.startswith("低保") for name in at[:4]] == [True] * 4
    assert all("低保" in name for name in at)
    assert not any(guess for _, _, guess in found)


def test_the_name_that_matched_is_told(asked: Ask) -> None:
    assert asked(["医保卡补办"])["医保卡补办"][0] == (LOST_CARD, "医保卡补办", False)


def test_what_is_only_alike_is_told_as_a_guess(asked: Ask) -> None:
    query = "老人瘫在床上有补贴吗"
    assert all(guess for _, _, guess in asked([query])[query])


@pytest.mark.parametrize(
    "query", ["", " ，。", "护照", "停水了", "qqqq", "🙂", "(((", "[a-z]", "\\", "constructor"]
)
def test_nothing_is_found_where_nothing_is(asked: Ask, query: str) -> None:
    assert asked([query])[query] == []
