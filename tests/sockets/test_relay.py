import asyncio
import gc
import logging
import os
import socket
import weakref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.relay import Limits, Relay, RelayConfig, stun
from consult.relay.server import BATCH
from consult.relay.stun import Class, Method, StunError
from tests.support.relay import (
    HOST,
    REALM,
    SECRET,
    UDP_TRANSPORT,
    Client,
    Clock,
    allocated_pair,
    code,
    connect,
    run_relay,
)

BOUND = 0x4001


async def test_binding_tells_the_clients_address() -> None:
    async with run_relay() as relay, connect(relay) as client:
        answer = await client.ask(stun.pack(Method.BINDING, Class.REQUEST, b"b" * 12, fingerprint=True))
        assert answer.cls is Class.SUCCESS
        assert answer.get("XOR-MAPPED-ADDRESS") == client.address
        assert answer.get("FINGERPRINT") is not None


async def test_allocate_is_challenged_and_then_granted() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        challenge = await client.challenge()
        assert code(challenge) == 401
        assert challenge.get("REALM") == REALM
        assert challenge.get("FINGERPRINT") is None
        answer = await client.call(Method.ALLOCATE, UDP_TRANSPORT)
        assert answer.cls is Class.SUCCESS
        assert answer.signed_by(client.key)
        assert answer.get("XOR-MAPPED-ADDRESS") == client.address
        assert answer.get("LIFETIME") == 600
        host, port = answer.get("XOR-RELAYED-ADDRESS")
        assert host == HOST and 49152 <= port <= 65535
        assert relay.metrics.allocations == 1
        assert relay.metrics.refusals == {401: 1}


async def test_there_is_no_socket_behind_a_relayed_address() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        await client.allocate()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(client.relayed)


async def test_an_allocate_sent_again_gets_the_same_success() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        await client.challenge()
        request = client.request(Method.ALLOCATE, UDP_TRANSPORT)
        await client.send(request)
        first = await client.receive()
        await client.send(request)
        assert await client.receive() == first
        assert relay.metrics.allocations == 1
        assert code(await client.call(Method.ALLOCATE, UDP_TRANSPORT)) == 437


@pytest.mark.parametrize("value", [0x00, 0x80])
async def test_even_port_is_accepted_and_reserves_nothing(value: int) -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        answer = await client.allocate(("EVEN-PORT", value))
        assert answer.get("XOR-RELAYED-ADDRESS")[1] % 2 == 0
        assert answer.get("RESERVATION-TOKEN") is None


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ([], 400),
        ([("REQUESTED-TRANSPORT", 6)], 442),
        ([UDP_TRANSPORT, ("REQUESTED-ADDRESS-FAMILY", 2)], 440),
        ([UDP_TRANSPORT, ("REQUESTED-ADDRESS-FAMILY", 1)], None),
        ([UDP_TRANSPORT, ("RESERVATION-TOKEN", b"12345678")], 508),
        ([UDP_TRANSPORT, ("RESERVATION-TOKEN", b"12345678"), ("EVEN-PORT", 0)], 400),
        ([UDP_TRANSPORT, ("RESERVATION-TOKEN", b"12345678"), ("REQUESTED-ADDRESS-FAMILY", 1)], 400),
    ],
)
async def test_allocate_checks_what_is_asked_for(
    attributes: list[tuple[str, object]], expected: int | None
) -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        await client.challenge()
        assert code(await client.call(Method.ALLOCATE, *attributes)) == expected


@pytest.mark.parametrize(("asked", "granted"), [(777, 777), (10, 600), (86400, 3600)])
async def test_lifetimes_are_clamped(asked: int, granted: int) -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        assert (await client.allocate(("LIFETIME", asked))).get("LIFETIME") == granted
        assert (await client.call(Method.REFRESH, ("LIFETIME", asked))).get("LIFETIME") == granted


async def test_only_the_right_secret_and_name_and_realm_allocate() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        await client.challenge()
        username, password = client.username, client.password
        for wrong in ({"password": "wrong"}, {"username": "guest"}, {"realm": "elsewhere"}):
            for name, value in ({"username": username, "password": password, "realm": REALM} | wrong).items():
                setattr(client, name, value)
            assert code(await client.call(Method.ALLOCATE, UDP_TRANSPORT)) == 401
        assert relay.metrics.allocations == 0


