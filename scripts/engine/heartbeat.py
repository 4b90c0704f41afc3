"""Signs of life for a lease, from a thread of its own, as long as its holder works."""

from __future__ import annotations

import threading
from types import TracebackType

from scripts.engine.lease import Lease, LeaseLost
from scripts.engine.objects import StoreUnavailable


class Heartbeat:
    """Renews a lease every `interval_s` while the `with` block runs.

    It never acts on what it finds: a lease that was lost is found by the next check of the run itself, and a
    store that does not answer is asked again at the next beat.
    """

    def __init__(self, lease: Lease, interval_s: float) -> None:
        self._lease = lease
        self._interval_s = interval_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease-heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(self._interval_s):
            try:
                self._lease.renew()
            except LeaseLost:
                return
            except StoreUnavailable:
                continue
