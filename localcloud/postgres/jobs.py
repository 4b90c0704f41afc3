"""Operations that take time: each in a thread, those of one instance one after the other.

The caller is answered at once and asks `is_busy` later. What a job raises is logged and handed to the one
who submitted it, who makes it visible; nothing is swallowed.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One operation.

    Args:
        queue: whose turn it takes, a resource id.
        subject: what it makes busy instead of the queue, the ARN of a snapshot for instance.
        name: for the log, such as `create`.
        work: does it.
        on_failure: told what `work` raised.
    """

    queue: str
    name: str
    work: Callable[[], None]
    on_failure: Callable[[Exception], None]
    subject: str = ""


class Jobs:
    """The queues; safe to use from many threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._queues: dict[str, deque[Job]] = {}
        self._is_closed = False

    def submit(self, job: Job) -> None:
        """Run a job when those before it in its queue are done."""
        with self._changed:
            if self._is_closed:
                return
            queue = self._queues.get(job.queue)
            if queue is not None:
                queue.append(job)
                return
            self._queues[job.queue] = deque([job])
        Thread(target=self._run, args=(job.queue,), name=f"job {job.queue}", daemon=True).start()

    def busy(self) -> frozenset[str]:
        """Return what waiting and running jobs are about."""
        with self._changed:
            return frozenset(job.subject or job.queue for queue in self._queues.values() for job in queue)

    def is_busy(self, name: str) -> bool:
        """Tell whether a job about this waits or runs."""
        return name in self.busy()

    def wait(self, timeout_s: float) -> bool:
        """Wait until nothing runs, and tell whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queues, timeout_s)

    def close(self) -> None:
        """Take no more jobs, and forget those that have not begun."""
        with self._changed:
            self._is_closed = True
            for queue in self._queues.values():
                while len(queue) > 1:
                    queue.pop()

    def _run(self, name: str) -> None:
        while (job := self._first(name)) is not None:
            try:
                job.work()
            except Exception as error:
                self._failed(job, error)
            self._done(name)

    def _failed(self, job: Job, error: Exception) -> None:
        if self._is_closed:
            # The servers are being ended under its hands; the next start looks at what is there.
            _log.info("%s of %s was cut short", job.name, job.queue)
            return
        _log.error("%s of %s failed", job.name, job.queue, exc_info=error)
        job.on_failure(error)

    def _first(self, name: str) -> Job | None:
        with self._changed:
            queue = self._queues[name]
            if queue:
                return queue[0]
            del self._queues[name]
            self._changed.notify_all()
            return None

    def _done(self, name: str) -> None:
        with self._changed:
            self._queues[name].popleft()