async def test_a_signed_request_without_its_names_is_bad() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        await client.challenge()
        signed = [("USERNAME", client.username), ("REALM", REALM), ("NONCE", client.nonce)]
        for missing in signed:
            rest = [pair for pair in signed if pair is not missing]
            data = stun.pack(Method.ALLOCATE, Class.REQUEST, client.next_id(), rest, client.key)
            assert code(await client.ask(data)) == 400


async def test_a_nonce_grows_stale_and_a_fresh_one_comes_with_the_answer() -> None:
    clock = Clock()
    async with run_relay(clock) as relay, connect(relay, "c-1") as client:
        await client.allocate(("LIFETIME", 3600))
        clock.now += 3599
        assert (await client.call(Method.REFRESH)).cls is Class.SUCCESS
        clock.now += 1
        stale = await client.call(Method.REFRESH)
        assert code(stale) == 438
        client.nonce, client.realm = stale.get("NONCE"), stale.get("REALM")
        assert (await client.call(Method.REFRESH)).cls is Class.SUCCESS


async def test_a_nonce_serves_its_own_client_alone() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as one, connect(relay, "c-1") as other:
        await one.challenge()
        other.nonce = one.nonce
        assert code(await other.call(Method.ALLOCATE, UDP_TRANSPORT)) == 438


async def test_a_credential_that_ran_out_allocates_no_more_but_keeps_its_call() -> None:
    clock = Clock()
    settings = {"credential_lifetime": 60}
    async with run_relay(clock, **settings) as relay, allocated_pair(relay) as (a, b):
        clock.now += 61
        assert (await a.permit(b.relayed)).cls is Class.SUCCESS
        assert (await a.bind(BOUND, b.relayed)).cls is Class.SUCCESS
        assert (await a.call(Method.REFRESH)).cls is Class.SUCCESS
        async with connect(relay) as late:
            late.username, late.password = a.username, a.password
            assert code(await late.allocate()) == 401


async def test_requests_need_an_allocation_of_the_same_name() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b), connect(relay, "c-1") as none:
        await none.challenge()
        for answer in (
            await none.call(Method.REFRESH),
            await none.permit(b.relayed),
            await none.bind(BOUND, b.relayed),
        ):
            assert code(answer) == 437
        a.username, a.password = b.username, b.password
        for answer in (
            await a.call(Method.REFRESH),
            await a.permit(b.relayed),
            await a.bind(BOUND, b.relayed),
        ):
            assert code(answer) == 441
            assert answer.signed_by(b.key)


async def test_requests_that_lack_their_attributes_are_bad() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        assert code(await a.permit()) == 400
        assert code(await a.call(Method.CHANNEL_BIND, ("CHANNEL-NUMBER", BOUND))) == 400
        assert code(await a.call(Method.CHANNEL_BIND, ("XOR-PEER-ADDRESS", b.relayed))) == 400
        assert code(await a.bind(0x3FFF, b.relayed)) == 400
        assert code(await a.call(Method.REFRESH, ("REQUESTED-ADDRESS-FAMILY", 2))) == 443


async def test_unknown_attributes_that_must_be_understood_are_named() -> None:
    async with run_relay() as relay, connect(relay, "c-1") as client:
        for kind, known in (("001a", 420), ("801a", None)):
            bare = stun.pack(Method.BINDING, Class.REQUEST, client.next_id())
            answer = await client.ask(bare[:2] + b"\0\4" + bare[4:] + bytes.fromhex(kind + "0000"))
            assert code(answer) == known
        assert answer.cls is Class.SUCCESS
        bare = stun.pack(Method.BINDING, Class.REQUEST, client.next_id())
        answer = await client.ask(bare[:2] + b"\0\4" + bare[4:] + bytes.fromhex("001a0000"))
        assert answer.get("UNKNOWN-ATTRIBUTES") == (0x001A,)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(per_credential=1), 486),
        (Limits(per_consultation=1), 486),
        (Limits(per_host=1), 486),
        (Limits(total=1), 508),
    ],
)
async def test_quotas(limits: Limits, expected: int) -> None:
    async with run_relay(limits=limits) as relay, connect(relay, "c-1") as one, connect(relay, "c-1") as two:
        assert (await one.allocate()).cls is Class.SUCCESS
        assert code(await two.allocate()) == expected
        assert (await one.call(Method.REFRESH, ("LIFETIME", 0))).get("LIFETIME") == 0
        assert (await two.allocate()).cls is Class.SUCCESS
        assert relay.metrics.allocations == 1


