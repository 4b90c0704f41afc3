"""End the local cloud: politely first, so that every service saves what it holds.

Knows no service: it signals the supervisor, which ends them. What a killed supervisor left is ended here.
"""

from __future__ import annotations

import contextlib
import signal

import psutil
from filelock import FileLock, Timeout

from lifeboat.core.errors import LeaseHeld, Stuck
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.leftovers import end_leftovers
from localcloud.supervisor.record import read_record

LOCK_TIMEOUT_S = 30.0
GRACE_S, KILL_S = 25.0, 5.0
LEFTOVER_PATIENCE_S = 5.0


def end_cloud(directory: CloudDirectory, *, grace_s: float = GRACE_S) -> bool:
    """End the cloud and wait until nothing of it runs; doing it twice is as good as once.

    Args:
        directory: the cloud's directory.
        grace_s: time for every service to save and end.

    Returns:
        Whether a supervisor was running.

    Raises:
        LeaseHeld: another process is starting or ending the cloud and does not come to an end.
        Stuck: a process cannot be ended, even by force.
    """
    if not directory.root.is_dir():
        return False
    try:
        with FileLock(directory.start_lock, timeout=LOCK_TIMEOUT_S):
            return _end(directory, grace_s)
    except Timeout as error:
        raise LeaseHeld(
            "another process is starting or ending the local cloud",
            hint="look at `lifeboat status` and try again",
            retryable=True,
        ) from error


def _end(directory: CloudDirectory, grace_s: float) -> bool:
    record = read_record(directory.record)
    if record is None:
        return False
    supervisor = record.identity().process()
    if supervisor is not None:
        _end_process(supervisor, grace_s)
        record = read_record(directory.record) or record
    end_leftovers(record.services, LEFTOVER_PATIENCE_S)
    return supervisor is not None


def _end_process(process: psutil.Process, grace_s: float) -> None:
    for number, timeout_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, KILL_S)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if _is_gone(process, timeout_s):
            return
    raise Stuck(
        f"the local cloud's supervisor, process {process.pid}, does not end",
        hint="it is probably waiting for a disk; look at it with ps",
    )


def _is_gone(process: psutil.Process, timeout_s: float) -> bool:
    with contextlib.suppress(psutil.TimeoutExpired, psutil.NoSuchProcess):
        process.wait(timeout_s)
    # A starter that still lives and has not waited for it leaves a zombie: it holds nothing any more.
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
