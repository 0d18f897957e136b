import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.relay import stun
from consult.relay.credentials import long_term_key
from consult.relay.stun import Class, Method, StunError

TRANSACTION_ID = bytes(range(12))
PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"

# The messages of RFC 5769 sections 2.1 to 2.4.
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
IPV4_RESPONSE = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
IPV6_RESPONSE = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c"
)
LONG_TERM_REQUEST = bytes.fromhex(
    "000100602112a44278ad3433c6ad72c029da412e"
    "00060012e3839ee38388e383aae38383e382afe382b90000"
    "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341"
    "0014000b6578616d706c652e6f726700"
    "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666"
)


def message(*attributes: tuple[int, bytes], kind: int = 0x0001) -> bytes:
    """A message put together by hand: (type, value) pairs, padded with zero bytes."""
    body = b"".join(
        code.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value + bytes(-len(value) % 4)
        for code, value in attributes
    )
    return (
        kind.to_bytes(2, "big") + len(body).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + TRANSACTION_ID + body
    )


def test_rfc5769_sample_request() -> None:
    parsed = stun.parse(REQUEST)
    assert (parsed.method, parsed.cls) == (Method.BINDING, Class.REQUEST)
    assert parsed.transaction_id.hex() == "b7e7a701bc34d686fa87dfae"
    assert parsed.get("SOFTWARE") == "STUN test client"
    assert parsed.get("PRIORITY") == 0x6E0001FF
    assert parsed.get("ICE-CONTROLLED") == 0x932FF9B151263B36
    assert parsed.get("USERNAME") == "evtj:h6vY"
    assert parsed.unknown == ()
    assert parsed.signed_by(PASSWORD)
    assert not parsed.signed_by(PASSWORD + b"x")


@pytest.mark.parametrize(
    ("data", "address"),
    [
        (IPV4_RESPONSE, ("192.0.2.1", 32853)),
        (IPV6_RESPONSE, ("2001:db8:1234:5678:11:2233:4455:6677", 32853)),
    ],
)
def test_rfc5769_sample_responses(data: bytes, address: stun.Address) -> None:
    parsed = stun.parse(data)
    assert (parsed.method, parsed.cls) == (Method.BINDING, Class.SUCCESS)
    assert parsed.get("SOFTWARE") == "test vector"
    assert parsed.get("XOR-MAPPED-ADDRESS") == address
    assert parsed.signed_by(PASSWORD)


def test_rfc5769_long_term_request_is_read_and_written_byte_for_byte() -> None:
    parsed = stun.parse(LONG_TERM_REQUEST)
    assert parsed.get("USERNAME") == "マトリックス"
    assert parsed.get("NONCE") == b"f//499k954d6OL34oL9FSTvy64sA"
    assert parsed.get("REALM") == "example.org"
    key = long_term_key("マトリックス", "example.org", "TheMatrIX")
    assert parsed.signed_by(key)
    unsigned = [pair for pair in parsed.attributes if pair[0] != "MESSAGE-INTEGRITY"]
    assert stun.pack(parsed.method, parsed.cls, parsed.transaction_id, unsigned, key) == LONG_TERM_REQUEST


