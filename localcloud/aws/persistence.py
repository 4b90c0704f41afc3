"""When the state is saved: on demand, at the end, and a few seconds after a change.

A kill -9 therefore loses a few seconds (the ticker says how many). A save that fails (a full disk)
leaves the previous file, is reported by the health answer and in the log, and is tried again.
"""

from __future__ import annotations

import logging
import pickle
from threading import Lock

from lifeboat.core.errors import LifeboatError, Stuck
from localcloud.aws.cloud_clock import CloudClock
from localcloud.aws.gate import Gate
from localcloud.aws.snapshot import restore_snapshot, take_snapshot
from localcloud.aws.state_file import StateFile

_COPIES = 5
_log = logging.getLogger(__name__)


class Persistence:
    """Knows whether there is something to save, and saves it."""

    def __init__(self, file: StateFile, gate: Gate, clock: CloudClock) -> None:
        self._file = file
        self._gate = gate
        self._clock = clock
        self._saving = Lock()
        self._changes = 0
        self._saved_changes = 0
        self.last_error = ""
        self.last_save_s = 0.0

    @property
    def is_dirty(self) -> bool:
        """Whether something changed that is not in the file yet."""
        return self._changes != self._saved_changes

    def mark_dirty(self) -> None:
        """Note that something changed."""
        self._changes += 1

    def load(self) -> bool:
        """Load the file when there is one, and tell whether there was.

        Raises:
            Refused: the file is of other versions, damaged, or cannot be loaded.
        """
        payload = self._file.read()
        if payload is None:
            return False
        try:
            restore_snapshot(payload, self._clock)
        except (pickle.PickleError, AttributeError, ImportError, LookupError, TypeError, ValueError) as error:
            raise self._file.refuse(error) from error
        return True

    def save(self) -> None:
        """Write the state; requests wait only while it is copied, not while it is written.

        Raises:
            OSError: it could not be written; the previous file is untouched.
            Stuck: something in the state cannot be saved.
        """
        started_s = self._clock.monotonic_s()
        with self._saving:
            try:
                changes = self._write()
            except (OSError, LifeboatError) as error:
                self.last_error = f"saving failed: {error}"
                raise
            self._saved_changes = changes
            self.last_error = ""
            self.last_save_s = self._clock.monotonic_s() - started_s

    def _write(self) -> int:
        """Copy the state, write it, and return how many changes are in it."""
        with self._gate.exclusive():
            changes = self._changes
            payload = self._copy()
        self._file.write(payload)
        return changes

    def _copy(self) -> bytes:
        """Copy the state; a long poll, which no save waits for, may change it under our hands."""
        for _ in range(_COPIES):
            try:
                return take_snapshot(self._clock)
            except RuntimeError as error:
                _log.warning("the state changed while it was copied (%s); copying again", error)
        raise Stuck(f"the state changed during {_COPIES} copies of it", retryable=True)

    def save_if_dirty(self) -> None:
        """Save when something changed; a failure is logged, for the caller has nobody to tell."""
        if not self.is_dirty:
            return
        try:
            self.save()
        except (OSError, LifeboatError):
            _log.exception("the state could not be saved; the previous file is kept")
