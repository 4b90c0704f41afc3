"""What happens later: calls ordered by their moment on the emulator's clock.

Nothing here waits. The process calls `settle` a few times a second (and at once when the clock is advanced);
a test with a manual clock calls it when it likes. Entries are not saved: after a restart each part plans its
own again from the records.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from lifeboat.core.clock import Clock


class Timeline:
    """Calls to come, on one clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Plan a call `delay_s` from now; calls of one moment keep their order.

        A call must look at the record again before it acts: much may have happened since it was planned.
        """
        heapq.heappush(
            self._entries, (self._clock.now() + timedelta(seconds=delay_s), next(self._order), call)
        )

    def settle(self) -> int:
        """Make every call that is due, those planned meanwhile included; return how many."""
        made = 0
        while self._entries and self._entries[0][0] <= self._clock.now():
            _, _, call = heapq.heappop(self._entries)
            call()
            made += 1
        return made

    def clear(self) -> None:
        """Forget every planned call."""
        self._entries.clear()
