"""Holds a backup for a run that needs it, so that no retention removes it meanwhile.

A hold ends by itself, so that a run that died does not keep a backup for ever; a run that lives renews it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from lifeboat.core.errors import Refused
from scripts.backup.holds import Hold, parse_hold
from scripts.backup.keys import hold_key, manifest_key
from scripts.backup.manifest import Manifest
from scripts.backup.sealed import encode
from scripts.backup.store import BackupStore
from scripts.engine.objects import Stored


def hold_backup(store: BackupStore, manifest: Manifest, holder: str, lasting: timedelta) -> Hold:
    """Hold a backup, or renew the hold; returns once the backup was seen after the hold was written.

    Args:
        store: where it lies.
        manifest: of the backup.
        holder: a run id.
        lasting: how long, from now on the store's clock.

    Raises:
        Refused: the backup was removed before it could be held.
        WriteConflict: another process writes the hold of the same holder.

    Effects: writes an object.
    """
    found = store.get(manifest_key(manifest.database, manifest.id))
    if found is None:
        raise _gone(manifest)
    hold = Hold(holder=holder, until_at=found.read_at + lasting, token=secrets.token_hex(8))
    _write(store, hold_key(manifest.database, manifest.id, holder), hold)
    # In this order: whoever removes looks for holds after the manifest is gone from the list.
    if store.get(manifest_key(manifest.database, manifest.id)) is None:
        raise _gone(manifest)
    return hold


def release_backup(store: BackupStore, manifest: Manifest, holder: str) -> None:
    """End a hold; one that is not there is no failure.

    Effects: writes an object.
    """
    key = hold_key(manifest.database, manifest.id, holder)
    found = store.get(key)
    if found is not None:
        held = parse_hold(found.body, key)
        _write(store, key, held.model_copy(update={"released": True, "token": secrets.token_hex(8)}))


def _write(store: BackupStore, key: str, hold: Hold) -> None:
    found: Stored | None = store.get(key)
    if found is None:
        store.put_if_absent(key, encode(hold))
    else:
        store.put_if_match(key, encode(hold), found.etag)


def _gone(manifest: Manifest) -> Refused:
    return Refused(f"{manifest.id} was removed", hint="choose another backup of the list")
