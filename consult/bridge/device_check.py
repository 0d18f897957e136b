"""The device check: the service answers a station's page and returns its sound and picture.

Both ends use the relay, so the check passes where a relayed consult passes, over the same port.
"""

import asyncio
import contextlib
import logging
import secrets
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)

from consult.media import MediaPaths

log = logging.getLogger(__name__)

AT_ONCE = 4
LONGEST = 20.0
"""Seconds after which a check ends by itself; returning a picture means decoding and encoding it."""


class Full(Exception):
    """As many checks as the service bears are under way, or one of the same account."""


class DeviceChecks:
    """`host` is where the service itself reaches its relay."""

    def __init__(self, media: MediaPaths, host: str) -> None:
        self._media = media
        self._host = host
        self._offered: dict[str, str] = {}
        self._under_way: dict[str, asyncio.Event] = {}
        self._running: set[asyncio.Task[None]] = set()

    def paths(self, account: str, host: str) -> dict[str, Any]:
        """A check's name and the RTCConfiguration for the page of `account`."""
        check = self._offered[account] = f"check-{secrets.token_hex(8)}"
        return {
            "check": check,
            "iceServers": self._media.ice_servers(check, account, host),
            "iceTransportPolicy": "relay",
        }

    async def answer(self, account: str, check: str, offer: str) -> str:
        """The SDP that answers `offer`. Raises Full, or ValueError on a check or an offer that cannot be used."""
        if self._offered.get(account) != check:
            raise ValueError("expected the check that was last given to this account")
        if len(self._under_way) >= AT_ONCE or account in self._under_way:
            raise Full
        del self._offered[account]
        ended = self._under_way[account] = asyncio.Event()
        connection = RTCPeerConnection(self._configuration(check))
        _return_what_comes(connection, ended)
        try:
            answer = await _answer(connection, offer)
        except BaseException:
            await self._end(connection, account, check)
            raise
        task = asyncio.create_task(self._run(connection, ended, account, check))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return answer

    async def close(self) -> None:
        # Not by cancelling: a connection that is closing already must come to its end.
        for ended in self._under_way.values():
            ended.set()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _configuration(self, check: str) -> RTCConfiguration:
        servers = self._media.ice_servers(check, "service", self._host)
        return RTCConfiguration(
            iceServers=[RTCIceServer(s["urls"], s["username"], s["credential"]) for s in servers],
            iceTransportPolicy=RTCIceTransportPolicy.RELAY,
        )

    async def _run(
        self, connection: RTCPeerConnection, ended: asyncio.Event, account: str, check: str
    ) -> None:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST):
                    await ended.wait()
        finally:
            await self._end(connection, account, check)

    async def _end(self, connection: RTCPeerConnection, account: str, check: str) -> None:
        self._under_way.pop(account)
        try:
            await connection.close()
        except AttributeError:
            # An odd offer leaves the library with transceivers that have no transport; no socket is open then.
            log.info("%s: ended before it had a transport", check)
        self._media.drop(check)


def _return_what_comes(connection: RTCPeerConnection, ended: asyncio.Event) -> None:
    @connection.on("track")
    def _track(track: MediaStreamTrack) -> None:
        connection.addTrack(track)

    @connection.on("connectionstatechange")
    def _state() -> None:
        if connection.connectionState in ("failed", "closed"):
            ended.set()


async def _answer(connection: RTCPeerConnection, offer: str) -> str:
    try:
        await connection.setRemoteDescription(RTCSessionDescription(_relayed_only(offer), "offer"))
        if not connection.getTransceivers():
            raise ValueError("expected sound or picture")
        await connection.setLocalDescription(await connection.createAnswer())
    except Exception as error:
        # The library meets whatever a client sends and raises as it pleases.
        raise ValueError(f"not a usable offer: {error}") from error
    return str(connection.localDescription.sdp)


def _relayed_only(sdp: str) -> str:
    """Without the candidates that the service could not or should not reach: any but relayed ones (RFC 8839, 5.1)."""
    lines = sdp.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("a=candidate:") or " typ relay" in line)
