"""The provider around its types: guard, settings, functions, credentials, failures of the local cloud."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from lifeboat.core.errors import Refused, StepFailed
from lifeboat.providerkit import codec
from lifeboat.providerkit.protos import provider_pb2
from lifeboat.providerkit.values import UNKNOWN, SecretValue
from localcloud.provider_aws.endpoint import endpoint
from localcloud.provider_aws.provider import AwsProvider
from localcloud.provider_aws.remote import remote_errors
from localcloud.provider_aws.sessions import ACCOUNT, Sessions
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, MakeResource
from tests.providerkit.running_provider import EngineResource, RunningProvider, configure

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
URN = "urn:pulumi:local::lifeboat::pulumi:providers:aws::aws"


def _invoke(provider: RunningProvider, name: str, **arguments: Any) -> dict[str, Any]:
    request = provider_pb2.InvokeRequest(tok=f"aws:index/{name}:{name}", args=codec.encode(arguments))
    return codec.decode(getattr(provider.stub.Invoke(request), "return"))


def _config_failures(provider: RunningProvider, **settings: Any) -> dict[str, str]:
    request = provider_pb2.CheckRequest(urn=URN, news=codec.encode(settings))
    return {failure.property: failure.reason for failure in provider.stub.CheckConfig(request).failures}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5000", "http://localhost:1", "http://[::1]:80", "https://127.9.9.9"]
)
def test_loopback_endpoints_are_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    assert endpoint() == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://s3.amazonaws.com",
        "http://10.0.0.1:5000",
        "http://0.0.0.0:5000",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "127.0.0.1:5000",
        "ftp://127.0.0.1",
        "http://[::1",
        "http://",
    ],
)
def test_every_other_endpoint_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(Refused, match="AWS_ENDPOINT_URL"):
        endpoint()


@pytest.mark.parametrize("stack", ["production", "staging", "locally", "local-", "Local", "localhost"])
def test_a_stack_that_is_not_local_is_refused_at_once(resource: MakeResource, stack: str) -> None:
    with pytest.raises(grpc.RpcError, match="is not local"):
        resource(BUCKET, stack=stack).check({})


def test_stacks_of_environments_are_local(resource: MakeResource) -> None:
    assert resource(BUCKET, stack="local-production").check({"bucket": "x"})


def test_settings_are_checked(provider: RunningProvider) -> None:
    assert _config_failures(provider, region=HOME, defaultTags='{"tags":{"a":"b"}}') == {}
    assert _config_failures(provider, region=UNKNOWN) == {}
    assert "is not an AWS region" in _config_failures(provider, region="sjc")["region"]
    assert "no such setting" in _config_failures(provider, region=HOME, regoin="x")["regoin"]
    tags = '{"tags":{"a":1}}'
    assert "map of texts" in _config_failures(provider, region=HOME, defaultTags=tags)["defaultTags.tags"]


def test_another_region_is_another_provider(provider: RunningProvider) -> None:
    request = provider_pb2.DiffRequest(
        urn=URN, old_inputs=codec.encode({"region": HOME}), news=codec.encode({"region": OTHER})
    )
    assert list(provider.stub.DiffConfig(request).replaces) == ["region"]


def test_the_version_is_that_of_the_sdk(provider: RunningProvider) -> None:
    import importlib.metadata

    from google.protobuf import empty_pb2

    version = importlib.metadata.version("pulumi_aws")
    assert provider.stub.GetPluginInfo(empty_pb2.Empty()).version == version
    assert BUCKET in provider.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema


def test_functions_answer_for_the_local_account(provider: RunningProvider) -> None:
    assert _invoke(provider, "getCallerIdentity")["accountId"] == ACCOUNT
    assert _invoke(provider, "getRegion")["region"] == HOME
    assert _invoke(provider, "getRegion", region=OTHER)["id"] == OTHER
    assert _invoke(provider, "getPartition")["dnsSuffix"] == "amazonaws.com"
    zones = _invoke(provider, "getAvailabilityZones", region=OTHER, state="available")
    assert zones["names"][0] == f"{OTHER}a"
    assert len(zones["names"]) == len(zones["zoneIds"]) >= 2
    fewer = _invoke(provider, "getAvailabilityZones", region=OTHER, excludeNames=[f"{OTHER}a"])
    assert f"{OTHER}a" not in fewer["names"]
    with pytest.raises(grpc.RpcError, match="has no function aws:index/getArn:getArn"):
        _invoke(provider, "getArn")


def test_default_tags_go_under_a_resources_own(resource: MakeResource) -> None:
    key = resource(KEY)
    assert key.check({})["tags"] == DEFAULT_TAGS
    assert key.check({"tags": {"product": "mine", "a": "b"}})["tags"] == {"product": "mine", "a": "b"}
    assert key.check({"tags": UNKNOWN})["tags"] is UNKNOWN


def test_a_preview_knows_what_the_program_says_and_nothing_else(resource: MakeResource) -> None:
    key = resource(KEY)
    _, outputs = key.create(
        key.check({"description": SecretValue("d"), "tags": {"a": UNKNOWN}}), preview=True
    )
    assert outputs["description"] == SecretValue("d")
    assert outputs["arn"] is outputs["keyId"] is outputs["policy"] is UNKNOWN
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "a": UNKNOWN}
    assert outputs["isEnabled"] is True
    assert "customKeyStoreId" not in outputs


def test_a_previewed_update_keeps_what_the_service_told(resource: MakeResource) -> None:
    key = resource(KEY)
    old = key.check({"description": "a", "tags": {"a": "b"}})
    outputs = {**old, "arn": "arn", "policy": "{}", "tagsAll": old["tags"]}
    new = key.check({"description": UNKNOWN}, old)
    previewed = key.update("id", old, outputs, new, preview=True)
    assert (previewed["arn"], previewed["policy"], previewed["description"]) == ("arn", "{}", UNKNOWN)
    assert previewed["tags"] == previewed["tagsAll"] == DEFAULT_TAGS


def test_secret_inputs_stay_secret_in_state(resource: MakeResource) -> None:
    key = resource(KEY)
    checked = key.check({"description": SecretValue("s")})
    key_id, outputs = key.create(checked)
    assert outputs["description"] == SecretValue("s")
    _, inputs, read = key.refresh(key_id, checked, outputs)
    assert inputs["description"] == read["description"] == SecretValue("s")


def test_a_fixed_name_makes_the_old_object_go_first(resource: MakeResource) -> None:
    bucket = resource(BUCKET)
    fixed = bucket.check({"bucket": "fixed"})
    moved = bucket.check({"bucket": "fixed", "region": OTHER}, fixed)
    assert bucket.diff("fixed", fixed, {}, moved).deleteBeforeReplace
    named = bucket.check({})
    elsewhere = bucket.check({"region": OTHER}, named)
    assert not bucket.diff("x", named, {}, elsewhere).deleteBeforeReplace


def test_ignored_changes_do_not_count(resource: MakeResource) -> None:
    key = resource(KEY)
    old, new = key.check({"description": "a", "tags": {"x": "1"}}), key.check({"tags": {"x": "2"}})
    assert not key.diff("id", old, {}, new, ignore=("description", "tags.x")).diffs


def test_an_unfinished_object_is_kept_and_completed_by_the_next_update(
    resource: MakeResource, cloud: CloudProcess
) -> None:
    bucket = resource(BUCKET)
    checked = bucket.check({"bucket": "half-a-bucket", "tags": {"a": "b"}})
    fault: dict[str, object] = {"kind": "error", "service": "s3", "action": "PutBucketTagging"}
    cloud.admin("POST", "faults", fault)
    with pytest.raises(grpc.RpcError) as failed:
        bucket.create(checked)
    cloud.admin("DELETE", "faults")
    packed = dict(failed.value.trailing_metadata())["grpc-status-details-bin"]
    assert b"half-a-bucket" in packed
    outputs = bucket.update("half-a-bucket", checked, {}, checked)
    assert outputs["tags"] == {**DEFAULT_TAGS, "a": "b"}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineResource]:
    """A bucket of a provider whose local cloud is not there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    running = RunningProvider(AwsProvider())
    configure(running.stub, region=HOME)
    yield EngineResource(running.stub, BUCKET)
    running.stop()


