"""docs/signaling.md says what the code does: no message, field, state, outcome, code or limit more or less."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consult import clients, messages, signaling, wire
from consult.config import Config
from consult.consultation import OPEN, TRANSITIONS, ChatLine, Consultation, EndReason, Event, Outcome, State
from consult.directory import Area, Release
from consult.people import Role
from consult.switchboard import HANDLERS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "signaling.md").read_text("utf-8")

CENTRE = {Role.CLERK, Role.COORDINATOR}
# The words of the column "from".
SENDERS = {
    "both": set(Role),
    "its two parties": set(Role),
    "social worker": {Role.SOCIAL_WORKER},
    "its social worker": {Role.SOCIAL_WORKER},
    "a clerk of the street, a coordinator of the district": CENTRE,
    "its clerk": CENTRE,
}
EVENTS = {
    "cancel": Event.CANCEL,
    "claim": Event.CLAIM,
    "release": Event.RELEASE,
    "connected": Event.CONNECT,
    "end": Event.HANG_UP,
    "conclude": Event.CONCLUDE,
}
NOW = datetime(2026, 11, 23, tzinfo=UTC)
RELEASE = Release("r1", Area(code="990100", name="样例区"), {}, {}, {}, {})
LIVE = Consultation("c1", 4, State.LIVE, "990100", "990100001", "990100001001", "i", "就业登记", "w1", NOW)


def section(title: str) -> str:
    """The text under a heading, up to the next one."""
    return re.split(r"^#+ ", DOCUMENT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def table(title: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(text: str) -> list[str]:
    """What stands in backticks, but not in brackets."""
    return re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", text))


def paragraph(opening: str) -> str:
    return DOCUMENT.split(opening, 1)[1].split("\n\n", 1)[0]


FROM_A_CLIENT = {kind: row for row in table("From a client") for kind in names(row[0])}
FROM_THE_SERVICE = {kind: row for row in table("From the service") for kind in names(row[0])}


def test_the_types_are_those_that_are_read() -> None:
    assert list(FROM_A_CLIENT) == list(messages.TYPES)


@pytest.mark.parametrize("kind", messages.TYPES)
def test_the_fields_are_those_that_are_read(kind: str) -> None:
    fields = {field.alias for field in messages.TYPES[kind].model_fields.values()} - {"type", "ref"}
    assert set(names(FROM_A_CLIENT[kind][3])) == fields


@pytest.mark.parametrize("kind", [kind for kind in messages.TYPES if kind != "hello"])
def test_the_senders_are_those_that_are_let(kind: str) -> None:
    roles, _ = HANDLERS[messages.TYPES[kind]]
    assert roles == SENDERS[FROM_A_CLIENT[kind][1]]


def test_every_message_but_the_first_has_its_handler() -> None:
    assert set(HANDLERS) == set(messages.TYPES.values()) - {messages.Hello}


@pytest.mark.parametrize("kind", EVENTS)
def test_the_states_are_those_in_which_it_moves(kind: str) -> None:
    states = {State(word) for word in FROM_A_CLIENT[kind][2].removesuffix(" without outcome").split(", ")}
    # Said again, `connected` does nothing.
    unmoved = {State.LIVE} if kind == "connected" else set()
    assert states == set(TRANSITIONS[EVENTS[kind]]) | unmoved


def test_what_is_passed_on_is_passed_on_while_the_parties_talk() -> None:
    for kind in ("ready", "offer", "answer", "candidate", "chat"):
        assert FROM_A_CLIENT[kind][2] == "connecting, live"


def test_the_codes_are_those_with_which_the_code_refuses() -> None:
    # Sign-in answers with a page, never with an `error`.
    sources = [path for path in (ROOT / "consult").glob("*.py") if path.name != "auth.py"]
    raised = {
        node.args[0].value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Refused"
        if isinstance(node.args[0], ast.Constant)
    }
    assert {names(row[0])[0] for row in table("Errors")} == raised | {"internal"}


def test_the_states_are_those_of_the_drawing() -> None:
    drawing = section("States").split("```")[1]
    assert set(re.findall(r"\b(waiting|ringing|connecting|live|ended)\b", drawing)) == set(State)
    assert "(none) ------> waiting" in drawing


def test_the_outcomes_and_the_reasons() -> None:
    line = re.search(r"^Outcomes: (.*)\.$", DOCUMENT, re.MULTILINE)
    assert line is not None
    assert names(line[1]) == list(Outcome)
    by_somebody = {names(FROM_A_CLIENT[kind][4])[0] for kind in ("cancel", "end")}
    by_itself = set(re.findall(r"\(`(\w+)`\)", section("States")))
    assert by_somebody == {EndReason.CANCELLED, EndReason.HUNG_UP}
    assert by_somebody | by_itself == set(EndReason)


def test_a_consultation_has_the_fields_that_are_told() -> None:
    media = {"iceServers": [], "iceTransportPolicy": "all"}
    told = wire.consultation(
        LIVE, {}, RELEASE, position=None, clerks=wire.Clerks(0, 0), other_present=False, media=media
    )
    assert set(names(paragraph("**A consultation on the wire**"))) == set(told)


def test_a_ticket_has_the_fields_that_are_told() -> None:
    assert set(names(paragraph("**A ticket**"))) == set(wire.ticket(LIVE, {}, RELEASE, bool))


def test_the_queue_and_the_chat_have_the_fields_that_are_told() -> None:
    queue = wire.queue([], {}, RELEASE, wire.Clerks(0, 0), bool, NOW)
    chat = wire.chat(ChatLine("c1", "l1", "w1", NOW, "好"), None)
    history = wire.history("c1", [], {})
    for message in (queue, chat, history):
        assert {"type", *names(FROM_THE_SERVICE[message["type"]][1])} == set(message)


def test_the_limits() -> None:
    connection = {row[0]: row[1] for row in table("Connection")}
    assert f"`{signaling.SUBPROTOCOL}`" in connection["subprotocol"]
    assert f"at most {signaling.FRAME_LIMIT:,} bytes" in connection["frames"]
    assert f"silent for {signaling.SILENCE_LIMIT:.0f} s" in connection["liveness"]
    rate = f"{signaling.BURST:.0f} messages at once, {signaling.SUSTAINED:.0f} a second"
    assert rate in connection["rate"]
    assert str(signaling.FLOODING) in connection["rate"]
    assert str(clients.NOT_SIGNED_IN) in connection["who"]
    assert f"closed with {clients.SUPERSEDED}" in section("Connection")
    limit = Config(demo=True).absence_limit.seconds
    assert f"the absence limit ({limit} s)" in section("States")


def test_every_open_state_is_told_how_it_ends_by_itself() -> None:
    assert set(TRANSITIONS[Event.EXPIRE]) == OPEN
    ends = paragraph("waiting: nobody at the centre")
    assert "while waiting or ringing\n(`abandoned`)" in ends
    assert "while connecting or live (`lost`)" in ends