async def test_send_and_data_indications_carry_payloads_both_ways() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        for sender, receiver in ((a, b), (b, a)):
            for payload in (b"", b"check", bytes(1200)):
                await sender.indicate(receiver.relayed, payload)
                data = stun.parse(await receiver.receive())
                assert (data.method, data.cls) == (Method.DATA, Class.INDICATION)
                assert data.get("XOR-PEER-ADDRESS") == sender.relayed
                assert data.get("DATA") == payload
        assert relay.metrics.packets == 6


async def test_channel_data_goes_on_with_its_number_alone_changed() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await a.bind(0x4001, b.relayed)
        await b.bind(0x4FFF, a.relayed)
        padded = stun.pack_channel_data(0x4001, b"picture") + b"\0"
        for _ in range(2):
            await a.send(padded)
            assert (await b.receive())[:2] == b"\x4f\xff"
        await a.send(padded)
        assert (await b.receive())[2:] == padded[2:]
        await b.send(stun.pack_channel_data(0x4FFF, b"sound"))
        assert await a.receive() == stun.pack_channel_data(0x4001, b"sound")
        assert relay.metrics.packets == 4
        assert relay.metrics.bytes == 3 * len(padded) + 4 + len(b"sound")


async def test_a_burst_longer_than_a_batch_arrives_whole_and_in_order() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        burst = [stun.pack_channel_data(BOUND, b"%d" % place) for place in range(3 * BATCH + 1)]
        for data in burst:
            await a.send(data)
        assert await b.arrived() == burst


async def test_equal_numbers_on_both_sides_pass_unchanged() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await a.bind(BOUND, b.relayed)
        await b.bind(BOUND, a.relayed)
        for payload in (b"one", b"two", bytes(1400)):
            await a.send(stun.pack_channel_data(BOUND, payload))
            assert await b.receive() == stun.pack_channel_data(BOUND, payload)


async def test_one_side_on_a_channel_and_the_other_on_indications() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await a.bind(BOUND, b.relayed)
        for _ in range(2):
            await a.send(stun.pack_channel_data(BOUND, b"to b"))
            assert stun.parse(await b.receive()).get("DATA") == b"to b"
            await b.indicate(a.relayed, b"to a")
            assert await a.receive() == stun.pack_channel_data(BOUND, b"to a")


async def test_three_members_reach_each_other() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b), connect(relay, "c-1", "district") as c:
        await c.allocate()
        for peer in (a, b):
            await c.permit(peer.relayed)
            await peer.indicate(c.relayed, b"hello")
            assert stun.parse(await c.receive()).get("XOR-PEER-ADDRESS") == peer.relayed


async def test_nothing_passes_until_both_sides_permit() -> None:
    async with run_relay() as relay, connect(relay, "c-1", "a") as a, connect(relay, "c-1", "b") as b:
        await a.allocate()
        await b.allocate()
        await a.bind(BOUND, b.relayed)
        await a.send(stun.pack_channel_data(BOUND, b"early"))
        await a.indicate(b.relayed, b"early")
        await b.indicate(a.relayed, b"early")
        assert await a.arrived() == [] and await b.arrived() == []
        assert relay.metrics.unrouted == 3
        await b.permit(a.relayed)
        await a.send(stun.pack_channel_data(BOUND, b"now"))
        assert stun.parse(await b.receive()).get("DATA") == b"now"


async def flowing(a: Client, b: Client) -> bool:
    """Whether a channel payload of a reaches b."""
    await a.send(stun.pack_channel_data(BOUND, b"flows"))
    return await b.arrived() == [stun.pack_channel_data(BOUND, b"flows")]


async def bind_both(a: Client, b: Client) -> None:
    await a.bind(BOUND, b.relayed)
    await b.bind(BOUND, a.relayed)
    assert await flowing(a, b)


async def test_a_permission_ends_after_five_minutes_on_the_fast_path_too() -> None:
    clock = Clock()
    async with run_relay(clock) as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        clock.now += 299.9
        assert await flowing(a, b)
        await a.permit(b.relayed)
        clock.now += 0.1
        assert not await flowing(a, b)
        assert not await flowing(b, a)
        await b.permit(a.relayed)
        assert await flowing(a, b)
        assert await flowing(b, a)


