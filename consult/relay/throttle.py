"""How many replies an unproven sender may draw."""


class Throttle:
    """Counts of the current second: at most `per_source` for one host, at most `total` for all.

    The table holds at most `total` hosts, so that a flood of forged senders costs no memory.
    """

    def __init__(self, per_source: int, total: int) -> None:
        self._per_source = per_source
        self._total = total
        self._second = 0
        self._spent = 0
        self._by_source: dict[str, int] = {}

    def allow(self, source: str, now: float) -> bool:
        """Whether one more reply may go to `source` at `now`, in seconds; if so, it is counted."""
        if int(now) != self._second:
            self._second = int(now)
            self._spent = 0
            self._by_source.clear()
        spent = self._by_source.get(source, 0)
        if spent >= self._per_source or self._spent >= self._total:
            return False
        self._by_source[source] = spent + 1
        self._spent += 1
        return True
