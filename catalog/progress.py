"""How far a publication is: a bar on a terminal, plain lines elsewhere, nothing for machines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Shown = Callable[[str, int, int], None]
"""Told of (stage, how much is done, of how much)."""


@contextmanager
def shown(silent: bool) -> Iterator[Shown]:
    """What shows the stages, on standard error: results alone are on standard output."""
    console = Console(stderr=True)
    if silent:
        yield lambda stage, done, of: None
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            yield _on(bar)
    else:
        yield _plain


def _on(bar: Progress) -> Shown:
    tasks = {}

    def tell(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=of)
        bar.update(tasks[stage], completed=done, total=of)

    return tell


def _plain(stage: str, done: int, of: int) -> None:
    """A line when a stage begins, as logs want it."""
    if not done:
        sys.stderr.write(f"{stage}……\n")
