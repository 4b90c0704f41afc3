"""What happens by itself: jobs run at every tick, such as replication and the evaluation of alarms.

A job is a short function without arguments that brings something up to date and tells whether it changed
anything. Jobs never wait for the network: a delivery that may block has its own thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

Job = Callable[[], bool]

_log = logging.getLogger(__name__)


class Background:
    """The jobs of the process, in the order in which they were registered."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._one_round = Lock()

    def register(self, name: str, job: Job) -> None:
        """Run `job` at every tick; a second registration of a name replaces the first."""
        self._jobs[name] = job

    def settle(self) -> bool:
        """Run every job once and tell whether one of them changed something.

        One round at a time. A failing job is logged with its traceback; the others run all the same.
        """
        with self._one_round:
            return any([self._run(name, job) for name, job in list(self._jobs.items())])

    def _run(self, name: str, job: Job) -> bool:
        try:
            return job()
        except Exception:
            # Whatever fails in one job must not stop the others; the traceback is in the log.
            _log.exception("background job %s failed", name)
            return False
