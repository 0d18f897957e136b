"""Work shared out to processes that are copies of this one, and end with it."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_ROOM = 50_000
"""How many objects more than were freed a worker makes before it looks for garbage: some pages' worth."""
_work: Callable[[Any], Any] | None = None
_tasks: Sequence[Any] = ()


def each(work: Callable[[T], R], tasks: Sequence[T], count: int) -> Iterator[R]:
    """What `work` makes of each task, in their order, by `count` processes; by this one alone where it is one.

    Neither the work nor the tasks need be sent: the processes have them as this one has them when it begins.
    """
    count = min(count, len(tasks))
    if count <= 1:
        yield from map(work, tasks)
        return
    global _work, _tasks
    _work, _tasks = work, tasks
    context = multiprocessing.get_context("fork")
    # What is there now stays: collectors of garbage that looked at it would copy its pages into every process.
    gc.freeze()
    with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as pool:
        yield from pool.map(_one, range(len(tasks)), chunksize=4)
    gc.unfreeze()


def _one(number: int) -> Any:
    assert _work is not None
    return _work(_tasks[number])


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for tasks without end, and with it any lock that it holds."""
    gc.set_threshold(_ROOM)

    def watch() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
