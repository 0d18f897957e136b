"""The database: its schema, what it holds by itself, and rows to records and back. SQLite in files."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from consult.consultation import ChatLine, Consultation, EndReason, Event, Outcome, State
from consult.people import Person, Role
from consult.store import records
from consult.store.database import alembic_config, open_database
from consult.store.records import Account, Conflict
from consult.store.tables import Moment, events, metadata

NOW = datetime(2026, 11, 23, 1, 2, 3, 456_789, tzinfo=UTC)
WORKER = Person("w1", "zhan1", "示例·甲", "S001", Role.SOCIAL_WORKER, "990100001001")
WORKER_2 = replace(WORKER, id="w2", login="zhan2")
CLERK = Person("k1", "jie1", "示例·乙", "J001", Role.CLERK, "990100001")
CLERK_2 = replace(CLERK, id="k2", login="jie2")
WAITING = Consultation(
    id="c1",
    version=1,
    state=State.WAITING,
    district="990100",
    street="990100001",
    station="990100001001",
    item="002000010002",
    item_name="就业登记",
    social_worker="w1",
    opened_at=NOW,
)
TALKING = replace(WAITING, version=2, state=State.CONNECTING, clerk="k1", claimed_at=NOW)
ENDED = replace(
    TALKING,
    version=4,
    state=State.ENDED,
    live_at=NOW + timedelta(seconds=1),
    ended_at=NOW + timedelta(seconds=2),
    end_reason=EndReason.HUNG_UP,
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deeper/kezhong.sqlite3"


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def tx(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.begin() as tx:
        for person in (WORKER, WORKER_2, CLERK, CLERK_2):
            records.add_account(tx, Account(person, f"hash of {person.id}", sample=False), NOW)
        yield tx


def test_the_migrations_build_the_schema_that_the_code_uses(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_difference_would_be_seen(engine: sa.Engine) -> None:
    other = sa.MetaData()
    for table in metadata.tables.values():
        table.to_metadata(other)
    other.tables["chat"].append_column(sa.Column("more", sa.Text))
    with engine.connect() as connection:
        assert len(compare_metadata(MigrationContext.configure(connection), other)) == 1


def test_partial_indexes_are_those_of_the_schema(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        query = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%UNIQUE%' ORDER BY name"
        )
        found = connection.exec_driver_sql(query).all()
    assert [name for name, _ in found] == ["uq_open_of_clerk", "uq_open_of_social_worker"]
    assert all(sql.endswith("WHERE state != 'ended'") for _, sql in found)


def test_opening_again_changes_nothing(engine: sa.Engine, url: str) -> None:
    with engine.begin() as tx:
        records.add_account(tx, Account(WORKER, "hash", sample=True), NOW)
    again = open_database(url)
    with again.begin() as tx:
        assert records.account_by_login(tx, "zhan1") == Account(WORKER, "hash", sample=True)
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [("0001",)]
    again.dispose()


def test_the_upgrades_are_one_line(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    assert len(script.get_heads()) == len(script.get_bases()) == 1


def test_an_upgrade_that_stops_half_way_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's DDL is in the transaction: what the disk or a kill interrupts is not there at all."""
    statements = []

    def stop(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)
        if "CREATE TABLE events" in statement:
            raise OSError("no space left on the device")

    sa.event.listen(sa.Engine, "before_cursor_execute", stop)
    try:
        with pytest.raises(OSError, match="no space left"):
            open_database(url)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", stop)
    assert any("CREATE TABLE accounts" in statement for statement in statements)
    bare = sa.create_engine(url)
    assert sa.inspect(bare).get_table_names() == []
    bare.dispose()
    engine = open_database(url)
    assert {*metadata.tables} < {*sa.inspect(engine).get_table_names()}
    engine.dispose()


