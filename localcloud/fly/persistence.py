"""When the state is saved: on demand, at the end, and a moment after a change.

A kill -9 therefore loses a second or so. A save that fails (a full disk) leaves the previous file, is
reported by the health answer and in the log, and is tried again.
"""

from __future__ import annotations

import asyncio
import logging

from localcloud.fly.state_file import Saved, StateFile
from localcloud.fly.world import World

SAVE_AFTER_S = 1.0
"""Seconds from the first unsaved change to its save."""

_log = logging.getLogger(__name__)


class Persistence:
    """Knows whether there is something to save, and saves it; all in one event loop."""

    def __init__(self, file: StateFile, world: World) -> None:
        self._file = file
        self._world = world
        self._changes = 0
        self._saved_changes = 0
        self._dirty_since_s = 0.0
        self._writing = asyncio.Lock()
        self.last_error = ""

    @property
    def is_dirty(self) -> bool:
        """Whether something changed that is not in the file yet."""
        return self._changes != self._saved_changes

    def mark_dirty(self) -> None:
        """Note that something changed."""
        if not self.is_dirty:
            self._dirty_since_s = asyncio.get_running_loop().time()
        self._changes += 1

    async def save(self) -> None:
        """Write the state; what changes meanwhile is left for the next save.

        Raises:
            OSError: it could not be written; the previous file is untouched.
        """
        async with self._writing:
            changes = self._changes
            payload = self._payload()
            try:
                await asyncio.to_thread(self._file.write, payload)
            except OSError as error:
                self.last_error = f"saving failed: {error}"
                raise
            self._saved_changes = changes
            self._dirty_since_s = asyncio.get_running_loop().time()
            self.last_error = ""

    async def save_if_due(self) -> None:
        """Save when a change has waited long enough; a failure is logged, for nobody is there to tell."""
        now_s = asyncio.get_running_loop().time()
        if not self.is_dirty or now_s - self._dirty_since_s < SAVE_AFTER_S:
            return
        try:
            await self.save()
        except OSError:
            self._dirty_since_s = now_s
            _log.exception("the state could not be saved; the previous file is kept")

    def _payload(self) -> bytes:
        advanced_s = self._world.clock.advanced.total_seconds()
        # model_construct: the records are ours, and validating them would copy them all.
        saved = Saved.model_construct(records=self._world.records, advanced_s=advanced_s)
        return saved.model_dump_json().encode()
