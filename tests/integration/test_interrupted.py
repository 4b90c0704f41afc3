"""A killed `up`, two at once, and what was there before: nothing is lost and nothing is made twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from typing import Any

import boto3
import pytest

from tests.integration.project import Project
from tools.scratch_project import CHECKOUT

pytestmark = pytest.mark.engine

STACK = "local"
LIFEBOAT = str(CHECKOUT / ".venv/bin/lifeboat")
REGIONS = ("us-west-1", "us-east-2")


def client(project: Project, service: str, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=project.environment(STACK)["AWS_ENDPOINT_URL"],
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def kill_after(project: Project, lines: int) -> None:
    """Start `up` and kill it and its engine with SIGKILL once it has told so many steps."""
    process = subprocess.Popen(
        [LIFEBOAT, "up", "local"],
        cwd=project.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    assert process.stderr is not None
    for line in process.stderr:
        lines -= line.startswith("create ")
        if lines <= 0:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    watchdog.cancel()


def count(project: Project) -> dict[str, int]:
    """Return how many objects of some kinds the cloud itself holds, whatever any state says."""
    found: dict[str, int] = {}
    for region in REGIONS:
        vpcs = client(project, "ec2", region).describe_vpcs(
            Filters=[{"Name": "is-default", "Values": ["false"]}]
        )
        keys = client(project, "kms", region)
        enabled = [
            key["KeyId"]
            for key in keys.list_keys()["Keys"]
            if keys.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
        ]
        found[f"vpcs {region}"] = len(vpcs["Vpcs"])
        found[f"keys {region}"] = len(enabled)
        found[f"topics {region}"] = len(client(project, "sns", region).list_topics()["Topics"])
        found[f"databases {region}"] = len(
            client(project, "rds", region).describe_db_instances()["DBInstances"]
        )
    found["buckets"] = len(client(project, "s3", REGIONS[0]).list_buckets()["Buckets"])
    return found


def declared(project: Project) -> dict[str, int]:
    """Return how many of the same kinds the state knows."""
    document = json.loads(project.pulumi(STACK, "stack", "export").stdout)
    resources = [one for one in document["deployment"]["resources"] if one.get("custom")]
    found: dict[str, int] = {}
    for region in REGIONS:
        here = [one["type"] for one in resources if one.get("outputs", {}).get("region") == region]
        found[f"vpcs {region}"] = here.count("aws:ec2/vpc:Vpc")
        found[f"keys {region}"] = here.count("aws:kms/key:Key") + here.count("aws:kms/replicaKey:ReplicaKey")
        found[f"topics {region}"] = here.count("aws:sns/topic:Topic")
        found[f"databases {region}"] = here.count("aws:rds/instance:Instance")
    found["buckets"] = [one["type"] for one in resources].count("aws:s3/bucket:Bucket")
    return found


def test_an_up_killed_again_and_again_ends_with_exactly_what_is_declared(project: Project) -> None:
    for lines in (12, 25, 40):
        kill_after(project, lines)
    # As if the last one had been killed while it wrote this file, which it empties first.
    attributes = project.directory / ".lifeboat/state/.pulumi/stacks/lifeboat/local.json.attrs"
    assert attributes.read_bytes()
    attributes.write_bytes(b"")
    done = project.up("local")
    assert done["created"] > 0
    assert count(project) == declared(project)
    shown = project.pulumi(STACK, "preview", "--expect-no-changes")
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_of_two_at_once_one_runs_and_the_other_names_it(project: Project) -> None:
    first = subprocess.Popen(
        [LIFEBOAT, "up", "local"],
        cwd=project.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    first.stderr.readline()
    second = project.lifeboat("up", "local")
    first.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 7)
    assert str(first.pid) in second.stderr
    assert "Traceback" not in second.stderr


def test_an_existing_bucket_and_database_can_be_imported(project: Project) -> None:
    client(project, "s3", "us-west-1").create_bucket(
        Bucket="made-by-hand", CreateBucketConfiguration={"LocationConstraint": "us-west-1"}
    )
    client(project, "rds", "us-west-1").create_db_instance(
        DBInstanceIdentifier="made-by-hand",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        EngineVersion="16",
        AllocatedStorage=20,
        MasterUsername="someone",
        MasterUserPassword="not-a-real-password",
    )
    for token in ("aws:s3/bucket:Bucket", "aws:rds/instance:Instance"):
        done = project.pulumi(
            STACK,
            "import",
            token,
            "imported",
            "made-by-hand",
            "--yes",
            "--generate-code=false",
            "--skip-preview",
        )
        assert done.returncode == 0, done.stdout + done.stderr
    missing = project.pulumi(
        STACK, "import", "aws:s3/bucket:Bucket", "missing", "never-made", "--yes", "--generate-code=false"
    )
    assert missing.returncode != 0
    assert "never-made" in missing.stdout + missing.stderr
    state = json.loads(project.pulumi(STACK, "stack", "export").stdout)["deployment"]["resources"]
    imported = {one["type"]: one for one in state if one["urn"].endswith("::imported")}
    assert imported["aws:s3/bucket:Bucket"]["outputs"]["bucket"] == "made-by-hand"
    assert imported["aws:rds/instance:Instance"]["outputs"]["identifier"] == "made-by-hand"
