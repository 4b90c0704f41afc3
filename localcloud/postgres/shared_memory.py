"""The one thing a killed server leaves outside its directory: 56 bytes of System V shared memory.

PostgreSQL takes it away at its next start on the same data; data that are deleted have no next start, and a
machine has room for 4,096 of them.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

from localcloud.postgres.data_directory import DataDirectory

_TABLE = Path("/proc/sysvipc/shm")
_REMOVE = 0
"""IPC_RMID of sys/ipc.h."""


def release_shared_memory(data: Path) -> None:
    """Take away the segment of a data directory nobody serves any more; one still in use stays.

    Linux only: elsewhere there is no table to check against, and numbers are used again.
    """
    directory = DataDirectory(data)
    pid, segment = directory.recorded_pid(), directory.recorded_segment()
    if pid is not None and segment is not None and _is_unused(segment, pid):
        ctypes.CDLL(None).shmctl(segment, _REMOVE, None)


def _is_unused(segment: int, creator: int) -> bool:
    if not _TABLE.exists():
        return False
    names, *rows = (line.split() for line in _TABLE.read_text().splitlines())
    entries = (dict(zip(names, row, strict=True)) for row in rows)
    wanted = {"shmid": str(segment), "cpid": str(creator), "nattch": "0"}
    return any(wanted.items() <= entry.items() for entry in entries)
