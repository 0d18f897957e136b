"""How far a publication is: a bar on a terminal, plain lines elsewhere, nothing for machines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Shown = Callable[[str, int, int], None]
"""Told of (stage, how much is done, of how much)."""


@contextmanager
def shown(silent: bool) -> Iterator[Shown]:
    """What shows the stages, on standard error: results alone are on standard output."""
    if silent:
        yield lambda stage, done, of: None
    elif sys.stderr.isatty():
        with _bars() as shown:
            yield shown
    else:
        yield _plain


@contextmanager
def _bars() -> Iterator[Shown]:
    # Only here: to import it takes longer than to publish a small edit.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=of)
            bar.update(tasks[stage], completed=done, total=of)

        yield tell


def _plain(stage: str, done: int, of: int) -> None:
    """A line when a stage begins, as logs want it."""
    if not done:
        sys.stderr.write(f"{stage}……\n")
