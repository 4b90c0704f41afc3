"""Manifests, records and whole buckets of them, without a database."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import zstandard

from lifeboat.core.clock import ManualClock
from scripts.actions.backup_create import Begun
from scripts.backup.keys import begun_key, manifest_key, part_key, verification_key
from scripts.backup.levels import Level, VerificationRecord
from scripts.backup.listing import Backup
from scripts.backup.manifest import Locale, Manifest, RestoreSet, StoredPart
from scripts.backup.sealed import encode
from tests.backup.remembered import RememberedBackups

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = b"7\tseven\n\\.\n\n\n"
BODY = zstandard.compress(PLAIN)


def backup_id(number: int) -> str:
    """Return an id that says nothing about age."""
    return f"backup-20261122-020000-{number:06x}"


def a_manifest(number: int = 1, *, stopped_at: datetime = NOW, **changes: Any) -> Manifest:
    """Return a manifest of one part."""
    part = StoredPart(
        file="7.dat",
        number=1,
        offset=0,
        plain_bytes=len(PLAIN),
        plain_lines=PLAIN.count(b"\n"),
        stored_bytes=len(BODY),
        sha256=hashlib.sha256(BODY).hexdigest(),
    )
    together = RestoreSet(
        database_at=stopped_at - timedelta(minutes=1),
        lsn="0/1",
        objects_cut_off_at=stopped_at,
        images={},
        secret_versions={},
        checkpoint_sha256=None,
        unread=[],
    )
    values: dict[str, Any] = {
        "id": backup_id(number),
        "environment": "production",
        "database": "shop",
        "identifier": "main",
        "started_at": stopped_at - timedelta(minutes=2),
        "stopped_at": stopped_at,
        "clock_skew_s": 0.0,
        "server_version": "16.4",
        "tools": {},
        "locale": Locale(encoding="UTF8", collate="C", ctype="C"),
        "database_bytes": 1,
        "tables": [],
        "sequences": [],
        "extensions": [],
        "roles": [],
        "schema_sha256": "0" * 64,
        "parts": [part],
        "restore_set": together,
        **changes,
    }
    return Manifest(**values)


def a_record(
    number: int = 1, *, reached: Level | None = Level.RESTORES, at: datetime = NOW, **changes: Any
) -> VerificationRecord:
    """Return a record of verification that asked for what it reached."""
    values: dict[str, Any] = {
        "backup_id": backup_id(number),
        "at": at,
        "by": "tests",
        "asked": reached or Level.EXISTS,
        "reached": reached,
        **changes,
    }
    return VerificationRecord(**values)


def a_backup(number: int = 1, *, age: timedelta = DAY, reached: Level | None = None, **more: Any) -> Backup:
    """Return a backup of an age, with a record of the level it reached."""
    records = () if reached is None else (a_record(number, reached=reached),)
    return Backup(manifest=a_manifest(number, stopped_at=NOW - age), **{"records": records, **more})


def put_backup(store: RememberedBackups, number: int = 1, *, age: timedelta = DAY) -> Manifest:
    """Write the objects of a backup."""
    manifest = a_manifest(number, stopped_at=NOW - age)
    owner = manifest.database, manifest.id
    begun = Begun(database="shop", by="tests", begun_at=manifest.started_at, token=str(number))
    store.put_if_absent(begun_key(*owner), encode(begun))
    store.put_if_absent(part_key(*owner, "7.dat", 1), BODY)
    store.put_if_absent(verification_key(*owner, NOW), encode(a_record(number, reached=Level.UNALTERED)))
    store.put_if_absent(manifest_key(*owner), manifest.encode())
    return manifest


def a_bucket() -> RememberedBackups:
    """Return a bucket whose clock stands at NOW."""
    return RememberedBackups(ManualClock(NOW))
