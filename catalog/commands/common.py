"""What the editors' commands have in common: where things lie, how a run ends, how problems are told."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.problem import Problem, errors

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SAMPLE = ROOT / "catalog" / "content"
SITE = ROOT / "site"
OK, PROBLEMS, UNUSABLE = 0, 1, 2
"""It did its work; the content has problems; it could not begin."""


@dataclass(frozen=True)
class Command:
    """What a command takes, and what it does: `run` returns OK, PROBLEMS or UNUSABLE, or raises OSError."""

    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def takes_content(command: argparse.ArgumentParser) -> None:
    command.add_argument("--content", type=Path, default=SAMPLE, metavar="DIR", help="内容目录")


def takes_site(command: argparse.ArgumentParser) -> None:
    command.add_argument("--site", type=Path, default=SITE, metavar="DIR", help="网站目录")


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为 1 以上的整数，现在是 {text}")
    return int(text)


def refuse(problems: Sequence[Problem], consequence: str) -> int:
    tell(problems)
    stopping = len(errors(problems))
    advised = f"，另有 {len(problems) - stopping} 条建议" if len(problems) > stopping else ""
    print(f"发现 {stopping} 处问题{advised}{consequence}。")
    return PROBLEMS


def tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem)


def unusable(message: str) -> int:
    print(message, file=sys.stderr)
    return UNUSABLE
