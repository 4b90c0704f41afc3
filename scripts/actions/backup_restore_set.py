"""Gathers what belongs to the moment of a backup: image digests, secret versions, checkpoint; never a value.

What cannot be found out is written down as such: a backup of the database is worth having without it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError
from scripts.backup.manifest import RestoreSet
from scripts.observe.checkpoint import checkpoint_digest
from scripts.observe.secret_state import observe_secret

Clients = Callable[[str], Any]


def gather_restore_set(
    contract: Contract, clients: Clients, backend_url: str, *, at: datetime, lsn: str
) -> RestoreSet:
    """Return the restore set of a moment.

    Args:
        contract: of the environment.
        clients: makes a Secrets Manager client for a region.
        backend_url: PULUMI_BACKEND_URL; empty when there is none.
        at: the moment, on the database's clock.
        lsn: position in its log.

    Effects: reads descriptions of secrets and the checkpoint file.
    """
    unread: list[str] = []
    checkpoint = None
    try:
        checkpoint = checkpoint_digest(contract.stack, backend_url)
    except LifeboatError as error:
        unread.append(f"checkpoint: {error.message}")
    return RestoreSet(
        database_at=at,
        lsn=lsn,
        objects_cut_off_at=at,
        images=_images(contract),
        secret_versions=current_versions(contract, clients, unread),
        checkpoint_sha256=checkpoint,
        unread=unread,
    )


def _images(contract: Contract) -> dict[str, str]:
    apps = contract.fly.apps if contract.fly else {}
    return {
        f"{app}/{name}": group.image_digest
        for app, held in apps.items()
        for name, group in held.groups.items()
        if group.image_digest
    }


def current_versions(contract: Contract, clients: Clients, unread: list[str]) -> dict[str, str]:
    """Return the version id in force of every secret, from the first region that answers.

    Args:
        contract: of the environment.
        clients: makes a Secrets Manager client for a region.
        unread: gets what could not be found out, and why.

    Effects: reads descriptions of secrets.
    """
    versions = {}
    made: dict[str, Any] = {}
    for entry in contract.secrets.values():
        reasons = []
        for region in entry.arns:
            if region not in made:
                made[region] = clients(region)
            try:
                version = observe_secret(made[region], entry.name).current_version
            except (BotoCoreError, ClientError, LifeboatError) as error:
                reasons.append(f"{region}: {type(error).__name__}")
                continue
            if version is None:
                reasons.append(f"{region}: no value")
                continue
            versions[entry.name] = version
            break
        else:
            unread.append(f"secret {entry.name}: {', '.join(reasons)}")
    return versions
