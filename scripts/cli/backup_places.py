"""From the contract of an environment to the buckets of its backups and the jobs that fill them."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from lifeboat.core.contract import Contract, Database
from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project
from scripts.actions.backup_create import BackupJob, default_jobs
from scripts.actions.backup_databases import list_databases
from scripts.actions.backup_login import Login, authority_of, read_master
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_restore_set import gather_restore_set
from scripts.actions.backup_store import S3BackupStore, open_backup_store
from scripts.backup.listing import Listing
from scripts.engine.objects import StoreUnavailable
from scripts.observe.contract import observe_contract

_MEBI = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolOptions:
    """Where a dump may lie on this machine, and how much of it."""

    root: Path | None
    limit_mib: int | None

    @property
    def limit_bytes(self) -> int | None:
        """The limit in bytes."""
        return None if self.limit_mib is None else self.limit_mib * _MEBI


def read_contract(stack: str) -> Contract:
    """Return the contract of a stack."""
    return observe_contract(stack, find_project(Path.cwd())).contract


def open_store(contract: Contract, region: str) -> S3BackupStore:
    """Return the backups in a region's bucket.

    Raises:
        ConfigError: there is no bucket in that region.
    """
    bucket = contract.backups.buckets.get(region)
    if bucket is None:
        known = ", ".join(contract.backups.buckets) or "none"
        raise ConfigError(
            f"environment {contract.environment} has no backup bucket in {region}", hint=f"there are: {known}"
        )
    return open_backup_store(contract.environment, bucket.name, region)


def read_backups(
    contract: Contract, region: str, warn: Callable[[str], None]
) -> tuple[S3BackupStore, Listing]:
    """Return the store and its listing: of a region, or else of the first one that answers.

    Args:
        contract: the environment.
        region: which one; empty for the primary region's bucket and then the other, which holds copies.
        warn: is told which buckets did not answer.

    Raises:
        StoreUnavailable: none answered.
    """
    primary = contract.topology.primary_region
    regions = [region] if region else sorted(contract.backups.buckets, key=lambda each: each != primary)
    for each in regions[:-1]:
        store = open_store(contract, each)
        try:
            return store, read_listing(store)
        except StoreUnavailable as error:
            warn(error.message)
    if not regions:
        raise ConfigError(f"environment {contract.environment} has no backup bucket")
    store = open_store(contract, regions[-1])
    return store, read_listing(store)


def backup_jobs(
    contract: Contract,
    names: tuple[str, ...],
    spool: SpoolOptions,
    *,
    jobs: int | None,
    tell: Callable[[str], None],
) -> tuple[BackupJob, ...]:
    """Return a job for every database of the primary instance, or for those named.

    Raises:
        ConfigError: the environment has no database, or not that one.
        Refused: the server or its secret cannot be reached.
    """
    region, instance = _primary(contract)
    login = _login(contract, instance)
    known = list_databases(login, instance.name)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ConfigError(
            f"database {', '.join(unknown)} is not on {instance.identifier}",
            hint=f"there are: {', '.join(known)}",
        )
    store = open_store(contract, region)
    gather = partial(gather_restore_set, contract, secrets_client, os.environ.get("PULUMI_BACKEND_URL", ""))
    return tuple(
        BackupJob(
            environment=contract.environment,
            identifier=instance.identifier,
            database=name,
            login=login,
            store=store,
            by=whoever(),
            restore_set=lambda at, lsn: gather(at=at, lsn=lsn),
            spool_root=spool.root,
            spool_limit_bytes=spool.limit_bytes,
            tell=tell,
            jobs=jobs or default_jobs(),
            neighbours=known,
        )
        for name in names or known
    )


def whoever() -> str:
    """Return user and host, as others will see them."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _primary(contract: Contract) -> tuple[str, Database]:
    region = contract.topology.primary_region
    instance = contract.databases.get(region)
    if instance is None:
        raise ConfigError(f"environment {contract.environment} has no database in {region}")
    return region, instance


def _login(contract: Contract, instance: Database) -> Login:
    entry = next(each for each in contract.secrets.values() if each.name == instance.master_secret)
    primary = contract.topology.primary_region
    regions = sorted(entry.arns, key=lambda each: each != primary)
    user, password = read_master(secrets_client, instance.master_secret, regions)
    return Login(
        address=instance.address,
        port=instance.port,
        user=user,
        password=password,
        authority=authority_of(os.environ),
    )


def secrets_client(region: str) -> Any:  # noqa: ANN401  # boto3 clients have no type
    """Return a Secrets Manager client of a region."""
    from botocore.config import Config

    quick = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client("secretsmanager", region_name=region, config=quick)
