"""A local AWS with real databases, used through boto3 and psycopg as a program would; each call waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import httpx
import psycopg

from lifeboat.core.clock import SystemClock
from tools.bench.local_service import LocalService

_PASSWORD = "not-a-secret-1"  # noqa: S105  # it opens nothing but what ends with the measurement
_WITHIN_S = 300.0
_LOOK_S = 0.02
_CLOCK = SystemClock()


class DatabaseWorld:
    """Databases of one region, by identifier.

    Args:
        aws_url: the local AWS.
        databases: the service behind its RDS.
        directory: where that service keeps data.
    """

    region = "us-west-1"

    def __init__(self, aws_url: str, databases: LocalService, directory: Path) -> None:
        self.databases = databases
        self._directory = directory
        self._rds = boto3.client(
            "rds",
            region_name=self.region,
            endpoint_url=aws_url,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106  # the local cloud takes any
        )
        self._authority = httpx.get(f"{databases.url}/_lifeboat/health", trust_env=False).json()["ca_file"]

    def create(self, name: str) -> None:
        """Create an empty database."""
        self._rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t4g.micro",
            Engine="postgres",
            EngineVersion="16",
            AllocatedStorage=20,
            MasterUsername="bench",
            MasterUserPassword=_PASSWORD,
            DBName="bench",
            BackupRetentionPeriod=1,
        )
        self._until_available(name)

    def snapshot(self, name: str, snapshot: str) -> None:
        """Take a snapshot."""
        self._rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot)
        self.until(lambda: self._snapshot_status(snapshot) == "available")

    def restore(self, snapshot: str, name: str) -> None:
        """Restore a snapshot into a new database."""
        self._rds.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot
        )
        self._until_available(name)

    def replicate(self, source: str, name: str) -> None:
        """Make a replica, and wait until it has replayed a write made after it became available."""
        self._rds.create_db_instance_read_replica(
            DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source
        )
        self._until_available(name)
        with self.connect(source) as connection:
            connection.execute("create table arrived ()")
        self.until(lambda: self._has_arrived(name))

    def promote(self, name: str) -> None:
        """Promote a replica; returns as soon as it is accepted."""
        self._rds.promote_read_replica(DBInstanceIdentifier=name)

    def delete(self, name: str) -> None:
        """Delete a database with its backups."""
        self._rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
        self.until(lambda: name not in self._names())

    def connect(self, name: str, database: str = "") -> psycopg.Connection[tuple[Any, ...]]:
        """Connect through the endpoint, verifying in full."""
        login = self.login(name)
        return psycopg.connect(
            **{**login, "dbname": database or login["dbname"]}, connect_timeout=10, autocommit=True
        )

    def login(self, name: str) -> dict[str, Any]:
        """Return how a client connects that verifies in full."""
        endpoint = self._described(name)["Endpoint"]
        return {
            "host": endpoint["Address"],
            "port": endpoint["Port"],
            "user": "bench",
            "password": _PASSWORD,
            "dbname": "bench",
            "sslmode": "verify-full",
            "sslrootcert": self._authority,
        }

    def data_of(self, name: str) -> Path:
        """Return the data directory of a database."""
        return self._directory / "instances" / str(self._described(name)["DbiResourceId"]) / "data"

    def fault(self, spec: dict[str, object]) -> None:
        """Declare a fault of the databases."""
        url = f"{self.databases.url}/_lifeboat/faults"
        httpx.post(url, json=spec, trust_env=False).raise_for_status()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something.

        Raises:
            RuntimeError: it does not come about.
        """
        deadline_s = _CLOCK.monotonic_s() + _WITHIN_S
        while not condition():
            if _CLOCK.monotonic_s() > deadline_s:
                raise RuntimeError("what was waited for did not come about")
            _CLOCK.sleep(_LOOK_S)

    def _has_arrived(self, name: str) -> bool:
        with self.connect(name) as connection:
            found = connection.execute("select to_regclass('arrived') is not null").fetchone()
        return bool(found and found[0])

    def _names(self) -> list[str]:
        return [one["DBInstanceIdentifier"] for one in self._rds.describe_db_instances()["DBInstances"]]

    def _described(self, name: str) -> dict[str, Any]:
        described: dict[str, Any] = self._rds.describe_db_instances(DBInstanceIdentifier=name)
        found: dict[str, Any] = described["DBInstances"][0]
        return found

    def _snapshot_status(self, name: str) -> str:
        return str(self._rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]["Status"])

    def _until_available(self, name: str) -> None:
        self.until(lambda: self._described(name)["DBInstanceStatus"] == "available")
