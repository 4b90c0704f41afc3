"""An RDS in memory that counts what it creates, and kills whoever calls it before or after any change.

It knows only what a restore uses. The real thing is emulated elsewhere; this one is for enumerating deaths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import EndpointConnectionError

from tests.recovery.fake_world import FakeWorld, refusal
from tests.recovery.memory_store import Killer
from tests.recovery.plans import MADE_AT

LOOKS = 2


class FakeRds:
    """A client of one process."""

    def __init__(self, world: FakeWorld, killer: Killer) -> None:
        self._world = world
        self._killer = killer

    def describe_db_instances(self) -> dict[str, Any]:
        """List, with what changes coming to its end by being looked at."""
        if self._world.unreachable:
            raise EndpointConnectionError(endpoint_url="https://rds")
        found = []
        for one in self._world.instances.values():
            left = self._world.busy[one["DbiResourceId"]]
            self._world.busy[one["DbiResourceId"]] = max(0, left - 1)
            if one["DbiResourceId"] in self._world.renaming and not left:
                one["DBInstanceIdentifier"] = self._world.renaming.pop(one["DbiResourceId"])
            waits = self._world.renaming.get(one["DbiResourceId"])
            pending = {"DBInstanceIdentifier": waits} if waits else {}
            address = {"Address": one["DBInstanceIdentifier"], "Port": 5432}
            status = "modifying" if left and not pending else "available"
            shown = {"Endpoint": address, "DBInstanceStatus": status, "PendingModifiedValues": pending}
            found.append({**one, **shown})
        return {"DBInstances": found}

    def describe_db_instance_automated_backups(self, DbiResourceId: str = "") -> dict[str, Any]:  # RDS's name
        """List chains; a new instance has none at first."""
        self._world.chain_looks[DbiResourceId] += 1
        window = {"EarliestTime": MADE_AT - timedelta(days=7), "LatestTime": self._world.latest_at}
        return {
            "DBInstanceAutomatedBackups": [
                {
                    "DbiResourceId": found,
                    "RestoreWindow": window,
                    "DBInstanceAutomatedBackupsArn": backups_arn(found),
                    "Status": "replicating" if found in self._world.copies else "active",
                }
                for found in (*self._world.instances, *self._world.copies)
                if DbiResourceId in ("", found) and self._has_chain(found)
            ]
        }

    def _has_chain(self, resource_id: str) -> bool:
        if not self._world.chains or resource_id in self._world.silent:
            return False
        restored = "RestoreTime" in self._world.instances.get(resource_id, {})
        return not restored or self._world.chain_looks[resource_id] > LOOKS

    def describe_db_snapshots(self, DBSnapshotIdentifier: str = "") -> dict[str, Any]:  # RDS's name
        """List snapshots."""
        if not DBSnapshotIdentifier:
            return {"DBSnapshots": list(self._world.snapshots.values())}
        if DBSnapshotIdentifier not in self._world.snapshots:
            raise refusal("DBSnapshotNotFound")
        return {"DBSnapshots": [self._world.snapshots[DBSnapshotIdentifier]]}

    def restore_db_instance_to_point_in_time(self, **given: Any) -> None:
        """Make an instance."""
        name = given["TargetDBInstanceIdentifier"]

        def make() -> None:
            if name in self._world.names():
                raise refusal("DBInstanceAlreadyExists")
            made = self._world.add(name, TagList=given["Tags"], RestoreTime=given["RestoreTime"])
            self._world.busy[made["DbiResourceId"]] = LOOKS

        self._change("restore", make)

    def restore_db_instance_from_db_snapshot(self, **given: Any) -> None:
        """Make an instance of a snapshot."""
        name, snapshot = given["DBInstanceIdentifier"], self._world.snapshots[given["DBSnapshotIdentifier"]]

        def make() -> None:
            if name in self._world.names():
                raise refusal("DBInstanceAlreadyExists")
            taken_at = snapshot["SnapshotCreateTime"]
            made = self._world.add(name, TagList=given["Tags"], RestoreTime=taken_at)
            self._world.busy[made["DbiResourceId"]] = LOOKS

        self._change("restore", make)

    def create_db_instance(self, **given: Any) -> None:
        """Make an empty instance, whose master user has the password it is told."""
        name = given["DBInstanceIdentifier"]

        def make() -> None:
            if name in self._world.names():
                raise refusal("DBInstanceAlreadyExists")
            size = given["AllocatedStorage"]
            made = self._world.add(name, TagList=given["Tags"], AllocatedStorage=size)
            self._world.passwords[made["DbiResourceId"]] = {
                given["MasterUsername"]: given["MasterUserPassword"]
            }
            self._world.busy[made["DbiResourceId"]] = LOOKS

        self._change("create", make)

    def create_db_instance_read_replica(self, **given: Any) -> None:
        """Make a replica."""
        name = given["DBInstanceIdentifier"]

        def make() -> None:
            if name in self._world.names():
                raise refusal("DBInstanceAlreadyExists")
            made = self._world.add(name, TagList=given["Tags"], Source=given["SourceDBInstanceIdentifier"])
            self._world.busy[made["DbiResourceId"]] = LOOKS

        self._change("replica", make)

    def start_db_instance_automated_backups_replication(self, **given: Any) -> None:
        """Copy the backups of whoever has the name now."""
        self._change("replicate", lambda: self._world.copies.add(self._source_of(given)))

    def stop_db_instance_automated_backups_replication(self, **given: Any) -> None:
        """Copy no more of them."""
        self._change("replicate no more", lambda: self._world.copies.discard(self._source_of(given)))

    def _source_of(self, given: Mapping[str, Any]) -> str:
        assert self._world.home is not None
        name = given["SourceDBInstanceArn"].rpartition(":")[2]
        return str(self._world.home.named(name)["DbiResourceId"])

    def modify_db_instance(self, **given: Any) -> None:
        """Change an instance."""
        one = self._world.named(given["DBInstanceIdentifier"])
        name = f"rename {one['DbiResourceId']}" if "NewDBInstanceIdentifier" in given else "modify"
        self._change(name, lambda: self._modify(one, given))

    def add_tags_to_resource(self, ResourceName: str, Tags: list[dict[str, str]]) -> None:  # RDS's names
        """Tag."""
        one = self._by_arn(ResourceName)
        tags = {tag["Key"]: tag["Value"] for tag in [*one["TagList"], *Tags]}
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        self._change("tag", lambda: one.update(TagList=listed))

    def remove_tags_from_resource(self, ResourceName: str, TagKeys: list[str]) -> None:  # RDS's names
        """Untag."""
        one = self._by_arn(ResourceName)
        left = [tag for tag in one["TagList"] if tag["Key"] not in TagKeys]
        self._change("untag", lambda: one.update(TagList=left))

    def create_db_snapshot(self, **given: Any) -> None:
        """Take a snapshot."""
        name = given["DBSnapshotIdentifier"]

        def make() -> None:
            if name in self._world.snapshots:
                raise refusal("DBSnapshotAlreadyExists")
            source = self._world.named(given["DBInstanceIdentifier"])
            self._world.add_snapshot(name, source, MADE_AT)

        self._change("snapshot", make)

    def _modify(self, one: dict[str, Any], given: Mapping[str, Any]) -> None:
        for name, value in given.items():
            if name == "NewDBInstanceIdentifier":
                if value in self._world.names():
                    raise refusal("DBInstanceAlreadyExists")
                self._world.renaming[one["DbiResourceId"]] = value
            elif name == "MasterUserPassword":
                self._world.passwords[one["DbiResourceId"]]["lifeboat"] = value
            elif name == "DBParameterGroupName":
                one["DBParameterGroups"] = [{name: value, "ParameterApplyStatus": "pending-reboot"}]
            elif name == "VpcSecurityGroupIds":
                one["VpcSecurityGroups"] = [{"VpcSecurityGroupId": group} for group in value]
            elif name not in ("DBInstanceIdentifier", "ApplyImmediately", *self._world.deaf):
                one[name] = value
        self._world.busy[one["DbiResourceId"]] = LOOKS

    def reboot_db_instance(self, DBInstanceIdentifier: str) -> None:  # RDS's name
        """Reboot."""
        one = self._world.named(DBInstanceIdentifier)
        group = {**one["DBParameterGroups"][0], "ParameterApplyStatus": "in-sync"}
        self._change("reboot", lambda: one.update(DBParameterGroups=[group]))

    def _by_arn(self, arn: str) -> dict[str, Any]:
        return self._world.instances[arn.rpartition(":")[2]]

    def _change(self, name: str, effect: Callable[[], None]) -> None:
        if name in self._world.refuses:
            raise refusal("AccessDenied")
        self._killer.moment(f"before {name}")
        effect()
        self._world.calls[name] += 1
        self._killer.moment(f"after {name}")


def backups_arn(resource_id: str) -> str:
    """Return the ARN of an instance's automated backups."""
    return f"arn:aws:rds:::auto-backup:{resource_id}"
