"""The use cases over a database file: each is one transaction, with its event, or nothing at all."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.consultation import ChatLine, Consultation, EndReason, Outcome, Refused, State
from consult.directory import Directory
from consult.people import Person, Role
from consult.service import CONFLICTS_BORNE, Presence, Scene, Service
from consult.store import records
from consult.store.database import open_database
from consult.store.records import Account, Conflict
from consult.store.tables import consultations, events
from tests.support.service import ITEM, ITEM_NAME, STATION, STREET, publish_content

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LIMIT = timedelta(seconds=120)
ROUNDS = 200

WORKER = Person("w1", "zhan1", "示例·甲", "S001", Role.SOCIAL_WORKER, STATION)
WORKER_2 = Person("w2", "zhan2", "示例·乙", "S002", Role.SOCIAL_WORKER, STATION)
FAR_WORKER = Person("w3", "zhan3", "示例·丙", "S003", Role.SOCIAL_WORKER, "990100102201")
CLERK = Person("k1", "jie1", "示例·丁", "J001", Role.CLERK, STREET)
CLERK_2 = Person("k2", "jie2", "示例·戊", "J002", Role.CLERK, STREET)
FAR_CLERK = Person("k3", "jie3", "示例·己", "J003", Role.CLERK, "990100102")
COORDINATOR = Person("q1", "qu1", "示例·庚", "Q001", Role.COORDINATOR, "990100")
PEOPLE = (WORKER, WORKER_2, FAR_WORKER, CLERK, CLERK_2, FAR_CLERK, COORDINATOR)


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def presence(away: dict[str, float] | None = None, heard: bool = True) -> Presence:
    """Everybody is here but those named, away for so many seconds."""
    told = away or {}
    return Presence(away=lambda account: timedelta(seconds=told.get(account, 0)), heard=lambda street: heard)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("published") / "site"
    publish_content(root)
    return root


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = open_database(f"sqlite:///{tmp_path}/kezhong.sqlite3")
    with engine.begin() as tx:
        for person in PEOPLE:
            records.add_account(tx, Account(person, "hash", sample=False), START)
    return engine


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def run(engine: sa.Engine, site: Path, clock: Clock, prefix: str = "c") -> AsyncIterator[Service]:
    ids = itertools.count(1)
    service = Service(engine, Directory(site), clock, lambda: f"{prefix}{next(ids)}", LIMIT)
    try:
        yield service
    finally:
        await service.close()


@pytest.fixture
async def service(engine: sa.Engine, site: Path, clock: Clock) -> AsyncIterator[Service]:
    async with run(engine, site, clock) as service:
        yield service


async def code(act: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refused:
        await act
    return refused.value.code


def the(scene: Scene) -> Consultation:
    (consultation,) = scene.changed
    return consultation


async def written(service: Service) -> list[tuple[str, int, str, str, str | None]]:
    """Every event in order: consultation, version, event, state, actor."""
    e = events.c
    query = sa.select(e.consultation, e.version, e.event, e.state, e.actor).order_by(
        e.consultation, e.version
    )
    rows = await service.transact(lambda tx: tx.execute(query).all())
    return [tuple(row) for row in rows]


async def test_a_call_waits_at_the_stations_street(service: Service) -> None:
    scene = await service.call(WORKER, ITEM)
    assert the(scene) == Consultation(
        id="c1",
        version=1,
        state=State.WAITING,
        district="990100",
        street=STREET,
        station=STATION,
        item=ITEM,
        item_name=ITEM_NAME,
        social_worker="w1",
        opened_at=START,
    )
    assert (scene.place, scene.open, scene.people) == (STREET, scene.changed, {"w1": WORKER})
    assert await written(service) == [("c1", 1, "call", "waiting", "w1")]


async def test_a_call_about_nothing_in_the_catalogue_is_refused(service: Service) -> None:
    assert await code(service.call(WORKER, "000000000000")) == "unknown_item"
    assert await written(service) == []


async def test_one_call_at_a_time(service: Service) -> None:
    await service.call(WORKER, ITEM)
    assert await code(service.call(WORKER, ITEM)) == "busy"
    assert await code(service.call(CLERK, ITEM)) == "wrong_role"
    assert len(await written(service)) == 1


async def test_a_whole_consultation_leaves_its_events(service: Service, clock: Clock) -> None:
    await service.call(WORKER, ITEM)
    await service.sweep(presence())
    clock.now += timedelta(seconds=5)
    await service.claim(CLERK, "c1")
    clock.now += timedelta(seconds=1)
    await service.connected(WORKER, "c1")
    assert the(await service.connected(CLERK, "c1")).version == 4
    clock.now += timedelta(minutes=4)
    await service.hang_up(WORKER, "c1", None)
    ended = the(await service.conclude(CLERK, "c1", Outcome.ACCEPTED))
    assert await written(service) == [
        ("c1", 1, "call", "waiting", "w1"),
        ("c1", 2, "ring", "ringing", None),
        ("c1", 3, "claim", "connecting", "k1"),
        ("c1", 4, "connect", "live", "w1"),
        ("c1", 5, "hang_up", "ended", "w1"),
        ("c1", 6, "conclude", "ended", "k1"),
    ]
    assert await service.transact(lambda tx: records.by_id(tx, "c1")) == ended
    assert ended.claimed_at == START + timedelta(seconds=5)
    assert ended.live_at == START + timedelta(seconds=6)
    assert ended.ended_at == START + timedelta(minutes=4, seconds=6)
    assert (ended.end_reason, ended.outcome) == (EndReason.HUNG_UP, Outcome.ACCEPTED)
    times = await service.transact(
        lambda tx: tx.scalars(sa.select(events.c.at).order_by(events.c.version)).all()
    )
    assert [(at - START).seconds for at in times] == [0, 0, 5, 6, 246, 246]


async def test_released_and_cancelled_ones_leave_their_events(service: Service) -> None:
    await service.call(WORKER, ITEM)
    await service.claim(CLERK, "c1")
    assert the(await service.release(CLERK, "c1")).clerk is None
    await service.cancel(WORKER, "c1")
    assert [(event, state, actor) for _, _, event, state, actor in await written(service)] == [
        ("call", "waiting", "w1"),
        ("claim", "connecting", "k1"),
        ("release", "waiting", "k1"),
        ("cancel", "ended", "w1"),
    ]


USE_CASES: dict[str, tuple[State, Callable[[Service], Awaitable[object]]]] = {
    "claim": (State.WAITING, lambda s: s.claim(CLERK, "c1")),
    "cancel": (State.WAITING, lambda s: s.cancel(WORKER, "c1")),
    "ring": (State.WAITING, lambda s: s.sweep(presence())),
    "expire": (State.WAITING, lambda s: s.sweep(presence({"w1": 120}, heard=False))),
    "release": (State.LIVE, lambda s: s.release(CLERK, "c1")),
    "hang_up": (State.LIVE, lambda s: s.hang_up(CLERK, "c1", Outcome.NOTICE)),
    "connect": (State.CONNECTING, lambda s: s.connected(CLERK, "c1")),
    "conclude": (State.ENDED, lambda s: s.conclude(CLERK, "c1", Outcome.NOTICE)),
}


async def bring_to(service: Service, state: State) -> Consultation:
    """A consultation c1 of `WORKER` and, from connecting on, `CLERK`."""
    scene = await service.call(WORKER, ITEM)
    if state is not State.WAITING:
        scene = await service.claim(CLERK, "c1")
    if state in (State.LIVE, State.ENDED):
        scene = await service.connected(WORKER, "c1")
    if state is State.ENDED:
        scene = await service.hang_up(WORKER, "c1", None)
    return the(scene)


@pytest.mark.parametrize("event", USE_CASES)
async def test_a_transition_and_its_event_are_one_transaction(service: Service, event: str) -> None:
    state, use_case = USE_CASES[event]
    before = await bring_to(service, state)
    stop = "CREATE TRIGGER stop BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    await service.transact(lambda tx: tx.exec_driver_sql(stop))
    with pytest.raises(sa.exc.IntegrityError, match="the disk is full"):
        await use_case(service)
    assert await service.transact(lambda tx: records.by_id(tx, "c1")) == before
    await service.transact(lambda tx: tx.exec_driver_sql("DROP TRIGGER stop"))
    await use_case(service)
    last = (await written(service))[-1]
    assert last[1:3] == (before.version + 1, event)


async def test_a_call_and_its_event_are_one_transaction(service: Service) -> None:
    stop = "CREATE TRIGGER stop BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    await service.transact(lambda tx: tx.exec_driver_sql(stop))
    with pytest.raises(sa.exc.IntegrityError):
        await service.call(WORKER, ITEM)
    assert await service.transact(lambda tx: tx.execute(consultations.select()).all()) == []


async def test_a_refusal_changes_nothing(service: Service) -> None:
    before = await bring_to(service, State.LIVE)
    refusals = [
        await code(service.claim(CLERK_2, "c1")),
        await code(service.release(CLERK_2, "c1")),
        await code(service.cancel(WORKER, "c1")),
        await code(service.conclude(CLERK, "c1", Outcome.NOTICE)),
        await code(service.hang_up(WORKER, "c1", Outcome.NOTICE)),
    ]
    assert refusals == ["already_claimed", "unknown_consultation", "wrong_state", "wrong_state", "wrong_role"]
    assert await service.transact(lambda tx: records.by_id(tx, "c1")) == before
    assert len(await written(service)) == before.version


async def test_what_does_not_exist_is_unknown_to_every_use_case(service: Service) -> None:
    for act in (
        service.claim(CLERK, "c9"),
        service.release(CLERK, "c9"),
        service.connected(WORKER, "c9"),
        service.cancel(WORKER, "c9"),
        service.hang_up(WORKER, "c9", None),
        service.conclude(CLERK, "c9", Outcome.NOTICE),
        service.talking(WORKER, "c9"),
        service.say(WORKER, "c9", "l1", "好"),
    ):
        assert await code(act) == "unknown_consultation"


async def test_who_serves_another_place_does_not_even_learn_that_it_exists(service: Service) -> None:
    await service.call(WORKER, ITEM)
    assert await code(service.claim(FAR_CLERK, "c1")) == "unknown_consultation"
    assert the(await service.claim(COORDINATOR, "c1")).clerk == "q1"


async def test_a_clerk_takes_the_next_when_the_last_has_its_outcome(service: Service) -> None:
    await bring_to(service, State.LIVE)
    await service.call(WORKER_2, ITEM)
    assert await code(service.claim(CLERK, "c2")) == "busy"
    await service.hang_up(WORKER, "c1", None)
    assert await code(service.claim(CLERK, "c2")) == "outcome_missing"
    await service.conclude(CLERK, "c1", Outcome.BROKEN)
    assert the(await service.claim(CLERK, "c2")).clerk == "k1"


async def test_a_scene_holds_the_district_and_names_who_is_in_it(service: Service, clock: Clock) -> None:
    await service.call(FAR_WORKER, ITEM)
    clock.now += timedelta(seconds=1)
    await service.call(WORKER, ITEM)
    await service.claim(CLERK, "c2")
    scene = await service.scene(COORDINATOR)
    assert (scene.place, scene.changed) == ("990100", ())
    assert {c.id for c in scene.open} == {"c1", "c2"}
    assert scene.people == {"w3": FAR_WORKER, "w1": WORKER, "k1": CLERK}
    assert [c.id for c in scene.waiting(COORDINATOR.serves)] == ["c1"]
    assert scene.waiting(CLERK.serves) == []
    assert [c.id for c in (await service.scene(CLERK)).changed] == ["c2"]


async def test_what_a_clerk_has_not_concluded_still_needs_the_clerk_alone(service: Service) -> None:
    ended = await bring_to(service, State.ENDED)
    assert (await service.scene(CLERK)).changed == (ended,)
    assert (await service.scene(WORKER)).changed == ()


async def test_chat_is_for_those_who_talk(service: Service, clock: Clock) -> None:
    await service.call(WORKER, ITEM)
    assert await code(service.say(WORKER, "c1", "l1", "有人吗？")) == "wrong_state"
    await service.claim(CLERK, "c1")
    assert await code(service.say(CLERK_2, "c1", "l1", "我也在。")) == "unknown_consultation"
    _, line = await service.say(WORKER, "c1", "l1", "您好。")
    assert line == ChatLine("c1", "l1", "w1", START, "您好。")
    clock.now += timedelta(seconds=9)
    _, again = await service.say(WORKER, "c1", "l1", "换了一句。")
    assert again == line
    await service.say(CLERK, "c1", "l1", "请讲。")
    lines, people = await service.chat_of("c1")
    assert [kept.text for kept in lines] == ["您好。", "请讲。"]
    assert set(people) == {WORKER.id, CLERK.id}
    await service.hang_up(CLERK, "c1", Outcome.ADVISED)
    assert await code(service.say(WORKER, "c1", "l2", "再见。")) == "wrong_state"


async def test_talking_is_for_the_two_parties(service: Service) -> None:
    live = await bring_to(service, State.LIVE)
    assert await service.talking(WORKER, "c1") == await service.talking(CLERK, "c1") == live
    assert await code(service.talking(CLERK_2, "c1")) == "unknown_consultation"


async def test_a_device_check_is_on_record(service: Service, clock: Clock) -> None:
    assert await service.last_check(WORKER) is None
    found = {
        "camera": "fine",
        "microphone": "fine",
        "network": "poor",
        "round_trip_ms": 80.0,
        "loss_percent": 2.0,
    }
    await service.checked(WORKER, found)
    assert await service.last_check(WORKER) == clock.now
    assert await service.last_check(WORKER_2) is None


async def test_the_sweep_rings_and_quiets_with_the_clerks(service: Service) -> None:
    await service.call(WORKER, ITEM)
    assert await service.sweep(presence(heard=False)) == []
    (scene,) = await service.sweep(presence())
    assert (the(scene).state, scene.place) == (State.RINGING, STREET)
    assert await service.sweep(presence()) == []
    (scene,) = await service.sweep(presence(heard=False))
    assert the(scene).state is State.WAITING
    assert [actor for *_, actor in await written(service)] == ["w1", None, None]


async def test_the_sweep_ends_what_is_abandoned_or_lost(service: Service, clock: Clock) -> None:
    await bring_to(service, State.LIVE)
    await service.call(FAR_WORKER, ITEM)
    clock.now += timedelta(minutes=5)
    assert await service.sweep(presence({"w1": 120, "k1": 119, "w3": 119}, heard=False)) == []
    scenes = await service.sweep(presence({"w1": 120, "k1": 120, "w3": 120}, heard=False))
    ends = {the(scene).id: (the(scene).end_reason, the(scene).ended_at) for scene in scenes}
    assert ends == {"c1": (EndReason.LOST, clock.now), "c2": (EndReason.ABANDONED, clock.now)}
    assert await service.sweep(presence({"w1": 999, "k1": 999, "w3": 999})) == []


async def test_another_transaction_in_between_is_borne(service: Service) -> None:
    tries = 0

    def work(tx: sa.Connection) -> int:
        nonlocal tries
        tries += 1
        records.add_device_check(tx, "w1", START, {"camera": "fine", "microphone": "fine", "network": "fine"})
        if tries < CONFLICTS_BORNE:
            raise Conflict("c1")
        return tries

    assert await service.transact(work) == CONFLICTS_BORNE
    count = "SELECT count(*) FROM device_checks"
    assert await service.transact(lambda tx: tx.exec_driver_sql(count).scalar()) == 1


async def test_but_not_for_ever(service: Service) -> None:
    def work(tx: sa.Connection) -> None:
        raise Conflict("c1")

    with pytest.raises(Conflict, match=f"within {CONFLICTS_BORNE} tries"):
        await service.transact(work)


async def test_two_services_on_one_database_never_give_one_consultation_to_two(
    engine: sa.Engine, site: Path, clock: Clock
) -> None:
    """As two processes would be: each with its own connections and its own thread."""
    won: dict[str, int] = {"k1": 0, "k2": 0}
    async with (
        run(engine, site, clock) as one,
        run(open_database(engine.url.render_as_string()), site, clock) as two,
    ):
        for number in range(ROUNDS):
            id = the(await one.call(WORKER, ITEM)).id
            # Who asks first alternates: the first thread to wake is often first.
            asked = [one.claim(CLERK, id), two.claim(CLERK_2, id)][:: 1 if number % 2 else -1]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            (scene,) = [answer for answer in answers if isinstance(answer, Scene)]
            (refused,) = [answer for answer in answers if isinstance(answer, Refused)]
            assert refused.code == "already_claimed"
            winner = CLERK if the(scene).clerk == "k1" else CLERK_2
            won[winner.id] += 1
            await two.hang_up(winner, id, Outcome.ADVISED)
        claims = sa.select(sa.func.count()).where(events.c.event == "claim")
        assert await one.transact(lambda tx: tx.scalar(claims)) == ROUNDS
    assert min(won.values()) > 0