def test_a_local_cloud_that_is_down_is_named(alone: EngineResource) -> None:
    checked = alone.check({"bucket": "b"})
    with pytest.raises(grpc.RpcError) as failed:
        alone.create(checked)
    assert "the local cloud does not answer" in failed.value.details()
    assert "hint: start it" in failed.value.details()


def test_the_environments_credentials_and_profiles_are_never_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cloud: CloudProcess
) -> None:
    settings = tmp_path / "config"
    settings.write_text("[default]\nregion = eu-north-1\nendpoint_url = http://192.0.2.1\n")
    for name, value in {
        "AWS_PROFILE": "no-such-profile",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CONFIG_FILE": str(settings),
        "AWS_USE_FIPS_ENDPOINT": "true",
        "HTTP_PROXY": "http://192.0.2.1:3128",
    }.items():
        monkeypatch.setenv(name, value)
    client = Sessions().client("sts", HOME, cloud.url)
    sent: list[Any] = []
    client.meta.events.register("before-send.sts", lambda request, **_: sent.append(request))
    assert client.get_caller_identity()["Account"] == ACCOUNT
    headers = str(dict(sent[0].headers))
    assert "AKIAREAL" not in headers
    assert "Security-Token" not in headers
    assert sent[0].url.startswith(cloud.url)


