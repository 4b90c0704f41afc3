"""The local cloud's time: the machine's clock plus what was advanced, for everything in this process.

moto asks `time` and `datetime` directly, so time is moved under it with time_machine. Only the wall clock
moves: `time.monotonic`, thread waits and TLS (which asks the C library) never notice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import ConfigError

_LONGEST_ADVANCE = timedelta(days=3660)


class CloudClock(SystemClock):
    """A `Clock` that can be advanced; it can never go back, but for a reset."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._traveller: Any = None
        self._advanced = timedelta()

    @property
    def advanced(self) -> timedelta:
        """How far ahead of the machine's clock this process is."""
        return self._advanced

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new moment.

        Raises:
            ConfigError: `by` is negative, or more than ten years.
        """
        if not timedelta() <= by <= _LONGEST_ADVANCE:
            raise ConfigError(
                f"cannot advance the clock by {by}", hint="time moves forward, ten years at most"
            )
        self._shift(by)
        return self.now()

    def reset(self) -> None:
        """Return to the machine's clock; only sensible together with forgetting every resource."""
        self._shift(-self._advanced)

    def _shift(self, by: timedelta) -> None:
        if not by:
            return
        with self._lock:
            if self._traveller is None:
                # Imported at the first advance: a cloud whose time is never moved pays nothing for it.
                import time_machine

                self._traveller = time_machine.travel(timedelta(), tick=True).start()
            self._traveller.shift(by)
            self._advanced += by
