"""A clock on which waiting takes no real time: it jumps ahead by what was slept, and says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from lifeboat.core.clock import SystemClock

_REAL = SystemClock()


class SkippingClock:
    """The machine's clock plus everything that was slept; safe to use from any number of threads.

    Args:
        told: hears of every jump before it is made, in seconds, so that others can jump along.
    """

    def __init__(self, told: Callable[[float], None] | None = None) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._skipped_s = 0.0

    def now(self) -> datetime:
        """Return the moment."""
        return _REAL.now() + timedelta(seconds=self._skipped_s)

    def monotonic_s(self) -> float:
        """Return seconds that jump along."""
        return _REAL.monotonic_s() + self._skipped_s

    def sleep(self, seconds: float) -> None:
        """Jump ahead."""
        if seconds <= 0:
            return
        with self._lock:
            if self._told is not None:
                self._told(seconds)
            self._skipped_s += seconds
