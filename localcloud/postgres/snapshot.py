"""Snapshots: whole copies of a server that live on without it, and can be copied to another region."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.postgres.backup import Backup
from localcloud.postgres.file_copy import DirectoryCopy
from localcloud.postgres.live_copy import copy_running
from localcloud.postgres.server import Server


def take_snapshot(server: Server, directory: Path) -> Backup:
    """Copy a running server; what was acknowledged before the call is in it.

    Raises:
        Refused, psycopg.Error, OSError: see `copy_running`.
    """
    return copy_running(server, directory)


def copy_snapshot(
    snapshot: Backup, directory: Path, account: Account, *, before_each: Callable[[], None] = lambda: None
) -> Backup:
    """Copy a snapshot; it is there as a whole or not at all.

    Args:
        snapshot: stays as it is.
        directory: where; what an earlier copy left that was killed is taken away.
        account: who owns it.
        before_each: called before every file; raises when the other region cannot be reached.

    Raises:
        Refused: a complete one is there already.
    """
    Backup.clear(directory)
    try:
        account.make_private(directory)
        DirectoryCopy(account=account, before_each=before_each).copy(snapshot.data, directory / "data")
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    copy = Backup(directory=directory, facts=snapshot.facts)
    copy.save()
    return copy
