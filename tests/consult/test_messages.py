import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import messages
from consult.consultation import Outcome, Refused

GOOD: dict[str, dict[str, Any]] = {
    "hello": {"peer": "p-1"},
    "ping": {},
    "call": {"item": "002000010002"},
    "cancel": {"consultation": "c1"},
    "claim": {"consultation": "c1"},
    "release": {"consultation": "c1"},
    "ready": {"consultation": "c1", "restart": True},
    "offer": {"consultation": "c1", "to": "p-2", "exchange": 3, "sdp": "v=0\r\n"},
    "answer": {"consultation": "c1", "to": "p-2", "exchange": 0, "sdp": "v=0\r\n"},
    "candidate": {
        "consultation": "c1",
        "to": "p-2",
        "candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host",
        "sdpMid": "0",
        "sdpMLineIndex": 0,
        "usernameFragment": "abcd",
    },
    "connected": {"consultation": "c1"},
    "chat": {"consultation": "c1", "id": "l-1", "text": "请把身份证正面朝上。"},
    "end": {"consultation": "c1", "outcome": "advised"},
    "conclude": {"consultation": "c1", "outcome": "accepted"},
    "checked": {
        "camera": "fine",
        "microphone": "poor",
        "network": "failed",
        "roundTripMs": 12.5,
        "lossPercent": 1,
    },
}
DEFAULTS: dict[tuple[str, str], Any] = {
    ("ready", "restart"): False,
    ("candidate", "sdpMid"): None,
    ("candidate", "sdpMLineIndex"): None,
    ("candidate", "usernameFragment"): None,
    ("end", "outcome"): None,
    ("checked", "roundTripMs"): None,
    ("checked", "lossPercent"): None,
}
FIELDS = [(kind, name) for kind, fields in GOOD.items() for name in fields]

NOT_IDS = ["", "a b", "中", "x" * 65, "a\n", 1, True, [], {}, None]
NOT_VERDICTS = ["good", "", True, 1, None]
WRONG: dict[str, list[Any]] = {
    "peer": NOT_IDS,
    "consultation": NOT_IDS,
    "to": NOT_IDS,
    "id": NOT_IDS,
    "item": ["", "00200001000", "0020000100022", "00200001000a", "00200001000\n", 2000010002, None],
    "restart": [1, "true", None],
    "exchange": [-1, 1_000_001, 1.0, "1", True, 10**400, None],
    "sdp": ["", "x" * 60_001, 1, None],
    "candidate": ["x" * 2_001, 0, None],
    "sdpMid": ["x" * 65, 0],
    "sdpMLineIndex": [-1, 65, 0.0, "0", True],
    "usernameFragment": ["x" * 257, 1],
    "text": ["", " \u3000\n", "x" * 1_001, 1, None],
    "outcome": ["ADVISED", "", 1, True, ["advised"], {}],
    "camera": NOT_VERDICTS,
    "microphone": NOT_VERDICTS,
    "network": NOT_VERDICTS,
    "roundTripMs": [-0.1, 60_000.1, "12", True, [1]],
    "lossPercent": [-1, 100.5, "1", False, {}],
}
LONGEST = [
    ("chat", "text", "长" * 1_000),
    ("chat", "id", "x" * 64),
    ("offer", "sdp", "x" * 60_000),
    ("candidate", "candidate", "x" * 2_000),
    ("candidate", "candidate", ""),
    ("checked", "roundTripMs", 60_000),
    ("checked", "lossPercent", 100),
    ("offer", "exchange", 1_000_000),
]


def read(text: str) -> messages.Message:
    return messages.read(messages.decode(text))


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.text.encode(), "what is told must be sendable"
    return refused.value


def frame(kind: str, **other: Any) -> str:
    return json.dumps({"type": kind, **GOOD[kind], **other})


def test_every_type_has_its_good_form_and_every_field_its_wrong_ones() -> None:
    assert set(GOOD) == set(messages.TYPES)
    for kind, record in messages.TYPES.items():
        assert {field.alias for field in record.model_fields.values()} == {"type", "ref", *GOOD[kind]}
    assert set(WRONG) == {name for _, name in FIELDS}


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_form_is_read_as_it_was_sent(kind: str) -> None:
    message = read(frame(kind, ref="r-1"))
    assert type(message) is messages.TYPES[kind]
    assert message.model_dump(by_alias=True) == {"type": kind, "ref": "r-1", **GOOD[kind]}
    assert read(frame(kind)).ref is None


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_missing_field_is_an_error_unless_it_has_a_default(kind: str, name: str) -> None:
    text = json.dumps({"type": kind, **{key: value for key, value in GOOD[kind].items() if key != name}})
    if (kind, name) in DEFAULTS:
        assert read(text).model_dump(by_alias=True)[name] is DEFAULTS[kind, name]
    else:
        refused = refusal(text)
        assert (refused.code, name in refused.text) == ("malformed", True)


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("name", ["consulation", "to_peer", "TYPE", "\ud800"])
def test_an_unknown_field_is_an_error(kind: str, name: str) -> None:
    assert refusal(frame(kind, **{name: "c1"})).code == "malformed"


@pytest.mark.parametrize("name", ["sdp_mid", "sdp_m_line_index", "username_fragment"])
def test_the_wire_has_one_spelling(name: str) -> None:
    assert refusal(frame("candidate", **{name: None})).code == "malformed"


