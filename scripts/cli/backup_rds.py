"""From the contract of an environment to a snapshot of its primary."""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError
from scripts.actions.rds_snapshot import SnapshotJob
from scripts.backup.snapshots import Owner
from scripts.observe.aws import boto_clients

_PURPOSE = "database"


def snapshot_job(contract: Contract, tell: Callable[[str], None]) -> SnapshotJob:
    """Return the job that takes a snapshot of the primary and copies it into the recovery region.

    Raises:
        ConfigError: the environment has no database.
    """
    home, away = contract.topology.primary_region, contract.topology.recovery_region
    instance = contract.databases.get(home)
    if instance is None:
        raise ConfigError(f"environment {contract.environment} has no database in {home}")
    twin = contract.databases.get(away)
    return SnapshotJob(
        clients=boto_clients(),
        identifier=instance.identifier,
        home=home,
        away=away,
        key=contract.keys.get(_PURPOSE, {}).get(away, "") or (twin.kms_key_arn if twin else ""),
        owner=Owner(product=contract.product, environment=contract.environment),
        tell=tell,
    )
