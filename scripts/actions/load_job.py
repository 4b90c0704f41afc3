"""What loading a logical copy into an instance is told, and what it did."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lifeboat.core.clock import Clock, SystemClock
from scripts.actions.backup_login import Login
from scripts.backup.manifest import Manifest
from scripts.backup.store import BackupStore


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadJob:
    """One load of one copy.

    Args:
        store: where the copy lies.
        manifest: of the copy.
        login: the master user of the instance, who need not be a superuser.
        loaded_by: a run id; names the mark and whatever is left behind.
        spool_root: where the copy is decoded; None for the system's temporary directory.
        jobs: parts and tables at once.
        checkpoint: called again and again where stopping does no harm; raises when the load must stop.
    """

    store: BackupStore
    manifest: Manifest
    login: Login
    loaded_by: str
    spool_root: Path | None = None
    jobs: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    clock: Clock = field(default_factory=SystemClock)
    checkpoint: Callable[[], None] = lambda: None

    @property
    def database(self) -> str:
        """The database it becomes."""
        return self.manifest.database

    @property
    def mark(self) -> str:
        """The comment that a database gets last of all, when everything in it was proven."""
        return mark_text(self.manifest.id, self.loaded_by)


def mark_text(backup_id: str, loaded_by: str) -> str:
    """Return the mark of a copy that a run loaded."""
    return f"lifeboat: {backup_id} loaded by {loaded_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load did.

    Args:
        rows: loaded, all of them counted.
        tables: with rows.
        fetch_s: seconds for reading and decoding the copy.
        load_s: seconds for everything after that.
        not_set: settings and comments of roles that the server refused.
    """

    rows: int
    tables: int
    fetch_s: float
    load_s: float
    not_set: tuple[str, ...] = ()
