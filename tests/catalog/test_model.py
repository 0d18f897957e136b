"""What a record refuses by itself, and what it derives."""

import pytest
from pydantic import ValidationError

from catalog import terms
from catalog.model import DutyMatrix, Fee, Material, TimeLimit
from catalog.terms import (
    Coded,
    Kind,
    MaterialForm,
    MaterialSource,
    MaterialType,
    Necessity,
    Place,
    ResultType,
)
from tests.support.catalogue import Content

CODED = [each for each in vars(terms).values() if isinstance(each, type) and issubclass(each, Coded)]


@pytest.mark.parametrize("enumeration", CODED)
def test_words_and_codes_of_an_enumeration_are_distinct_and_complete(enumeration: type[Coded]) -> None:
    assert all(enumeration(member.value) is member for member in enumeration)
    # 无 is a vendor's addition to 审批结果类型 without a code of its own.
    assert [member for member in enumeration if not member.code] in ([], [ResultType.NONE])
    assert len({member.code for member in enumeration}) == len(enumeration)


@pytest.mark.parametrize(
    ("collect", "accept", "kind"),
    [
        ([Place.STATION], [Place.STATION], Kind.ACCEPTANCE),
        ([Place.STATION, Place.STREET], [Place.STREET, Place.STATION], Kind.ACCEPTANCE),
        ([Place.STATION], [Place.STREET], Kind.AGENCY),
        ([Place.STREET], [Place.DISTRICT], Kind.ADVICE),
    ],
)
def test_kind_follows_from_the_duties(collect: list[Place], accept: list[Place], kind: Kind) -> None:
    duty = DutyMatrix(
        advise=(Place.STATION,),
        collect=tuple(collect),
        accept=tuple(accept),
        inform=(Place.STATION,),
        deliver=(Place.STATION,),
    )
    assert duty.kind is kind


def test_a_place_has_a_duty_once() -> None:
    once = (Place.STATION,)
    with pytest.raises(ValidationError, match="同一单位只能写一次"):
        DutyMatrix(advise=once * 2, collect=once, accept=once, inform=once, deliver=once)


def material(form: MaterialForm, originals: int, copies: int) -> Material:
    return Material(
        name="身份证",
        type=MaterialType.CERTIFICATE,
        necessity=Necessity.REQUIRED,
        source=MaterialSource.GOVERNMENT,
        form=form,
        originals=originals,
        copies=copies,
    )


def test_a_paper_comes_in_at_least_one_piece() -> None:
    with pytest.raises(ValidationError, match="不能都是 0"):
        material(MaterialForm.PAPER, 0, 0)
    assert material(MaterialForm.PAPER, 0, 1).copies == 1
    assert material(MaterialForm.ELECTRONIC, 0, 0).originals == 0


@pytest.mark.parametrize("told", [{}, {"name": "工本费"}, {"name": "工本费", "standard": "2 元"}])
def test_a_charge_names_item_standard_and_basis(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="收费事项必须写明"):
        Fee.model_validate({"charged": True, **told})
    assert Fee.model_validate({"charged": True, "name": "甲", "standard": "乙", "basis": "丙"}).basis == "丙"


def test_free_of_charge_says_nothing_else() -> None:
    with pytest.raises(ValidationError, match="不收费的事项不能再写"):
        Fee(charged=False, basis="规定")


@pytest.mark.parametrize("days", [True, "15", 1.0, -1, 366])
def test_days_are_a_whole_number_within_a_year(days: object) -> None:
    with pytest.raises(ValidationError):
        TimeLimit.model_validate({"days": days, "unit": "工作日"})


@pytest.mark.parametrize("charged", [1, "true", "是", None])
def test_charged_is_yes_or_no_only(charged: object) -> None:
    with pytest.raises(ValidationError):
        Fee.model_validate({"charged": charged})


def test_records_do_not_change_and_strip_their_texts(content: Content) -> None:
    item = content.load().items[0].record
    assert item.summary.endswith("。")
    with pytest.raises(ValidationError, match="frozen"):
        item.name = "别的名称"  # type: ignore[misc]


@pytest.mark.parametrize(
    "phone", ["12345678", "010 00000000", "010-123456", "０10-00000000", "010-00000000转1"]
)
def test_a_telephone_has_its_area_code(content: Content, phone: str) -> None:
    content.edit("district.yaml", "010-00000001", f'"{phone}"')
    assert [problem.rule for problem in content.load().problems] == ["telephone"]
