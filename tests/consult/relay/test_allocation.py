import itertools
from collections.abc import Callable

import pytest

from consult.relay.allocation import (
    PORTS,
    Allocation,
    Allocations,
    Limits,
    Refused,
    Route,
    granted_lifetime,
)
from consult.relay.stun import Address

HOST = "203.0.113.1"
A, B, C = ("192.0.2.1", 1001), ("192.0.2.2", 1002), ("192.0.2.3", 1003)


class Table(Allocations):
    """Allocations whose ports are drawn in order, with short ways to fill them."""

    def __init__(self, limits: Limits | None = None, draw: Callable[[int], int] = lambda places: 0) -> None:
        super().__init__(HOST, limits or Limits(), draw)

    def add(self, client: Address, group: str = "c-1", now: float = 0, even: bool = False) -> Allocation:
        username = f"9:{group}:{client[0]}"
        return self.create(client, username, group, b"%d" % client[1], 600, now, even)


def pair(table: Table) -> tuple[Allocation, Allocation]:
    """Two allocations of one group that permit each other from time 0."""
    a, b = table.add(A), table.add(B)
    table.permit(a, [b.relayed], 0)
    table.permit(b, [a.relayed], 0)
    return a, b


def refused(code: int, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as raised:
        call()
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("requested", "granted"),
    [(None, 600), (0, 600), (599, 600), (777, 777), (3600, 3600), (3601, 3600), (2**32 - 1, 3600)],
)
def test_lifetimes_are_clamped(requested: int | None, granted: int) -> None:
    assert granted_lifetime(requested) == granted


def test_relayed_addresses_are_unique_ports_of_the_advertised_host() -> None:
    table = Table()
    relayed = [table.add((f"192.0.2.{host}", 5)).relayed for host in range(5)]
    assert relayed == [(HOST, PORTS[0] + place) for place in range(5)]


def test_an_even_port_is_even_also_when_the_drawn_one_is_taken() -> None:
    table = Table(draw=lambda places: 3)
    assert table.add(A, even=True).relayed == (HOST, PORTS[6])
    assert table.add(B, even=True).relayed == (HOST, PORTS[8])


def test_the_search_for_a_port_wraps() -> None:
    table = Table(draw=lambda places: places - 1)
    assert [table.add(client).relayed[1] for client in (A, B)] == [PORTS[-1], PORTS[0]]


def test_no_port_is_left_when_all_are_taken() -> None:
    drawn = itertools.count()
    table = Table(Limits(total=10**6, per_consultation=10**6), draw=lambda places: next(drawn) % places)
    ports = {table.add((f"h{place}", 1)).relayed[1] for place in range(len(PORTS))}
    assert ports == set(PORTS)
    refused(508, lambda: table.add(A))


def test_the_same_request_sent_again_gets_the_same_allocation() -> None:
    table = Table()
    first = table.add(A)
    assert table.add(A, now=5) is first
    assert first.expires == 600
    refused(437, lambda: table.create(A, first.username, "c-1", b"another", 600, 5))
    refused(437, lambda: table.create(A, "9:c-1:other", "c-1", first.transaction_id, 600, 5))


def test_an_allocation_that_has_ended_makes_room_for_the_next() -> None:
    table = Table()
    first = table.add(A)
    assert table.find(A, 599.9) is first
    assert table.find(A, 600) is None
    second = table.add(A, now=600)
    assert second is not first and second.expires == 1200
    assert len(table) == 1


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(per_credential=2), 486),
        (Limits(per_consultation=2), 486),
        (Limits(per_host=2), 486),
        (Limits(total=2), 508),
    ],
)
def test_quotas(limits: Limits, code: int) -> None:
    table = Table(limits)
    for port in (1, 2):
        table.add(("192.0.2.1", port))
    refused(code, lambda: table.add(("192.0.2.1", 3)))
    gone = table.find(("192.0.2.1", 1), 0)
    assert gone is not None
    table.remove(gone)
    assert table.add(("192.0.2.1", 3)).client == ("192.0.2.1", 3)


