"""Who may touch the state when: many requests at once, or one save alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Gate:
    """A shared/exclusive lock; a waiting exclusive holder goes before new shared ones."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside = 0
        self._exclusive_waiting = 0
        self._is_exclusive = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold together with others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_exclusive and not self._exclusive_waiting)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold alone; waits until everybody inside has left."""
        with self._changed:
            self._exclusive_waiting += 1
            self._changed.wait_for(lambda: not self._is_exclusive and not self._inside)
            self._exclusive_waiting -= 1
            self._is_exclusive = True
        try:
            yield
        finally:
            with self._changed:
                self._is_exclusive = False
                self._changed.notify_all()
