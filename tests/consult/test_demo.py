from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consult import demo
from consult.directory import Directory
from consult.people import DESK_OF, PLACE_DIGITS, Role
from consult.service import Service
from consult.store import records
from consult.store.database import open_database
from tests.support.service import STATION, STREET, publish_content

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    publish_content(tmp_path / "site")
    return Directory(tmp_path / "site")


def test_the_sample_people_belong_to_one_street(directory: Directory) -> None:
    people = demo.people(directory.current)
    assert {person.role for person in people} == set(Role) == set(DESK_OF)
    assert all(len(person.place) == PLACE_DIGITS[person.role] for person in people)
    assert {person.place for person in people} == {STATION, STREET, "990100"}
    assert all(person.name.startswith("示例·") for person in people)
    assert len({person.number for person in people}) == len(people)


async def test_they_are_added_once_and_a_missing_one_again(directory: Directory, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/kezhong.sqlite3")
    service = Service(engine, directory, lambda: NOW, lambda: "c1", timedelta(seconds=120))
    hashes = []
    for _ in range(2):
        await demo.ensure_accounts(service, directory.current, lambda: NOW)
        account = await service.transact(lambda tx: records.account_by_login(tx, "zhan1"))
        assert account is not None and account.sample
        hashes.append(account.password_hash)
    assert hashes[0] == hashes[1]
    await service.transact(lambda tx: tx.exec_driver_sql("DELETE FROM accounts WHERE login = 'jie2'"))
    await demo.ensure_accounts(service, directory.current, lambda: NOW)
    count = "SELECT count(*) FROM accounts WHERE sample"
    assert await service.transact(lambda tx: tx.exec_driver_sql(count).scalar()) == 5
    await service.close()
