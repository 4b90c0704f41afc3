"""An RDS in memory that counts what it creates, and kills whoever calls it before or after any change.

It knows only what a restore uses. The real thing is emulated elsewhere; this one is for enumerating deaths.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from lifeboat.core.secret import Secret
from scripts.actions.backup_login import Login
from scripts.actions.database_sessions import Contents
from tests.recovery.memory_store import Killer
from tests.recovery.plans import MADE_AT

PASSWORD = "current-password"
ROLE_PASSWORD = "role-password"
LOOKS = 2


@dataclass
class FakeWorld:
    """What there is, whoever looks.

    Args:
        instances: by resource id, as RDS describes them.
        passwords: of users, by resource id.
        busy: looks for which an instance is still at something.
        renaming: names that are coming, by resource id.
        chain_looks: how often the automated backups of an instance were asked for.
        calls: how often each changing call was made.
        latest_at: end of every window.
        copies: resource ids whose backups are replicated here.
        refuses: calls that are refused.
        home: where replicated backups come from.
        chains: whether there are automated backups at all.
        unreachable: whether nobody answers.
        inside: what differs in the contents of a database, by resource id.
        deaf: settings that are taken and not set.
        silent: resource ids that are never backed up.
    """

    resource_prefix: str = ""
    made: int = 0
    copies: set[str] = field(default_factory=set)
    home: FakeWorld | None = None
    refuses: set[str] = field(default_factory=set)
    chains: bool = True
    unreachable: bool = False
    inside: dict[str, dict[str, Any]] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)

    instances: dict[str, dict[str, Any]] = field(default_factory=dict)
    snapshots: dict[str, dict[str, Any]] = field(default_factory=dict)
    passwords: dict[str, dict[str, str]] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    renaming: dict[str, str] = field(default_factory=dict)
    chain_looks: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    latest_at: datetime = MADE_AT - timedelta(minutes=5)

    def add(self, name: str, **changes: Any) -> dict[str, Any]:
        """Add an instance with RDS's defaults."""
        self.made += 1
        resource_id = f"{self.resource_prefix}db-{self.made}"
        made = {
            "DBInstanceIdentifier": name,
            "DbiResourceId": resource_id,
            "DBInstanceArn": f"arn:aws:rds:us-west-1:123456789012:db:{resource_id}",
            "AllocatedStorage": 20,
            "DBInstanceClass": "db.t4g.medium",
            "EngineVersion": "16.4",
            "DBParameterGroups": [{"DBParameterGroupName": "default", "ParameterApplyStatus": "in-sync"}],
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-default"}],
            "BackupRetentionPeriod": 30,
            "TagList": [],
            **changes,
        }
        self.instances[resource_id] = made
        self.passwords[resource_id] = {"lifeboat": "password-of-that-time"}
        return made

    def add_snapshot(self, name: str, of: Mapping[str, Any], taken_at: datetime) -> None:
        """Add a snapshot of an instance."""
        self.snapshots[name] = {
            "DBSnapshotIdentifier": name,
            "Status": "available",
            "DbiResourceId": of["DbiResourceId"],
            "DBInstanceIdentifier": of["DBInstanceIdentifier"],
            "AllocatedStorage": of["AllocatedStorage"],
            "SnapshotCreateTime": taken_at,
        }

    def named(self, name: str) -> dict[str, Any]:
        """Return an instance by name."""
        for one in self.instances.values():
            if one["DBInstanceIdentifier"] == name:
                return one
        raise refusal("DBInstanceNotFound")

    def names(self) -> list[str]:
        """Return the names there are."""
        return sorted(one["DBInstanceIdentifier"] for one in self.instances.values())


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


class FakeSecrets:
    """Secrets Manager with the two secrets of the environment."""

    def describe_secret(self, SecretId: str) -> dict[str, Any]:  # its name
        """Tell the stages."""
        return {"VersionIdsToStages": {f"version of {SecretId}": ["AWSCURRENT"]}}

    def get_secret_value(self, SecretId: str, **_version: str) -> dict[str, str]:  # its name
        """Tell the value."""
        if SecretId.endswith("master"):
            return {"SecretString": json.dumps({"username": "lifeboat", "password": PASSWORD})}
        return {"SecretString": ROLE_PASSWORD}


class FakeSessions:
    """Databases that know passwords and heartbeats."""

    def __init__(self, worlds: Sequence[FakeWorld], killer: Killer) -> None:
        self._worlds = worlds
        self._killer = killer

    def refusal(self, login: Login, database: str) -> str:
        """Compare passwords."""
        world, resource_id = self._of(login)
        known = world.passwords[resource_id].get(login.user)
        return "" if known == login.password.reveal() else "password authentication failed"

    def beats(self, login: Login, database: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """A heartbeat a second."""
        return tuple(since + timedelta(seconds=n) for n in range(int((until - since).total_seconds()) + 1))

    def rows(self, login: Login, database: str) -> dict[str, int]:
        """One table, of which only the newest database has fewer rows."""
        return {"orders": 10 if self._of(login)[1] == "db-1" else 8}

    def contents(self, login: Login, database: str, *, until: datetime | None = None) -> Contents:
        """A heartbeat a second; a restored one ends at its moment."""
        world, resource_id = self._of(login)
        one = world.instances[resource_id]
        newest_at = one.get("RestoreTime", MADE_AT)
        contents = Contents(
            is_recovering=False,
            newest_beat_at=min(newest_at, until) if until else newest_at,
            extensions={"plpgsql": "1.0"},
            roles=frozenset({"lifeboat"}),
            behind=(),
        )
        return replace(contents, **world.inside.get(resource_id, {}))

    def first_beat_after(self, login: Login, database: str, moment: datetime) -> datetime | None:
        """The new one is written to at once."""
        return MADE_AT + timedelta(seconds=30)

    def set_role(self, login: Login, database: str, role: str, password: Secret) -> None:
        """Make or change a role."""
        assert not self.refusal(login, database)
        self._killer.moment("before role")
        world, resource_id = self._of(login)
        world.passwords[resource_id][role] = password.reveal()
        world.calls["role"] += 1
        self._killer.moment("after role")

    def _of(self, login: Login) -> tuple[FakeWorld, str]:
        world = next(one for one in self._worlds if login.address in one.names())
        return world, str(world.named(login.address)["DbiResourceId"])


def refusal(code: str) -> ClientError:
    """Return what boto3 raises."""
    answer: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(answer, "Operation")
