"""DB subnet groups and DB parameter groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"
Boto = Callable[..., Any]


def _subnets(boto: Boto, zones: str) -> list[str]:
    ec2 = boto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{at}.0/24", AvailabilityZone=f"{HOME}{zone}")["Subnet"][
            "SubnetId"
        ]
        for at, zone in enumerate(zones)
    ]


def test_a_subnet_group_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    first, second, third = _subnets(boto, "aba")

    def shrink(name: str, _outputs: dict[str, Any]) -> None:
        boto("rds").modify_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription="wide", SubnetIds=[first, second]
        )

    outputs = live(
        resource(SUBNET_GROUP),
        Life(
            inputs={"name": "ground", "subnetIds": [first, second], "tags": {"owner": "me"}},
            bad={
                "subnetIds": {"subnetIds": None},
                "subnetIds[1]": {"subnetIds": [first, 2]},
                "name": {"name": "Ground"},
                "namePrefix": {"namePrefix": "g-"},
            },
            changes={
                "description": "wide",
                "subnetIds": [third, second, first],
                "tags": {"owner": "you"},
            },
            replacing={"name": {"name": "another-ground"}, "region": {"region": OTHER}},
            by_hand=shrink,
            drifted="subnetIds",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(":subgrp:ground")
    assert outputs["vpcId"].startswith("vpc-")
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "owner": "you"}


def test_the_order_of_subnets_is_no_change(resource: MakeResource, boto: Boto) -> None:
    subnets, group = _subnets(boto, "ab"), resource(SUBNET_GROUP)
    checked = group.check({"name": "unordered-ground", "subnetIds": subnets})
    group_id, outputs = group.create(checked)
    turned = group.check({"name": "unordered-ground", "subnetIds": subnets[::-1]}, checked)
    assert not group.diff(group_id, checked, outputs, turned).diffs


def test_a_subnet_group_in_one_zone_is_refused_by_the_service(resource: MakeResource, boto: Boto) -> None:
    group = resource(SUBNET_GROUP)
    with pytest.raises(grpc.RpcError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        group.create(group.check({"name": "narrow-ground", "subnetIds": _subnets(boto, "aa")}))


def test_a_subnet_group_cannot_be_named_default(resource: MakeResource) -> None:
    inputs = {"name": "default", "subnetIds": ["subnet-1"]}
    assert "reserved" in resource(SUBNET_GROUP).failures(inputs)["name"]


def _parameter(name: str, value: str, method: str | None = None) -> dict[str, str]:
    return {"name": name, "value": value, **({"applyMethod": method} if method else {})}


def test_a_parameter_group_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def loosen(name: str, _outputs: dict[str, Any]) -> None:
        boto("rds").modify_db_parameter_group(
            DBParameterGroupName=name,
            Parameters=[
                {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
            ],
        )

    outputs = live(
        resource(PARAMETER_GROUP),
        Life(
            inputs={
                "name": "strict",
                "family": "postgres16",
                "parameters": [
                    _parameter("rds.force_ssl", "1"),
                    _parameter("shared_preload_libraries", "pg_stat_statements", "pending-reboot"),
                ],
            },
            bad={
                "family": {"family": None},
                "name": {"name": "1strict"},
                "parameters[0].value": {"parameters": [{"name": "log_lock_waits"}]},
                "parameters[0].applyMethod": {"parameters": [_parameter("log_lock_waits", "1", "now")]},
                "parameters[1].name": {"parameters": [_parameter("a", "1"), _parameter("A", "2")]},
            },
            changes={
                "parameters": [
                    _parameter("shared_preload_libraries", "pg_stat_statements", "pending-reboot"),
                    _parameter("rds.force_ssl", "1"),
                    _parameter("log_lock_waits", "1"),
                ],
                "tags": {"owner": "you"},
            },
            replacing={
                "name": {"name": "stricter"},
                "family": {"family": "postgres17"},
                "description": {"description": "why"},
                "region": {"region": OTHER},
            },
            by_hand=loosen,
            drifted="parameters",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(":pg:strict")
    assert outputs["description"] == "Managed by Pulumi"
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "owner": "you"}


def test_the_case_of_a_parameter_and_the_order_of_all_are_no_change(resource: MakeResource) -> None:
    group = resource(PARAMETER_GROUP)
    inputs = {"name": "unordered-settings", "family": "postgres16"}
    one, two = _parameter("rds.force_ssl", "1"), _parameter("log_lock_waits", "1")
    checked = group.check({**inputs, "parameters": [one, two]})
    name, outputs = group.create(checked)
    turned = group.check({**inputs, "parameters": [two, _parameter("RDS.Force_SSL", "1")]}, checked)
    assert not group.diff(name, checked, outputs, turned).diffs


def test_more_parameters_than_one_call_takes_are_all_set(resource: MakeResource, boto: Boto) -> None:
    group = resource(PARAMETER_GROUP)
    many = [_parameter(f"setting_{at:02}", str(at)) for at in range(45)]
    name, outputs = group.create(
        group.check({"name": "many-settings", "family": "postgres16", "parameters": many})
    )
    assert len(outputs["parameters"]) == 45
    found = boto("rds").describe_db_parameters(DBParameterGroupName=name)["Parameters"]
    assert len(found) == 45


def test_a_skipped_destruction_leaves_the_group_in_place(resource: MakeResource, boto: Boto) -> None:
    group = resource(PARAMETER_GROUP)
    checked = group.check({"name": "left-behind", "family": "postgres16", "skipDestroy": True})
    name, outputs = group.create(checked)
    group.delete(name, checked, outputs)
    assert boto("rds").describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"]


def test_a_group_without_a_name_gets_one(resource: MakeResource) -> None:
    group = resource(PARAMETER_GROUP, "Settings")
    assert group.check({"family": "postgres16"})["name"].startswith("settings-")
    assert group.check({"family": "postgres16", "namePrefix": "pre-"})["name"].startswith("pre-")
    assert "namePrefix" in group.failures({"family": "postgres16", "namePrefix": "Pre-"})
