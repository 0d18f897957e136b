"""What each message asks of the service, and who hears of it. docs/signaling.md, "Messages"."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from consult import messages, wire
from consult.clients import NOT_SIGNED_IN, Client, Clients
from consult.config import BEIJING
from consult.consultation import OPEN, Consultation, Refused
from consult.directory import Directory
from consult.dispatch import position, same_day
from consult.media import MediaPaths
from consult.people import Desk, Role
from consult.service import Scene, Service


class Switchboard:
    def __init__(
        self,
        service: Service,
        directory: Directory,
        clients: Clients,
        media: MediaPaths,
        clock: Callable[[], datetime],
        ice_transport_policy: str,
    ) -> None:
        self._service = service
        self._directory = directory
        self._clients = clients
        self._media = media
        self._clock = clock
        self._ice_transport_policy = ice_transport_policy

    def open(self, client: Client) -> None:
        """A client has connected; it has not said hello, and nobody hears of it."""
        self._clients.open(client)

    async def join(self, client: Client) -> None:
        """A client has said hello: it hears all it must know, then the others that it is here."""
        self._clients.join(client)
        scene = await self._service.scene(client.person)
        checked = await self._service.last_check(client.person)
        client.tell(self._welcome(client, scene, checked))
        for consultation in scene.changed:
            await self._tell_history(client, consultation.id)
        await self._presence_changed(client)

    async def leave(self, client: Client) -> None:
        """A client is gone; whoever is left hears of it."""
        if self._clients.leave(client):
            await self._presence_changed(client)

    def sign_out(self, account: str) -> None:
        """Ends what an account's sign-in had opened."""
        if client := self._clients.of(account):
            client.close(NOT_SIGNED_IN, "signed out")

    async def handle(self, client: Client, message: messages.Message) -> None:
        """Carries out one message. Raises Refused."""
        roles, handler = HANDLERS[type(message)]
        if client.person.role not in roles:
            raise Refused("wrong_role", "您的岗位不能做这一步。")
        await handler(self, client, message)

    async def sweep(self) -> None:
        """Rings, quiets and expires what is due, and tells it."""
        for scene in await self._service.sweep(self._clients.presence):
            self._tell(scene)

    async def ping(self, client: Client, message: messages.Ping) -> None:
        client.tell({"type": "pong"})

    async def call(self, client: Client, message: messages.Call) -> None:
        self._tell(await self._service.call(client.person, message.item))
        await self.sweep()

    async def cancel(self, client: Client, message: messages.Cancel) -> None:
        self._tell(await self._service.cancel(client.person, message.consultation))

    async def claim(self, client: Client, message: messages.Claim) -> None:
        self._tell(await self._service.claim(client.person, message.consultation))
        # Another clerk may have talked before it was put back.
        await self._tell_history(client, message.consultation)

    async def release(self, client: Client, message: messages.Release) -> None:
        scene = await self._service.release(client.person, message.consultation)
        self._media.drop(message.consultation)
        # The former clerk is no party any more, so the round below does not reach this page.
        client.tell(self._snapshot(client, scene.changed[0], scene))
        self._tell(scene)
        await self.sweep()

    async def connected(self, client: Client, message: messages.Connected) -> None:
        self._tell(await self._service.connected(client.person, message.consultation))

    async def end(self, client: Client, message: messages.End) -> None:
        self._tell(await self._service.hang_up(client.person, message.consultation, message.outcome))

    async def conclude(self, client: Client, message: messages.Conclude) -> None:
        self._tell(await self._service.conclude(client.person, message.consultation, message.outcome))

    async def chat(self, client: Client, message: messages.Chat) -> None:
        consultation, line = await self._service.say(
            client.person, message.consultation, message.id, message.text
        )
        for hearer in self._parties(consultation):
            hearer.tell(wire.chat(line, client.person))

    async def checked(self, client: Client, message: messages.Checked) -> None:
        await self._service.checked(client.person, message.model_dump(exclude={"type", "ref"}))

    async def ready(self, client: Client, message: messages.Ready) -> None:
        other = await self._other(client, message.consultation)
        if other is not None:
            other.tell({**_fields(message), "from": client.peer})

    async def pass_on(self, client: Client, message: messages.Offer | messages.Candidate) -> None:
        """Hands a description or a candidate to the peer it names, if that peer is there."""
        other = await self._other(client, message.consultation)
        if other is None or other.peer != message.to:
            raise Refused("peer_absent", "对方暂时不在线，恢复后会自动重连。")
        fields = _fields(message)
        del fields["to"]
        other.tell({**fields, "from": client.peer})

    async def _other(self, client: Client, id: str) -> Client | None:
        consultation = await self._service.talking(client.person, id)
        return self._clients.of(_other_party(consultation, client.person.id))

    def _parties(self, consultation: Consultation) -> list[Client]:
        found = map(self._clients.of, (consultation.social_worker, consultation.clerk))
        return [client for client in found if client is not None]

    async def _tell_history(self, client: Client, consultation: str) -> None:
        client.tell(wire.history(consultation, *await self._service.chat_of(consultation)))

    async def _presence_changed(self, client: Client) -> None:
        await self.sweep()
        self._tell(await self._service.scene(client.person))

    def _tell(self, scene: Scene) -> None:
        """Everybody whom a change concerns hears the present state: the parties, and who may serve the place."""
        concerned = {c.id: c for c in (*scene.open, *scene.changed) if c.street.startswith(scene.place)}
        for consultation in concerned.values():
            if consultation.state not in OPEN:
                self._media.drop(consultation.id)
            for client in self._parties(consultation):
                client.tell(self._snapshot(client, consultation, scene))
        for client in self._clients.at(Desk.CENTRE):
            if client.person.place.startswith(scene.place) or client.person.serves(scene.place):
                client.tell(self._queue(client, scene))

    def _welcome(self, client: Client, scene: Scene, checked: datetime | None) -> dict[str, Any]:
        now, centre = self._clock(), client.person.desk is Desk.CENTRE
        mine = [self._snapshot(client, c, scene)["consultation"] for c in scene.changed]
        return {
            "type": "welcome",
            "protocol": 1,
            "now": wire.moment(now),
            "person": wire.person(client.person, self._directory.current),
            "consultation": mine[0] if mine else None,
            "checkedToday": checked is not None and same_day(checked, now.astimezone(BEIJING)),
            **({"queue": self._queue(client, scene)} if centre else {}),
        }

    def _queue(self, client: Client, scene: Scene) -> dict[str, Any]:
        person = client.person
        clerks = self._clerks(scene, person.place)
        return wire.queue(
            scene.waiting(person.serves),
            scene.people,
            self._directory.current,
            clerks,
            lambda account: self._clients.of(account) is not None,
            self._clock(),
        )

    def _snapshot(self, client: Client, c: Consultation, scene: Scene) -> dict[str, Any]:
        """The `consultation` message for one of its parties."""
        media = {
            "iceServers": self._media.ice_servers(c.id, client.person.id, client.host),
            "iceTransportPolicy": self._ice_transport_policy,
        }
        told = wire.consultation(
            c,
            scene.people,
            self._directory.current,
            position=position(c, scene.waiting(lambda street: street == c.street)),
            clerks=self._clerks(scene, c.street),
            other_present=self._clients.of(_other_party(c, client.person.id)) is not None,
            media=media,
        )
        return {"type": "consultation", "consultation": told}

    def _clerks(self, scene: Scene, place: str) -> wire.Clerks:
        """Who is at the desks that serve `place` or a part of it, and how many of them could answer now."""
        centre = [client.person for client in self._clients.at(Desk.CENTRE)]
        present = [person.id for person in centre if person.serves(place) or person.place.startswith(place)]
        return wire.Clerks(len(present), len([id for id in present if id not in scene.engaged]))


