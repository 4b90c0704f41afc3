"""The data of a production environment on the local cloud, through the real engine, as a person would use it.

One environment for the whole file: the tests run in order, each leaving the stack in step with its data.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import boto3
import pytest

from tests.integration.fly_view import FlyView
from tests.integration.project import Project
from tests.waiting import soon

pytestmark = pytest.mark.engine

STACK = "local-production"
CANARY = "canary-5b1d7c0e-never-seen"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture(scope="module")
def first_up(project: Project) -> dict[str, Any]:
    """Return what the first `up` said."""
    return project.up("production")


def client(project: Project, service: str, region: str) -> Any:
    return session(project, region).client(service, endpoint_url=endpoint(project))


def resource(project: Project, region: str) -> Any:
    return session(project, region).resource("s3", endpoint_url=endpoint(project))


def session(project: Project, region: str) -> boto3.Session:
    variables = project.environment(STACK)
    return boto3.Session(
        region_name=region,
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )


def endpoint(project: Project) -> str:
    return project.environment(STACK)["AWS_ENDPOINT_URL"]


def manifests(project: Project) -> list[Any]:
    """Return the manifest object in the recovery region, and its replica in the primary region."""
    known = project.contract(STACK)
    topology = known["topology"]
    return [
        resource(project, region).Object(
            known["backups"]["buckets"][region]["name"], known["manifest"]["key"]
        )
        for region in (topology["recovery_region"], topology["primary_region"])
    ]


def test_the_first_up_makes_both_halves_in_one_graph(project: Project, first_up: dict[str, Any]) -> None:
    assert first_up["stack"] == STACK
    kinds = Counter(resource["type"].split(":")[0] for resource in resources(project))
    assert kinds["aws"] >= 60
    assert kinds["fly"] >= 8
    assert first_up["created"] >= kinds["aws"] + kinds["fly"]


def test_a_second_up_changes_nothing(project: Project, first_up: dict[str, Any]) -> None:
    again = project.up("production")
    assert again["unchanged"] == first_up["created"]
    assert {again[what] for what in ("created", "updated", "replaced", "deleted")} == {0}


@pytest.mark.usefixtures("first_up")
def test_a_plain_preview_in_the_users_shell_shows_no_change(project: Project) -> None:
    done = project.pulumi(STACK, "preview", "--expect-no-changes")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("first_up")
def test_a_changed_threshold_updates_exactly_one_alarm_in_place(project: Project) -> None:
    path = project.data_file("production")
    before = path.read_text()
    lines = before.splitlines()
    at = next(number for number, line in enumerate(lines) if "critical: 85" in line)
    lines[at] = lines[at].replace("critical: 85", "critical: 86")
    path.write_text("\n".join(lines) + "\n")
    assert project.changed_steps(STACK) == [("update", ALARM)]
    done = project.up("production")
    assert (done["updated"], done["created"], done["replaced"], done["deleted"]) == (1, 0, 0, 0)
    assert project.changed_steps(STACK) == []


@pytest.mark.usefixtures("first_up")
def test_a_hand_made_change_is_shown_as_drift_and_put_right(project: Project) -> None:
    region = project.contract(STACK)["topology"]["primary_region"]
    bucket = project.contract(STACK)["backups"]["buckets"][region]["name"]
    s3 = client(project, "s3", region)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "owner", "Value": "somebody else"}]})
    shown = project.pulumi(STACK, "refresh", "--preview-only", "--diff")
    assert shown.returncode == 0, shown.stderr
    assert "somebody else" in shown.stdout
    assert project.pulumi(STACK, "refresh", "--yes", "--skip-preview").returncode == 0
    assert project.changed_steps(STACK) == [("update", "aws:s3/bucket:Bucket")]
    project.succeed("up", "production")
    assert project.changed_steps(STACK) == []


@pytest.mark.usefixtures("first_up")
def test_the_contract_is_read_from_the_best_source_that_answers(project: Project) -> None:
    first = json.loads(project.succeed("outputs", "-s", STACK, "--json"))
    assert first["data"]["source"].startswith("manifest s3://")
    assert first["warnings"] == []
    for place in manifests(project):
        place.put(Body=b"not JSON")
    second = json.loads(project.succeed("outputs", "-s", STACK, "--json"))
    assert second["data"]["source"] == f"stack output of {STACK}"
    assert "not JSON" in second["warnings"][0]
    assert second["data"]["contract"] == first["data"]["contract"]
    assert project.pulumi(STACK, "refresh", "--yes", "--skip-preview").returncode == 0
    project.succeed("up", "production")
    third = json.loads(project.succeed("outputs", "-s", STACK, "--json"))
    assert third["data"]["source"].startswith("manifest s3://")


@pytest.mark.fault("F30")
@pytest.mark.usefixtures("first_up")
def test_with_regions_cut_off_the_next_best_source_answers(project: Project) -> None:
    topology = project.contract(STACK)["topology"]
    original, copy = manifests(project)
    assert soon(lambda: original.get()["Body"].read() == copy.get()["Body"].read(), within_s=30)
    cut_off = [
        (topology["recovery_region"], f"({topology['primary_region']})"),
        (topology["primary_region"], f"stack output of {STACK}"),
    ]
    try:
        for region, answering in cut_off:
            project.succeed("cloud", "fault", "add", "--region", region, "--kind", "drop")
            reading = json.loads(project.succeed("outputs", "-s", STACK, "--json"))
            assert reading["data"]["source"].endswith(answering)
            assert any(region in warning for warning in reading["warnings"])
    finally:
        project.succeed("cloud", "fault", "clear")


@pytest.mark.usefixtures("first_up")
def test_a_secret_value_is_nowhere_but_in_secrets_manager(project: Project) -> None:
    entries = project.contract(STACK)["secrets"]
    name = next(short for short, entry in entries.items() if not entry["generated"])
    project.succeed("secrets", "set", name, "-s", STACK, stdin=CANARY)
    region = project.contract(STACK)["topology"]["primary_region"]
    value = client(project, "secretsmanager", region).get_secret_value(SecretId=entries[name]["name"])
    assert value["SecretString"] == CANARY
    assert project.pulumi(STACK, "refresh", "--yes", "--skip-preview").returncode == 0
    project.succeed("up", "production")
    printed = project.pulumi(STACK, "stack", "export", "--show-secrets").stdout
    printed += project.pulumi(STACK, "stack", "output", "--json", "--show-secrets").stdout
    assert CANARY not in printed
    # What the cloud itself keeps on disk is the Secrets Manager of this story.
    state = [path for path in (project.directory / ".lifeboat").rglob("*") if path.is_file()]
    holding = [path for path in state if CANARY.encode() in path.read_bytes()]
    assert [path for path in holding if path.suffix == ".log" or "state/.pulumi" in str(path)] == []


@pytest.mark.usefixtures("first_up")
def test_generated_secrets_have_values_that_no_state_knows(project: Project) -> None:
    entries = project.contract(STACK)["secrets"]
    listed = {
        row["name"]: row
        for row in json.loads(project.succeed("secrets", "list", "-s", STACK, "--json"))["data"]
    }
    generated = [entry["name"] for entry in entries.values() if entry["generated"]]
    assert generated
    assert all(listed[name]["set"] for name in generated)
    master = next(iter(project.contract(STACK)["databases"].values()))["master_secret"]
    region = project.contract(STACK)["topology"]["regions"][0]
    value = client(project, "secretsmanager", region).get_secret_value(SecretId=master)["SecretString"]
    exported = project.pulumi(STACK, "stack", "export", "--show-secrets").stdout
    assert json.loads(value)["password"] not in exported


@pytest.mark.usefixtures("first_up")
def test_destroy_removes_everything_but_the_protected(project: Project) -> None:
    done = project.pulumi(STACK, "destroy", "--yes", "--skip-preview", "--exclude-protected")
    assert done.returncode == 0, done.stdout + done.stderr
    left = resources(project)
    kept = {resource["type"] for resource in left if resource.get("protect")}
    assert {"aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:kms/key:Key"} <= kept
    assert {"fly:index:App", "fly:index:IpAddress", "fly:index:EgressIp"} <= kept
    assert [resource["urn"] for resource in left if resource["urn"] not in needed_by_protected(left)] == []
    with FlyView(project, STACK) as fly:
        assert fly.machines("paintbox-app") == {}
        assert len(fly.client.ips.list("paintbox-app")) >= 2


def resources(project: Project) -> list[dict[str, Any]]:
    """Return what the state holds."""
    exported = json.loads(project.pulumi(STACK, "stack", "export").stdout)
    found: list[dict[str, Any]] = exported["deployment"]["resources"]
    return found


def needed_by_protected(left: list[dict[str, Any]]) -> set[str]:
    """Return the protected resources and all they stand on: their dependencies, parents and providers."""
    by_urn = {resource["urn"]: resource for resource in left}
    found: set[str] = set()
    open_ends = [resource["urn"] for resource in left if resource.get("protect")]
    while open_ends:
        urn = open_ends.pop()
        if urn in found or urn not in by_urn:
            continue
        found.add(urn)
        resource = by_urn[urn]
        provider = resource.get("provider", "").rsplit("::", 1)[0]
        open_ends += [*resource.get("dependencies", ()), resource.get("parent", ""), provider]
    return found
