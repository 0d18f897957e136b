"""What is known of a section as it was made, so that the next time only what changed is made."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """`files` has the SHA-256 of every path, `pages` the key of every page, `targets` where their links lead."""

    files: Mapping[str, str]
    pages: Mapping[str, str]
    targets: tuple[str, ...]


NOTHING = Record({}, {}, ())
"""Of a section that was never made."""
