"""How long a program takes and how much memory, with the processes that it starts."""

import os
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.05
_SHARE = 10
"""A sample walks the page tables of a process: that many times as long as it took goes by before the next one."""
_PAGE = os.sysconf("SC_PAGESIZE")
_KIB = 1024


@dataclass(frozen=True)
class Run:
    """Wall time, processor time and the most that was held together, of the process and its children."""

    seconds: float
    processor: float
    mebibytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.processor:.2f} s of the processor, {self.mebibytes:,.0f} MiB"


def measured(command: Sequence[str | Path], directory: Path) -> Run:
    """Run to the end; SystemExit with its output where it fails.

    Memory is the sum of the processes' proportional set sizes: what several of them share, as forked workers do, counts
    once, and what a program maps and never touches does not count. All programs are measured so.
    """
    os.sync()  # What was written before is not left for this one to wait for.
    with (directory / "output.txt").open("w+b") as output:
        begun = time.perf_counter()
        running = subprocess.Popen(command, cwd=directory, stdout=output, stderr=subprocess.STDOUT)
        peak, wait, ended = 0, 0.0, select.poll()
        ended.register(descriptor := os.pidfd_open(running.pid), select.POLLIN)
        while not ended.poll(wait * 1000):
            sampled = time.perf_counter()
            processes = list(_tree(running.pid))
            # No more than what they hold counted for each of them, which is cheap to ask.
            if sum(map(_resident, processes)) > peak:
                peak = max(peak, sum(map(_proportional, processes)))
            wait = max(_TICK, _SHARE * (time.perf_counter() - sampled))
        seconds = time.perf_counter() - begun
        os.close(descriptor)
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            output.seek(0)
            raise SystemExit(f"{command} ended with {running.returncode}: {output.read()[-2000:].decode()}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak / _KIB**2)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return  # It ended while it was looked at.


def _resident(pid: int) -> int:
    told = _told(pid, "statm")
    return int(told.split()[1]) * _PAGE if told else 0


def _proportional(pid: int) -> int:
    told = _told(pid, "smaps_rollup")
    return int(told.partition("\nPss:")[2].split(maxsplit=1)[0]) * _KIB if told else 0


def _told(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def count(root: Path) -> int:
    """How many pages there are, also where directories are links."""
    return sum(name.endswith(".html") for _, _, names in os.walk(root, followlinks=True) for name in names)
