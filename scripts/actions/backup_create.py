"""Makes one backup of one database: the phases, in order; the manifest last.

    snapshot ─► checks ─► mark that it was begun ─► dump, shipped while written ─► contents read back
             ─► rows of the files against rows of the snapshot ─► roles ─► restore set ─► manifest

Killed anywhere, it leaves parts without a manifest, which no list shows as a backup and `prune` names.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import zstandard
from pydantic import AwareDatetime

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Refused
from scripts.actions.backup_copying import Copied, Copying, CopySource
from scripts.actions.backup_login import Login
from scripts.actions.backup_programs import find_programs
from scripts.actions.backup_shipping import Shipping
from scripts.actions.backup_snapshot import Snapshot, open_snapshot
from scripts.actions.backup_spool import Spool, open_spool
from scripts.backup.forecast import SpoolForecast
from scripts.backup.keys import begun_key, manifest_key, new_backup_id
from scripts.backup.manifest import Manifest, RestoreSet
from scripts.backup.sealed import Piece, encode
from scripts.backup.store import BackupStore


class Begun(Piece):
    """The first object of a backup: who began it and when; unique to its writer by its token."""

    database: str
    by: str
    begun_at: AwareDatetime
    token: str


def default_jobs() -> int:
    """Return how many tables and parts are worked on at once: one per core, at most 4."""
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupJob:
    """What to copy, where to, and with what.

    Args:
        environment: name of the environment.
        identifier: of the instance.
        database: name of the database.
        login: how it is reached.
        store: where backups of this environment lie.
        by: user and host, as others will see it.
        restore_set: returns what else belongs to a moment and a position in the log.
        spool_root: where the dump is written; None for the system's temporary directory.
        spool_limit_bytes: what it may take there; None for what is free.
        jobs: tables at once, and pieces at once.
        tell: called with a line at the beginning of each phase.
        neighbours: all databases of the instance that are worth a copy.
    """

    environment: str
    identifier: str
    database: str
    login: Login
    store: BackupStore
    by: str
    restore_set: Callable[[datetime, str], RestoreSet]
    spool_root: Path | None = None
    spool_limit_bytes: int | None = None
    jobs: int = field(default_factory=default_jobs)
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = lambda _line: None
    neighbours: tuple[str, ...] = ()


def plan_backup(job: BackupJob) -> SpoolForecast:
    """Return what a backup would need, after every check that needs no write.

    Raises:
        Refused: it could not be made.

    Effects: reads the database's catalogue.
    """
    with open_snapshot(job.login, job.database, job.clock) as snapshot:
        snapshot.check()
        find_programs(snapshot.major)
        with open_spool(job.spool_root, f"plan-{secrets.token_hex(6)}", job.spool_limit_bytes) as spool:
            return _forecast(snapshot, spool)


def create_backup(job: BackupJob) -> Manifest:
    """Make a backup and return its manifest; when this returns, the backup is one.

    Raises:
        Refused: a check said no; nothing was written.
        StepFailed: it could not be finished; what was written is no backup.

    Effects: reads the database, writes objects.
    """
    started_at = job.clock.now()
    backup_id = new_backup_id(started_at)
    with (
        open_snapshot(job.login, job.database, job.clock) as snapshot,
        open_spool(job.spool_root, backup_id, job.spool_limit_bytes) as spool,
        ThreadPoolExecutor(job.jobs) as pool,
    ):
        snapshot.check()
        programs = find_programs(snapshot.major)
        job.tell(_forecast(snapshot, spool).sentence())
        begun = Begun(database=job.database, by=job.by, begun_at=started_at, token=secrets.token_hex(8))
        job.store.put_if_absent(begun_key(job.database, backup_id), encode(begun))
        shipping = Shipping(job.store, job.database, backup_id, pool)
        source = CopySource(database=job.database, login=job.login, snapshot=snapshot, programs=programs)
        copy = Copying(source, spool, shipping, jobs=job.jobs, clock=job.clock, tell=job.tell)
        copied = _copied(copy, pool)
        manifest = Manifest(
            id=backup_id,
            environment=job.environment,
            database=job.database,
            identifier=job.identifier,
            neighbours=list(job.neighbours),
            started_at=started_at,
            stopped_at=job.clock.now(),
            clock_skew_s=snapshot.catalogue.skew.total_seconds(),
            server_version=snapshot.catalogue.server_version,
            tools={"pg_dump": programs.version, "zstandard": zstandard.__version__},
            locale=snapshot.catalogue.locale,
            database_bytes=snapshot.catalogue.database_bytes,
            tables=list(copied.tables),
            sequences=list(snapshot.catalogue.sequences),
            extensions=list(snapshot.catalogue.extensions),
            roles=list(snapshot.catalogue.roles),
            schema_sha256=copied.schema_sha256,
            parts=list(copied.parts),
            restore_set=job.restore_set(snapshot.catalogue.at, snapshot.catalogue.lsn),
        )
        job.store.put_if_absent(manifest_key(job.database, backup_id), manifest.encode())
        return manifest


def _copied(copy: Copying, pool: ThreadPoolExecutor) -> Copied:
    try:
        return copy.run()
    except BaseException:
        # What waits to be stored belongs to no backup any more.
        pool.shutdown(cancel_futures=True)
        raise


def _forecast(snapshot: Snapshot, spool: Spool) -> SpoolForecast:
    forecast = SpoolForecast(
        database_bytes=snapshot.catalogue.database_bytes,
        table_bytes=snapshot.table_bytes,
        free_bytes=spool.free_bytes,
        limit_bytes=spool.limit_bytes,
    )
    if not forecast.fits:
        raise Refused(
            f"spool {spool.directory.parent}: {forecast.sentence()}",
            hint="name a larger disk with --spool, or allow more with --spool-limit",
        )
    return forecast