def test_the_settings_of_every_connection(engine: sa.Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            told = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
            connection.rollback()


def test_a_transaction_holds_the_pen_from_its_first_read(engine: sa.Engine) -> None:
    """Else two could read the same version, and the second would fail at its end rather than wait."""
    order = []
    begun = threading.Event()

    def second() -> None:
        begun.wait(5)
        with engine.begin():
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with engine.begin() as tx:
        begun.set()
        tx.exec_driver_sql("SELECT count(*) FROM accounts")
        other.join(0.05)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_an_account_comes_back_as_it_was(tx: sa.Connection) -> None:
    assert records.account_by_login(tx, "jie1") == Account(CLERK, "hash of k1", sample=False)
    assert records.account_by_login(tx, "JIE1") is None
    assert records.people(tx, ["w1", "k1", "k1", "nobody"]) == {"w1": WORKER, "k1": CLERK}
    assert records.people(tx, []) == {}


def test_a_login_name_is_taken_once(tx: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
        records.add_account(tx, Account(replace(WORKER, id="w9"), "hash", sample=False), NOW)


def test_a_sign_in_lasts_until_it_expires_or_is_dropped(tx: sa.Connection) -> None:
    end = NOW + timedelta(hours=1)
    records.add_sign_in(tx, "a" * 64, "w1", NOW, end)
    records.add_sign_in(tx, "b" * 64, "k1", NOW, end)
    just_before = records.signed_in(tx, "a" * 64, end - timedelta(microseconds=1))
    assert just_before is not None
    assert just_before.person == WORKER
    assert records.signed_in(tx, "a" * 64, end) is None
    assert records.signed_in(tx, "c" * 64, NOW) is None
    records.drop_sign_in(tx, "a" * 64)
    assert records.signed_in(tx, "a" * 64, NOW) is None
    assert records.signed_in(tx, "b" * 64, NOW) is not None


def test_expired_sign_ins_are_swept_at_the_next(tx: sa.Connection) -> None:
    records.add_sign_in(tx, "a" * 64, "w1", NOW, NOW + timedelta(hours=1))
    records.add_sign_in(tx, "b" * 64, "w1", NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    assert tx.exec_driver_sql("SELECT token_hash FROM sign_ins").all() == [("b" * 64,)]


@pytest.mark.parametrize("consultation", [WAITING, TALKING, ENDED, replace(ENDED, outcome=Outcome.NOTICE)])
def test_a_consultation_comes_back_as_it_was(tx: sa.Connection, consultation: Consultation) -> None:
    records.insert(tx, consultation, NOW)
    found = records.by_id(tx, "c1")
    assert found == consultation
    assert found is not None
    assert isinstance(found.state, State)
    assert found.end_reason is None or isinstance(found.end_reason, EndReason)
    assert found.outcome is None or isinstance(found.outcome, Outcome)
    assert found.opened_at.tzinfo is UTC


def test_what_is_not_there_is_none(tx: sa.Connection) -> None:
    assert records.by_id(tx, "c1") is None
    assert records.open_ones(tx) == []
    assert records.last_device_check(tx, "w1") is None
    assert records.chat_of(tx, "c1", 9) == []


def test_every_version_has_its_event(tx: sa.Connection) -> None:
    records.insert(tx, WAITING, NOW)
    records.update(tx, WAITING, TALKING, Event.CLAIM, "k1", NOW + timedelta(seconds=5))
    rows = tx.execute(events.select().order_by(events.c.version)).all()
    assert [tuple(row) for row in rows] == [
        ("c1", 1, NOW, "call", "waiting", "w1"),
        ("c1", 2, NOW + timedelta(seconds=5), "claim", "connecting", "k1"),
    ]


def test_who_read_an_older_version_does_not_write(tx: sa.Connection) -> None:
    records.insert(tx, WAITING, NOW)
    records.update(tx, WAITING, TALKING, Event.CLAIM, "k1", NOW)
    with pytest.raises(Conflict):
        records.update(tx, WAITING, replace(TALKING, clerk="k2"), Event.CLAIM, "k2", NOW)
    assert records.by_id(tx, "c1") == TALKING
    assert tx.scalar(sa.select(sa.func.count()).select_from(events)) == 2


def test_the_database_refuses_a_second_open_consultation_of_a_social_worker(tx: sa.Connection) -> None:
    records.insert(tx, WAITING, NOW)
    with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
        records.insert(tx, replace(WAITING, id="c2"), NOW)
    records.insert(tx, replace(WAITING, id="c2", social_worker="w2"), NOW)
    for n in (3, 4):
        records.insert(tx, replace(ENDED, id=f"c{n}"), NOW)


def test_the_database_refuses_a_second_open_consultation_of_a_clerk(tx: sa.Connection) -> None:
    records.insert(tx, TALKING, NOW)
    second = replace(TALKING, id="c2", social_worker="w2")
    with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
        records.insert(tx, second, NOW)
    records.insert(tx, replace(second, clerk="k2"), NOW)
    records.insert(tx, replace(ENDED, id="c3"), NOW)


def test_nothing_refers_to_what_is_not_there(tx: sa.Connection) -> None:
    for strange in (replace(WAITING, social_worker="nobody"), replace(TALKING, clerk="nobody")):
        with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
            records.insert(tx, strange, NOW)
    with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
        records.add_chat(tx, ChatLine("c9", "l1", "w1", NOW, "好"))
    with pytest.raises(sa.exc.IntegrityError), tx.begin_nested():
        records.add_sign_in(tx, "a" * 64, "nobody", NOW, NOW)


def test_the_open_ones_of_a_district_and_of_all(tx: sa.Connection) -> None:
    elsewhere = replace(WAITING, id="c2", social_worker="w2", district="990200")
    for consultation in (WAITING, elsewhere, replace(ENDED, id="c3")):
        records.insert(tx, consultation, NOW)
    assert records.open_ones(tx, "990100") == [WAITING]
    assert {c.id for c in records.open_ones(tx)} == {"c1", "c2"}


def test_what_still_needs_a_person(tx: sa.Connection) -> None:
    assert records.unfinished_of(tx, WORKER) == []
    records.insert(tx, ENDED, NOW)
    assert records.unfinished_of(tx, WORKER) == []
    assert records.unfinished_of(tx, CLERK) == [ENDED]
    later = replace(TALKING, id="c2", clerk="k2", opened_at=NOW + timedelta(minutes=1))
    records.insert(tx, later, NOW)
    assert records.unfinished_of(tx, WORKER) == records.unfinished_of(tx, CLERK_2) == [later]
    records.update(tx, ENDED, replace(ENDED, version=5, outcome=Outcome.ADVISED), Event.CONCLUDE, "k1", NOW)
    assert records.unfinished_of(tx, CLERK) == []


def test_chat_is_kept_once_and_in_order(tx: sa.Connection) -> None:
    records.insert(tx, TALKING, NOW)
    lines = [
        ChatLine("c1", "l2", "w1", NOW + timedelta(seconds=9), "您好。"),
        ChatLine("c1", "l1", "k1", NOW, "请讲。\n"),
        # Two senders may choose the same id.
        ChatLine("c1", "l1", "w1", NOW, "😀"),
    ]
    assert [records.add_chat(tx, line) for line in lines] == lines
    assert records.add_chat(tx, replace(lines[0], text="您好吗。", at=NOW)) == lines[0]
    assert records.chat_of(tx, "c1", 3) == lines
    assert records.chat_of(tx, "c1", 2) == lines[1:]


def test_the_last_device_check_counts(tx: sa.Connection) -> None:
    found = {
        "camera": "fine",
        "microphone": "poor",
        "network": "failed",
        "round_trip_ms": 1.5,
        "loss_percent": None,
    }
    for minutes in (5, 9, 7):
        records.add_device_check(tx, "w1", NOW + timedelta(minutes=minutes), found)
    assert records.last_device_check(tx, "w1") == NOW + timedelta(minutes=9)
    assert records.last_device_check(tx, "w2") is None


@pytest.mark.parametrize("hours", [-5, 0, 8])
def test_a_moment_is_the_same_instant_in_utc(tx: sa.Connection, hours: int) -> None:
    at = NOW.astimezone(timezone(timedelta(hours=hours)))
    read = tx.scalar(sa.select(sa.bindparam("at", at, type_=Moment)))
    assert read == at
    records.add_sign_in(tx, "a" * 64, "w1", at, at + timedelta(hours=1))
    kept = tx.exec_driver_sql("SELECT created_at FROM sign_ins").scalar()
    assert kept == "2026-11-23 01:02:03.456789"


def test_a_moment_may_be_missing_and_must_have_a_zone(tx: sa.Connection) -> None:
    assert tx.scalar(sa.select(sa.bindparam("at", None, type_=Moment))) is None
    with pytest.raises(sa.exc.StatementError, match="aware"):
        tx.scalar(sa.select(sa.bindparam("at", NOW.replace(tzinfo=None), type_=Moment)))
