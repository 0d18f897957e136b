"""kill -9 at any instant loses nothing that anyone was told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from tests.support.desk import DeskClient
from tests.support.service import ITEM, Place, ServiceProcess, desk_of


@asynccontextmanager
async def sitting(
    service: ServiceProcess, tokens: dict[str, str], *logins: str
) -> AsyncIterator[list[DeskClient]]:
    """The desks of these people, welcomed, with the cookies they had before."""
    async with aiohttp.ClientSession() as http, AsyncExitStack() as opened:
        clients = [DeskClient(http, service.origin, desk_of(login), tokens[login]) for login in logins]
        for login, client in zip(logins, clients, strict=True):
            await opened.enter_async_context(client)
            await client.hello(f"peer-{login}")
        yield clients


async def test_a_call_outlives_the_service(place: Place, tokens: dict[str, str]) -> None:
    async with ServiceProcess(place) as service, aiohttp.ClientSession() as http:
        station = DeskClient(http, service.origin, desk_of("zhan1"), tokens["zhan1"])
        clerk = DeskClient(http, service.origin, desk_of("jie1"), tokens["jie1"])
        for client, peer in ((station, "p-station"), (clerk, "p-clerk")):
            await client.connect()
            await client.hello(peer)
        await station.request("call", item=ITEM)
        id = (await station.consultation(state="ringing"))["id"]
        await clerk.request("claim", consultation=id)
        await clerk.request("connected", consultation=id)
        await station.request("chat", consultation=id, id="l1", text="您好。")
        before = await station.consultation(state="live")

        await service.kill()
        assert [await client.closed() for client in (station, clerk)] == [1006, 1006]
        await service.start()

        await station.connect()
        after = (await station.hello("p-station"))["consultation"]
        assert after["otherPresent"] is False
        await clerk.connect()
        welcome = await clerk.hello("p-clerk")
        assert await station.consultation(otherPresent=True)
        of_clerk = welcome["consultation"]
        for told in (after, of_clerk):
            lasting = {*before} - {"otherPresent", "clerks", "iceServers"}
            assert {name: told[name] for name in lasting} == {name: before[name] for name in lasting}
            assert told["iceServers"]
        assert welcome["queue"]["clerks"] == {"present": 1, "free": 0}
        for client in (station, clerk):
            assert [line["text"] for line in (await client.until("history"))["lines"]] == ["您好。"]

        await clerk.request("offer", consultation=id, to="p-station", exchange=2, sdp="v=0\r\n")
        assert (await station.until("offer"))["from"] == "p-clerk"
        await clerk.request("end", consultation=id, outcome="prereviewed")
        for client in (station, clerk):
            await client.leave()
    assert [event for _, event, _, _ in place.events(id)] == ["call", "ring", "claim", "connect", "hang_up"]
    assert place.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert place.rows("PRAGMA foreign_key_check") == []


async def test_what_was_done_is_there_after_the_kill(place: Place, tokens: dict[str, str]) -> None:
    """Each transition is killed the moment its `done` has come; the next begins from what the disk holds."""
    steps = [
        ("call", "zhan1", {"item": ITEM}, "waiting"),
        ("claim", "jie1", {}, "connecting"),
        ("connected", "zhan1", {}, "live"),
        ("release", "jie1", {}, "waiting"),
        ("claim", "jie2", {}, "connecting"),
        ("end", "zhan1", {}, "ended"),
        ("conclude", "jie2", {"outcome": "broken"}, "ended"),
    ]
    async with ServiceProcess(place) as service:
        about: dict[str, object] = {}
        for type, login, fields, state in steps:
            await service.kill()
            await service.start()
            async with sitting(service, tokens, "zhan1", "jie1", "jie2") as clients:
                client = clients[["zhan1", "jie1", "jie2"].index(login)]
                await client.request(type, **about | fields)
                await service.kill()
            (record,) = place.rows("SELECT id, version, state, clerk, outcome FROM consultations")
            about = {"consultation": record["id"]}
            last = _last_told(place, record["id"], login)
            assert last == state, (type, place.events(record["id"]))
    (record,) = place.rows("SELECT * FROM consultations")
    assert (record["clerk"], record["end_reason"], record["outcome"]) == ("jie2", "hung_up", "broken")
    versions = [version for version, *_ in place.events(record["id"])]
    assert versions == list(range(1, record["version"] + 1))


def _last_told(place: Place, consultation: str, actor: str) -> str:
    """The state of the last transition that a person made; the bell's come and go with the clerks."""
    (_, _, state, by) = [event for event in place.events(consultation) if event[3] is not None][-1]
    assert by == actor
    return state


async def test_a_cancelled_one_stays_cancelled(place: Place, tokens: dict[str, str]) -> None:
    async with ServiceProcess(place) as service:
        async with sitting(service, tokens, "zhan1") as (station,):
            await station.request("call", item=ITEM)
            id = (await station.consultation(version=1))["id"]
            await station.request("cancel", consultation=id)
            await service.kill()
    assert place.rows("SELECT state, end_reason FROM consultations") == [
        {"state": "ended", "end_reason": "cancelled"}
    ]