def test_quotas_count_each_name_apart() -> None:
    table = Table(Limits(per_credential=1, per_consultation=2, per_host=1))
    table.add(A), table.add(B)
    refused(486, lambda: table.add(C))
    table.add(C, group="c-2")
    assert len(table) == 3


def test_a_permission_is_for_members_of_the_group_alone() -> None:
    table = Table()
    a, b, stranger = table.add(A), table.add(B), table.add(C, group="c-2")
    for peer in [stranger.relayed, ("127.0.0.1", b.relayed[1]), (HOST, 80), (HOST, PORTS[-1]), A, B]:
        refused(403, lambda peer=peer: table.permit(a, [peer], 0))  # type: ignore[misc]
    refused(403, lambda: table.permit(a, [b.relayed, stranger.relayed], 0))
    assert a.permissions == {}
    table.permit(a, [b.relayed], 10)
    assert a.permissions == {HOST: 310}
    refused(403, lambda: table.permit(a, [b.relayed], 600))


def test_both_sides_must_permit_each_other() -> None:
    table = Table()
    a, b = table.add(A), table.add(B)
    assert table.route(A, b.relayed, 0) is None
    table.permit(a, [b.relayed], 0)
    assert table.route(A, b.relayed, 0) is None
    assert table.route(B, a.relayed, 0) is None
    table.permit(b, [a.relayed], 100)
    assert table.route(A, b.relayed, 100) == Route(B, None, a.relayed, 300)
    assert table.route(A, b.relayed, 300) is None


def test_no_route_leaves_the_group_or_the_table() -> None:
    table = Table()
    a, b = pair(table)
    stranger = table.add(C, group="c-2")
    stranger.permissions[HOST] = 600
    a.permissions["127.0.0.1"] = 600
    assert table.route(A, stranger.relayed, 0) is None
    assert table.route(C, a.relayed, 0) is None
    assert table.route(A, ("127.0.0.1", b.relayed[1]), 0) is None
    assert table.route(A, (HOST, PORTS[-1]), 0) is None
    assert table.route(("192.0.2.9", 9), b.relayed, 0) is None


def test_a_payload_arrives_on_the_receivers_own_channel_while_it_lasts() -> None:
    table = Table()
    a, b = pair(table)
    table.bind(b, 0x4007, a.relayed, 0)
    assert table.route(A, b.relayed, 0) == Route(B, 0x4007, a.relayed, 300)
    for allocation in (a, b):
        table.refresh(allocation, 3600, 0)
    table.permit(a, [b.relayed], 500)
    table.permit(b, [a.relayed], 500)
    assert table.route(A, b.relayed, 599) == Route(B, 0x4007, a.relayed, 600)
    assert table.route(A, b.relayed, 600) == Route(B, None, a.relayed, 800)


def test_a_channel_is_bound_once_and_renewed() -> None:
    table = Table()
    a, b = pair(table)
    c = table.add(C)
    table.bind(a, 0x4000, b.relayed, 0)
    table.bind(a, 0x4000, b.relayed, 100)
    assert a.channels[0x4000].expires == 700
    assert a.permissions == {HOST: 400}
    refused(400, lambda: table.bind(a, 0x4000, c.relayed, 100))
    refused(400, lambda: table.bind(a, 0x4001, b.relayed, 100))
    refused(400, lambda: table.bind(a, 0x3FFF, c.relayed, 100))
    refused(400, lambda: table.bind(a, 0x8000, c.relayed, 100))
    refused(403, lambda: table.bind(a, 0x4002, (HOST, 9), 100))


