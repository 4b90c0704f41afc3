"""The processes of one data directory: a postmaster, its children, and children whose postmaster was killed.

Told apart by what cannot be shared: a PostgreSQL server works *in* its data directory. No process is ever
ended for its name or for a number found in a file.
"""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path

import psutil

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Stuck
from localcloud.postgres.data_directory import DataDirectory
from localcloud.postgres.shared_memory import release_shared_memory

_PROGRAM = "postgres"
_GONE_S = 10.0
_POLL_S = 0.01
_CLOCK = SystemClock()


def processes_of(data: Path) -> tuple[psutil.Process, ...]:
    """Return the living PostgreSQL processes that work in a data directory, oldest first."""
    place = str(data.resolve())
    found = [process for process in psutil.process_iter() if _works_in(process, place)]
    return tuple(sorted(found, key=lambda process: (process.create_time(), process.pid)))


def postmaster_of(data: Path) -> psutil.Process | None:
    """Return the process that leads the others; None when there is none, or only orphans."""
    recorded = DataDirectory(data).recorded_pid()
    return next((process for process in processes_of(data) if process.pid == recorded), None)


def kill_all(data: Path, clock: Clock = _CLOCK) -> int:
    """Kill every process of a data directory at once, and return how many there were.

    Nothing of theirs stays outside the directory. Do it before the directory is deleted or moved.

    The postmaster is stopped first: it would otherwise take the first death for a crash, and start others.

    Raises:
        Stuck: one did not go away.
    """
    killed = set[int]()
    deadline_s = clock.monotonic_s() + _GONE_S
    while processes := processes_of(data):
        if clock.monotonic_s() > deadline_s:
            msg = f"process {processes[0].pid}, which serves {data}, does not end"
            raise Stuck(msg)
        signal_all(processes, signal.SIGSTOP)
        # Once more: one may have been born before its parent stood still.
        processes = processes_of(data)
        signal_all(processes, signal.SIGKILL)
        killed |= {process.pid for process in processes}
        clock.sleep(_POLL_S)
    release_shared_memory(data)
    return len(killed)


def signal_all(processes: tuple[psutil.Process, ...], number: int) -> None:
    """Send a signal to processes, those that ended meanwhile left out."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _works_in(process: psutil.Process, place: str) -> bool:
    try:
        return (
            process.cwd() == place
            and Path(process.exe()).name == _PROGRAM
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
