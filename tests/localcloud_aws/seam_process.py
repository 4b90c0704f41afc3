"""Run as a process: drives RDS with recording servers behind it and prints what they were told, as JSON.

A process of its own, because the repairs change moto for the whole interpreter.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from typing_extensions import override

from localcloud.aws.environment import clean_environment
from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.metadata_servers import MetadataOnlyServers
from localcloud.aws.rds.servers import RestoreSource
from localcloud.aws.repairs.catalogue import REPAIRS
from localcloud.aws.repairs.install import install_repairs
from localcloud.aws.world import World


@dataclass
class RecordingServers(MetadataOnlyServers):
    """Remembers every call."""

    calls: list[list[object]] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin as every other one does."""
        super().__init__()

    @override
    def on_create(self, database: DatabaseFacts) -> None:
        self.calls.append(["create", database.identifier, database.storage_gib, dict(database.parameters)])
        self.busy.add(database.resource_id)

    @override
    def on_replica(self, database: DatabaseFacts) -> None:
        self.calls.append(["replica", database.identifier, database.source_resource_id])

    @override
    def on_restore(self, database: DatabaseFacts, source: RestoreSource) -> None:
        moment = source.restore_at.isoformat() if isinstance(source.restore_at, datetime) else None
        self.calls.append(
            ["restore", database.identifier, source.snapshot_arn or source.source_resource_id, moment]
        )

    @override
    def on_modify(self, database: DatabaseFacts) -> None:
        self.calls.append(["modify", database.identifier, database.master_password.reveal()])

    @override
    def on_rename(self, database: DatabaseFacts, old_identifier: str) -> None:
        self.calls.append(["rename", database.identifier, old_identifier])

    @override
    def on_reboot(self, database: DatabaseFacts, *, force_failover: bool) -> None:
        self.calls.append(["reboot", database.identifier, force_failover])

    @override
    def on_stop(self, database: DatabaseFacts) -> None:
        self.calls.append(["stop", database.identifier])

    @override
    def on_start(self, database: DatabaseFacts) -> None:
        self.calls.append(["start", database.identifier])

    @override
    def on_promote(self, database: DatabaseFacts) -> None:
        self.calls.append(["promote", database.identifier, database.source_resource_id])

    @override
    def on_delete(self, database: DatabaseFacts, *, keep_backups: bool) -> None:
        self.calls.append(["delete", database.identifier, keep_backups])

    @override
    def on_snapshot(self, database: DatabaseFacts, snapshot_arn: str) -> None:
        self.calls.append(["snapshot", database.identifier, snapshot_arn])

    @override
    def on_snapshot_copy(self, source_arn: str, target_arn: str) -> None:
        self.calls.append(["snapshot_copy", source_arn, target_arn])

    @override
    def on_snapshot_delete(self, snapshot_arn: str) -> None:
        self.calls.append(["snapshot_delete", snapshot_arn])

    @override
    def is_busy(self, name: str) -> bool:
        return name in self.busy


def main() -> None:
    """Drive every operation once."""
    clean_environment(os.environ)
    servers = RecordingServers()
    install_repairs(REPAIRS, World(servers=servers, transition_s=0))
    from moto import mock_aws

    with mock_aws():
        import boto3

        clients = {region: boto3.client("rds", region_name=region) for region in ("us-west-2", "us-east-2")}
        ids = _drive(clients["us-west-2"], clients["us-east-2"], servers)
    sys.stdout.write(json.dumps({"calls": servers.calls, **ids}))


def _drive(home: Any, away: Any, servers: RecordingServers) -> dict[str, object]:
    group = {"DBParameterGroupName": "pg", "DBParameterGroupFamily": "postgres17", "Description": "d"}
    home.create_db_parameter_group(**group)
    parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    home.modify_db_parameter_group(DBParameterGroupName="pg", Parameters=[parameter])
    made = home.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        EngineVersion="17.4",
        AllocatedStorage=20,
        MasterUsername="u",
        MasterUserPassword="first-password",
        DBParameterGroupName="pg",
        MultiAZ=True,
    )["DBInstance"]
    busy = home.describe_db_instances(DBInstanceIdentifier="db")["DBInstances"][0]["DBInstanceStatus"]
    servers.busy.clear()
    now = {"ApplyImmediately": True}
    home.modify_db_instance(DBInstanceIdentifier="db", MasterUserPassword="second-password", **now)
    home.modify_db_instance(DBInstanceIdentifier="db", NewDBInstanceIdentifier="db2", **now)
    home.reboot_db_instance(DBInstanceIdentifier="db2", ForceFailover=True)
    home.create_db_snapshot(DBInstanceIdentifier="db2", DBSnapshotIdentifier="snap")
    arn = "arn:aws:rds:us-west-2:123456789012:snapshot:snap"
    away.copy_db_snapshot(
        SourceDBSnapshotIdentifier=arn, TargetDBSnapshotIdentifier="copied", SourceRegion="us-west-2"
    )
    away.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="away", DBSnapshotIdentifier="copied")
    home.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="db2", TargetDBInstanceIdentifier="pit", UseLatestRestorableTime=True
    )
    away.create_db_instance_read_replica(
        DBInstanceIdentifier="r", SourceDBInstanceIdentifier=made["DBInstanceArn"] + "2"
    )
    away.promote_read_replica(DBInstanceIdentifier="r")
    home.stop_db_instance(DBInstanceIdentifier="db2")
    home.start_db_instance(DBInstanceIdentifier="db2")
    home.delete_db_instance(
        DBInstanceIdentifier="db2", FinalDBSnapshotIdentifier="last", DeleteAutomatedBackups=False
    )
    home.delete_db_snapshot(DBSnapshotIdentifier="snap")
    return {"resource_id": made["DbiResourceId"], "busy": busy}


if __name__ == "__main__":
    main()
