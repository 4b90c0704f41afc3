"""Which process a pid file means: a pid is used again, a pid with its start time is not.

Never signal a pid that was read from a file without asking here first.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

import psutil

# The start time is derived from the boot time, which moves when the machine's clock is set.
CLOCK_STEP_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """One process for ever, also after it ended.

    Args:
        pid: process id.
        created_s: seconds since the epoch at which the process began, as psutil tells it.
    """

    pid: int
    created_s: float

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """Return the identity of a process that exists now, None when there is none."""
        try:
            return cls(pid=pid, created_s=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    @classmethod
    def own(cls) -> ProcessIdentity:
        """Return the identity of this very process."""
        return cls(pid=os.getpid(), created_s=psutil.Process().create_time())

    def process(self) -> psutil.Process | None:
        """Return the living process, None when it ended, became a zombie, or its pid belongs to another."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created_s) <= CLOCK_STEP_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def is_alive(self) -> bool:
        """Tell whether the process still runs."""
        return self.process() is not None

    def signal(self, number: int) -> None:
        """Send a signal if the process is still the one that is meant."""
        process = self.process()
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
