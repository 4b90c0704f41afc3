"""An environment with a real database on the local AWS, and operators who restore it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.retry import RetryPolicy
from scripts.actions.database_hands import Hands
from scripts.actions.database_sessions import SqlSessions
from scripts.actions.object_store import S3ObjectStore
from scripts.database_restore import procedure
from scripts.engine.objects import ObjectStore
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.runner import Runner
from scripts.engine.step_kind import Kinds
from scripts.engine.workplace import Pace, Workplace
from scripts.observe.app_health import AppHealth
from scripts.observe.databases import observe_databases
from scripts.observe.instance import SeenInstance, read_instance
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from tests.builders import ACCOUNT, a_contract, a_contract_document, a_database_document
from tests.localcloud_aws.rds_world import AWAY, HOME, describe, make_subnet_group
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.recovery.fake_stacks import FakeStack, FakeStacks
from tests.recovery.memory_store import FragileStore, Killed, Killer
from tests.recovery.restore_in_memory import no_fly
from tests.recovery.s3_stores import BUCKET, s3_store
from tests.recovery.state_file import lay_state

NAME = "paintbox-production-us-west-2-database"
SECRET = "paintbox/production/database-master"
ROLE, ROLE_SECRET = "app", "paintbox/production/database-app"
THEN, NOW = "password-of-then", "password-of-now"
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
        self.stack = FakeStack({"database": self.described["DbiResourceId"]})
        self.store: S3ObjectStore = s3_store(cloud.aws)
        self.hands = Hands(
            clients=self.client,
            sessions=SqlSessions(),
            authority=str(cloud.service.health()["ca_file"]),
            fly=no_fly,
            health=AppHealth,
            stacks=FakeStacks(self.stack, Killer()),
        )

    def client(self, service: str, region: str) -> Any:
        """Return a client of the local AWS."""
        return self.cloud.aws.client(service, region)

    def plan(self, to: str, into: str = "") -> Plan:
        """Plan a restore now."""
        now = _CLOCK.now()
        world = observe_databases(self.contract.topology.regions, self.hands.clients)
        return plan_restore(self.contract, world, read_request(to, into, now=now), now=now)

    def run(self, plan: Plan) -> Report:
        """Run a plan."""
        made = procedure(self.contract, plan, self.hands)
        runner = Runner(self._workplace(made.kinds, "alice", self.store))
        return runner.run(plan, digest=plan.digest, fingerprint=made.fingerprint)

    def run_and_die(self, plan: Plan, operation: str) -> str:
        """Run a plan in a process that dies when RDS has done an operation; return the run's id."""
        killer, known = Killer(), set(self.run_ids())

        def client(service: str, region: str) -> Any:
            return Deadly(self.client(service, region), operation, killer)

        made = procedure(self.contract, plan, replace(self.hands, clients=client))
        runner = Runner(self._workplace(made.kinds, "alice", FragileStore(self.store, killer)))
        with pytest.raises(Killed):
            runner.run(plan, digest=plan.digest, fingerprint=made.fingerprint)
        (run_id,) = set(self.run_ids()) - known
        return run_id

    def resume(self, run_id: str, plan: Plan, name: str = "bob") -> Report:
        """Go on with a run from another machine."""
        made = procedure(self.contract, plan, self.hands)
        runner = Runner(self._workplace(made.kinds, name, self.store))
        return runner.resume(run_id, fingerprint=made.fingerprint, take_over=True)

    def abort(self, run_id: str, plan: Plan, name: str = "bob") -> Report:
        """Undo a run from another machine."""
        kinds = procedure(self.contract, plan, self.hands).kinds
        return Runner(self._workplace(kinds, name, self.store)).abort(run_id, take_over=True)

    def instance(self, name: str) -> SeenInstance:
        """Return an instance as a recovery sees it."""
        return read_instance(describe(self.cloud.aws, name))

    def enter(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the command line find the environment: its data, its manifest, its cloud."""
        for name, value in {
            "AWS_ENDPOINT_URL": self.cloud.aws.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PGSSLROOTCERT": self.hands.authority,
            "PULUMI_BACKEND_URL": lay_state(directory / "state"),
        }.items():
            monkeypatch.setenv(name, value)
        (directory / "Pulumi.yaml").write_text("name: lifeboat\n")
        (directory / "environments").mkdir()
        config = {
            "lifeboat:topology": {"regions": [HOME, AWAY], "primary_region": HOME},
            "lifeboat:backups": {"bucket_suffix": "x"},
            "lifeboat:product": "paintbox",
        }
        data = directory / "environments" / "Pulumi.production.yaml"
        data.write_text(yaml.safe_dump({"config": config}))
        monkeypatch.chdir(directory)
        body = self.contract.model_dump_json().encode()
        self.client("s3", AWAY).put_object(Bucket=BUCKET, Key="lifeboat/manifest.json", Body=body)

    def rotate_role(self) -> None:
        """Give the app's role another password than it had until now: that of its secret."""
        with self.cloud.connect(NAME) as connection:
            connection.execute(f"alter role {ROLE} password '{NOW}'".encode())

    def journals(self) -> str:
        """Return everything the runs wrote down."""
        bodies = [self.store.get(key) for key in self.store.keys("runs/")]
        return "\n".join(found.body.decode() for found in bodies if found)

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

    def _workplace(self, kinds: Kinds, name: str, store: ObjectStore) -> Workplace:
        holder, local = f"{name}@host pid 1", self.directory / name
        return Workplace(store=store, kinds=kinds, holder=holder, local=local, pace=PACE)


class Deadly:
    """A client whose process dies right after one operation was done."""

    def __init__(self, client: Any, operation: str, killer: Killer) -> None:
        self._client = client
        self._operation = operation
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        """Return the client's operation, deadly when it is the one."""
        call = getattr(self._client, name)
        if name != self._operation:
            return call

        def die_after(**given: Any) -> None:
            call(**given)
            self._killer.dead = True
            raise Killed(name)

        return die_after


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
    cloud.aws.client("secretsmanager").create_secret(Name=ROLE_SECRET, SecretString=NOW)
    made = cloud.make(
        NAME,
        DBParameterGroupName="own",
        DBSubnetGroupName="subnets",
        VpcSecurityGroupIds=[group],
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=f"arn:aws:kms:{HOME}:{ACCOUNT}:key/insights",
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=[{"Key": "product", "Value": "paintbox"}],
    )
    with cloud.connect(NAME) as connection:
        connection.execute(f"create role {ROLE} login password '{THEN}'".encode())
    return made


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
    key = f"arn:aws:kms:{AWAY}:{ACCOUNT}:key/1"
    bucket = {"name": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}", "kms_key_arn": key}
    secrets = a_contract_document()["secrets"]
    entry = {**secrets["database-master"], "name": ROLE_SECRET, "database_role": ROLE}
    return a_contract(
        topology={"regions": [HOME, AWAY], "primary_region": HOME, "recovery_region": AWAY},
        databases={HOME: database},
        secrets={**secrets, "database-app": entry},
        stack="production",
        backups=a_contract().backups.model_dump() | {"buckets": {AWAY: bucket}},
        manifest={"bucket": BUCKET, "key": "lifeboat/manifest.json", "region": AWAY},
    )
