"""What holds for every resource of every environment."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
import yaml

from tests.infra.closed_list import TYPES
from tests.infra.environments import EACH, ROOT, desired, recorded
from tests.infra.recording import Recording, Registration
from tests.infra.sdk_names import input_names, unknown_properties
from tests.infra.wire import leaves

pytestmark = pytest.mark.parametrize("environment", EACH)

KEY_NAME = re.compile(r"(kmsKeyId|kmsMasterKeyId|KmsKeyId)$")
MUST_HAVE_A_KEY = {
    "aws:rds/instance:Instance": "kmsKeyId",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": "kmsKeyId",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (
        "rules[0].destination.encryptionConfiguration.replicaKmsKeyId"
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": "kmsKeyId",
    "aws:secretsmanager/secret:Secret": "kmsKeyId",
    "aws:sns/topic:Topic": "kmsMasterKeyId",
    "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
    "aws:cloudtrail/trail:Trail": "kmsKeyId",
}
STATEFUL = {
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:secretsmanager/secret:Secret",
}
BUCKET_SETTINGS = {
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
}
NOT_SETTINGS = {"aws:s3/bucket:Bucket", "aws:s3/bucketObjectv2:BucketObjectv2"}


def protected(environment: str) -> bool:
    text = (ROOT / "environments" / f"Pulumi.{environment}.yaml").read_text()
    return bool(yaml.safe_load(text)["config"]["lifeboat:protected"])


def our_keys(recording: Recording) -> dict[str, str]:
    """Return the region of each of our keys by ARN."""
    keys = [*recording.of("kms/key:Key"), *recording.of("kms/replicaKey:ReplicaKey")]
    return {key.outputs["arn"]: key.region for key in keys}


def test_only_types_of_the_closed_list_are_used(environment: str) -> None:
    assert {one.type for one in recorded(environment).custom} <= TYPES


def test_every_property_is_one_the_sdk_knows(environment: str) -> None:
    wrong = {
        one.name: unknown
        for one in recorded(environment).custom
        if (unknown := unknown_properties(one.type, one.inputs))
    }
    assert wrong == {}


def test_logical_names_are_unique(environment: str) -> None:
    counted = Counter(one.name for one in recorded(environment).custom)
    assert [name for name, count in counted.items() if count > 1] == []


def test_no_property_is_empty_by_mistake(environment: str) -> None:
    """An empty or `None` text inside an ARN is a reference that resolved to nothing."""
    bad = [
        (one.name, path, leaf)
        for one in recorded(environment).custom
        for path, leaf in leaves(one.inputs)
        if leaf is None
        or (isinstance(leaf, str) and re.search(r"\bNone\b|Output\[|arn::|object at 0x", leaf))
    ]
    assert bad == []


def test_everything_uses_the_one_provider(environment: str) -> None:
    recording = recorded(environment)
    (provider,) = [one for one in recording.registrations if one.type.startswith("pulumi:providers:")]
    assert {one.provider.rpartition("::")[0] for one in recording.custom} == {provider.urn}
    assert {call[2].rpartition("::")[0] for call in recording.calls} == {provider.urn}
    assert provider.name == "aws"


def test_the_provider_tags_everything(environment: str) -> None:
    recording = recorded(environment)
    (provider,) = [one for one in recording.registrations if one.type == "pulumi:providers:aws"]
    tags = json.loads(provider.inputs["defaultTags"])["tags"]
    assert tags["Environment"] == environment
    assert tags == dict(desired(environment).tags)


def test_the_provider_is_told_nothing_but_region_and_tags(environment: str) -> None:
    """Endpoints, credentials or skipped checks would be knowledge of which cloud answers."""
    (provider,) = [one for one in recorded(environment).registrations if one.type == "pulumi:providers:aws"]
    of_the_sdk = {"skipCredentialsValidation": "false", "skipRegionValidation": "true"}
    said = {key: value for key, value in provider.inputs.items() if of_the_sdk.get(key) != value}
    assert set(said) == {"region", "defaultTags"}


def test_whatever_can_be_in_a_region_says_which(environment: str) -> None:
    recording = recorded(environment)
    regions = set(recording.stack_outputs["lifeboat"]["topology"]["regions"])
    regional = [one for one in recording.custom if "region" in input_names(one.type)]
    assert {one.region for one in regional} == regions


def test_what_holds_data_is_encrypted_with_a_key_of_ours(environment: str) -> None:
    recording = recorded(environment)
    keys = our_keys(recording)
    bare = [
        one.name
        for one in recording.custom
        if one.type in MUST_HAVE_A_KEY and dict(leaves(one.inputs)).get(MUST_HAVE_A_KEY[one.type]) not in keys
    ]
    assert bare == []
    assert all(one.inputs["storageEncrypted"] for one in recording.of("rds/instance:Instance"))


def test_every_key_is_one_of_ours_in_the_right_region(environment: str) -> None:
    recording = recorded(environment)
    keys = our_keys(recording)
    wrong = []
    for one in recording.custom:
        for path, leaf in leaves(one.inputs):
            elsewhere = "replicas[" in path or "replicaKmsKeyId" in path
            if KEY_NAME.search(path) and (leaf not in keys or (keys[str(leaf)] == one.region) == elsewhere):
                wrong.append((one.name, path, leaf))
    assert wrong == []


def test_what_holds_data_is_protected_where_the_environment_is(environment: str) -> None:
    stateful = [one for one in recorded(environment).custom if one.type in STATEFUL]
    assert {one.protect for one in stateful} == {protected(environment)}
    assert {one.retain_on_delete for one in stateful} == {protected(environment)}


def test_the_settings_of_a_bucket_share_its_fate(environment: str) -> None:
    recording = recorded(environment)
    for bucket in recording.of("s3/bucket:Bucket"):
        settings = [
            one
            for one in recording.custom
            if one.inputs.get("bucket") == bucket.inputs["bucket"] and one.type not in NOT_SETTINGS
        ]
        assert {one.type for one in settings} >= BUCKET_SETTINGS
        assert {(one.protect, one.retain_on_delete) for one in settings} == {
            (bucket.protect, bucket.retain_on_delete)
        }


def test_no_bucket_is_public(environment: str) -> None:
    blocks = recorded(environment).of("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [one.name for one in blocks if not all(one.inputs[switch] for switch in switches)] == []
    owned = recorded(environment).of("s3/bucketOwnershipControls:BucketOwnershipControls")
    assert {one.inputs["rule"]["objectOwnership"] for one in owned} == {"BucketOwnerEnforced"}


def test_no_policy_allows_anyone(environment: str) -> None:
    public = [
        (one.name, statement["Sid"])
        for one, statement in _statements(recorded(environment))
        if statement["Effect"] == "Allow" and _is_anyone(statement.get("Principal"))
    ]
    assert public == []


def test_every_bucket_secret_and_topic_refuses_plain_http(environment: str) -> None:
    recording = recorded(environment)
    guarded = {
        "s3/bucketPolicy:BucketPolicy": "s3/bucket:Bucket",
        "secretsmanager/secretPolicy:SecretPolicy": "secretsmanager/secret:Secret",
        "sns/topicPolicy:TopicPolicy": "sns/topic:Topic",
    }
    for policy, thing in guarded.items():
        refusing = [one for one in recording.of(policy) if any(map(_refuses_plain_http, _of(one)))]
        assert len(refusing) == len(recording.of(policy)) == len(recording.of(thing)) > 0


def _refuses_plain_http(statement: dict[str, Any]) -> bool:
    return (
        statement["Effect"] == "Deny"
        and _is_anyone(statement["Principal"])
        and statement["Condition"].get("Bool", {}).get("aws:SecureTransport") == ["false"]
    )


def test_a_bucket_policy_covers_the_bucket_and_its_objects(environment: str) -> None:
    for one in recorded(environment).of("s3/bucketPolicy:BucketPolicy"):
        (refusal,) = filter(_refuses_plain_http, _of(one))
        arn = f"arn:aws:s3:::{one.inputs['bucket']}"
        assert set(refusal["Resource"]) == {arn, f"{arn}/*"}
        assert set(refusal["Action"]) == {"s3:*"}


def test_no_resource_policy_names_a_role_as_principal(environment: str) -> None:
    """AWS refuses a principal that does not exist yet, and nothing makes the roles come first."""
    root = re.compile(r"arn:aws:iam::\d{12}:root")
    trusts = {"aws:iam/role:Role"}
    named = [
        (one.name, arn)
        for one, statement in _statements(recorded(environment))
        if one.type not in trusts and isinstance(statement.get("Principal"), dict)
        for arn in statement["Principal"].get("AWS", [])
        if not root.fullmatch(arn)
    ]
    assert named == []


def test_every_database_forces_tls(environment: str) -> None:
    recording = recorded(environment)
    forcing = {
        (group.region, group.inputs["name"])
        for group in recording.of("rds/parameterGroup:ParameterGroup")
        if ("rds.force_ssl", "1") in {(one["name"], one["value"]) for one in group.inputs["parameters"]}
    }
    databases = recording.of("rds/instance:Instance")
    assert {(one.region, one.inputs["parameterGroupName"]) for one in databases} <= forcing


def _statements(recording: Recording) -> list[tuple[Registration, dict[str, Any]]]:
    found = [(one, statement) for one in recording.custom for statement in _of(one)]
    assert found
    return found


def _of(one: Registration) -> list[dict[str, Any]]:
    """Return the statements of a resource's policies."""
    documents = [one.inputs[name] for name in ("policy", "assumeRolePolicy") if name in one.inputs]
    return [statement for document in documents for statement in json.loads(document)["Statement"]]


def _is_anyone(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in str(principal.get("AWS", "")))
