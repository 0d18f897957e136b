"""What a consultation needs of a relay: the embedded one, or another that shares its secret. Pure."""

from typing import Any, Protocol


class MediaPaths(Protocol):
    def ice_servers(self, consultation: str, participant: str, host: str) -> list[dict[str, Any]]:
        """RTCIceServer entries for one party; `host` is the host its page was loaded from."""

    def drop(self, consultation: str) -> int:
        """Ends the consultation's allocations; how many there were."""
