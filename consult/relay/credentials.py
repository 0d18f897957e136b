"""Who may allocate: time-limited credentials of the TURN REST scheme, and nonces that need no memory.

The user name is "expiry:consultation:participant", expiry in seconds since the epoch, and the password is
base64(HMAC-SHA1(secret, user name)), so that another server with the same secret takes over by settings alone.
"""

import base64
import hashlib
import hmac
from typing import NamedTuple

from consult.relay.stun import Address

_EXPIRY_DIGITS = 12
_NONCE_EXPIRY_LENGTH = 10


class Username(NamedTuple):
    """The three parts of a user name; `group` is the consultation, the scope of all relaying."""

    expiry: int
    group: str
    participant: str


class Credential(NamedTuple):
    """What a client is given: RTCIceServer's `username` and `credential`."""

    username: str
    password: str


def make(secret: bytes, consultation: str, participant: str, now: float, lifetime: int) -> Credential:
    """Make a credential for one participant, good for allocating during `lifetime` seconds from `now`.

    ValueError where the consultation is empty or has a colon, or the participant is empty.
    """
    if not consultation or ":" in consultation:
        raise ValueError(f"expected a consultation without colons, got {consultation!r}")
    if not participant:
        raise ValueError("expected the participant's id, got an empty one")
    username = f"{int(now) + lifetime}:{consultation}:{participant}"
    return Credential(username, password_of(secret, username))


def parse_username(text: str) -> Username | None:
    """Take a user name apart; None where it has not the three parts."""
    expiry, _, rest = text.partition(":")
    group, _, participant = rest.partition(":")
    if not (
        expiry.isascii() and expiry.isdigit() and len(expiry) <= _EXPIRY_DIGITS and group and participant
    ):
        return None
    return Username(int(expiry), group, participant)


def password_of(secret: bytes, username: str) -> str:
    """The password that belongs to a user name."""
    return base64.b64encode(hmac.digest(secret, username.encode(), "sha1")).decode()


def long_term_key(username: str, realm: str, password: str) -> bytes:
    """The 16-byte key of MESSAGE-INTEGRITY (RFC 8489 section 9.2.2); strings already prepared."""
    text = f"{username}:{realm}:{password}"
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()


def check(secret: bytes, realm: str, username: str) -> bytes | None:
    """The key that a request of this user name must be signed with, or None where the name is not ours.

    Expiry is not looked at: it bars new allocations only, so that no running call is cut.
    """
    if parse_username(username) is None:
        return None
    return long_term_key(username, realm, password_of(secret, username))


def make_nonce(key: bytes, client: Address, now: float, lifetime: int) -> bytes:
    """A nonce for one client, fresh during `lifetime` seconds, of 26 printable bytes."""
    expiry = b"%010x" % (int(now) + lifetime)
    return expiry + _nonce_seal(key, expiry, client)


def nonce_is_fresh(key: bytes, nonce: bytes, client: Address, now: float) -> bool:
    """Whether a nonce was made with `key` for this client and has not run out."""
    expiry, seal = nonce[:_NONCE_EXPIRY_LENGTH], nonce[_NONCE_EXPIRY_LENGTH:]
    if not hmac.compare_digest(seal, _nonce_seal(key, expiry, client)):
        return False
    return now < int(expiry, 16)


def _nonce_seal(key: bytes, expiry: bytes, client: Address) -> bytes:
    covered = b"%b %b %d" % (expiry, client[0].encode(), client[1])
    return base64.b64encode(hmac.digest(key, covered, "sha256")[:12])
