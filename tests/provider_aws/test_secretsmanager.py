"""Secrets, their copies and their policies; versions of values have a file of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

SECRET = "aws:secretsmanager/secret:Secret"
POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
Boto = Callable[..., Any]


def _policy(role: str) -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::123456789012:role/{role}"}
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _key(boto: Boto, region: str = HOME) -> str:
    return str(boto("kms", region).create_key()["KeyMetadata"]["Arn"])


def _secret(resource: MakeResource, name: str, **changes: Any) -> str:
    secret = resource(SECRET, name)
    return secret.create(secret.check({"name": name, **changes}))[0]


def test_a_secret_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    keys = [{"region": OTHER, "kmsKeyId": _key(boto, OTHER)}]

    def describe(arn: str, _outputs: dict[str, Any]) -> None:
        boto("secretsmanager").update_secret(SecretId=arn, Description="by hand")

    outputs = live(
        resource(SECRET),
        Life(
            inputs={
                "name": "shop/production/master",
                "description": "master password",
                "kmsKeyId": _key(boto),
                "recoveryWindowInDays": 7,
                "replicas": [*keys, {"region": "eu-west-1"}],
                "policy": json.dumps(_policy("reader"), indent=2),
                "tags": {"owner": "me"},
            },
            bad={
                "name": {"name": "shop:master"},
                "namePrefix": {"namePrefix": "shop/"},
                "recoveryWindowInDays": {"recoveryWindowInDays": 3},
                "replicas[0].region": {"replicas": [{"kmsKeyId": "k"}]},
                "replicas[0].key": {"replicas": [{"region": OTHER, "key": "k"}]},
                "policy": {"policy": "{"},
                "secretString": {"secretString": "in the wrong place"},
                "type": {"type": "SnowflakeKeyPairAuthentication"},
            },
            changes={
                "description": "the master password",
                "kmsKeyId": _key(boto),
                "recoveryWindowInDays": 30,
                "forceOverwriteReplicaSecret": True,
                "replicas": [{"region": "eu-central-1"}, *keys],
                "policy": json.dumps(_policy("operator")),
                "tags": {"owner": "you"},
            },
            replacing={"name": {"name": "shop/production/other"}, "region": {"region": "eu-west-3"}},
            by_hand=describe,
            drifted="description",
            not_imported=frozenset({"forceOverwriteReplicaSecret", "recoveryWindowInDays"}),
        ),
        sessions,
    )
    assert outputs["arn"].startswith(
        f"arn:aws:secretsmanager:{HOME}:123456789012:secret:shop/production/master-"
    )
    assert {entry["status"] for entry in outputs["replicas"]} == {"InSync"}
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "owner": "you"}


def test_the_order_of_copies_is_no_change_and_a_new_key_makes_the_copy_anew(
    resource: MakeResource, boto: Boto
) -> None:
    secret, copies = resource(SECRET), [{"region": OTHER}, {"region": "eu-west-1"}]
    checked = secret.check({"name": "copied", "replicas": copies})
    arn, outputs = secret.create(checked)
    turned = secret.check({"name": "copied", "replicas": copies[::-1]}, checked)
    assert not secret.diff(arn, checked, outputs, turned).diffs
    silent = secret.check({"name": "copied"}, checked)
    assert not secret.diff(arn, checked, outputs, silent).diffs
    key = _key(boto, OTHER)
    keyed = secret.check({"name": "copied", "replicas": [{"region": OTHER, "kmsKeyId": key}]}, checked)
    outputs = secret.update(arn, checked, outputs, keyed)
    assert [(entry["region"], entry["kmsKeyId"]) for entry in outputs["replicas"]] == [(OTHER, key)]
    secret.delete(arn, keyed, outputs)


def test_the_recovery_window_is_what_the_program_says(resource: MakeResource, boto: Boto) -> None:
    client, secret = boto("secretsmanager"), resource(SECRET)
    checked = secret.check({"name": "kept-for-a-while", "recoveryWindowInDays": 7})
    arn, outputs = secret.create(checked)
    secret.delete(arn, checked, outputs)
    assert client.describe_secret(SecretId=arn)["DeletedDate"]
    with pytest.raises(grpc.RpcError, match="kept-for-a-while"):
        secret.create(checked)
    checked = secret.check({"name": "gone-at-once", "recoveryWindowInDays": 0})
    arn, outputs = secret.create(checked)
    secret.delete(arn, checked, outputs)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_secret(SecretId=arn)


def test_a_policy_set_elsewhere_is_no_change_and_an_empty_object_removes_it(
    resource: MakeResource, boto: Boto
) -> None:
    client, secret = boto("secretsmanager"), resource(SECRET)
    checked = secret.check({"name": "with-a-policy"})
    arn, outputs = secret.create(checked)
    client.put_resource_policy(SecretId=arn, ResourcePolicy=json.dumps(_policy("reader")))
    _, inputs, outputs = secret.refresh(arn, checked, outputs)
    assert (inputs, json.loads(outputs["policy"])) == (checked, _policy("reader"))
    without = secret.check({"name": "with-a-policy", "policy": "{}"}, checked)
    assert list(secret.diff(arn, checked, outputs, without).diffs) == ["policy"]
    outputs = secret.update(arn, checked, outputs, without)
    assert "ResourcePolicy" not in client.get_resource_policy(SecretId=arn)
    assert secret.refresh(arn, without, outputs)[1] == without


def test_a_secret_without_a_name_gets_one(resource: MakeResource) -> None:
    secret = resource(SECRET, "Token")
    assert secret.check({})["name"].startswith("Token-")
    assert secret.check({"namePrefix": "shop/"})["name"].startswith("shop/")


def test_a_policy_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    arn, other = _secret(resource, "guarded"), _secret(resource, "guarded-too")

    def open_up(secret: str, _outputs: dict[str, Any]) -> None:
        boto("secretsmanager").put_resource_policy(
            SecretId=secret, ResourcePolicy=json.dumps(_policy("someone"))
        )

    outputs = live(
        resource(POLICY),
        Life(
            inputs={"secretArn": arn, "policy": json.dumps(_policy("reader")), "blockPublicPolicy": True},
            bad={
                "policy": {"policy": "{}"},
                "secretArn": {"secretArn": "guarded"},
                "blockPublicPolicy": {"blockPublicPolicy": "yes"},
            },
            changes={"policy": json.dumps(_policy("operator")), "blockPublicPolicy": False},
            replacing={"secretArn": {"secretArn": other}, "region": {"region": OTHER}},
            by_hand=open_up,
            drifted="policy",
            not_imported=frozenset({"blockPublicPolicy"}),
        ),
        sessions,
    )
    assert outputs["secretArn"] == arn


def test_a_policy_goes_with_its_secret(resource: MakeResource, boto: Boto) -> None:
    arn, policy = _secret(resource, "guarded-and-gone"), resource(POLICY)
    checked = policy.check({"secretArn": arn, "policy": _policy("reader")})
    policy_id, outputs = policy.create(checked)
    assert policy_id == arn
    boto("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert policy.refresh(policy_id, checked, outputs)[0] == ""
    policy.delete(policy_id, checked, outputs)