def test_an_ended_channel_can_be_bound_anew() -> None:
    table = Table()
    a, b = pair(table)
    c = table.add(C)
    for allocation in (a, b, c):
        table.refresh(allocation, 3600, 0)
    table.bind(a, 0x4000, b.relayed, 0)
    table.bind(a, 0x4000, c.relayed, 600)
    table.bind(a, 0x4001, b.relayed, 600)
    assert {number: channel.peer for number, channel in a.channels.items()} == {
        0x4000: c.relayed,
        0x4001: b.relayed,
    }


def test_a_channels_way_is_kept_until_the_first_of_its_ends() -> None:
    table = Table()
    a, b = pair(table)
    table.bind(a, 0x4001, b.relayed, 10)
    assert table.channel_route(A, 0x4001, 10) == Route(B, None, a.relayed, 300)
    assert table.paths == {}
    table.bind(b, 0x4002, a.relayed, 20)
    assert table.channel_route(A, 0x4001, 20) == Route(B, 0x4002, a.relayed, 310)
    assert table.paths == {A: {0x4001: (310, 0x4002, B)}}


def test_the_senders_channel_may_be_the_first_to_end() -> None:
    table = Table()
    a, b = pair(table)
    for allocation in (a, b):
        table.refresh(allocation, 3600, 0)
    table.bind(a, 0x4001, b.relayed, 0)
    table.bind(b, 0x4002, a.relayed, 100)
    table.permit(a, [b.relayed], 500)
    table.permit(b, [a.relayed], 500)
    table.channel_route(A, 0x4001, 500)
    assert table.paths == {A: {0x4001: (600, 0x4002, B)}}


def test_no_channel_no_way() -> None:
    table = Table()
    a, b = pair(table)
    assert table.channel_route(A, 0x4001, 0) is None
    assert table.channel_route(C, 0x4001, 0) is None
    table.bind(a, 0x4001, b.relayed, 0)
    for allocation in (a, b):
        table.refresh(allocation, 3600, 0)
    table.permit(a, [b.relayed], 599)
    table.permit(b, [a.relayed], 599)
    assert table.channel_route(A, 0x4001, 599) is not None
    assert table.channel_route(A, 0x4001, 600) is None
    table.remove(b)
    assert table.channel_route(A, 0x4001, 599) is None


def bound_pair(table: Table) -> tuple[Allocation, Allocation]:
    a, b = pair(table)
    table.bind(a, 0x4001, b.relayed, 0)
    table.bind(b, 0x4001, a.relayed, 0)
    for client in (A, B):
        table.channel_route(client, 0x4001, 0)
    return a, b


@pytest.mark.parametrize(
    "change",
    [
        lambda table, b: table.remove(b),
        lambda table, b: table.refresh(b, 600, 0),
        lambda table, b: table.drop("c-1"),
        lambda table, b: table.expire(600),
    ],
)
def test_a_change_of_one_member_forgets_the_paths_of_its_group_alone(
    change: Callable[[Table, Allocation], object],
) -> None:
    table = Table()
    _, b = bound_pair(table)
    table.paths[C] = {0x4000: (600, 0x4000, A)}
    assert set(table.paths) == {A, B, C}
    change(table, b)
    assert set(table.paths) == {C}


def test_drop_deletes_one_group() -> None:
    table = Table()
    table.add(A), table.add(B), table.add(C, group="c-2")
    assert table.drop("c-1") == 2
    assert table.drop("c-1") == 0
    assert [table.find(client, 0) is None for client in (A, B, C)] == [True, True, False]


def test_expire_deletes_what_has_ended_and_prunes_the_rest() -> None:
    table = Table()
    a, b = bound_pair(table)
    table.refresh(a, 3600, 0)
    assert table.expire(299) == 0
    assert a.permissions and a.channels and a.numbers
    assert table.expire(600) == 1
    assert len(table) == 1
    assert (a.permissions, a.channels, a.numbers) == ({}, {}, {})
    assert table.find(B, 0) is None


def test_an_error_says_its_code_and_reason() -> None:
    assert str(Refused(403)) == "403 Forbidden"
