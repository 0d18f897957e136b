"""The codes of items and of the bodies that carry them out: parsed, checked and composed.

实施编码 is 31 characters: 统一社会信用代码 18, 行使层级 1, 基本编码 12. 业务办理项编码 is 33: the same and a
sequence of 2 digits. 统一社会信用代码 carries a check character (GB 32100-2015, 5.6).
"""

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and capital letters without I, O, S, V, Z; a character's value is its place."""
UNIFIED_LENGTH, LEVEL_LENGTH, BASIC_LENGTH, SEQUENCE_LENGTH = 18, 1, 12, 2
BASIC = re.compile(r"[0-9A-Z]{12}")
"""基本编码: province 2, item type 2, department 2, main item 3, sub-item 3."""
IMPLEMENTATION_LENGTH = UNIFIED_LENGTH + LEVEL_LENGTH + BASIC_LENGTH


class CodeError(ValueError):
    """A code that is not one; the text says what was expected and what came, in Chinese for editors."""


def check_character(first: str) -> str:
    """The 18th character for the first 17 of a unified social credit code. Raises CodeError."""
    if len(first) != UNIFIED_LENGTH - 1 or any(character not in ALPHABET for character in first):
        raise CodeError(
            f"统一社会信用代码的前 17 位应为数字或大写字母（不用 I、O、S、V、Z），现在是“{first}”"
        )
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return ALPHABET[-total % 31]


def check_unified(code: str) -> str:
    """The unified social credit code itself. Raises CodeError naming the check character that was expected."""
    if len(code) != UNIFIED_LENGTH:
        raise CodeError(f"统一社会信用代码应为 18 位，现在是 {len(code)} 位")
    expected = check_character(code[:-1])
    if code[-1] != expected:
        raise CodeError(f"统一社会信用代码的校验码应为 {expected}，现在是 {code[-1]}，请核对整个代码")
    return code


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """实施编码, or 业务办理项编码 where `sequence` is told."""

    unified: str
    level: str
    basic: str
    sequence: str = ""

    def __str__(self) -> str:
        return f"{self.unified}{self.level}{self.basic}{self.sequence}"


def parse(code: str) -> ImplementationCode:
    """The parts of a code of 31 or 33 characters. Raises CodeError."""
    if len(code) not in (IMPLEMENTATION_LENGTH, IMPLEMENTATION_LENGTH + SEQUENCE_LENGTH):
        raise CodeError(f"实施编码应为 31 位，业务办理项编码应为 33 位，现在是 {len(code)} 位")
    unified, rest = check_unified(code[:UNIFIED_LENGTH]), code[UNIFIED_LENGTH:]
    level, basic, sequence = rest[0], rest[1 : 1 + BASIC_LENGTH], rest[1 + BASIC_LENGTH :]
    if level not in "123456":
        raise CodeError(f"实施编码第 19 位是行使层级，应为 1 至 6，现在是 {level}")
    if not BASIC.fullmatch(basic):
        raise CodeError(f"实施编码第 20 至 31 位是基本编码，应为数字或大写字母，现在是 {basic}")
    if sequence and not (sequence.isascii() and sequence.isdigit()):
        raise CodeError(f"业务办理项编码的末两位应为数字，现在是 {sequence}")
    return ImplementationCode(unified, level, basic, sequence)
