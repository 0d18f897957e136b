"""A TURN server scoped to a consultation: whoever shares one can reach each other through it, nobody else."""

from consult.relay.allocation import Limits
from consult.relay.metrics import Metrics
from consult.relay.server import Relay, RelayConfig

__all__ = ["Limits", "Metrics", "Relay", "RelayConfig"]
