"""An environment with a real database on the local AWS, and operators who restore it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.retry import RetryPolicy
from scripts.actions.database_hands import Hands
from scripts.actions.database_sessions import SqlSessions
from scripts.actions.object_store import S3ObjectStore
from scripts.database_restore import procedure
from scripts.engine.event import Event
from scripts.engine.objects import ObjectStore
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.runner import Runner
from scripts.engine.workplace import Pace, Workplace
from scripts.observe.databases import observe_databases
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from tests.builders import a_contract, a_database_document
from tests.localcloud_aws.rds_world import AWAY, HOME, make_subnet_group
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.recovery.s3_stores import s3_store

NAME = "paintbox-production-us-west-2-database"
SECRET = "paintbox/production/database-master"
PACE = Pace(
    ttl_s=60, heartbeat_s=20, poll_s=0.1, settle_s=20, retry=RetryPolicy(max_attempts=5, deadline_s=120)
)
_CLOCK = SystemClock()


class RestoreSite:
    """The environment."""

    def __init__(self, cloud: RealCloud, directory: Path) -> None:
        self.cloud = cloud
        self.directory = directory
        self.described = _make(cloud)
        self.contract = _contract(self.described)
        self.store: S3ObjectStore = s3_store(cloud.aws)
        self.hands = Hands(
            clients=self.client,
            sessions=SqlSessions(),
            authority=str(cloud.service.health()["ca_file"]),
        )

    def client(self, service: str, region: str) -> Any:
        """Return a client of the local AWS."""
        return self.cloud.aws.client(service, region)

    def plan(self, to: str, into: str = "") -> Plan:
        """Plan a restore now."""
        now = _CLOCK.now()
        world = observe_databases(self.contract.topology.regions, self.hands.clients)
        return plan_restore(self.contract, world, read_request(to, into, now=now), now=now)

    def run(self, plan: Plan, name: str = "alice", store: ObjectStore | None = None) -> Report:
        """Run a plan as an operator with a machine of their own."""
        made = procedure(self.contract, plan, self.hands)
        runner = Runner(self._workplace(plan, name, store or self.store))
        return runner.run(plan, digest=plan.digest, fingerprint=made.fingerprint)

    def resume(self, run_id: str, plan: Plan, name: str = "bob") -> Report:
        """Go on with a run from another machine."""
        made = procedure(self.contract, plan, self.hands)
        runner = Runner(self._workplace(plan, name, self.store))
        return runner.resume(run_id, fingerprint=made.fingerprint, take_over=True)

    def abort(self, run_id: str, plan: Plan, name: str = "bob") -> Report:
        """Undo a run from another machine."""
        return Runner(self._workplace(plan, name, self.store)).abort(run_id, take_over=True)

    def run_ids(self) -> list[str]:
        """Return the runs there are."""
        return sorted({key.split("/")[1] for key in self.store.keys("runs/")})

    def names(self, region: str = HOME) -> list[str]:
        """Return the instances there are."""
        found = self.client("rds", region).describe_db_instances()["DBInstances"]
        return sorted(one["DBInstanceIdentifier"] for one in found)

    def restorable_to(self, moment: datetime) -> None:
        """Wait until the primary can be restored to a moment."""
        self.cloud.restorable_to(NAME, moment)

    def _workplace(self, plan: Plan, name: str, store: ObjectStore) -> Workplace:
        events: list[Event] = []
        return Workplace(
            store=store,
            kinds=procedure(self.contract, plan, self.hands).kinds,
            holder=f"{name}@host pid 1",
            local=self.directory / name,
            tell=events.append,
            pace=PACE,
        )


@contextmanager
def restore_site(directory: Path) -> Iterator[RestoreSite]:
    """Run an environment for as long as the block lasts."""
    with real_cloud() as cloud:
        yield RestoreSite(cloud, directory)


def _make(cloud: RealCloud) -> dict[str, Any]:
    subnets = make_subnet_group(cloud.aws, "subnets")
    ec2, rds = cloud.aws.client("ec2"), cloud.aws.client("rds")
    vpc = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="databases", Description="d", VpcId=vpc)["GroupId"]
    rds.create_db_parameter_group(
        DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="d"
    )
    value = json.dumps({"username": "lifeboat", "password": PASSWORD})
    cloud.aws.client("secretsmanager").create_secret(Name=SECRET, SecretString=value)
    return cloud.make(
        NAME,
        DBParameterGroupName="own",
        DBSubnetGroupName="subnets",
        VpcSecurityGroupIds=[group],
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=[{"Key": "product", "Value": "paintbox"}],
    )


def _contract(one: dict[str, Any]) -> Contract:
    database = {
        **a_database_document(),
        "identifier": NAME,
        "arn": one["DBInstanceArn"],
        "resource_id": one["DbiResourceId"],
        "address": one["Endpoint"]["Address"],
        "port": one["Endpoint"]["Port"],
        "engine_version": one["EngineVersion"],
        "instance_class": one["DBInstanceClass"],
        "multi_az": False,
        "subnet_group": "subnets",
        "parameter_group": "own",
        "security_group_ids": [group["VpcSecurityGroupId"] for group in one["VpcSecurityGroups"]],
        "retention_days": one["BackupRetentionPeriod"],
        "name": "app",
        "master_secret": SECRET,
    }
    return a_contract(
        topology={"regions": [HOME, AWAY], "primary_region": HOME, "recovery_region": AWAY},
        databases={HOME: database},
    )
