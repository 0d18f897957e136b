"""RDF as Turtle (W3C RDF 1.1 Turtle): the same bytes for the same statements in the same order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LANGUAGE = "zh"

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# IRIREF, section 6.4 of the recommendation: what may not stand between < and >.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True)
class Resource:
    """One subject: its IRI, its types and its other statements, (predicate, object) as Turtle writes them."""

    iri: str
    types: tuple[str, ...]
    statements: tuple[tuple[str, str], ...]


def iri(address: str) -> str:
    """An IRI reference; characters that cannot stand in one are percent-encoded."""
    return f"<{_NOT_IN_IRI.sub(lambda found: f'%{ord(found[0]):02X}', address)}>"


def words(text: str) -> str:
    """Text in the language of the catalogue."""
    return f"{_quoted(text)}@{LANGUAGE}"


def text(value: str) -> str:
    """A code or another string that is in no language."""
    return _quoted(value)


def typed(value: str, datatype: str) -> str:
    """A literal of a datatype such as "xsd:duration"."""
    return f"{_quoted(value)}^^{datatype}"


def document(prefixes: Mapping[str, str], resources: Iterable[Resource]) -> bytes:
    """The prefixes and each resource in turn, in UTF-8."""
    head = "".join(f"@prefix {name}: <{address}> .\n" for name, address in prefixes.items())
    return (head + "".join(f"\n{_block(resource)}" for resource in resources)).encode()


def _block(resource: Resource) -> str:
    lines = [f"{resource.iri} a {', '.join(resource.types)}", *_grouped(resource.statements)]
    return " ;\n    ".join(lines) + " .\n"


def _grouped(statements: Sequence[tuple[str, str]]) -> list[str]:
    objects: dict[str, dict[str, None]] = {}
    for predicate, value in statements:
        objects.setdefault(predicate, {})[value] = None
    return [f"{predicate} {', '.join(values)}" for predicate, values in objects.items()]


def _quoted(value: str) -> str:
    escaped = "".join(
        _ESCAPES.get(character) or (f"\\u{ord(character):04X}" if character < " " else character)
        for character in value
    )
    return f'"{escaped}"'
