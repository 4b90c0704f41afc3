"""Cancelling: one flag for the whole provider, and a clock whose sleep ends when the flag goes up."""

from __future__ import annotations

import threading
from datetime import datetime

from lifeboat.core.clock import Clock
from lifeboat.providerkit.failures import Cancelled


class Cancellation:
    """Raised once, when the operator cancels the run; never lowered."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Make every waiting handler stop with `Cancelled`."""
        self._event.set()

    def check(self) -> None:
        """Do nothing, or stop the handler that asks.

        Raises:
            Cancelled: the run was cancelled.
        """
        if self._event.is_set():
            raise Cancelled("cancelled by the operator", hint="run `pulumi up` again to go on")

    def wait(self, seconds: float) -> None:
        """Wait, unless the run is or gets cancelled.

        Raises:
            Cancelled: the run was cancelled.
        """
        self._event.wait(seconds)
        self.check()


class CancellableClock:
    """A clock that handlers wait on: `sleep` raises `Cancelled` as soon as the run is cancelled."""

    def __init__(self, clock: Clock, cancellation: Cancellation) -> None:
        self._clock = clock
        self._cancellation = cancellation

    def now(self) -> datetime:
        """Return the current moment, aware, UTC."""
        return self._clock.now()

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never jumps."""
        return self._clock.monotonic_s()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of real time, or until the run is cancelled."""
        self._cancellation.wait(seconds)
