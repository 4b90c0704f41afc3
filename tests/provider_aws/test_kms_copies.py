"""KMS aliases and replica keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live


@pytest.fixture
def primary(boto: Callable[..., Any]) -> dict[str, Any]:
    """A multi-region key, made by hand."""
    metadata: dict[str, Any] = boto("kms").create_key(MultiRegion=True)["KeyMetadata"]
    return metadata


def test_an_alias_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], primary: dict[str, Any]
) -> None:
    other = boto("kms").create_key()["KeyMetadata"]["KeyId"]
    outputs = live(
        resource("aws:kms/alias:Alias"),
        Life(
            inputs={"name": "alias/that-lives", "targetKeyId": primary["Arn"]},
            bad={"name": {"name": "no-prefix"}, "targetKeyId": {"targetKeyId": None}},
            changes={"targetKeyId": other},
            replacing={"name": {"name": "alias/other"}},
            by_hand=lambda name, _: boto("kms").update_alias(AliasName=name, TargetKeyId=primary["KeyId"]),
            drifted="targetKeyId",
        ),
        sessions,
    )
    assert outputs["targetKeyArn"] == f"arn:aws:kms:{HOME}:123456789012:key/{other}"


def test_what_an_interrupted_create_left_out_is_made_up_for(
    resource: MakeResource, cloud: CloudProcess, primary: dict[str, Any]
) -> None:
    replica = resource("aws:kms/replicaKey:ReplicaKey")
    checked = replica.check({"primaryKeyArn": primary["Arn"], "region": OTHER, "tags": {"a": "b"}})
    cloud.admin("POST", "faults", {"kind": "error", "service": "kms", "action": "TagResource"})
    with pytest.raises(grpc.RpcError, match="exists but is not complete"):
        replica.create(checked)
    cloud.admin("DELETE", "faults")
    completed = replica.update(primary["KeyId"], checked, {}, checked)
    assert completed["tags"] == {**DEFAULT_TAGS, "a": "b"}


def test_an_alias_without_a_name_gets_one(resource: MakeResource) -> None:
    alias = resource("aws:kms/alias:Alias", "backups")
    assert alias.check({"targetKeyId": "k"})["name"].startswith("alias/backups-")


def test_a_replica_key_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], primary: dict[str, Any]
) -> None:
    outputs = live(
        resource("aws:kms/replicaKey:ReplicaKey"),
        Life(
            inputs={"primaryKeyArn": primary["Arn"], "region": OTHER, "description": "copy"},
            bad={"primaryKeyArn": {"primaryKeyArn": None}, "enable": {"enable": True}},
            changes={"description": "other copy", "tags": {"a": "b"}, "enabled": False},
            replacing={"primaryKeyArn": {"primaryKeyArn": f"{primary['Arn']}x"}, "region": {"region": HOME}},
            by_hand=lambda key, _: boto("kms", OTHER).update_key_description(KeyId=key, Description="hand"),
            drifted="description",
            import_id=lambda key, _: f"{key}@{OTHER}",
        ),
        sessions,
    )
    assert outputs["arn"] == f"arn:aws:kms:{OTHER}:123456789012:key/{primary['KeyId']}"
