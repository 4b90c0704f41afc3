"""Reads what lies in a bucket: backups, what is known of them, and what is no backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from lifeboat.core.errors import ConfigError
from scripts.backup.holds import Hold, parse_hold
from scripts.backup.keys import begun_key, check_backup_id, hold_prefix, manifest_key, verification_prefix
from scripts.backup.levels import VerificationRecord, parse_record
from scripts.backup.listing import Backup, Leftover, Listing, grouped, has_manifest, newest_first
from scripts.backup.manifest import parse_manifest
from scripts.backup.sealed import BackupUnreadable, decode
from scripts.backup.store import BackupStore
from scripts.engine.objects import Stored

_Read = TypeVar("_Read")
_AT_ONCE = 8


def read_listing(store: BackupStore) -> Listing:
    """Return everything in a store that has to do with backups.

    Raises:
        StoreUnavailable: the store gave no answer.

    Effects: lists and reads objects, never a part.
    """
    sizes = store.sizes("")
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="listing") as pool:
        read = list(
            pool.map(lambda each: _read(store, each[0], each[1], sizes), list(grouped(sizes).items()))
        )
    moments = [read_at for _, read_at in read if read_at is not None]
    return Listing(
        backups=newest_first(found for found, _ in read if isinstance(found, Backup)),
        leftovers=tuple(found for found, _ in read if isinstance(found, Leftover)),
        read_at=max(moments) if moments else None,
    )


def find_backup(listing: Listing, backup_id: str) -> Backup:
    """Return a backup by its id.

    Raises:
        ConfigError: there is none of that id, or it never became one.
    """
    check_backup_id(backup_id)
    for backup in listing.backups:
        if backup.id == backup_id:
            return backup
    for leftover in listing.leftovers:
        if leftover.id == backup_id:
            raise ConfigError(f"{backup_id} is no backup: {leftover.reason}", hint="choose one of the list")
    raise ConfigError(f"no backup has the id {backup_id}", hint="`lifeboat backup list` shows them")


def _read(
    store: BackupStore, owner: tuple[str, str], keys: Sequence[str], sizes: Mapping[str, int]
) -> tuple[Backup | Leftover, datetime | None]:
    """Return what objects of one id are, and the moment of the reading on the store's clock."""
    reason = "has no manifest"
    if has_manifest(owner, keys):
        try:
            return _backup(store, owner, keys)
        except BackupUnreadable as error:
            reason = error.message
    begun_at, by, read_at = _begun(store, owner, keys[0])
    leftover = Leftover(
        database=owner[0],
        id=owner[1],
        begun_at=begun_at,
        by=by,
        reason=reason,
        keys=tuple(keys),
        stored_bytes=sum(sizes[key] for key in keys),
    )
    return leftover, read_at


def _backup(store: BackupStore, owner: tuple[str, str], keys: Sequence[str]) -> tuple[Backup, datetime]:
    found = _get(store, manifest_key(*owner))
    manifest = parse_manifest(found.body, found.key)
    if (manifest.database, manifest.id) != owner:
        raise BackupUnreadable(f"{found.key}: is the manifest of {manifest.database}/{manifest.id}")
    unreadable: list[str] = []
    records: list[VerificationRecord] = _each(
        store, keys, verification_prefix(*owner), parse_record, unreadable
    )
    holds: list[Hold] = _each(store, keys, hold_prefix(*owner), parse_hold, unreadable)
    backup = Backup(
        manifest=manifest, records=tuple(records), holds=tuple(holds), unreadable=tuple(unreadable)
    )
    return backup, found.read_at


def _each(
    store: BackupStore,
    keys: Sequence[str],
    prefix: str,
    parse: Callable[[bytes, str], _Read],
    unreadable: list[str],
) -> list[_Read]:
    read = []
    for key in keys:
        if key.startswith(prefix):
            try:
                read.append(parse(_get(store, key).body, key))
            except BackupUnreadable as error:
                unreadable.append(error.message)
    return read


def _begun(
    store: BackupStore, owner: tuple[str, str], first: str
) -> tuple[datetime | None, str, datetime | None]:
    """Return when and by whom it was begun, and the moment of this reading, on the store's clock."""
    found = store.get(begun_key(*owner))
    if found is None:
        oldest = store.get(first)
        at = (oldest.written_at, oldest.read_at) if oldest else (None, None)
        return at[0], "nobody who left a mark", at[1]
    try:
        by = str(decode(found.body, found.key)["by"])
    except (BackupUnreadable, KeyError, TypeError):
        by = "somebody whose mark is damaged"
    return found.written_at, by, found.read_at


def _get(store: BackupStore, key: str) -> Stored:
    found = store.get(key)
    if found is None:
        raise BackupUnreadable(f"{key}: vanished while it was read")
    return found
