"""What databases, restorable windows and snapshots there are, region by region; only reads.

A region that does not answer is said to be unreachable, and the others are looked at all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scripts.backup.listing import Backup
from scripts.observe.aws import Clients, NoAnswer, SaidNo, asking
from scripts.observe.instance import SeenInstance, read_instance

AVAILABLE = "available"
_NO_BACKUPS = "DBInstanceAutomatedBackupNotFound"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBackups:
    """One chain of automated backups and the moments it can go back to.

    Args:
        arn: of the chain; empty when it is asked for by resource id.
        resource_id: the instance it is of; survives renames and the instance.
        earliest_at: None while nothing can be restored.
        instance: the name of that instance, the last one when it is gone.
    """

    arn: str
    resource_id: str
    earliest_at: datetime | None
    latest_at: datetime | None
    instance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSnapshot:
    """A snapshot that can be restored.

    Args:
        taken_at: when it was asked for, also of a copy made later.
        resource_id: the instance it is of, and its name then.
    """

    name: str
    taken_at: datetime
    resource_id: str
    is_automatic: bool
    instance: str = ""
    storage_gib: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRegion:
    """Everything of one region; `unreachable` says why nothing is known of its RDS.

    Args:
        copies: logical copies in its bucket, when that was read.
        copies_unread: why they are not known.
        databases: on the primary instance; None when nobody asked or it did not answer.
        secret_versions: in force now, by name of the secret; those that were asked about.
    """

    region: str
    instances: tuple[SeenInstance, ...] = ()
    backups: tuple[SeenBackups, ...] = ()
    snapshots: tuple[SeenSnapshot, ...] = ()
    unreachable: str = ""
    copies: tuple[Backup, ...] = ()
    copies_unread: str = ""
    databases: tuple[str, ...] | None = None
    secret_versions: Mapping[str, str] = field(default_factory=dict)

    def named(self, identifier: str) -> SeenInstance | None:
        """Return an instance by its identifier."""
        return next((one for one in self.instances if one.identifier == identifier), None)


def observe_databases(regions: Sequence[str], clients: Clients) -> dict[str, SeenRegion]:
    """Look at regions, all at once: one that hangs must not keep the others waiting.

    Raises:
        SaidNo: a region answered and does not let us look: credentials, not a lost region.

    Effects: RDS DescribeDBInstances, DescribeDBInstanceAutomatedBackups, DescribeDBSnapshots.
    """

    def look(region: str) -> SeenRegion:
        try:
            return _observe(region, clients)
        except NoAnswer as error:
            return SeenRegion(region=region, unreachable=error.message)

    with ThreadPoolExecutor(max_workers=len(regions)) as pool:
        return dict(zip(regions, pool.map(look, regions), strict=True))


def find_instance(clients: Clients, region: str, **wanted: str) -> SeenInstance | None:
    """Return the instance with this `identifier` or `resource_id`; None when there is none.

    Listing and comparing, instead of asking by name: a name that is gone and an answer that is missing must
    not look the same.

    Effects: RDS DescribeDBInstances.
    """
    ((field, value),) = wanted.items()
    with asking(f"database {value} in {region}"):
        found = _pages(clients("rds", region), "describe_db_instances", "DBInstances")
    instances = (read_instance(one) for one in found)
    return next((one for one in instances if getattr(one, field) == value), None)


def find_backups(clients: Clients, region: str, resource_id: str) -> SeenBackups | None:
    """Return the automated backups of an instance; None while there are none.

    Effects: RDS DescribeDBInstanceAutomatedBackups.
    """
    try:
        with asking(f"automated backups of {resource_id} in {region}"):
            answer = clients("rds", region).describe_db_instance_automated_backups(DbiResourceId=resource_id)
    except SaidNo as error:
        if error.code == _NO_BACKUPS:
            return None
        raise
    chains = (_backups(one) for one in answer["DBInstanceAutomatedBackups"])
    return next((one for one in chains if one.latest_at is not None), None)


def _observe(region: str, clients: Clients) -> SeenRegion:
    rds = clients("rds", region)
    with asking(f"databases of {region}"):
        instances = _pages(rds, "describe_db_instances", "DBInstances")
        backups = _pages(rds, "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups")
        snapshots = _pages(rds, "describe_db_snapshots", "DBSnapshots")
    return SeenRegion(
        region=region,
        instances=tuple(read_instance(one) for one in instances),
        backups=tuple(_backups(one) for one in backups),
        snapshots=tuple(_snapshot(one) for one in snapshots if one["Status"] == AVAILABLE),
    )


def _pages(rds: Any, operation: str, name: str) -> list[Mapping[str, Any]]:  # noqa: ANN401  # boto3 clients have no type
    found: list[Mapping[str, Any]] = []
    marker: dict[str, str] = {}
    while True:
        answer = getattr(rds, operation)(**marker)
        found.extend(answer[name])
        if not answer.get("Marker"):
            return found
        marker = {"Marker": answer["Marker"]}


def _backups(one: Mapping[str, Any]) -> SeenBackups:
    window = one.get("RestoreWindow") or {}
    return SeenBackups(
        arn=one.get("DBInstanceAutomatedBackupsArn", ""),
        resource_id=one["DbiResourceId"],
        earliest_at=window.get("EarliestTime"),
        latest_at=window.get("LatestTime"),
        instance=one.get("DBInstanceIdentifier", ""),
    )


def _snapshot(one: Mapping[str, Any]) -> SeenSnapshot:
    return SeenSnapshot(
        name=one["DBSnapshotIdentifier"],
        taken_at=one.get("OriginalSnapshotCreateTime") or one["SnapshotCreateTime"],
        resource_id=one.get("DbiResourceId", ""),
        is_automatic=one.get("SnapshotType") == "automated",
        instance=one.get("DBInstanceIdentifier", ""),
        storage_gib=one.get("AllocatedStorage", 0),
    )
