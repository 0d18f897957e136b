"""The WebSocket: frames in and out, and no rules. docs/signaling.md, "Connection"."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import WSMessage, WSMsgType, web

from consult.clients import NOT_SIGNED_IN, Client
from consult.consultation import Refused
from consult.messages import Hello, Message, decode, read, ref_of
from consult.people import Person
from consult.switchboard import Switchboard

log = logging.getLogger(__name__)

SUBPROTOCOL = "kezhong.v1"
FRAME_LIMIT = 65_536
SILENCE_LIMIT = 30.0
BURST, SUSTAINED = 200.0, 50.0
OVERRUNS_ALLOWED = 100

FLOODING = 4429


class Bucket:
    """A token bucket: `BURST` messages at once, `SUSTAINED` a second in the long run."""

    def __init__(self, now: float) -> None:
        self._tokens = BURST
        self._at = now
        self.overruns = 0

    def take(self, now: float) -> bool:
        self._tokens = min(BURST, self._tokens + (now - self._at) * SUSTAINED)
        self._at = now
        if self._tokens == BURST:
            # Rested: what went over before is forgiven.
            self.overruns = 0
        if self._tokens < 1:
            self.overruns += 1
            return False
        self._tokens -= 1
        return True


class Conversation:
    """One WebSocket of one person, from handshake to close: one reader, one writer."""

    def __init__(
        self, socket: web.WebSocketResponse, switchboard: Switchboard, person: Person, host: str
    ) -> None:
        self._socket = socket
        self._switchboard = switchboard
        self._client = Client(person, host, socket)
        self._bucket = Bucket(asyncio.get_running_loop().time())

    async def run(self) -> None:
        writer = asyncio.create_task(self._client.write())
        self._switchboard.open(self._client)
        try:
            async for frame in self._socket:
                await self._take(frame)
        except TimeoutError:
            log.info("%s: nothing heard for %d s", self._client.person.login, SILENCE_LIMIT)
        finally:
            writer.cancel()
            # The others first: a connection that is dead takes its time to be closed.
            await self._switchboard.leave(self._client)
            await self._socket.close()

    async def _take(self, frame: WSMessage) -> None:
        """Carries out one frame and answers it; a fault of the sender's or of ours is an error, never the end."""
        within = self._bucket.take(asyncio.get_running_loop().time())
        if self._bucket.overruns > OVERRUNS_ALLOWED:
            self._client.close(FLOODING, "too many messages")
            return
        ref = None
        try:
            if frame.type is not WSMsgType.TEXT:
                raise Refused("malformed", "消息应是文本帧。")
            fields = decode(frame.data)
            ref = ref_of(fields)
            if not within:
                raise Refused("too_many", "操作太快了，请稍等再试。")
            await self._carry_out(read(fields))
        except Refused as refused:
            self._client.tell({"type": "error", "ref": ref, "code": refused.code, "text": refused.text})
        except Exception:
            log.exception("%s: a message could not be carried out", self._client.person.login)
            text = "服务出了问题，您的操作没有生效。请再试一次。"
            self._client.tell({"type": "error", "ref": ref, "code": "internal", "text": text})
        else:
            if ref is not None:
                self._client.tell({"type": "done", "ref": ref})

    async def _carry_out(self, message: Message) -> None:
        if isinstance(message, Hello):
            if self._client.peer is not None:
                raise Refused("wrong_state", "已经打过招呼了。")
            self._client.peer = message.peer
            await self._switchboard.join(self._client)
        elif self._client.peer is None:
            raise Refused("hello_first", "第一条消息应是 hello。")
        else:
            await self._switchboard.handle(self._client, message)


async def serve(
    request: web.Request, switchboard: Switchboard, whose: Callable[[], Awaitable[Person | None]]
) -> web.WebSocketResponse:
    """The WebSocket of a request. `whose` tells who is signed in, None for nobody."""
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    if SUBPROTOCOL not in map(str.strip, offered):
        raise web.HTTPBadRequest(text=f"expected the WebSocket subprotocol {SUBPROTOCOL}")
    # The library's limit is the first size that is too long.
    socket = web.WebSocketResponse(
        protocols=(SUBPROTOCOL,), max_msg_size=FRAME_LIMIT + 1, receive_timeout=SILENCE_LIMIT
    )
    person = await whose()
    await socket.prepare(request)
    if person is None:
        await socket.close(code=NOT_SIGNED_IN, message=b"not signed in")
    else:
        await Conversation(socket, switchboard, person, request.url.host or "localhost").run()
    return socket