async def test_a_channel_ends_after_ten_minutes_on_the_fast_path_too() -> None:
    clock = Clock()
    async with run_relay(clock) as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        for client in (a, b):
            await client.call(Method.REFRESH, ("LIFETIME", 3600))
        clock.now += 500
        for client, peer in ((a, b), (b, a)):
            await client.permit(peer.relayed)
        assert await flowing(a, b)
        clock.now += 100
        assert not await flowing(a, b)
        await a.indicate(b.relayed, b"by indication")
        assert stun.parse(await b.receive()).get("DATA") == b"by indication"
        await a.bind(BOUND, b.relayed)
        await b.bind(BOUND, a.relayed)
        assert await flowing(a, b)


async def test_an_allocation_ends_on_the_fast_path_too() -> None:
    clock = Clock()
    async with run_relay(clock) as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        await a.call(Method.REFRESH, ("LIFETIME", 3600))
        clock.now += 590
        for client, peer in ((a, b), (b, a)):
            await client.bind(BOUND, peer.relayed)
        assert await flowing(a, b)
        clock.now += 10
        assert not await flowing(a, b)
        assert not await flowing(b, a)


async def test_refresh_zero_ends_an_allocation_at_once() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        assert (await b.call(Method.REFRESH, ("LIFETIME", 0))).get("LIFETIME") == 0
        assert not await flowing(a, b)
        assert code(await b.call(Method.REFRESH, ("LIFETIME", 0))) == 437


async def test_drop_ends_one_consultation_at_once() -> None:
    async with (
        run_relay() as relay,
        allocated_pair(relay, "c-1") as (a, b),
        allocated_pair(relay, "c-2") as (c, d),
    ):
        await bind_both(a, b)
        await bind_both(c, d)
        assert relay.drop("c-1") == 2
        assert not await flowing(a, b)
        assert await flowing(c, d)
        assert relay.metrics.allocations == 2
        assert relay.drop("c-1") == 0


async def test_a_client_of_another_consultation_gets_403_and_reaches_nobody() -> None:
    async with (
        run_relay() as relay,
        allocated_pair(relay, "c-1") as (a, b),
        connect(relay, "c-2") as stranger,
    ):
        await bind_both(a, b)
        await stranger.allocate()
        for victim in (a, b):
            assert code(await stranger.permit(victim.relayed)) == 403
            assert code(await stranger.bind(BOUND, victim.relayed)) == 403
            await stranger.indicate(victim.relayed, b"intrusion")
            await stranger.send(stun.pack_channel_data(BOUND, b"intrusion"))
        assert code(await a.permit(stranger.relayed)) == 403
        for victim in (a, b):
            assert await victim.arrived() == []
        assert relay.metrics.refusals[403] == 5


@pytest.mark.parametrize(
    "peer",
    [
        ("127.0.0.1", 80),
        ("127.0.0.1", 65535),
        ("0.0.0.0", 3478),
        ("10.0.0.1", 50000),
        ("198.51.100.7", 50000),
        ("::1", 50000),
        ("::ffff:127.0.0.1", 50000),
    ],
)
async def test_no_address_of_the_world_can_be_reached(peer: stun.Address) -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        assert code(await a.permit(peer)) == 403
        assert code(await a.permit(b.relayed, peer)) == 403
        assert code(await a.bind(BOUND, peer)) == 403


async def test_a_real_socket_at_a_permitted_host_receives_nothing() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b), connect(relay) as bystander:
        assert code(await a.permit(bystander.address)) == 403
        assert code(await a.bind(BOUND, bystander.address)) == 403
        for real in (bystander.address, b.address):
            await a.indicate(real, b"escape")
        assert await bystander.arrived() == [] and await b.arrived() == []
        assert relay.metrics.unrouted == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x40\x01",
        b"\x40\x01\x00\x09short",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x80" * 100,
        b"\x16\xfe\xfd" + bytes(50),
        stun.pack(Method.BINDING, Class.SUCCESS, bytes(12)),
        stun.pack(Method.ALLOCATE, Class.ERROR, bytes(12)),
        stun.pack(Method.DATA, Class.INDICATION, bytes(12)),
        stun.pack(Method.SEND, Class.REQUEST, bytes(12)),
    ],
)
async def test_rubbish_is_counted_and_not_answered(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        with caplog.at_level(logging.INFO):
            await a.send(data)
            assert await a.arrived() == [] and await b.arrived() == []
        assert relay.metrics.rubbish == 1
        assert caplog.records == []


async def test_a_binding_indication_is_neither_answered_nor_rubbish() -> None:
    async with run_relay() as relay, connect(relay) as client:
        await client.send(stun.pack(Method.BINDING, Class.INDICATION, bytes(12)))
        assert await client.arrived() == []
        assert relay.metrics.rubbish == 0


@pytest.mark.parametrize(
    "attributes",
    [[("DATA", b"x")], [("XOR-PEER-ADDRESS", (HOST, 50000))], []],
)
async def test_a_send_indication_that_lacks_its_attributes_goes_nowhere(
    attributes: list[tuple[str, object]],
) -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, _):
        await a.send(stun.pack(Method.SEND, Class.INDICATION, bytes(12), attributes))
        assert await a.arrived() == []
        assert relay.metrics.unrouted == 1


