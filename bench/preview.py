"""How soon a browser sees what an editor saved: from the save to the new page, asked for when the preview tells of it.

The sample is previewed on the loopback. Usage: python -m bench.preview [--rounds 20]
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.support.preview import Previewed, previewing

ITEM, PAGE = "content/items/gaoling-jintie.yaml", "/items/gaoling-jintie.html"


def rounds(shown: Previewed, count: int) -> list[float]:
    """Seconds of each save, every one with other words."""
    events = shown.connect()
    events.request("GET", "/.preview/events")
    told = events.getresponse()
    next_event(told)
    seconds = []
    words = "满 80 岁，每月领津贴"
    for number in range(count):
        begun = time.perf_counter()
        shown.edit(ITEM, words, words := f"满 80 岁，每月领津贴{number}")
        next_event(told)
        body = shown.get(PAGE)[2]
        seconds.append(time.perf_counter() - begun)
        if words.encode() not in body:
            raise SystemExit(f"expected {words} in {PAGE}")
    events.close()
    return seconds


def next_event(stream: object) -> None:
    """Reads up to the end of one event."""
    while not stream.readline().startswith(b"data:"):  # type: ignore[attr-defined]
        pass


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    count = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as home, previewing(Path(home)) as shown:
        seconds = rounds(shown, count)
    print(f"save to seen ms: {statistics.median(seconds) * 1000:.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
