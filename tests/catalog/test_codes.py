"""Codes of bodies and items, by four that are published."""

import pytest

from catalog.codes import ALPHABET, CodeError, ImplementationCode, check_character, check_unified, parse

PUBLISHED = {
    "111101070000678541" + "3" + "110508097001": "",
    "111101070000678541" + "3" + "110508097001" + "01": "01",
    "11110224000087812Y" + "3" + "002014010008" + "01": "01",
    "111101086835631275" + "3" + "110514003000" + "02": "02",
    "11650000010183859F" + "2" + "650116013001": "",
}


@pytest.mark.parametrize(("code", "sequence"), PUBLISHED.items())
def test_published_codes_are_parsed_and_composed_again(code: str, sequence: str) -> None:
    parts = parse(code)
    assert (parts.unified, parts.level, parts.basic) == (code[:18], code[18], code[19:31])
    assert parts.sequence == sequence
    assert str(parts) == code


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_check_character_is_the_18th_of_published_codes(code: str) -> None:
    assert check_character(code[:17]) == code[17]
    assert check_unified(code[:18]) == code[:18]


@pytest.mark.parametrize("place", range(17))
def test_every_single_wrong_character_is_found(place: int) -> None:
    code = "111101070000678541"
    wrong = [code[:place] + other + code[place + 1 :] for other in ALPHABET if other != code[place]]
    for each in wrong:
        with pytest.raises(CodeError, match="校验码"):
            check_unified(each)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("11110107000067854", "统一社会信用代码应为 18 位，现在是 17 位"),
        ("11110107000067854O", "统一社会信用代码的校验码应为 1，现在是 O，请核对整个代码"),
        ("O11101070000678541", "前 17 位应为数字或大写字母（不用 I、O、S、V、Z），现在是“O1110107000067854”"),
        ("１１1101070000678541", "前 17 位应为数字或大写字母"),
    ],
)
def test_a_faulty_unified_code_is_told(code: str, message: str) -> None:
    with pytest.raises(CodeError, match=message):
        check_unified(code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "应为 31 位，业务办理项编码应为 33 位，现在是 0 位"),
        ("1111010700006785413110508097001" + "1", "现在是 32 位"),
        ("1111010700006785427110508097001", "校验码应为 1，现在是 2"),
        ("1111010700006785417110508097001", "第 19 位是行使层级，应为 1 至 6，现在是 7"),
        (
            "111101070000678541311050809700a",
            "第 20 至 31 位是基本编码，应为数字或大写字母，现在是 11050809700a",
        ),
        ("1111010700006785413110508097001" + "0A", "末两位应为数字，现在是 0A"),
        ("1111010700006785413110508097001" + "０１", "末两位应为数字，现在是 ０１"),
    ],
)
def test_a_faulty_code_is_told(code: str, message: str) -> None:
    with pytest.raises(CodeError, match=message):
        parse(code)


def test_the_first_17_are_17() -> None:
    with pytest.raises(CodeError, match="前 17 位"):
        check_character("1")
    assert str(ImplementationCode("u", "3", "b", "01")) == "u3b01"