@pytest.mark.parametrize(("kind", "name", "wrong"), [(k, n, w) for k, n in FIELDS for w in WRONG[n]])
def test_a_field_of_the_wrong_kind_is_an_error(kind: str, name: str, wrong: Any) -> None:
    refused = refusal(frame(kind, **{name: wrong}))
    assert (refused.code, name in refused.text) == ("malformed", True)


@pytest.mark.parametrize(("kind", "name", "value"), LONGEST)
def test_the_limits_themselves_are_within(kind: str, name: str, value: Any) -> None:
    assert read(frame(kind, **{name: value})).model_dump(by_alias=True)[name] == value


def test_chat_is_stripped_before_it_is_measured() -> None:
    message = read(frame("chat", text=" " * 500 + "好" * 1_000 + "\n"))
    assert isinstance(message, messages.Chat)
    assert message.text == "好" * 1_000


def test_outcomes_are_those_of_the_rules() -> None:
    for outcome in Outcome:
        message = read(frame("conclude", outcome=outcome.value))
        assert isinstance(message, messages.Conclude)
        assert message.outcome is outcome
    assert refusal(frame("conclude", outcome=None)).code == "malformed"


@pytest.mark.parametrize(
    "text", ["", "ping", "nul", "\ufeff{}", '{"type":"ping"', '{"type":"ping"}{}', "{'type':1}"]
)
def test_what_is_not_json_is_malformed(text: str) -> None:
    assert refusal(text).code == "malformed"


@pytest.mark.parametrize("text", ["null", "[]", '"ping"', "1", "[{}]", "true"])
def test_what_is_not_an_object_is_malformed(text: str) -> None:
    assert refusal(text).code == "malformed"


@pytest.mark.parametrize("kind", [None, 1, True, [], {}])
def test_a_type_that_is_no_text_is_malformed(kind: Any) -> None:
    assert refusal(json.dumps({"type": kind})).code == "malformed"
    assert refusal("{}").code == "malformed"


@pytest.mark.parametrize("kind", ["", "Ping", "welcome", "呼叫", "\ud800", "x" * 60_000])
def test_a_type_that_is_none_of_ours_is_unknown(kind: str) -> None:
    refused = refusal(json.dumps({"type": kind}, ensure_ascii=False).replace("\ud800", "?"))
    assert refused.code == "unknown_type"
    assert len(refused.text) < 100


@pytest.mark.parametrize("depth", [500, 10_000, 30_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_malformed(opening: str, depth: int) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    assert refusal(opening * depth).code == "malformed"
    assert refusal(f'{{"type":"ping","ref":{opening * depth}1{closing * depth}}}').code == "malformed"


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_malformed(constant: str) -> None:
    """RFC 8259, 6: no NaN and no Infinity, wherever they stand."""
    text = frame("checked", roundTripMs=None).replace("null", constant)
    assert refusal(text).code == "malformed"
    with pytest.raises(Refused, match="malformed"):
        messages.decode(f'{{"type":"ping","x":{constant}}}')


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5_000, "-" + "9" * 5_000, "1e400", "1e-400000"])
def test_numbers_beyond_all_measure_are_malformed(number: str) -> None:
    text = frame("offer", exchange="here").replace('"here"', number)
    assert refusal(text).code == "malformed"


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"ping","type":"hello","peer":"p"}',
        '{"type":"ping","ref":"a","ref":"b"}',
        '{"type":"ping","a":{"b":1,"b":1}}',
    ],
)
def test_a_name_that_stands_twice_is_malformed(text: str) -> None:
    """RFC 8259, 4: what receivers make of it differs, so that none of it is safe to carry out."""
    with pytest.raises(Refused, match="malformed"):
        messages.decode(text)


@pytest.mark.parametrize("escaped", ['"\\ud800"', '{"\\udfff":1}', '["\\ud83d\\ud83d"]'])
def test_half_a_surrogate_pair_is_malformed(escaped: str) -> None:
    """RFC 8259, 8.2: it is no character, and could not be sent on or kept."""
    for name in ("ref", "type", "text"):
        with pytest.raises(Refused, match="malformed"):
            messages.decode(f'{{"type":"ping","{name}":{escaped}}}')
    assert messages.decode('{"ref":"\\ud83d\\ude00"}') == {"ref": "😀"}


@pytest.mark.parametrize("ref", ["", "a b", "x" * 65, 1, [], {}])
def test_a_ref_that_will_not_do_is_malformed(ref: Any) -> None:
    assert refusal(frame("ping", ref=ref)).code == "malformed"


@pytest.mark.parametrize(
    ("fields", "ref"),
    [
        ({"ref": "r-1"}, "r-1"),
        ({"type": 1, "ref": "x" * 64}, "x" * 64),
        ({"ref": "x" * 65}, None),
        ({"ref": 1}, None),
        ({"ref": None}, None),
        ({}, None),
    ],
)
def test_the_ref_of_a_faulty_message_is_found(fields: dict[str, Any], ref: str | None) -> None:
    assert messages.ref_of(fields) == ref


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["type", "ref", *{name for _, name in FIELDS}])


@given(st.text(max_size=200) | st.from_regex(r'\{"type":"[a-z]+".{0,80}\}', fullmatch=True))
def test_no_text_raises_anything_but_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        read(text)


@given(st.sampled_from(list(GOOD)), st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_object_raises_anything_but_refused(kind: str, other: dict[str, Any]) -> None:
    try:
        message = read(json.dumps({"type": kind, **GOOD[kind], **other}))
    except Refused as refused:
        assert refused.code in ("malformed", "unknown_type")
    else:
        assert type(message) is messages.TYPES[message.type]
