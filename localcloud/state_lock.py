"""One process per state file: a second one would save over what the first one knows."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from lifeboat.core.errors import Refused


def state_lock(state_file: Path) -> FileLock:
    """Return the lock of a state file, held; the directory is made when it is not there.

    Raises:
        Refused: another process holds it.
    """
    state_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{state_file}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused(
            f"state file {state_file} is in use by another local cloud",
            hint="`lifeboat cloud status` shows it; stop it first or name another --state-file",
        ) from error
    return lock