def _other_party(c: Consultation, account: str) -> str | None:
    return c.clerk if account == c.social_worker else c.social_worker


def _fields(message: messages.Message) -> dict[str, Any]:
    """As it came, without the sender's `ref`."""
    return message.model_dump(by_alias=True, exclude={"ref"})


Handler = Callable[[Switchboard, Client, Any], Awaitable[None]]
EVERYONE = frozenset(Role)
STATION = frozenset({Role.SOCIAL_WORKER})
CENTRE = frozenset({Role.CLERK, Role.COORDINATOR})

HANDLERS: dict[type[messages.Message], tuple[frozenset[Role], Handler]] = {
    messages.Ping: (EVERYONE, Switchboard.ping),
    messages.Call: (STATION, Switchboard.call),
    messages.Cancel: (STATION, Switchboard.cancel),
    messages.Claim: (CENTRE, Switchboard.claim),
    messages.Release: (CENTRE, Switchboard.release),
    messages.Ready: (EVERYONE, Switchboard.ready),
    messages.Offer: (EVERYONE, Switchboard.pass_on),
    messages.Answer: (EVERYONE, Switchboard.pass_on),
    messages.Candidate: (EVERYONE, Switchboard.pass_on),
    messages.Connected: (EVERYONE, Switchboard.connected),
    messages.Chat: (EVERYONE, Switchboard.chat),
    messages.End: (EVERYONE, Switchboard.end),
    messages.Conclude: (CENTRE, Switchboard.conclude),
    messages.Checked: (STATION, Switchboard.checked),
}
