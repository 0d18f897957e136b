"""Two versions of a list, entry by entry."""

import difflib
from collections.abc import Iterator, Sequence

Pair = tuple[int | None, int | None]
"""Places of an entry before and after; None before for a new one, None after for one taken out."""


def aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Pairs in the order of both lists: equal entries, and those between them one by one."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        yield from ((i + step, j + step) for step in range(both))
        yield from ((place, None) for place in range(i + both, i_end))
        yield from ((None, place) for place in range(j + both, j_end))
