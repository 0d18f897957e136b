"""How fast the public pages open: Lighthouse's score on a throttled phone, and what a first load weighs.

The sample's site is served on the loopback. Usage: python -m bench.pages [--rounds 3]
"""

import argparse
import gzip
import statistics
import sys
import tempfile
from pathlib import Path

from tests.support.judges import lighthouse
from tests.support.site import GUIDE, HOME, LOADED, SEARCH, STATION, STREET_GUIDE, published, sample, serving


def first_load(address: str) -> int:
    """Bytes, as gzip sends them, of a page and of all that its head names."""
    files = sample()
    html = files[address.removeprefix("/")]
    named = LOADED.findall(html.decode())
    return sum(
        len(gzip.compress(data, 9)) for data in (html, *(files[path.removeprefix("/")] for path in named))
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args(arguments).rounds
    for address in (GUIDE, STREET_GUIDE):
        print(f"first load {address}: {first_load(address)} bytes compressed")
    worst = 1.0
    with tempfile.TemporaryDirectory() as home, serving(published(Path(home))) as origin:
        for address in (HOME, SEARCH, GUIDE, STATION):
            scores = [lighthouse(origin + address, "performance")[0]["performance"] for _ in range(rounds)]
            worst = min(worst, statistics.median(scores))
            print(f"Lighthouse performance {address}: {', '.join(f'{score:.0%}' for score in scores)}")
    print(f"lowest median of Lighthouse's performance: {worst:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
