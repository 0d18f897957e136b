import pytest

from consult.people import DESK_OF, PLACE_DIGITS, Desk, Person, Role


def person(role: Role, place: str) -> Person:
    return Person("id", "login", "示例·某某", "S001", role, place)


@pytest.mark.parametrize(
    ("role", "place", "serves"),
    [
        (Role.CLERK, "990100001", True),
        (Role.CLERK, "990100002", False),
        (Role.COORDINATOR, "990100", True),
        (Role.COORDINATOR, "990200", False),
        # A social worker asks and never answers, even where the code would fit.
        (Role.SOCIAL_WORKER, "990100001001", False),
        (Role.SOCIAL_WORKER, "990100001", False),
    ],
)
def test_who_serves_a_street(role: Role, place: str, serves: bool) -> None:
    assert person(role, place).serves("990100001") is serves


@pytest.mark.parametrize(
    ("role", "desk", "digits"),
    [
        (Role.SOCIAL_WORKER, Desk.STATION, 12),
        (Role.CLERK, Desk.CENTRE, 9),
        (Role.COORDINATOR, Desk.CENTRE, 6),
    ],
)
def test_every_role_has_its_desk_and_its_kind_of_place(role: Role, desk: Desk, digits: int) -> None:
    assert person(role, "9" * digits).desk is desk
    assert PLACE_DIGITS[role] == digits
    assert set(DESK_OF) == set(PLACE_DIGITS) == set(Role)