async def test_a_send_indication_with_dont_fragment_goes_nowhere() -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        whole = stun.pack(
            Method.SEND, Class.INDICATION, bytes(12), [("XOR-PEER-ADDRESS", b.relayed), ("DATA", b"data")]
        )
        await a.send(whole[:2] + (len(whole) - 16).to_bytes(2, "big") + whole[4:] + b"\x00\x1a\x00\x00")
        assert await b.arrived() == []
        assert relay.metrics.unrouted == 1


async def test_replies_to_unproven_senders_are_bounded() -> None:
    clock = Clock()
    async with (
        run_relay(clock, unproven_per_host=3, unproven_total=100) as relay,
        connect(relay, "c-1") as client,
    ):
        for _ in range(10):
            await client.send(stun.pack(Method.ALLOCATE, Class.REQUEST, client.next_id(), [UDP_TRANSPORT]))
        for _ in range(3):
            assert code(stun.parse(await client.receive())) == 401
        for _ in range(5):
            await client.send(stun.pack(Method.BINDING, Class.REQUEST, client.next_id()))
        async with asyncio.timeout(5):
            while relay.metrics.throttled < 12:
                await asyncio.sleep(0)
        clock.now += 1
        assert (await client.allocate()).cls is Class.SUCCESS


async def test_a_proven_client_is_not_bounded() -> None:
    async with run_relay(unproven_per_host=1, unproven_total=1) as relay, connect(relay, "c-1") as client:
        await client.allocate()
        for _ in range(5):
            assert (await client.call(Method.REFRESH)).cls is Class.SUCCESS


def is_request(data: bytes) -> bool:
    """Whether a datagram happens to be a sound request: those are answered, at a bounded rate."""
    try:
        return stun.parse(data).cls is Class.REQUEST
    except StunError:
        return False


def test_random_datagrams_leave_the_relay_working_and_gain_nothing() -> None:
    kinds = st.sampled_from(
        [b"", b"\x00\x01", b"\x00\x03", b"\x00\x16\x00", b"\x40\x00", b"\x40\x01\x00\x02"]
    )
    cookie = st.sampled_from([b"", b"\x00\x00\x21\x12\xa4\x42random bytes"])

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(kinds, cookie, st.binary(max_size=120)).map(b"".join), max_size=8))
    def run(datagrams: list[bytes]) -> None:
        asyncio.run(check(datagrams))

    async def check(datagrams: list[bytes]) -> None:
        async with run_relay() as relay, allocated_pair(relay) as (a, b), connect(relay) as attacker:
            await bind_both(a, b)
            for data in datagrams:
                await attacker.send(data)
                answers = await attacker.arrived()
                assert sum(map(len, answers)) <= len(data) or is_request(data)
            assert await flowing(a, b)
            assert await a.arrived() == [] and await b.arrived() == []

    run()


async def test_a_full_send_buffer_drops_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    async with run_relay() as relay, allocated_pair(relay) as (a, b):
        await bind_both(a, b)
        full = FullSocket(relay._sock)
        relay._loop.remove_reader(relay._sock)
        monkeypatch.setattr(relay, "_sock", full)
        await a.send(stun.pack_channel_data(BOUND, b"fast path"))
        await a.indicate(b.relayed, b"slow path")
        relay._read()
        assert relay.metrics.dropped == 2


