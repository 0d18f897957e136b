"""Who sits at a desk, and what role and place allow. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SOCIAL_WORKER = "social_worker"
    CLERK = "clerk"
    COORDINATOR = "coordinator"


class Desk(StrEnum):
    """The two desks; each has its own address, sign-in and WebSocket."""

    STATION = "station"
    CENTRE = "centre"


DESK_OF = {Role.SOCIAL_WORKER: Desk.STATION, Role.CLERK: Desk.CENTRE, Role.COORDINATOR: Desk.CENTRE}
PLACE_DIGITS = {Role.SOCIAL_WORKER: 12, Role.CLERK: 9, Role.COORDINATOR: 6}
"""A social worker's place is a station, a clerk's a street, a coordinator's a district: digits of its code."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account's holder. `number` is shown to residents (亮明身份); `place` is an area code (PLACE_DIGITS)."""

    id: str
    login: str
    name: str
    number: str
    role: Role
    place: str

    @property
    def desk(self) -> Desk:
        return DESK_OF[self.role]

    def serves(self, street: str) -> bool:
        """May answer for this street: its own clerks, and the coordinators of its district."""
        return self.desk is Desk.CENTRE and street.startswith(self.place)
