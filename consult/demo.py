"""The sample accounts of demo mode: made up, refused everywhere else."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from consult.auth import hash_password
from consult.directory import Release
from consult.people import Person, Role
from consult.service import Service
from consult.store import records
from consult.store.records import Account

PASSWORD = "shili-2026"


def people(release: Release) -> list[Person]:
    """Two social workers and two clerks at the first street, one coordinator; ids are the login names."""
    street = min(station.street for station in release.stations.values())
    stations = sorted(code for code, station in release.stations.items() if station.street == street)
    told = (
        ("zhan1", "示例·安小槐", "S001", Role.SOCIAL_WORKER, stations[0]),
        ("zhan2", "示例·宁小青", "S002", Role.SOCIAL_WORKER, stations[min(1, len(stations) - 1)]),
        ("jie1", "示例·和大林", "J001", Role.CLERK, street),
        ("jie2", "示例·景大川", "J002", Role.CLERK, street),
        ("qu1", "示例·区大同", "Q001", Role.COORDINATOR, release.district.code),
    )
    return [Person(login, login, name, number, role, place) for login, name, number, role, place in told]


async def ensure_accounts(service: Service, release: Release, clock: Callable[[], datetime]) -> None:
    """Adds the sample accounts that are not there yet."""

    def missing(tx: sa.Connection) -> list[Person]:
        return [person for person in people(release) if records.account_by_login(tx, person.login) is None]

    # A hash takes its time: not at every start.
    if not await service.transact(missing):
        return
    password_hash, now = hash_password(PASSWORD), clock()

    def add(tx: sa.Connection) -> None:
        for person in missing(tx):
            records.add_account(tx, Account(person, password_hash, sample=True), now)

    await service.transact(add)
