"""What a cloud in memory holds: instances, snapshots, passwords, and how often anything was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tests.recovery.plans import MADE_AT


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


def refusal(code: str) -> ClientError:
    """Return what boto3 raises."""
    answer: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(answer, "Operation")
