"""A row a second while the database takes it; a recovery reads the newest to measure what was lost."""

from __future__ import annotations

from threading import Event

from localcloud.fly.images.demo.database import Database, DatabaseUnavailable
from localcloud.fly.images.demo.journal import note

_PRUNE_EVERY = 60


class Heartbeat:
    """The loop; it notes only changes between beating and not, never one line per failure."""

    def __init__(self, database: Database, every_s: float, ending: Event) -> None:
        self._database = database
        self._every_s = every_s
        self._ending = ending
        self._silent_because = ""

    def run(self) -> None:
        """Beat until the process ends; for a thread of its own."""
        beats = 0
        while not self._ending.is_set():
            self._beat(prune=beats % _PRUNE_EVERY == 0)
            beats += 1
            self._ending.wait(self._every_s)

    def _beat(self, *, prune: bool) -> None:
        try:
            self._database.beat()
            if prune:
                self._database.prune()
        except DatabaseUnavailable as error:
            if error.reason != self._silent_because:
                note("error", about="heartbeat", reason=error.reason)
            self._silent_because = error.reason
            return
        if self._silent_because:
            note("heartbeat", reason="beating again")
        self._silent_because = ""
