"""The device check: the service returns a station's sound and picture. aiortc is the browser's part."""

import asyncio
import fractions
import gc
import json
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from av import AudioFrame, VideoFrame

from consult.bridge.device_check import AT_ONCE, DeviceChecks, Full
from tests.support.desk import COOKIE
from tests.support.relay import HOST, run_relay
from tests.support.service import Desks, Place, desks_of, run_service

BRIGHT = 200
LOUD = 8_000
WAIT_SECONDS = 15.0


class Tone(AudioStreamTrack):
    """A square wave, 20 ms a frame."""

    async def recv(self) -> AudioFrame:
        frame = await super().recv()
        assert isinstance(frame, AudioFrame)
        half = (LOUD).to_bytes(2, "little", signed=True) * 8 + (-LOUD).to_bytes(2, "little", signed=True) * 8
        size = frame.samples * 2
        frame.planes[0].update((half * (size // len(half) + 1))[:size])
        return frame


class Picture(VideoStreamTrack):
    """A plain bright picture, small enough to encode twice."""

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(160, 120, "yuv420p")
        for plane, level in zip(frame.planes, (BRIGHT, 128, 128), strict=True):
            plane.update(bytes([level]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, fractions.Fraction(time_base)
        return frame


async def paths(desks: Desks, login: str = "zhan1") -> dict[str, Any]:
    headers = {"Cookie": f"{COOKIE}={desks.tokens[login]}"}
    async with desks.http.get(
        f"{desks.service.origin}/desk/station/device-check", headers=headers
    ) as response:
        assert response.status == 200
        told = await response.json()
        assert isinstance(told, dict)
        return told


async def post(desks: Desks, data: object, login: str = "zhan1", origin: str = "") -> tuple[int, str]:
    """The status and the text of the answer to an offer."""
    headers = {"Cookie": f"{COOKIE}={desks.tokens[login]}", "Origin": origin or desks.service.origin}
    body: dict[str, Any] = {"data": data} if isinstance(data, bytes) else {"json": data}
    url = f"{desks.service.origin}/desk/station/device-check"
    async with desks.http.post(url, headers=headers, **body) as response:
        return response.status, await response.text()


@asynccontextmanager
async def browser(told: dict[str, Any] | None = None) -> AsyncIterator[RTCPeerConnection]:
    """A page's connection with sound and picture to send; by the relay alone where the ways are told."""
    servers = [
        RTCIceServer(s["urls"], s["username"], s["credential"]) for s in (told or {}).get("iceServers", [])
    ]
    policy = RTCIceTransportPolicy.RELAY if told else RTCIceTransportPolicy.ALL
    connection = RTCPeerConnection(RTCConfiguration(iceServers=servers, iceTransportPolicy=policy))
    connection.addTrack(Tone())
    connection.addTrack(Picture())
    try:
        yield connection
    finally:
        await connection.close()


async def offer_of(connection: RTCPeerConnection) -> str:
    await connection.setLocalDescription(await connection.createOffer())
    return str(connection.localDescription.sdp)


async def an_offer() -> str:
    """An offer of somebody who is not there any more."""
    async with browser() as connection:
        return await offer_of(connection)


async def loud_and_bright(tracks: list[MediaStreamTrack]) -> None:
    """Returns when the tone and the picture have come back."""

    async def heard(track: MediaStreamTrack) -> None:
        while True:
            frame = await track.recv()
            if isinstance(frame, AudioFrame):
                samples = memoryview(bytes(frame.planes[0])).cast("h")
                if max(samples) > LOUD // 2 and min(samples) < -LOUD // 2:
                    return
            elif isinstance(frame, VideoFrame):
                assert (frame.width, frame.height) == (160, 120)
                first_line = bytes(frame.planes[0])[: frame.width]
                if abs(sum(first_line) / frame.width - BRIGHT) < 40:
                    return

    async with asyncio.timeout(WAIT_SECONDS):
        await asyncio.gather(*map(heard, tracks))


async def check_devices(desks: Desks, connection: RTCPeerConnection, told: dict[str, Any]) -> str:
    """A whole check, until sound and picture are back; the SDP that the service answered."""
    tracks: list[MediaStreamTrack] = []
    connection.on("track", tracks.append)
    status, text = await post(desks, {"check": told["check"], "sdp": await offer_of(connection)})
    assert status == 200, text
    description = json.loads(text)
    await connection.setRemoteDescription(RTCSessionDescription(**description))
    assert sorted(track.kind for track in tracks) == ["audio", "video"]
    await loud_and_bright(tracks)
    return str(description["sdp"])


async def test_sound_and_picture_come_back_through_the_relay(desks: Desks) -> None:
    told = await paths(desks)
    assert told["iceTransportPolicy"] == "relay"
    assert set(told) == {"check", "iceServers", "iceTransportPolicy"}
    async with browser(told) as connection:
        sdp = await check_devices(desks, connection, told)
    candidates = [line for line in sdp.splitlines() if line.startswith("a=candidate:")]
    assert candidates
    assert all(" typ relay" in line for line in candidates)


GARBAGE = [
    "",
    "v=0",
    "rubbish",
    "\ud800",
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
    "v=0\r\nm=video x y z\r\n",
    "m=application 9 DTLS/SCTP 5000\r\n" * 3,
    "a=candidate:1 1 udp 1 127.0.0.1 9 typ relay\r\n" * 50,
    "a=fingerprint:sha-256 \ud800\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
]


async def test_garbage_is_refused_and_costs_nothing(desks: Desks, caplog: pytest.LogCaptureFixture) -> None:
    good = await an_offer()
    spoilt = [good.replace(old, new) for old, new in SPOILT]
    assert good not in spoilt
    for sdp in (*GARBAGE, *spoilt):
        told = await paths(desks)
        status, text = await post(desks, {"check": told["check"], "sdp": sdp})
        assert status == 400, (status, sdp[:80], text)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (await post(desks, {"check": (await paths(desks))["check"], "sdp": good}))[0] == 200


SPOILT = [
    ("m=audio", "m=radio"),
    ("a=ice-ufrag:", "a=ice-nothing:"),
    ("a=ice-pwd:", "a=ice-nothing:"),
    ("a=rtpmap:", "a=rtpmap:x"),
    ("a=setup:actpass", "a=setup:nonsense"),
    ("a=mid:", "a=middle:"),
]


async def test_a_request_that_is_none_is_refused(desks: Desks) -> None:
    told = await paths(desks)
    check, sdp = told["check"], "v=0"
    bad: list[object] = [
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        [],
        None,
        {},
        {"check": check},
        {"sdp": sdp},
        {"check": 1, "sdp": sdp},
        {"check": check, "sdp": ["v=0"]},
        {"check": check, "sdp": "x" * 60_001},
    ]
    for data in bad:
        assert (await post(desks, data))[0] == 400, data
    assert (await post(desks, b" " * 200_000))[0] == 413
    assert (await post(desks, {"check": check, "sdp": await an_offer()}))[0] == 200


async def test_a_check_is_its_accounts_own_and_for_once(desks: Desks) -> None:
    sdp = await an_offer()
    mine, theirs = [await paths(desks, login) for login in ("zhan1", "zhan2")]
    assert (await post(desks, {"check": theirs["check"], "sdp": sdp}))[0] == 400
    assert (await post(desks, {"check": "", "sdp": sdp}))[0] == 400
    assert (await post(desks, {"check": mine["check"], "sdp": sdp}))[0] == 200
    assert (await post(desks, {"check": mine["check"], "sdp": sdp}))[0] == 400
    assert (await post(desks, {"check": theirs["check"], "sdp": sdp}, "zhan2"))[0] == 200


async def test_the_relays_credentials_are_for_this_check_alone(desks: Desks) -> None:
    mine, theirs = [await paths(desks, login) for login in ("zhan1", "zhan2")]
    assert mine["check"] in mine["iceServers"][0]["username"]
    assert mine["check"] not in theirs["iceServers"][0]["username"]


async def test_who_may_ask(desks: Desks) -> None:
    told = await paths(desks)
    data = {"check": told["check"], "sdp": "v=0"}
    assert (await post(desks, data, origin="http://evil.example"))[0] == 403
    assert (await post(desks, data, "jie1"))[0] == 401


async def test_an_account_has_one_at_a_time(desks: Desks) -> None:
    sdp = await an_offer()
    for login, status in (("zhan1", 200), ("zhan1", 503), ("zhan2", 200)):
        told = await paths(desks, login)
        assert (await post(desks, {"check": told["check"], "sdp": sdp}, login))[0] == status


async def test_nor_when_all_come_in_one_instant() -> None:
    async with run_relay() as relay:
        checks = DeviceChecks(relay, HOST)
        sdp = await an_offer()
        names = {f"w{n}": checks.paths(f"w{n}", HOST)["check"] for n in range(AT_ONCE + 2)}
        asked = (checks.answer(account, check, sdp) for account, check in names.items())
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(answer, str) for answer in answers) == AT_ONCE
        assert sum(isinstance(answer, Full) for answer in answers) == 2
        await checks.close()
        assert relay.metrics.allocations == 0


async def test_a_check_makes_room_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.bridge.device_check.LONGEST", 0.05)
    async with run_relay() as relay:
        checks = DeviceChecks(relay, HOST)
        sdp = await an_offer()
        for _ in range(2 * AT_ONCE):
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    try:
                        await checks.answer("w1", checks.paths("w1", HOST)["check"], sdp)
                        break
                    except Full:
                        await asyncio.sleep(0.01)
        await checks.close()
        assert relay.metrics.allocations == 0


async def test_garbage_leaves_no_allocation() -> None:
    async with run_relay() as relay:
        checks = DeviceChecks(relay, HOST)
        for sdp in GARBAGE:
            with pytest.raises(ValueError, match="."):
                await checks.answer("w1", checks.paths("w1", HOST)["check"], sdp)
        assert relay.metrics.allocations == 0
        await checks.close()


def sockets() -> int:
    """How many sockets this process has open."""
    found = 0
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:")
        except FileNotFoundError:
            continue
    return found


async def test_at_shutdown_everything_is_closed(place: Place, tokens: dict[str, str]) -> None:
    sockets_before, tasks_before = sockets(), len(asyncio.all_tasks())
    async with run_service(place) as service, desks_of(service, tokens) as desks:
        sdp = await an_offer()
        for login in ("zhan1", "zhan2"):
            told = await paths(desks, login)
            assert (await post(desks, {"check": told["check"], "sdp": sdp}, login))[0] == 200
        assert sockets() >= sockets_before + 2
    await nothing_left(sockets_before, tasks_before)


async def test_a_service_that_stops_ends_a_check_with_its_page_still_there() -> None:
    sockets_before, tasks_before = sockets(), len(asyncio.all_tasks())
    async with run_relay(clock=time.time) as relay:
        checks = DeviceChecks(relay, HOST)
        told = checks.paths("w1", HOST)
        async with browser(told) as connection:
            gone = asyncio.Event()

            @connection.on("connectionstatechange")
            def _state() -> None:
                if connection.connectionState == "closed":
                    gone.set()

            answer = await checks.answer("w1", told["check"], await offer_of(connection))
            tracks: list[MediaStreamTrack] = []
            connection.on("track", tracks.append)
            await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            await loud_and_bright(tracks)
            await checks.close()
            async with asyncio.timeout(WAIT_SECONDS):
                await gone.wait()
    await nothing_left(sockets_before, tasks_before)


async def nothing_left(sockets_before: int, tasks_before: int) -> None:
    """Returns when all sockets and tasks are gone: a transport closes its socket at a later turn of the loop."""
    async with asyncio.timeout(WAIT_SECONDS):
        while sockets() > sockets_before or len(asyncio.all_tasks()) > tasks_before:
            gc.collect()
            await asyncio.sleep(0.01)
