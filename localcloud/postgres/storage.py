"""The storage of the instances: how much of it is taken, and when it is full.

An instance has what RDS allocated to it, for its data and its log together. A fault may take up space as a
foreign file would. Whoever looks after the instances stops the server of a full one, which is the simplest
thing that is true of RDS: nothing is written, nobody connects, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

from contextlib import suppress
from os import scandir
from pathlib import Path
from threading import Lock

from lifeboat.core.clock import Clock
from localcloud.postgres.doors import Doors
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import Overview

_GIB = 1024**3
_BLOCK_BYTES = 512
_SELDOM_S = 10.0
"""Between two measurements while there is plenty; one that is short of space is measured at every look."""
_SHORT_BYTES = _GIB


class Storage:
    """Measures all instances; safe to use from many threads."""

    def __init__(self, servers: Servers, doors: Doors, clock: Clock) -> None:
        self._servers = servers
        self._doors = doors
        self._clock = clock
        self._lock = Lock()
        self._used: dict[str, int] = {}
        self._measured_s: dict[str, float] = {}
        self._fillers: dict[str, int] = {}

    def fill(self, record: InstanceRecord, left_bytes: int) -> None:
        """Take up all of an instance's storage but some bytes, until it is drained."""
        used = self._measure(record)
        with self._lock:
            self._fillers[record.resource_id] = max(0, record.storage_gib * _GIB - used - left_bytes)

    def drain(self, resource_id: str) -> None:
        """Give back what was taken up."""
        with self._lock:
            self._fillers.pop(resource_id, None)

    def is_full(self, record: InstanceRecord) -> bool:
        """Tell whether nothing is left, having measured when it is time to."""
        name, now_s = record.resource_id, self._clock.monotonic_s()
        known = self.free_bytes(record)
        is_short = known is None or known < _SHORT_BYTES
        if is_short or now_s - self._measured_s.get(name, 0.0) >= _SELDOM_S:
            self._measured_s[name] = now_s
            self._measure(record)
        return self.free_bytes(record) == 0

    def free_bytes(self, record: InstanceRecord) -> int | None:
        """Return what is left, as it was measured last; None before the first time."""
        used = self._used.get(record.resource_id)
        if used is None:
            return None
        return max(0, record.storage_gib * _GIB - used - self._fillers.get(record.resource_id, 0))

    def measured(self, overview: Overview) -> Overview:
        """Return an overview with the free storage and the connections of every instance."""
        records = {one.resource_id: self._servers.find(one.resource_id) for one in overview.instances}
        told = [
            one.model_copy(
                update={
                    "free_storage_bytes": self.free_bytes(record),
                    "connections": self._doors.connections(record),
                }
            )
            if (record := records[one.resource_id]) is not None
            else one
            for one in overview.instances
        ]
        return overview.model_copy(update={"instances": tuple(told)})

    def _measure(self, record: InstanceRecord) -> int:
        used = _size_bytes(self._servers.of(record.resource_id).data)
        self._used[record.resource_id] = used
        return used


def _size_bytes(directory: Path) -> int:
    """Return what the files below a directory take up on disk; those that vanish meanwhile do not count."""
    total, waiting = 0, [str(directory)]
    while waiting:
        with suppress(FileNotFoundError), scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * _BLOCK_BYTES
    return total
