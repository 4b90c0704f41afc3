"""A lease that a thread keeps alive while the work lasts, and that says so when it was lost.

A lease is lost when Fly says so, or when it could not be refreshed before it ended; nothing here ever takes a
lost lease again, since somebody else may have worked meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

from lifeboat.core.clock import Clock
from lifeboat.fly.client.errors import FlyError, FlyLeaseHeld, NotFound
from lifeboat.fly.client.models.lease import Lease

_LOST = (FlyLeaseHeld, NotFound)


class KeptLease:
    """One lease with its heartbeat; use as a context manager.

    Args:
        lease: as taken.
        refresh: extends it once.
        clock: tells when an unrefreshed lease has ended.
        ttl_s: seconds it lasts without a heartbeat; refreshed every third of that.
    """

    def __init__(self, lease: Lease, refresh: Callable[[], Lease], *, clock: Clock, ttl_s: int) -> None:
        self._lease = lease
        self._refresh = refresh
        self._clock = clock
        self._ttl_s = ttl_s
        self._refreshed_s = clock.monotonic_s()
        self._lost: FlyError | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease heartbeat", daemon=True)

    @property
    def nonce(self) -> str:
        """The nonce that changes must carry.

        Raises:
            FlyError: the lease was lost; this is what ended it.
        """
        if self._lost is not None:
            raise self._lost
        return self._lease.nonce

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(self._ttl_s / 3) and self._lost is None:
            begun_s = self._clock.monotonic_s()
            try:
                self._refresh()
                self._refreshed_s = begun_s
            except _LOST as lost:
                self._lost = lost
            except FlyError as error:
                if self._clock.monotonic_s() - self._refreshed_s >= self._ttl_s:
                    self._lost = error


class Nonces(Mapping[str, str]):
    """Nonces by machine id; reading the one of a lost lease raises what ended it."""

    def __init__(self, kept: Mapping[str, KeptLease]) -> None:
        self._kept = kept

    def __getitem__(self, machine_id: str) -> str:
        return self._kept[machine_id].nonce

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"Nonces of {', '.join(self._kept)}"
