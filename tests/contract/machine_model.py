"""A tiny model of machines: what one app may look like after a sequence of operations, and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

NEXT: dict[str, frozenset[str]] = {
    "creating": frozenset({"created", "starting", "destroying"}),
    "created": frozenset({"starting", "restarting", "replacing", "stopping", "destroying"}),
    "starting": frozenset({"started", "stopping", "restarting", "replacing", "destroying"}),
    "started": frozenset({"stopping", "suspending", "restarting", "replacing", "destroying"}),
    "stopping": frozenset({"stopped", "restarting", "replacing", "destroying"}),
    "stopped": frozenset({"starting", "restarting", "replacing", "destroying"}),
    "suspending": frozenset({"suspended", "stopping", "restarting", "replacing", "destroying"}),
    "suspended": frozenset({"starting", "stopping", "restarting", "replacing", "destroying"}),
    "restarting": frozenset({"starting", "stopping", "replacing", "destroying"}),
    "replacing": frozenset({"starting", "stopped", "destroying"}),
    "destroying": frozenset({"destroyed"}),
    "destroyed": frozenset(),
}
"""Which states may follow at once; each state has its event, so no step can be skipped unseen."""

STATES = frozenset(NEXT)


@dataclass(slots=True)
class Known:
    """What is known of one machine."""

    name: str
    version: str
    nonce: str = ""
    lease_ends_s: float = 0.0
    is_gone: bool = False
    versions: list[str] = field(default_factory=list)

    def is_held(self, now_s: float) -> bool:
        """Tell whether its lease still lasts."""
        return bool(self.nonce) and now_s < self.lease_ends_s


def is_a_life(states: list[str]) -> bool:
    """Tell whether a sequence of states, oldest first, can be one machine's."""
    return all(after in NEXT[before] | {before} for before, after in pairwise(states))
