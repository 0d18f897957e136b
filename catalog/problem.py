"""A fault in the content, said so that an editor can find and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a fault stops a release."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, order=True)
class Problem:
    """A fault at `file` (relative to the content), `line` and `column` (from 1; 0 means the whole file).

    `rule` is a stable code for machines, `message` a Chinese sentence with what was expected and what came.
    """

    file: str
    line: int
    column: int
    rule: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        label = "建议：" if self.severity is Severity.ADVICE else ""
        return f"{self.file}{place} {label}{self.message}"

    def plain(self) -> dict[str, str | int]:
        """The fields as `build.py check --format json` prints them."""
        order = ("file", "line", "column", "rule", "severity", "message")
        return {field: getattr(self, field) for field in order}


class Unusable(Exception):
    """What a command was given, or found on the disk, cannot be worked with; a sentence for whoever called it."""


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a release."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