VALUES = [
    ("USERNAME", "1767225600:c-12:station"),
    ("ERROR-CODE", (438, "Stale Nonce")),
    ("UNKNOWN-ATTRIBUTES", (0x001A, 0x7FFF)),
    ("CHANNEL-NUMBER", 0x4001),
    ("LIFETIME", 600),
    ("XOR-PEER-ADDRESS", ("198.51.100.7", 50000)),
    ("XOR-PEER-ADDRESS", ("2001:db8::7", 50000)),
    ("DATA", b"\x00\xff\x10"),
    ("REALM", "刻钟"),
    ("NONCE", b"0123"),
    ("XOR-RELAYED-ADDRESS", ("203.0.113.9", 65535)),
    ("REQUESTED-ADDRESS-FAMILY", 2),
    ("EVEN-PORT", 0x80),
    ("REQUESTED-TRANSPORT", 17),
    ("XOR-MAPPED-ADDRESS", ("127.0.0.1", 1)),
    ("RESERVATION-TOKEN", b"12345678"),
    ("PRIORITY", 2**32 - 1),
    ("USE-CANDIDATE", True),
    ("SOFTWARE", "kezhong"),
    ("ICE-CONTROLLED", 2**64 - 1),
    ("ICE-CONTROLLING", 0),
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_every_attribute_survives_writing_and_reading(name: str, value: object) -> None:
    data = stun.pack(Method.ALLOCATE, Class.ERROR, TRANSACTION_ID, [(name, value)], b"key", fingerprint=True)
    parsed = stun.parse(data)
    assert parsed.get(name) == value
    assert (parsed.method, parsed.cls, parsed.transaction_id) == (
        Method.ALLOCATE,
        Class.ERROR,
        TRANSACTION_ID,
    )
    assert parsed.signed_by(b"key")


def test_the_table_is_covered_by_the_values_above() -> None:
    made_by_pack = {"MESSAGE-INTEGRITY", "FINGERPRINT"}
    assert {row.name for row in stun.ATTRIBUTES} == {name for name, _ in VALUES} | made_by_pack


def test_an_ipv4_client_of_a_dual_stack_socket_is_written_as_ipv4() -> None:
    data = stun.pack(
        Method.BINDING, Class.SUCCESS, TRANSACTION_ID, [("XOR-MAPPED-ADDRESS", ("::ffff:192.0.2.1", 9))]
    )
    assert stun.parse(data).get("XOR-MAPPED-ADDRESS") == ("192.0.2.1", 9)


def test_a_mapped_ipv4_address_in_a_message_stays_what_it_was_written_as() -> None:
    mapped = bytes.fromhex("00000000000000000000ffff7f000001")
    masked = bytes(a ^ b for a, b in zip(mapped, b"\x21\x12\xa4\x42" + TRANSACTION_ID, strict=True))
    data = message((0x0012, b"\x00\x02\x00\x00" + masked))
    assert stun.parse(data).get("XOR-PEER-ADDRESS") == ("::ffff:7f00:1", 0x2112)


def test_unknown_attributes_are_listed_only_where_comprehension_is_required() -> None:
    parsed = stun.parse(message((0x001A, b""), (0x7FFF, b"abc"), (0x8000, b"x"), (0xFFFF, b"")))
    assert parsed.unknown == (0x001A, 0x7FFF)
    assert parsed.attributes == ()


def test_get_gives_the_first_and_all_gives_each() -> None:
    parsed = stun.parse(message((0x000D, b"\0\0\0\1"), (0x000D, b"\0\0\0\2")))
    assert parsed.get("LIFETIME") == 1
    assert parsed.all("LIFETIME") == [1, 2]
    assert parsed.get("REALM") is None
    assert parsed.all("REALM") == []


def test_what_follows_message_integrity_does_not_count() -> None:
    signed = stun.pack(Method.REFRESH, Class.REQUEST, TRANSACTION_ID, [("LIFETIME", 600)], b"key")
    more = bytes.fromhex("000d000400000000001a0000")
    data = signed[:2] + (len(signed) - 20 + len(more)).to_bytes(2, "big") + signed[4:] + more
    parsed = stun.parse(data)
    assert parsed.all("LIFETIME") == [600]
    assert parsed.unknown == ()
    assert parsed.signed_by(b"key")


def test_a_message_without_integrity_is_signed_by_nobody() -> None:
    assert not stun.parse(message()).signed_by(b"")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "expected a STUN header of 20 bytes, got 0 bytes"),
        (bytes(20), "expected the magic cookie 0x2112a442, got 0x00000000"),
        (message()[:3] + b"\x04" + message()[4:], "expected 0 as the message length, got 4"),
        (message()[:3] + b"\x02" + message()[4:] + b"xx", "expected 2 as the message length, got 2"),
        (message(kind=0x0002), "expected a STUN or TURN method, got message type 0x0002"),
        (message(kind=0x8001), "expected a STUN or TURN method, got message type 0x8001"),
        (
            message((0x000D, b"1234"))[:-6] + b"\x00\x05" + b"1234",
            "expected 5 bytes of attribute 0x000d, got 4",
        ),
        (message((0x000D, b"123")), "expected an attribute of 4 bytes, got 3"),
        (message((0x0006, b"\xff")), "expected UTF-8 text, got ff"),
        (message((0x0008, b"short")), "expected an attribute of 20 bytes, got 5"),
        (message((0x0009, b"\0\0")), "expected an error code of at least 4 bytes, got 2"),
        (message((0x000A, b"\0")), "expected attribute types of 2 bytes each, got 1 bytes"),
        (message((0x0012, b"")), "expected an address of family 1 (8 bytes) or 2 (20 bytes), got "),
        (
            message((0x0012, b"\0\3" + bytes(6))),
            "expected an address of family 1 (8 bytes) or 2 (20 bytes), got 0003000000000000",
        ),
        (
            message((0x0012, b"\0\2" + bytes(6))),
            "expected an address of family 1 (8 bytes) or 2 (20 bytes), got 0002000000000000",
        ),
        (message((0x0022, b"1234567")), "expected an attribute of 8 bytes, got 7"),
        (message((0x0025, b"1")), "expected an attribute of 0 bytes, got 1"),
        (
            message((0x8028, b"1234"), (0x000D, b"1234")),
            "expected FINGERPRINT as the last attribute, got it at byte 20 of 36",
        ),
    ],
)
def test_rubbish_raises_one_error_that_says_what_was_expected(data: bytes, error: str) -> None:
    with pytest.raises(StunError) as raised:
        stun.parse(data)
    assert str(raised.value) == error


