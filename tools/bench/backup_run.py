"""One backup, verification or load in a process of its own, which then says what it took.

    python -m tools.bench.backup_run create | verify | load

Where and how is read from the environment (see `tools.bench.pipelines`), the password included.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import datetime
from pathlib import Path

from lifeboat.core.clock import SystemClock
from lifeboat.core.secret import Secret
from scripts.actions.backup_create import BackupJob, create_backup
from scripts.actions.backup_login import Login
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.backup.levels import Level, Share
from scripts.backup.manifest import Manifest, RestoreSet
from tools.bench.directory_store import DirectoryStore

_CLOCK = SystemClock()


def main() -> None:
    """Do it, and print seconds, processor seconds, peak memory and bytes as JSON."""
    began_s, began_cpu_s = _CLOCK.monotonic_s(), _processor_s()
    store = DirectoryStore(Path(os.environ["BENCH_STORE"]))
    manifest = {"create": _create, "verify": _verify, "load": _load}[sys.argv[1]](store)
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "taken_s": _CLOCK.monotonic_s() - began_s,
                # Without the interpreter's start, which is the same for any amount.
                "processor_s": _processor_s() - began_cpu_s,
                # Of the children the largest one: they are two dumps of a few megabytes.
                "memory_bytes": (own.ru_maxrss + children.ru_maxrss) * 1024,
                "plain_bytes": manifest.plain_bytes,
                "stored_bytes": manifest.stored_bytes,
            }
        )
    )


def _processor_s() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def _create(store: DirectoryStore) -> Manifest:
    job = BackupJob(
        environment="bench",
        identifier="bench",
        database=os.environ["BENCH_DATABASE"],
        login=_login(),
        store=store,
        by="bench",
        restore_set=_nothing_else,
        spool_root=Path(os.environ["BENCH_SPOOL"]),
    )
    return create_backup(job)


def _login() -> Login:
    return Login(
        address=os.environ["BENCH_ADDRESS"],
        port=int(os.environ["BENCH_PORT"]),
        user=os.environ["BENCH_USER"],
        password=Secret(os.environ["BENCH_PASSWORD"]),
        authority=os.environ["PGSSLROOTCERT"],
    )


def _load(store: DirectoryStore) -> Manifest:
    # Here, so that what a backup takes of memory is its own.
    from scripts.actions.load_copy import load_copy
    from scripts.actions.load_job import LoadJob

    manifest = read_listing(store).backups[0].manifest
    load_copy(
        LoadJob(
            store=store,
            manifest=manifest,
            login=_login(),
            loaded_by="bench",
            spool_root=Path(os.environ["BENCH_SPOOL"]),
        )
    )
    return manifest


def _verify(store: DirectoryStore) -> Manifest:
    manifest = read_listing(store).backups[0].manifest
    share = Share(number=1, of=1)
    record = verify_backup(
        VerifyJob(store=store, manifest=manifest, level=Level.UNALTERED, by="bench", share=share, jobs=1)
    )
    if record.problems:
        raise RuntimeError("; ".join(record.problems))
    return manifest


def _nothing_else(at: datetime, lsn: str) -> RestoreSet:
    return RestoreSet(
        database_at=at,
        lsn=lsn,
        objects_cut_off_at=at,
        images={},
        secret_versions={},
        checkpoint_sha256=None,
        unread=[],
    )


if __name__ == "__main__":
    main()
