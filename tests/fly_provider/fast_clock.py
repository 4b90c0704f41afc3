"""A clock that runs some times as fast as the machine's, for everybody it is handed to."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifeboat.core.clock import SystemClock


class FastClock:
    """Time that passes by itself, `speed` times as fast; a sleep takes that much less."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._real = SystemClock()
        self._begun_at = self._real.now()
        self._begun_s = self._real.monotonic_s()

    def now(self) -> datetime:
        """The begin moved by the fast time that passed."""
        return self._begun_at + timedelta(seconds=self._passed_s())

    def monotonic_s(self) -> float:
        """Fast seconds."""
        return self._begun_s + self._passed_s()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of fast time."""
        self._real.sleep(seconds / self._speed)

    def _passed_s(self) -> float:
        return (self._real.monotonic_s() - self._begun_s) * self._speed
