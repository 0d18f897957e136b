import base64
import hashlib
import hmac

import pytest

from consult.relay import credentials

SECRET = b"a sample secret of the relay"
CLIENT = ("192.0.2.10", 40000)
NONCE_KEY = b"n" * 32


def test_a_credential_follows_the_turn_rest_scheme() -> None:
    username, password = credentials.make(SECRET, "c-12", "station:3", now=1000.9, lifetime=7200)
    assert username == "8200:c-12:station:3"
    assert password == base64.b64encode(hmac.new(SECRET, username.encode(), "sha1").digest()).decode()


def test_the_key_is_the_long_term_key_of_the_password() -> None:
    username, password = credentials.make(SECRET, "c-12", "clerk", now=0, lifetime=60)
    expected = hashlib.md5(f"{username}:kezhong:{password}".encode()).digest()
    assert credentials.check(SECRET, "kezhong", username) == expected
    assert credentials.check(b"another secret", "kezhong", username) != expected
    assert credentials.check(SECRET, "another", username) != expected


@pytest.mark.parametrize(
    ("consultation", "participant", "error"),
    [
        ("", "clerk", "expected a consultation without colons, got ''"),
        ("a:b", "clerk", "expected a consultation without colons, got 'a:b'"),
        ("c-12", "", "expected the participant's id, got an empty one"),
    ],
)
def test_names_that_would_widen_the_scope_are_refused(
    consultation: str, participant: str, error: str
) -> None:
    with pytest.raises(ValueError) as raised:
        credentials.make(SECRET, consultation, participant, now=0, lifetime=60)
    assert str(raised.value) == error


def test_a_user_name_has_three_parts() -> None:
    assert credentials.parse_username("60:c-12:clerk:2") == (60, "c-12", "clerk:2")


@pytest.mark.parametrize(
    "text",
    ["", "60", "60:c-12", "60:c-12:", "60::clerk", ":c-12:clerk", "x:c-12:clerk", "-1:c-12:clerk", "²:c-12:clerk",
     "٣:c-12:clerk", "1" * 13 + ":c-12:clerk"],
)  # fmt: skip
def test_other_user_names_have_no_key(text: str) -> None:
    assert credentials.parse_username(text) is None
    assert credentials.check(SECRET, "kezhong", text) is None


def test_a_nonce_is_fresh_until_its_time_for_its_client_alone() -> None:
    nonce = credentials.make_nonce(NONCE_KEY, CLIENT, now=1000, lifetime=3600)
    assert len(nonce) == 26 and nonce.isascii()
    assert credentials.nonce_is_fresh(NONCE_KEY, nonce, CLIENT, now=4599.9)
    assert not credentials.nonce_is_fresh(NONCE_KEY, nonce, CLIENT, now=4600)
    assert not credentials.nonce_is_fresh(NONCE_KEY, nonce, ("192.0.2.11", 40000), now=1000)
    assert not credentials.nonce_is_fresh(NONCE_KEY, nonce, ("192.0.2.10", 40001), now=1000)
    assert not credentials.nonce_is_fresh(b"another key", nonce, CLIENT, now=1000)


@pytest.mark.parametrize("nonce", [b"", b"short", b"zzzzzzzzzz" + b"A" * 16, bytes(26), b"\xff" * 26])
def test_a_nonce_of_someone_elses_making_is_never_fresh(nonce: bytes) -> None:
    assert not credentials.nonce_is_fresh(NONCE_KEY, nonce, CLIENT, now=0)


def test_a_nonce_cannot_be_prolonged() -> None:
    nonce = credentials.make_nonce(NONCE_KEY, CLIENT, now=0, lifetime=60)
    longer = credentials.make_nonce(b"guess", CLIENT, now=9000, lifetime=60)[:10] + nonce[10:]
    assert not credentials.nonce_is_fresh(NONCE_KEY, longer, CLIENT, now=0)
