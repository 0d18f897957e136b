import pytest

from catalog import wording
from catalog.model import Fee, Material, TimeLimit
from catalog.terms import DayUnit, MaterialForm, MaterialSource, MaterialType, Necessity


@pytest.mark.parametrize(
    ("days", "unit", "text"),
    [
        (0, DayUnit.WORKING_DAY, "当场办结"),
        (1, DayUnit.WORKING_DAY, "1 个工作日"),
        (4, DayUnit.WORKING_DAY, "4 个工作日"),
        (5, DayUnit.WORKING_DAY, "5 个工作日（约一周）"),
        (7, DayUnit.WORKING_DAY, "7 个工作日（约两周）"),
        (15, DayUnit.WORKING_DAY, "15 个工作日（约三周）"),
        (20, DayUnit.WORKING_DAY, "20 个工作日（约四周）"),
        (30, DayUnit.WORKING_DAY, "30 个工作日（约一个半月）"),
        (60, DayUnit.WORKING_DAY, "60 个工作日（约三个月）"),
        (6, DayUnit.CALENDAR_DAY, "6 个自然日"),
        (7, DayUnit.CALENDAR_DAY, "7 个自然日（约一周）"),
        (20, DayUnit.CALENDAR_DAY, "20 个自然日（约三周）"),
        (30, DayUnit.CALENDAR_DAY, "30 个自然日（约一个月）"),
        (365, DayUnit.CALENDAR_DAY, "365 个自然日（约十二个月）"),
    ],
)
def test_limit_says_what_the_days_come_to(days: int, unit: DayUnit, text: str) -> None:
    assert wording.limit(TimeLimit(days=days, unit=unit)) == text


def test_every_limit_of_the_model_has_words() -> None:
    assert all(wording.limit(TimeLimit(days=days, unit=unit)) for days in range(366) for unit in DayUnit)


def test_fee_is_free_or_named_with_its_standard() -> None:
    assert wording.fee(Fee(charged=False)) == "不收费"
    assert wording.fee(Fee(charged=True, name="工本费", standard="每证 20 元", basis="示例收费目录")) == (
        "工本费：每证 20 元"
    )


@pytest.mark.parametrize(
    ("originals", "copies", "form", "text"),
    [
        (1, 2, MaterialForm.PAPER, "原件 1 份、复印件 2 份"),
        (1, 0, MaterialForm.PAPER, "原件 1 份"),
        (0, 2, MaterialForm.EITHER, "复印件 2 份"),
        (0, 0, MaterialForm.ELECTRONIC, "电子版，不用带纸质材料"),
    ],
)
def test_copies_counts_originals_and_copies_apart(
    originals: int, copies: int, form: MaterialForm, text: str
) -> None:
    material = Material(
        name="居民身份证",
        type=MaterialType.CERTIFICATE,
        necessity=Necessity.REQUIRED,
        source=MaterialSource.GOVERNMENT,
        form=form,
        originals=originals,
        copies=copies,
    )
    assert wording.copies(material) == text


def test_a_title_in_a_title_has_its_own_marks() -> None:
    assert wording.title("北京市实施《中华人民共和国老年人权益保障法》办法") == (
        "《北京市实施〈中华人民共和国老年人权益保障法〉办法》"
    )
