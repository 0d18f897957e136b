"""One record per signaling message from a client, and how a frame becomes one. docs/signaling.md, "Messages"."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from consult.consultation import Outcome, Refused

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Sdp = Annotated[str, StringConstraints(min_length=1, max_length=60_000)]


class Message(BaseModel):
    """Any message. `ref` is echoed in the `done` or `error` that answers it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)

    type: str
    ref: Id | None = None


class AboutOne(Message):
    """A message about one consultation."""

    consultation: Id


class Hello(Message):
    peer: Id


class Ping(Message):
    pass


class Call(Message):
    item: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{12}$")]


class Cancel(AboutOne):
    pass


class Claim(AboutOne):
    pass


class Release(AboutOne):
    pass


class Ready(AboutOne):
    restart: bool = False


class Offer(AboutOne):
    """`exchange` numbers a peer's offers, so that a late answer is not taken for the answer to a newer one."""

    to: Id
    exchange: Annotated[int, Field(ge=0, le=1_000_000)]
    sdp: Sdp


class Answer(Offer):
    pass


class Candidate(AboutOne):
    """RTCIceCandidateInit; an empty `candidate` is the end of candidates."""

    to: Id
    candidate: Annotated[str, StringConstraints(max_length=2_000)]
    sdp_mid: Annotated[str, StringConstraints(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=64)] | None = None
    username_fragment: Annotated[str, StringConstraints(max_length=256)] | None = None


class Connected(AboutOne):
    pass


class Chat(AboutOne):
    id: Id
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


class End(AboutOne):
    outcome: Annotated[Outcome, Field(strict=False)] | None = None


class Conclude(AboutOne):
    outcome: Annotated[Outcome, Field(strict=False)]


Verdict = Literal["fine", "poor", "failed", "unchecked"]


class Checked(Message):
    """What the device check found; times in milliseconds, loss in per cent, None where not measured."""

    camera: Verdict
    microphone: Verdict
    network: Verdict
    round_trip_ms: Annotated[float, Field(ge=0, le=60_000)] | None = None
    loss_percent: Annotated[float, Field(ge=0, le=100)] | None = None


TYPES: dict[str, type[Message]] = {
    "hello": Hello,
    "ping": Ping,
    "call": Call,
    "cancel": Cancel,
    "claim": Claim,
    "release": Release,
    "ready": Ready,
    "offer": Offer,
    "answer": Answer,
    "candidate": Candidate,
    "connected": Connected,
    "chat": Chat,
    "end": End,
    "conclude": Conclude,
    "checked": Checked,
}


def decode(frame: str) -> dict[str, Any]:
    """The JSON object of a text frame (RFC 8259). Raises Refused `malformed`."""
    try:
        fields = json.loads(frame, object_pairs_hook=_each_once, parse_constant=_no_number)
        # Half a surrogate pair, written as an escape, could be neither answered nor passed on nor kept.
        json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused("malformed", "消息不是 JSON。") from None
    if not isinstance(fields, dict):
        raise Refused("malformed", "消息应是一个 JSON 对象。")
    return fields


def ref_of(fields: dict[str, Any]) -> str | None:
    """The `ref` of a message that may be faulty otherwise, so that its sender can match the error."""
    ref = fields.get("ref")
    return ref if isinstance(ref, str) and len(ref) <= 64 else None


def read(fields: dict[str, Any]) -> Message:
    """The record that the fields make. Raises Refused `malformed` or `unknown_type`."""
    kind = fields.get("type")
    if not isinstance(kind, str):
        raise Refused("malformed", "消息缺少 type。")
    if kind not in TYPES:
        raise Refused("unknown_type", f"没有这种消息：{kind[:40]!r}。")
    try:
        return TYPES[kind].model_validate(fields)
    except ValidationError as error:
        raise Refused("malformed", _told(kind, error)) from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands twice")
    return fields


def _no_number(constant: str) -> None:
    raise ValueError(f"JSON has no {constant}")


def _told(kind: str, error: ValidationError) -> str:
    faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
    return f"{kind} 消息有误：{'；'.join(faults)[:500]}"
