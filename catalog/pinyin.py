"""How names are read and spelled: text to pinyin without tones.

pypinyin reads ordinary words well and place names badly; READINGS puts those right.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

READINGS: Mapping[str, str] = {
    # 长 begins a place's name as chang, unless it is an elder, a head, or 长子营.
    r"^长(?![子者辈官老])|长(?=[辛阳沟哨椿安营桥城])": "chang",
    # In Beijing's names 朝 is the sun's way to go, not the morning.
    r"朝(?=[阳内外天])": "chao",
    "什刹海": "shi cha hai",
    "大栅栏": "da shi lan",
    r"(?<=里)堡|(?<=马家)堡|(?<=铺)堡": "pu",
    r"单(?=[店村家])": "shan",
    r"^曾(?=[家各庄])": "zeng",
    r"行(?=宫)": "xing",
    r"便(?=宜坊)": "bian",
    r"[校教](?=场)": "jiao",
    # Again, not heavy.
    r"重(?=[办新做复填签审])": "chong",
    r"还(?=[给清款])": "huan",
    r"乐(?=亭)": "lao",
}
"""What is read otherwise than pypinyin reads it: a pattern of characters to their syllables."""
_OVERRIDES = re.compile("|".join(f"({pattern})" for pattern in READINGS))
_READ = tuple(syllables.split() for syllables in READINGS.values())
_INITIAL = re.compile("[a-z]")


def fold(text: str) -> str:
    """Letters, characters and digits only, full width as half width, capitals as small ones.

    matcher.js does the same.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    return "".join(filter(str.isalnum, plain))


@lru_cache(maxsize=16384)
def syllables(text: str) -> tuple[str, ...]:
    """One reading for each character of folded text: 第80号 as ("di", "8", "0", "hao"). ü is v, as it is typed."""
    return tuple(chain.from_iterable(_read(fold(text))))


def initial(text: str) -> str:
    """The letter under which a list files text: "S" for 社保卡; "#" where it begins with no letter."""
    first = "".join(syllables(text)[:1])[:1]
    return first.upper() if _INITIAL.match(first) else "#"


def _read(text: str) -> Iterator[list[str]]:
    at = 0
    for found in _OVERRIDES.finditer(text):
        yield _ordinary(text[at : found.start()])
        yield _READ[(found.lastindex or 0) - 1]
        at = found.end()
    yield _ordinary(text[at:])


def _ordinary(text: str) -> list[str]:
    # Only here: its dictionary takes a sixth of a second to read, which a publication of a few pages can do without.
    from pypinyin import lazy_pinyin

    # What is no character: a list gives each letter and digit an entry of its own, which the stub does not know.
    return lazy_pinyin(text, v_to_u=False, errors=list)  # type: ignore[arg-type]
