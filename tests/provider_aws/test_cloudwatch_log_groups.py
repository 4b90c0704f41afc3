"""Log groups of CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY_ARN = f"arn:aws:kms:{HOME}:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"

Boto = Callable[..., Any]


def test_a_log_group_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def keep_for_ever(name: str, _outputs: dict[str, Any]) -> None:
        boto("logs").delete_retention_policy(logGroupName=name)

    outputs = live(
        resource(GROUP),
        Life(
            inputs={
                "name": "/aws/rds/instance/orders/postgresql",
                "retentionInDays": 30,
                "kmsKeyId": KEY_ARN,
                "tags": {"owner": "me"},
            },
            bad={
                "name": {"name": "no spaces"},
                "retentionInDays": {"retentionInDays": 31},
                "logGroupClass": {"logGroupClass": "GLACIER"},
                "deletionProtectionEnabled": {"deletionProtectionEnabled": True},
                "kmsKey": {"kmsKey": KEY_ARN},
                "skipDestroy": {"skipDestroy": "x"},
            },
            changes={"retentionInDays": 365, "tags": {"owner": "you"}},
            replacing={
                "name": {"name": "another"},
                "logGroupClass": {"logGroupClass": "INFREQUENT_ACCESS"},
                "region": {"region": OTHER},
            },
            by_hand=keep_for_ever,
            drifted="retentionInDays",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(":log-group:/aws/rds/instance/orders/postgresql")
    assert outputs["kmsKeyId"] == KEY_ARN


def test_a_log_group_may_keep_its_events_for_ever(resource: MakeResource, boto: Boto) -> None:
    group = resource(GROUP)
    short = group.check({"name": "short", "retentionInDays": 1})
    name, outputs = group.create(short)
    for_ever = group.check({"name": "short"}, short)
    assert group.update(name, short, outputs, for_ever)["retentionInDays"] == 0
    found = boto("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert "retentionInDays" not in found[0]


def test_a_log_group_is_not_taken_for_one_whose_name_begins_alike(resource: MakeResource) -> None:
    group = resource(GROUP)
    group.create(group.check({"name": "app-1-archive"}))
    assert group.refresh("app-1", {}, {})[0] == ""


def test_a_log_group_that_must_stay_outlives_its_resource(resource: MakeResource) -> None:
    group = resource(GROUP)
    checked = group.check({"name": "stays", "skipDestroy": True})
    name, outputs = group.create(checked)
    group.delete(name, checked, outputs)
    assert group.refresh(name, checked, outputs)[0] == name


def test_a_log_group_is_not_made_twice(resource: MakeResource) -> None:
    group = resource(GROUP)
    checked = group.check({"name": "only-one"})
    group.create(checked)
    with pytest.raises(grpc.RpcError) as refused:
        group.create(checked)
    assert "ResourceAlreadyExistsException" in refused.value.details()
