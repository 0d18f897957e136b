"""A fault in the content, said so that an editor can find and mend it."""

from dataclasses import dataclass


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

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{place} {self.message}"
