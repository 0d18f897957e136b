"""How a publication ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.problem import Problem, errors


class Refused(Exception):
    """The content has faults and nothing was published; `problems` are for the editor."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(errors(problems))} faults")
        self.problems = problems


@dataclass(frozen=True)
class Publication:
    """What was done; `fresh` is False where the public sees what it saw. `seconds` are by stage."""

    release: str
    fresh: bool
    rendered: int = 0
    reused: int = 0
    removed: int = 0
    advice: tuple[Problem, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """As machines are told."""
        return {
            "release": self.release,
            "fresh": self.fresh,
            "rendered": self.rendered,
            "reused": self.reused,
            "removed": self.removed,
            "advice": len(self.advice),
            "seconds": {stage: round(each, 3) for stage, each in self.seconds.items()},
        }
