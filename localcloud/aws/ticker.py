"""The process's one periodic thread: background jobs at every tick, a save every few seconds when dirty."""

from __future__ import annotations

from threading import Event, Thread

from lifeboat.core.clock import Clock
from localcloud.aws.background import Background
from localcloud.aws.gate import Gate
from localcloud.aws.persistence import Persistence

SAVE_INTERVAL_S = 3.0
"""A kill -9 loses what changed in this time, plus the length of one save."""
_SAVES_PER_TIME = 0.1
"""Large states are saved less often, so that saving never takes more than this part of the time."""


class Ticker:
    """Runs until it is stopped."""

    def __init__(
        self, background: Background, gate: Gate, persistence: Persistence, clock: Clock, tick_s: float
    ) -> None:
        self._background = background
        self._gate = gate
        self._persistence = persistence
        self._clock = clock
        self._tick_s = tick_s
        self._stopped = Event()

    def start(self) -> None:
        """Start the thread."""
        Thread(target=self._run, name="ticker", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end at its next look."""
        self._stopped.set()

    def settle(self) -> None:
        """Run the background jobs once, now."""
        with self._gate.shared():
            if self._background.settle():
                self._persistence.mark_dirty()

    def _run(self) -> None:
        saved_s = self._clock.monotonic_s()
        while not self._stopped.wait(self._tick_s):
            self.settle()
            wait_s = max(SAVE_INTERVAL_S, self._persistence.last_save_s / _SAVES_PER_TIME)
            if self._clock.monotonic_s() - saved_s >= wait_s:
                self._persistence.save_if_dirty()
                saved_s = self._clock.monotonic_s()
