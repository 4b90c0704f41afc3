"""Time as a dependency: the only module of the project that reads the clock or sleeps."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a doing function may ask about time."""

    def now(self) -> datetime:
        """Return the current moment, aware, UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never jumps; only differences mean anything."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` (>= 0)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current moment, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return seconds since an arbitrary point."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)


class ManualClock:
    """A clock that moves only when told to; sleeping moves it at once."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            msg = "a clock starts at an aware moment"
            raise ValueError(msg)
        self._start = start.astimezone(UTC)
        self._elapsed = timedelta()

    def now(self) -> datetime:
        """Return the start moved by everything that was slept or advanced."""
        return self._start + self._elapsed

    def monotonic_s(self) -> float:
        """Return seconds since the start."""
        return self._elapsed.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Advance by `seconds` without waiting."""
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        """Move forward; going back is refused."""
        if by < timedelta():
            msg = "a clock cannot go back"
            raise ValueError(msg)
        self._elapsed += by
