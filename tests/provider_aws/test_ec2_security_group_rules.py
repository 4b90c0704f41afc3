"""Rules of security groups as resources of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from lifeboat.providerkit.values import UNKNOWN
from tests.provider_aws.conftest import OTHER, CountingSessions, MakeResource
from tests.provider_aws.ec2_world import make_group, make_vpc
from tests.provider_aws.life import Life, live

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

Boto = Callable[..., Any]


@pytest.mark.parametrize(("token", "direction"), [(INGRESS, "ingress"), (EGRESS, "egress")])
def test_a_rule_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Boto, token: str, direction: str
) -> None:
    vpc_id = make_vpc(resource)
    group_id = make_group(resource, vpc_id, f"for-{direction}")

    def reopen(rule: str, outputs: dict[str, Any]) -> None:
        changed = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIpv4": outputs["cidrIpv4"]}
        boto("ec2").modify_security_group_rules(
            GroupId=group_id,
            SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": changed}],
        )

    outputs = live(
        resource(token),
        Life(
            inputs={
                "securityGroupId": group_id,
                "ipProtocol": "tcp",
                "fromPort": 5432,
                "toPort": 5432,
                "cidrIpv4": "192.0.2.0/24",
                "description": "the office",
                "tags": {"Name": "office"},
            },
            bad={
                "securityGroupId": {"securityGroupId": None},
                "ipProtocol": {"ipProtocol": None},
                "fromPort": {"fromPort": None},
                "toPort": {"toPort": 65536},
                "cidrIpv4": {"cidrIpv4": "192.0.2.1/24"},
                "cidrIpv6": {"cidrIpv6": "2001:db8::/32"},
                "cidrIp": {"cidrIp": "192.0.2.0/24"},
            },
            changes={"cidrIpv4": "198.51.100.0/24", "toPort": 5433, "tags": {"Name": "home"}},
            replacing={
                "securityGroupId": {"securityGroupId": "sg-12345678"},
                "cidrIpv6": {"cidrIpv4": None, "cidrIpv6": "2001:db8::/32"},
                "region": {"region": OTHER},
            },
            by_hand=reopen,
            drifted="fromPort",
        ),
        sessions,
    )
    assert outputs["securityGroupRuleId"].startswith("sgr-")
    assert outputs["arn"].endswith(f":security-group-rule/{outputs['securityGroupRuleId']}")


@pytest.mark.parametrize(
    "source",
    [
        {"cidrIpv6": "2001:db8::/32", "ipProtocol": "-1"},
        {"cidrIpv4": "192.0.2.0/24", "ipProtocol": "-1", "fromPort": -1, "toPort": -1},
        {"cidrIpv4": "192.0.2.0/24", "ipProtocol": "icmp", "fromPort": -1, "toPort": -1},
        {"prefixListId": "pl-12345678", "ipProtocol": "tcp", "fromPort": 1, "toPort": 2},
        {"cidrIpv6": "2001:db8::/32", "ipProtocol": "udp", "fromPort": 1, "toPort": 2, "description": "d"},
    ],
)
def test_every_kind_of_source_is_kept_as_it_was_given(resource: MakeResource, source: dict[str, Any]) -> None:
    rule = resource(INGRESS)
    group_id = make_group(resource, make_vpc(resource), "sources")
    checked = rule.check({"securityGroupId": group_id, **source})
    rule_id, outputs = rule.create(checked)
    _, inputs, read = rule.refresh(rule_id, checked, outputs)
    assert (inputs, read) == (checked, outputs)
    rule.delete(rule_id, checked, outputs)
    assert rule.refresh(rule_id, checked, outputs)[0] == ""


def test_a_rule_may_name_another_group(resource: MakeResource) -> None:
    vpc_id = make_vpc(resource)
    rule = resource(EGRESS)
    other = make_group(resource, vpc_id, "named")
    inputs = {
        "securityGroupId": make_group(resource, vpc_id, "naming"),
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "referencedSecurityGroupId": other,
    }
    checked = rule.check(inputs)
    rule_id, outputs = rule.create(checked)
    assert outputs["referencedSecurityGroupId"] == other
    assert rule.refresh(rule_id, checked, outputs)[1] == checked
    moved = rule.check({**inputs, "fromPort": 80}, checked)
    assert not rule.diff(rule_id, checked, outputs, moved).replaces
    assert rule.update(rule_id, checked, outputs, moved)["fromPort"] == 80


def test_a_rule_of_the_other_direction_is_not_there(resource: MakeResource) -> None:
    group_id = make_group(resource, make_vpc(resource), "one-way")
    rule = resource(INGRESS)
    checked = rule.check({"securityGroupId": group_id, "ipProtocol": "-1", "cidrIpv4": "192.0.2.0/24"})
    rule_id, outputs = rule.create(checked)
    assert resource(EGRESS).refresh(rule_id, checked, outputs)[0] == ""


def test_the_same_rule_twice_is_refused(resource: MakeResource) -> None:
    group_id = make_group(resource, make_vpc(resource), "twice")
    rule = resource(INGRESS)
    checked = rule.check({"securityGroupId": group_id, "ipProtocol": "-1", "cidrIpv4": "192.0.2.0/24"})
    rule.create(checked)
    with pytest.raises(grpc.RpcError) as refused:
        rule.create(checked)
    assert "InvalidPermission.Duplicate" in refused.value.details()


def test_rules_on_unknown_values_can_be_previewed(resource: MakeResource, sessions: CountingSessions) -> None:
    rule = resource(INGRESS)
    checked = rule.check(
        {"securityGroupId": UNKNOWN, "ipProtocol": UNKNOWN, "fromPort": UNKNOWN, "cidrIpv4": UNKNOWN}
    )
    before = sessions.asked
    _, outputs = rule.create(checked, preview=True)
    assert (outputs["arn"], sessions.asked) == (UNKNOWN, before)


@pytest.mark.parametrize(
    "other", [{"ipProtocol": "6"}, {"ipProtocol": "TCP"}, {"cidrIpv6": "2001:0DB8::/32"}]
)
def test_another_spelling_is_no_change(resource: MakeResource, other: dict[str, Any]) -> None:
    rule = resource(INGRESS)
    group_id = make_group(resource, make_vpc(resource), "spelled")
    plain = {"securityGroupId": group_id, "fromPort": 1, "toPort": 1}
    inputs = {**plain, "ipProtocol": "tcp", "cidrIpv6": "2001:db8::/32"}
    checked = rule.check(inputs)
    rule_id, outputs = rule.create(checked)
    spelled = rule.check({**inputs, **other}, checked)
    assert not rule.diff(rule_id, checked, outputs, spelled).diffs
    rule.delete(rule_id, checked, outputs)
    rule_id, outputs = rule.create(spelled)
    assert rule.refresh(rule_id, spelled, outputs)[1] == spelled
