"""What a relay has counted since it started."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Metrics:
    """Counters, and one gauge: `allocations`, the number that stand now."""

    packets: int = 0
    """Payloads sent on to a member of the same consultation."""
    bytes: int = 0
    """Bytes of those datagrams as they came in, headers of STUN and TURN included."""
    allocations: int = 0
    refusals: Counter[int] = field(default_factory=Counter)
    """Error replies by code; the 401 that opens every exchange is one of them."""
    rubbish: int = 0
    """Datagrams that are neither STUN nor ChannelData, or are of a kind that no client sends."""
    unrouted: int = 0
    """Payloads without an allocation, channel, permission or member to go to."""
    throttled: int = 0
    """Replies to unproven senders that were held back."""
    dropped: int = 0
    """Datagrams that the system did not take for sending."""
