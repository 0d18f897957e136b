"""Who is at a desk: passwords as argon2id hashes, sign-ins as random tokens in a cookie of that desk alone."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from consult.consultation import Refused
from consult.people import DESK_OF, Desk, Person
from consult.service import Service
from consult.store import records
from consult.store.records import Account

WAITING_ALLOWED = 20
_hasher = PasswordHasher()
# Verified for a login name that does not exist, so that the answer takes as long as for one that does.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """argon2id with the library's parameters (RFC 9106, low memory)."""
    return _hasher.hash(password)


class Auth:
    def __init__(
        self, service: Service, clock: Callable[[], datetime], lifetime: timedelta, samples_allowed: bool
    ) -> None:
        self._service = service
        self._clock = clock
        self._samples_allowed = samples_allowed
        self.lifetime = lifetime
        # A hash takes a core and 64 MiB for some 50 ms: guesses wait for each other, calls do not wait for them.
        self._one_at_a_time = asyncio.Semaphore(1)
        self._waiting = 0

    async def sign_in(self, login: str, password: str, desk: Desk) -> str:
        """The token of a new sign-in. Raises Refused with a text for the person."""
        if self._waiting >= WAITING_ALLOWED:
            raise Refused("busy", "现在登录的人太多，请过一会儿再试。")
        account = await self._service.transact(lambda tx: records.account_by_login(tx, login))
        known = account if account is not None and self._admits(account) else None
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                right = await asyncio.to_thread(_verify, known.password_hash if known else _NOBODY, password)
        finally:
            self._waiting -= 1
        if known is None or not right:
            raise Refused("not_signed_in", "账号或密码不对。请检查大小写后再试。")
        if known.person.desk is not desk:
            raise Refused("wrong_role", f"这个账号用于{DESK_NAMES[known.person.desk]}，请从那里登录。")
        token, now = secrets.token_urlsafe(32), self._clock()
        person, expires_at = known.person, now + self.lifetime
        await self._service.transact(
            lambda tx: records.add_sign_in(tx, _digest(token), person.id, now, expires_at)
        )
        return token

    async def person(self, token: str | None, desk: Desk) -> Person | None:
        """Whose token it is, None when it is nobody's, expired or of the other desk."""
        if not token:
            return None
        now = self._clock()
        account = await self._service.transact(lambda tx: records.signed_in(tx, _digest(token), now))
        if account is None or not self._admits(account) or DESK_OF[account.person.role] is not desk:
            return None
        return account.person

    async def sign_out(self, token: str) -> None:
        await self._service.transact(lambda tx: records.drop_sign_in(tx, _digest(token)))

    def _admits(self, account: Account) -> bool:
        return self._samples_allowed or not account.sample


DESK_NAMES = {Desk.STATION: "站点工作台", Desk.CENTRE: "街道工作台"}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):
        return False
