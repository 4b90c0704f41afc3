"""The emulator's time: a clock plus what was advanced; only forward, so that ULIDs and leases keep order."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifeboat.core.clock import Clock
from lifeboat.core.errors import ConfigError

_LONGEST_ADVANCE = timedelta(days=3660)


class OffsetClock:
    """A `Clock` ahead of another one."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.advanced = timedelta()

    def now(self) -> datetime:
        """Return the emulated moment."""
        return self._base.now() + self.advanced

    def monotonic_s(self) -> float:
        """Return seconds that move with the emulated time."""
        return self._base.monotonic_s() + self.advanced.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Wait, in the base clock's time."""
        self._base.sleep(seconds)

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new moment.

        Raises:
            ConfigError: `by` is negative, or more than ten years.
        """
        if not timedelta() <= by <= _LONGEST_ADVANCE:
            raise ConfigError(
                f"cannot advance the clock by {by}", hint="time moves forward, ten years at most"
            )
        self.advanced += by
        return self.now()
