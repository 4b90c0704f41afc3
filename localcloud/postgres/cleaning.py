"""Nothing of the service outlives it: processes, sockets and shared memory of a run that was killed.

Done at its start, at its end, and by the command that ends the local cloud, for a service that was killed may
never be started again. Data are left alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lifeboat.core.errors import Refused
from localcloud.postgres.leftovers import end_leftovers
from localcloud.postgres.places import Places
from localcloud.postgres.shared_memory import release_shared_memory
from localcloud.state_lock import state_lock


def clear_leftovers(places: Places) -> tuple[int, ...]:
    """End every process of PostgreSQL below a directory, and return the pids.

    Raises:
        psutil.TimeoutExpired: one did not go away.
    """
    ended = end_leftovers(places.root)
    for version in places.root.glob("instances/*/*/PG_VERSION"):
        release_shared_memory(version.parent)
    shutil.rmtree(places.sockets, ignore_errors=True)
    return ended


def clean_up(state_file: Path, directory: Path) -> tuple[int, ...]:
    """Do the same for a service that does not run; nothing while it does.

    Args:
        state_file: the service's, whose lock says whether it runs.
        directory: the service's.
    """
    if not directory.is_dir():
        return ()
    try:
        lock = state_lock(state_file)
    except Refused:
        return ()
    try:
        return clear_leftovers(Places(directory.resolve()))
    finally:
        lock.release()
