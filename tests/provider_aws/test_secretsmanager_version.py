"""Versions of a secret's value: set, replaced, labelled, and never read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lifeboat.providerkit.values import SecretValue
from tests.provider_aws.conftest import CountingSessions, MakeResource

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
Boto = Callable[..., Any]


def _secret(resource: MakeResource, name: str) -> str:
    secret = resource(SECRET, name)
    return secret.create(secret.check({"name": name}))[0]


@pytest.mark.parametrize(
    ("path", "inputs"),
    [
        ("secretId", {"secretString": "v"}),
        ("secretString", {"secretId": "s", "secretString": "v", "secretBinary": "dg=="}),
        ("secretBinary", {"secretId": "s", "secretBinary": "not base64!"}),
        ("secretStringWoVersion", {"secretId": "s", "secretStringWo": "v"}),
        ("versionStages[0]", {"secretId": "s", "secretString": "v", "versionStages": [1]}),
    ],
)
def test_bad_versions_are_named(resource: MakeResource, path: str, inputs: dict[str, Any]) -> None:
    assert path in resource(VERSION).failures(inputs)


def test_a_version_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    client, arn, version = boto("secretsmanager"), _secret(resource, "valued"), resource(VERSION)
    checked = version.check({"secretId": arn, "secretString": "first"})
    before = sessions.asked
    assert version.create(checked, preview=True)[0] == ""
    assert sessions.asked == before
    first_id, outputs = version.create(checked)
    assert first_id == f"{arn}|{outputs['versionId']}"
    assert outputs["secretString"] == SecretValue("first")
    assert outputs["versionStages"] == ["AWSCURRENT"]
    again = version.check({"secretId": arn, "secretString": "first"}, checked)
    assert not version.diff(first_id, checked, outputs, again).diffs
    assert version.refresh(first_id, checked, outputs) == (first_id, checked, outputs)
    second = version.check({"secretId": arn, "secretString": "second"}, checked)
    assert list(version.diff(first_id, checked, outputs, second).replaces) == ["secretString"]
    second_id, second_outputs = version.create(second)
    version.delete(first_id, checked, outputs)
    version.delete(first_id, checked, outputs)
    labels = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
    assert labels[outputs["versionId"]] == ["AWSPREVIOUS"]
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "second"
    found, inputs, _ = version.import_(second_id)
    assert (found, inputs["secretId"]) == (second_id, arn)
    version.delete(second_id, second, second_outputs)
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "second"


def test_labels_of_a_version_move_in_place_and_show_when_moved_by_hand(
    resource: MakeResource, boto: Boto
) -> None:
    client, arn, version = boto("secretsmanager"), _secret(resource, "labelled"), resource(VERSION)
    inputs = {"secretId": arn, "secretString": "v", "versionStages": ["AWSCURRENT", "blue"]}
    checked = version.check(inputs)
    version_id, outputs = version.create(checked)
    green = version.check({**inputs, "versionStages": ["green", "AWSCURRENT"]}, checked)
    assert not version.diff(version_id, checked, outputs, green).replaces
    outputs = version.update(version_id, checked, outputs, green)
    assert sorted(outputs["versionStages"]) == ["AWSCURRENT", "green"]
    client.update_secret_version_stage(
        SecretId=arn, VersionStage="green", RemoveFromVersionId=outputs["versionId"]
    )
    _, drifted, _ = version.refresh(version_id, green, outputs)
    assert list(version.diff(version_id, drifted, outputs, green).diffs) == ["versionStages"]


def test_a_write_only_value_is_set_and_never_shown(resource: MakeResource, boto: Boto) -> None:
    arn, version = _secret(resource, "write-only"), resource(VERSION)
    checked = version.check({"secretId": arn, "secretStringWo": "hush", "secretStringWoVersion": 1})
    version_id, outputs = version.create(checked)
    assert not {"secretStringWo", "secretString"} & outputs.keys()
    assert boto("secretsmanager").get_secret_value(SecretId=arn)["SecretString"] == "hush"
    new = version.check({"secretId": arn, "secretStringWo": "hush", "secretStringWoVersion": 2}, checked)
    assert list(version.diff(version_id, checked, outputs, new).replaces) == ["secretStringWoVersion"]


def test_a_binary_value_is_decoded(resource: MakeResource, boto: Boto) -> None:
    arn, version = _secret(resource, "binary"), resource(VERSION)
    version.create(version.check({"secretId": arn, "secretBinary": "AAH/"}))
    assert boto("secretsmanager").get_secret_value(SecretId=arn)["SecretBinary"] == b"\x00\x01\xff"


def test_a_version_of_a_deleted_secret_is_gone(resource: MakeResource, boto: Boto) -> None:
    arn, version = _secret(resource, "ending"), resource(VERSION)
    checked = version.check({"secretId": arn, "secretString": "v"})
    version_id, outputs = version.create(checked)
    boto("secretsmanager").delete_secret(SecretId=arn)
    assert version.refresh(version_id, checked, outputs)[0] == ""
