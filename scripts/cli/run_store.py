"""The store of an environment's runs: the backup bucket of its recovery region."""

from __future__ import annotations

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError
from scripts.actions.object_store import CLIENT_CONFIG, S3ObjectStore

PREFIX = "lifeboat/"


def open_run_store(contract: Contract, region: str = "") -> S3ObjectStore:
    """Return the store in which the runs of an environment are written down.

    Args:
        contract: the environment.
        region: another region's bucket, for runs from before a failover swapped the regions.

    Raises:
        ConfigError: there is no bucket in that region.
    """
    import boto3

    region = region or contract.topology.recovery_region
    bucket = contract.backups.buckets.get(region)
    if bucket is None:
        known = ", ".join(contract.backups.buckets) or "none"
        raise ConfigError(
            f"environment {contract.environment} has no backup bucket in {region}", hint=f"there are: {known}"
        )
    return S3ObjectStore(boto3.client("s3", region_name=region, config=CLIENT_CONFIG), bucket.name, PREFIX)
