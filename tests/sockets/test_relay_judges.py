"""Clients of other makers against the relay: aioice's and coturn's."""

import asyncio
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aioice
import pytest
from aioice.ice import TransportPolicy
from aioice.turn import TurnTransport, create_turn_endpoint

from consult.relay import Limits, Relay, credentials, stun
from tests.support.relay import HOST, REALM, SECRET, code, connect_to, run_relay

UCLIENT = "/usr/bin/turnutils_uclient"
BOUND_SECONDS = 60


class Inbox(asyncio.DatagramProtocol):
    """Keeps what arrives, with the address it came from."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[bytes, stun.Address]] = asyncio.Queue()
        self.closed = asyncio.Event()

    def datagram_received(self, data: bytes, addr: stun.Address) -> None:
        self.arrived.put_nowait((data, addr))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()


@asynccontextmanager
async def aioice_endpoint(
    relay: Relay, consultation: str, participant: str
) -> AsyncIterator[tuple[TurnTransport, Inbox]]:
    (server,) = relay.ice_servers(consultation, participant, HOST)
    transport, inbox = await create_turn_endpoint(
        Inbox, (HOST, relay.port), server["username"], server["credential"]
    )
    try:
        yield transport, inbox
    finally:
        transport.close()
        async with asyncio.timeout(5):
            await inbox.closed.wait()


async def test_aioices_turn_client_relays_both_ways() -> None:
    async with (
        run_relay() as relay,
        aioice_endpoint(relay, "c-1", "station") as (a, at_a),
        aioice_endpoint(relay, "c-1", "clerk") as (b, at_b),
    ):
        address_a, address_b = a.get_extra_info("sockname"), b.get_extra_info("sockname")
        b.sendto(b"opens the way", address_a)
        async with asyncio.timeout(5):
            while relay.metrics.unrouted < 1:
                await asyncio.sleep(0)
            for number in range(100):
                a.sendto(b"to b %d" % number, address_b)
                assert await at_b.arrived.get() == (b"to b %d" % number, address_a)
                b.sendto(b"to a %d" % number, address_a)
                assert await at_a.arrived.get() == (b"to a %d" % number, address_b)
        assert relay.metrics.packets == 200
    assert relay.metrics.allocations == 0


def ice_connection(relay: Relay, consultation: str, controlling: bool) -> aioice.Connection:
    (server,) = relay.ice_servers(consultation, "controlling" if controlling else "controlled", HOST)
    return aioice.Connection(
        ice_controlling=controlling,
        turn_server=(HOST, relay.port),
        turn_username=server["username"],
        turn_password=server["credential"],
        transport_policy=TransportPolicy.RELAY,
    )


async def exchange(a: aioice.Connection, b: aioice.Connection) -> None:
    """Give each side's candidates and credentials to the other."""
    for connection in (a, b):
        await connection.gather_candidates()
    for here, there in ((a, b), (b, a)):
        there.remote_username, there.remote_password = here.local_username, here.local_password
        for candidate in here.local_candidates:
            assert candidate.type == "relay"
            await there.add_remote_candidate(candidate)
        await there.add_remote_candidate(None)


async def test_two_ice_agents_connect_by_relay_alone() -> None:
    async with run_relay() as relay:
        a, b = ice_connection(relay, "c-1", True), ice_connection(relay, "c-1", False)
        try:
            await exchange(a, b)
            async with asyncio.timeout(20):
                await asyncio.gather(a.connect(), b.connect())
                await a.send(b"picture")
                assert await b.recv() == b"picture"
                await b.send(b"sound")
                assert await a.recv() == b"sound"
        finally:
            await asyncio.gather(a.close(), b.close())
        assert relay.metrics.packets > 2


async def uclient(port: int, *arguments: str) -> str:
    """The output of coturn's client, run against a relay of this process."""
    process = await asyncio.create_subprocess_exec(
        UCLIENT, "-y", "-c", "-W", SECRET.decode(), "-u", "c-1:judge", "-p", str(port), *arguments, HOST,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output.decode(errors="replace")


@pytest.mark.parametrize("way", [[], ["-s"]], ids=["channels", "indications"])
async def test_coturns_client_loses_nothing(way: list[str]) -> None:
    clients, messages = 6, 100
    limits = Limits(per_credential=100, per_consultation=100)
    async with run_relay(clock=time.time, limits=limits) as relay:
        arguments = ["-m", str(clients), "-n", str(messages), "-l", "1000", "-z", "5", *way]
        output = await uclient(relay.port, *arguments)
        total = clients * messages
        assert f"tot_send_msgs={total}, tot_recv_msgs={total}" in output, output
        assert re.search(r"Total lost packets 0 \(0\.0+%\), total send dropped 0 ", output), output
        assert relay.metrics.packets == total
        assert set(relay.metrics.refusals) == {401}
        assert (relay.metrics.rubbish, relay.metrics.unrouted, relay.metrics.dropped) == (0, 0, 0)


async def test_coturns_client_with_another_secret_gets_nowhere() -> None:
    async with run_relay(time.time, secret=b"another secret of the relay") as relay:
        output = await uclient(relay.port, "-m", "2", "-n", "5")
        assert "Unauthorized" in output or "Cannot complete Allocation" in output, output
        assert relay.metrics.allocations == 0
        assert relay.metrics.packets == 0


async def test_the_relay_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET + b"\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "consult.relay", "--port", "0", "--secret-file", str(secret),
        "--realm", REALM, "--per-consultation", "2",
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            first = re.search(rb"relay/udp:(\d+) serves on 127.0.0.1", await process.stderr.readline())
            assert first is not None
            await relay_one_payload(int(first[1]))
    finally:
        process.send_signal(signal.SIGTERM)
        _, rest = await process.communicate()
    assert process.returncode == 0
    assert b"packets=1, bytes=" in rest


async def relay_one_payload(port: int) -> None:
    """Send one payload through the process at `port`, and meet the quota it was given."""
    given = credentials.make(SECRET, "c-1", "judge", time.time(), 60)
    async with connect_to(port, *given) as a, connect_to(port, *given) as b, connect_to(port, *given) as c:
        assert [code(await client.allocate()) for client in (a, b, c)] == [None, None, 486]
        await a.permit(b.relayed)
        await b.permit(a.relayed)
        await a.indicate(b.relayed, b"payload")
        assert stun.parse(await b.receive()).get("DATA") == b"payload"
