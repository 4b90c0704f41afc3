"""The stand-in under the real engine: one bucket and one key from the first `up` to `destroy`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.provider_aws.small_project import SmallProject

pytestmark = pytest.mark.engine


def test_a_stack_lives(tmp_path: Path, cloud: CloudProcess, boto: Callable[..., Any]) -> None:
    project = SmallProject(tmp_path, cloud.url)
    project.new_stack("local")
    _up(project)
    _drift_is_seen_and_put_right(project, boto)
    _replacement(project)
    _import(project, boto)
    project.succeed("destroy", "--yes", "--skip-preview")
    assert set(project.resources()) <= {"small-local"}
    names = [bucket["Name"] for bucket in boto("s3").list_buckets()["Buckets"]]
    assert "another-small-bucket" not in names


def _up(project: SmallProject) -> None:
    project.succeed("up", "--yes", "--skip-preview")
    made = project.resources()
    assert made["bucket"]["id"] == "a-small-bucket"
    assert made["key"]["outputs"]["tagsAll"] == {"product": "small"}
    noted = [json.loads(line) for line in project.created_file.read_text().splitlines()]
    assert {line["urn"]: line["id"] for line in noted} == {
        made[name]["urn"]: made[name]["id"] for name in ("bucket", "key")
    }
    assert project.succeed("stack", "output", "account").strip() == "123456789012"
    project.succeed("preview", "--expect-no-changes")
    project.succeed("refresh", "--preview-only", "--expect-no-changes")


def _drift_is_seen_and_put_right(project: SmallProject, boto: Callable[..., Any]) -> None:
    key = project.resources()["key"]["id"]
    boto("kms").update_key_description(KeyId=key, Description="by hand")
    drift = project.pulumi("local", "refresh", "--preview-only", "--expect-no-changes", "--diff")
    assert drift.returncode != 0
    assert "by hand" in drift.stdout
    project.succeed("refresh", "--yes", "--skip-preview")
    assert project.resources()["key"]["inputs"]["description"] == "by hand"
    steps = json.loads(project.succeed("preview", "--json"))["steps"]
    assert [step["urn"].rsplit("::", 1)[-1] for step in steps if step["op"] == "update"] == ["key"]
    project.succeed("up", "--yes", "--skip-preview")
    assert boto("kms").describe_key(KeyId=key)["KeyMetadata"]["Description"] == "first"


def _replacement(project: SmallProject) -> None:
    project.succeed("config", "set", "bucket", "another-small-bucket")
    steps = json.loads(project.succeed("preview", "--json"))["steps"]
    ops = {step["op"] for step in steps if step["urn"].endswith("::bucket")}
    assert ops == {"replace"}
    project.succeed("up", "--yes", "--skip-preview")
    assert project.resources()["bucket"]["id"] == "another-small-bucket"


def _import(project: SmallProject, boto: Callable[..., Any]) -> None:
    metadata = boto("kms").create_key(
        Description="by hand", Tags=[{"TagKey": "product", "TagValue": "small"}]
    )["KeyMetadata"]
    project.succeed("config", "set", "imported", "no-such-key")
    missing = project.pulumi("local", "preview")
    assert missing.returncode != 0
    assert "'no-such-key' does not exist" in missing.stdout
    project.succeed("config", "set", "imported", metadata["KeyId"])
    project.succeed("up", "--yes", "--skip-preview")
    assert project.resources()["imported"]["id"] == metadata["KeyId"]
    project.succeed("preview", "--expect-no-changes")


def test_a_stack_that_is_not_local_is_refused(tmp_path: Path, cloud: CloudProcess) -> None:
    project = SmallProject(tmp_path, cloud.url)
    project.new_stack("production")
    refused = project.pulumi("production", "up", "--yes", "--skip-preview")
    assert refused.returncode != 0
    assert "stack 'production' is not local" in refused.stdout
    assert "Traceback" not in refused.stdout


def test_an_endpoint_that_is_not_loopback_is_refused(tmp_path: Path) -> None:
    project = SmallProject(tmp_path, "https://s3.amazonaws.com")
    project.new_stack("local")
    refused = project.pulumi("local", "up", "--yes", "--skip-preview")
    assert refused.returncode != 0
    assert "only speaks to loopback addresses" in refused.stdout