def test_an_object_without_a_key_is_called_as_in_the_program(resource: MakeResource) -> None:
    assert (
        resource("aws:s3/bucketObjectv2:BucketObjectv2", "index.html").check({"bucket": "b"})["key"]
        == "index.html"
    )


def test_an_operation_the_local_cloud_lacks_is_said_to_be_missing(cloud: CloudProcess) -> None:
    client = Sessions().client("rds", HOME, cloud.url)
    with (
        pytest.raises(StepFailed, match="DescribeCertificates: the local cloud does not support it"),
        remote_errors("x"),
    ):
        client.describe_certificates()


def test_arguments_boto_finds_wrong_are_not_quoted(cloud: CloudProcess) -> None:
    client = Sessions().client("rds", HOME, cloud.url)
    with pytest.raises(StepFailed, match="MasterUserPassword") as failed, remote_errors("x"):
        client.create_db_instance(
            DBInstanceIdentifier="i", DBInstanceClass="c", Engine="e", MasterUserPassword={"is": "hunter2"}
        )
    assert "hunter2" not in str(failed.value)


_NOT_AT_START = {"boto3", "botocore", "pulumi", "pulumi_aws", "pydantic", "moto"}


def test_the_process_starts_without_the_heavy_libraries() -> None:
    script = "import sys, localcloud.provider_aws.__main__; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    assert _NOT_AT_START.isdisjoint(loaded)


def test_comparing_loads_none_of_them_either(cloud: CloudProcess) -> None:
    script = """
import sys
from tests.providerkit.running_provider import EngineResource, RunningProvider, configure
from localcloud.provider_aws.provider import AwsProvider
running = RunningProvider(AwsProvider())
configure(running.stub, region="us-west-1")
bucket = EngineResource(running.stub, "aws:s3/bucket:Bucket")
checked = bucket.check({"bucket": "b"})
bucket.diff("b", checked, {}, checked)
running.stop()
print(*sys.modules)
"""
    environment = {**os.environ, "AWS_ENDPOINT_URL": cloud.url}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert _NOT_AT_START.isdisjoint(done.stdout.split())
