"""An environment in two regions of the local AWS, as a preflight needs it: no server behind its databases."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from botocore.config import Config

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import Refused
from lifeboat.core.identity import PROJECT
from scripts.database_preflight import Preflight, preflight
from scripts.engine.check import Check
from scripts.observe.aws import CONFIG
from scripts.observe.disk_room import see_room
from scripts.observe.restore_facts import Senses
from scripts.observe.state_reach import reach_state
from tests.builders import HOME, OTHER, a_contract, a_contract_document, a_database_document
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import make_subnet_group
from tests.localcloud_aws.s3_world import make_bucket, make_versioned_bucket
from tests.recovery.plans import a_plan, a_step

MASTER, ROLE = "paintbox/production/database-master", "paintbox/production/database-app"
RUNS, STATE = "paintbox-production-us-east-2-backups-x", "paintbox-state"
LOCK_DAYS = 30


class PreflightSite:
    """The environment, with everything there; a test takes one thing away."""

    def __init__(self, aws: CloudProcess) -> None:
        self.aws = aws
        self.clock: Clock = SystemClock()
        self.backend_url = f"s3://{STATE}?region={HOME}"
        group = _make_groups(aws)
        _make_secrets(aws)
        _make_buckets(aws)
        self.contract = _contract(group)
        self._clients: dict[tuple[str, str], Any] = {}

    def check(self, directory: Path, region: str = OTHER) -> dict[str, Check]:
        """Return what the preflight of a restore into a region says, by name."""
        return {check.name: check for check in self.preflight(directory, region).checks}

    def preflight(self, directory: Path, region: str = OTHER) -> Preflight:
        """Run the preflight of a restore into a region."""
        plan = a_plan(a_step("restore", parameters={"region": region}))
        senses = Senses(
            clients=self.client,
            clock=self.clock,
            connect=_unreachable,
            state=partial(reach_state, "production", self.backend_url, directory),
            room=partial(see_room, directory, reserve_bytes=0),
        )
        return preflight(self.contract, plan, senses)

    def block(self, kind: str = "drop", **where: object) -> None:
        """Take something away from everybody."""
        self.aws.admin("POST", "faults", {"kind": kind, **where})

    def client(self, service: str, region: str) -> Any:
        """Return a client as a recovery makes them, but patient with a busy machine."""
        patient = CONFIG.merge(Config(read_timeout=60))
        if (service, region) not in self._clients:
            self._clients[service, region] = self.aws.new_client(service, region, patient)
        return self._clients[service, region]


def _unreachable() -> psycopg.Connection[tuple[Any, ...]]:
    raise Refused("database app at 127.0.0.1:5432: connection refused")


def _make_groups(aws: CloudProcess) -> str:
    subnets = make_subnet_group(aws, "sg", OTHER)
    ec2 = aws.client("ec2", OTHER)
    vpc = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    aws.client("rds", OTHER).create_db_parameter_group(
        DBParameterGroupName="pg", DBParameterGroupFamily="postgres16", Description="d"
    )
    made = ec2.create_security_group(GroupName="databases", Description="d", VpcId=vpc)
    return str(made["GroupId"])


def _make_secrets(aws: CloudProcess) -> None:
    secrets, replica = aws.client("secretsmanager", HOME), [{"Region": OTHER}]
    login = json.dumps({"username": "lifeboat", "password": "p"})
    secrets.create_secret(Name=MASTER, SecretString=login, AddReplicaRegions=replica)
    secrets.create_secret(Name=ROLE, SecretString="p", AddReplicaRegions=replica)


def _make_buckets(aws: CloudProcess) -> None:
    make_bucket(aws, RUNS, OTHER, ObjectLockEnabledForBucket=True)
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": LOCK_DAYS}}
    aws.client("s3", OTHER).put_object_lock_configuration(
        Bucket=RUNS, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    make_versioned_bucket(aws, STATE, HOME)
    document = {"version": 3, "checkpoint": {"stack": "production", "latest": {"resources": []}}}
    key = f".pulumi/stacks/{PROJECT}/production.json"
    aws.client("s3", HOME).put_object(Bucket=STATE, Key=key, Body=json.dumps(document).encode())


def _contract(group: str) -> Contract:
    secrets = a_contract_document()["secrets"]
    role = {**secrets["database-master"], "name": ROLE, "database_role": "app"}
    database = {**a_database_document(), "security_group_ids": [group]}
    bucket = {
        "name": RUNS,
        "arn": f"arn:aws:s3:::{RUNS}",
        "kms_key_arn": f"arn:aws:kms:{OTHER}:123456789012:key/1",
        "object_lock_days": LOCK_DAYS,
    }
    return a_contract(
        secrets={**secrets, "database-app": role},
        databases={HOME: database, OTHER: {**database, "role": "replica"}},
        backups=a_contract().backups.model_dump() | {"buckets": {OTHER: bucket}},
    )