def test_a_changed_byte_breaks_the_fingerprint() -> None:
    data = bytearray(stun.pack(Method.BINDING, Class.REQUEST, TRANSACTION_ID, fingerprint=True))
    assert stun.parse(bytes(data)).get("FINGERPRINT") is not None
    data[10] ^= 1
    with pytest.raises(StunError, match="expected FINGERPRINT 0x"):
        stun.parse(bytes(data))


def test_channel_data_is_framed_and_its_padding_dropped() -> None:
    assert stun.pack_channel_data(0x4001, b"hello") == b"\x40\x01\x00\x05hello"
    assert stun.parse_channel_data(b"\x40\x01\x00\x05hello\0\0\0") == (0x4001, b"hello")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\x40\x00\x00", "expected ChannelData of at least 4 bytes, got 3 bytes 400000"),
        (b"\x80\x00\x00\x00", "expected ChannelData of at least 4 bytes, got 4 bytes 80000000"),
        (b"\x40\x00\x00\x05four", "expected 5 bytes of channel payload, got 4"),
    ],
)
def test_broken_channel_data(data: bytes, error: str) -> None:
    with pytest.raises(StunError) as raised:
        stun.parse_channel_data(data)
    assert str(raised.value) == error


def test_a_log_line_names_the_kind_and_never_a_value() -> None:
    assert stun.describe(REQUEST) == "BINDING REQUEST b7e7a701bc34d686fa87dfae"
    assert stun.describe(b"\x40\x01\x00\x05hello") == "ChannelData 0x4001, 5 bytes"
    assert stun.describe(b"?") == "not STUN: expected a STUN header of 20 bytes, got 1 bytes"


VECTORS = [REQUEST, IPV4_RESPONSE, IPV6_RESPONSE, LONG_TERM_REQUEST]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_stun_errors(data: bytes) -> None:
    for read in (stun.parse, stun.parse_channel_data):
        try:
            read(data)
        except StunError:
            pass


@given(st.lists(st.tuples(st.sampled_from([row.code for row in stun.ATTRIBUTES]), st.binary(max_size=40))))
def test_random_attributes_raise_nothing_but_stun_errors(attributes: list[tuple[int, bytes]]) -> None:
    try:
        stun.parse(message(*attributes))
    except StunError:
        pass


@given(st.sampled_from(VECTORS), st.data())
def test_a_changed_vector_raises_nothing_but_stun_errors(vector: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(vector) - 1))
    value = data.draw(st.integers(0, 255))
    try:
        stun.parse(vector[:place] + bytes([value]) + vector[place + 1 :])
    except StunError:
        pass