class FullSocket:
    """A socket that receives, and whose buffer for sending is full."""

    def __init__(self, sock: socket.socket) -> None:
        self.recvfrom_into = sock.recvfrom_into
        self.getsockname = sock.getsockname
        self.fileno = sock.fileno
        self.close = sock.close

    def sendto(self, data: bytes, address: stun.Address) -> int:
        raise BlockingIOError


async def test_the_sweep_runs_by_its_timer_and_frees_what_has_ended() -> None:
    clock = Clock()
    async with run_relay(clock, sweep_interval=0.005) as relay, connect(relay, "c-1") as client:
        await client.allocate()
        clock.now += 600
        async with asyncio.timeout(5):
            while relay.metrics.allocations:
                await asyncio.sleep(0)


async def test_ice_servers_have_the_browsers_shape() -> None:
    clock = Clock(1000.0)
    async with run_relay(clock) as relay:
        (server,) = relay.ice_servers("c-1", "station", "relay.example")
        assert set(server) == {"urls", "username", "credential"}
        assert server["urls"] == [f"turn:relay.example:{relay.port}?transport=udp"]
        assert server["username"] == "8200:c-1:station"
        (server,) = relay.ice_servers("c-1", "station", "2001:db8::1")
        assert server["urls"] == [f"turn:[2001:db8::1]:{relay.port}?transport=udp"]


async def test_closing_frees_the_port_and_leaves_nothing() -> None:
    before = len(os.listdir("/proc/self/fd"))
    async with run_relay() as relay:
        port = relay.port
        assert len(os.listdir("/proc/self/fd")) == before + 1
    await relay.close()
    assert len(os.listdir("/proc/self/fd")) == before
    assert asyncio.all_tasks() == {asyncio.current_task()}
    async with run_relay(port=port) as again:
        assert again.port == port


async def test_the_loop_holds_nothing_of_a_closed_relay() -> None:
    relay = await Relay.start(RelayConfig(HOST, 0, SECRET, REALM, HOST))
    kept = weakref.ref(relay)
    await relay.close()
    del relay
    gc.collect()
    assert kept() is None


async def test_a_port_that_is_taken_is_an_error_and_leaks_no_socket() -> None:
    async with run_relay() as relay:
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(OSError):
            async with run_relay(port=relay.port):
                pass
        assert len(os.listdir("/proc/self/fd")) == before


async def test_a_dual_stack_port_serves_both_families() -> None:
    async with run_relay(host="::") as relay, allocated_pair(relay) as (a, b):
        answer = await a.ask(stun.pack(Method.BINDING, Class.REQUEST, a.next_id()))
        assert answer.get("XOR-MAPPED-ADDRESS") == a.address
        await bind_both(a, b)
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.bind(("::1", 0))
            six = Client(sock, ("::1", relay.port))
            answer = await six.ask(stun.pack(Method.BINDING, Class.REQUEST, six.next_id()))
            assert answer.get("XOR-MAPPED-ADDRESS") == six.address


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"secret": b"short"}, "expected a secret of at least 16 bytes, got 5"),
        ({"realm": ""}, "expected a realm, got an empty one"),
        ({"advertised": "relay.example"}, "Expected 4 octets in 'relay.example'"),
    ],
)
def test_settings_that_will_not_do(setting: dict[str, object], error: str) -> None:
    values = {"host": HOST, "port": 0, "secret": SECRET, "realm": REALM, "advertised": HOST} | setting
    with pytest.raises(ValueError) as raised:
        RelayConfig(**values)  # type: ignore[arg-type]
    assert str(raised.value) == error


def test_the_secret_is_not_shown() -> None:
    assert "sample secret" not in repr(RelayConfig(HOST, 0, SECRET, REALM, HOST))


async def test_the_wire_is_logged_at_debug_without_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="consult.relay"):
        async with run_relay() as relay, connect(relay, "c-1") as client:
            await client.allocate()
            lines = [record.getMessage() for record in caplog.records]
            name, place = f"relay/udp:{relay.port}", client.address
            assert lines[0] == f"{name} < {place} ALLOCATE REQUEST {bytes(12).hex()}"
            assert lines[1] == f"{name} > {place} ALLOCATE ERROR {bytes(12).hex()}"
            assert not any(client.username in line for line in lines)


async def test_the_relay_starts_as_relay_class_says() -> None:
    relay = await Relay.start(RelayConfig(HOST, 0, SECRET, REALM, HOST))
    try:
        assert relay.port > 0
    finally:
        await relay.close()
