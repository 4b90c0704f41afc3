"""How busy each machine is: requests under way, and the order in which machines were last chosen."""

from __future__ import annotations

from collections import Counter
from itertools import count


class Load:
    """Counts requests of machines, by machine id."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._chosen: dict[str, int] = {}
        self._turns = count(1)

    def begin(self, machine_id: str) -> None:
        """Count a request that a machine was chosen for."""
        self._running[machine_id] += 1
        self._chosen[machine_id] = next(self._turns)

    def end(self, machine_id: str) -> None:
        """Count it no more."""
        self._running[machine_id] -= 1
        if self._running[machine_id] <= 0:
            del self._running[machine_id]

    def of(self, machine_id: str) -> int:
        """Return how many requests a machine is working on."""
        return self._running[machine_id]

    def last_chosen(self, machine_id: str) -> int:
        """Return when a machine was last chosen, as a number that grows; 0 for never."""
        return self._chosen.get(machine_id, 0)

    def forget_all_but(self, living: set[str]) -> None:
        """Drop what is known of machines that are no more."""
        for machine_id in set(self._chosen) - living:
            del self._chosen[machine_id]
