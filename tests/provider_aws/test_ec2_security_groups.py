"""Security groups, with and without rules of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifeboat.providerkit.values import UNKNOWN
from tests.provider_aws.conftest import OTHER, CountingSessions, MakeResource
from tests.provider_aws.ec2_world import GROUP, make_group, make_vpc
from tests.provider_aws.life import Life, live

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

Boto = Callable[..., Any]


def _block(**changes: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "fromPort": 5432, "toPort": 5432, "cidrBlocks": ["192.0.2.1/32"], **changes}


def _group(boto: Boto, group_id: str) -> Any:
    return boto("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]


def test_a_group_without_rules_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def tag(group: str, _outputs: dict[str, Any]) -> None:
        boto("ec2").create_tags(Resources=[group], Tags=[{"Key": "by", "Value": "hand"}])

    outputs = live(
        resource(GROUP),
        Life(
            inputs={
                "name": "database",
                "description": "who may ask",
                "vpcId": make_vpc(resource),
                "tags": {"Name": "database"},
            },
            bad={
                "name": {"name": "sg-database"},
                "description": {"description": "x" * 256},
                "ingress[0].protocol": {"ingress": [{"fromPort": 1, "toPort": 1}]},
                "ingress[0].cidrBlocks[0]": {"ingress": [_block(cidrBlocks=["192.0.2.1"])]},
                "egress[0].fromPort": {"egress": [_block(protocol="-1")]},
                "ingress[1]": {"ingress": [_block(), _block(cidrBlocks=["192.0.2.2/32"])]},
                "revokeRulesOnDelete": {"revokeRulesOnDelete": "x"},
            },
            changes={"tags": {"Name": "db"}, "revokeRulesOnDelete": True},
            replacing={
                "name": {"name": "other"},
                "description": {"description": "another text"},
                "vpcId": {"vpcId": "vpc-12345678"},
                "region": {"region": OTHER},
            },
            by_hand=tag,
            drifted="tags",
            not_imported=frozenset({"revokeRulesOnDelete"}),
        ),
        sessions,
    )
    assert outputs["arn"].split(":")[5].startswith("security-group/sg-")


def test_nothing_leaves_a_new_group_unless_the_program_says_so(resource: MakeResource, boto: Boto) -> None:
    group_id = make_group(resource, make_vpc(resource), "closed")
    assert _group(boto, group_id)["IpPermissionsEgress"] == []
    assert _group(boto, group_id)["Description"] == "Managed by Pulumi"


def test_nothing_leaves_a_new_group_of_a_vpc_with_ipv6(resource: MakeResource, boto: Boto) -> None:
    vpc = resource("aws:ec2/vpc:Vpc")
    vpc_id, _ = vpc.create(vpc.check({"cidrBlock": "10.0.0.0/16", "assignGeneratedIpv6CidrBlock": True}))
    assert _group(boto, make_group(resource, vpc_id, "closed"))["IpPermissionsEgress"] == []


def test_a_group_whose_making_was_interrupted_is_closed_by_the_next_run(
    resource: MakeResource, boto: Boto
) -> None:
    group = resource(GROUP)
    checked = group.check({"name": "half-made", "vpcId": make_vpc(resource), "ingress": [_block()]})
    made = boto("ec2").create_security_group(
        GroupName="half-made", Description=checked["description"], VpcId=checked["vpcId"]
    )
    assert _group(boto, made["GroupId"])["IpPermissionsEgress"]
    outputs = group.update(made["GroupId"], checked, checked, checked)
    assert outputs["egress"] == []
    assert outputs["ingress"][0]["cidrBlocks"] == ["192.0.2.1/32"]


def test_a_group_with_rules_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    vpc_id = make_vpc(resource)
    friend = make_group(resource, vpc_id, "friend")

    def open_up(group: str, _outputs: dict[str, Any]) -> None:
        boto("ec2").authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
        )

    everything = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
    live(
        resource(GROUP),
        Life(
            inputs={
                "name": "with-rules",
                "vpcId": vpc_id,
                "ingress": [
                    _block(description="office", cidrBlocks=["192.0.2.2/32", "192.0.2.1/32"]),
                    _block(
                        cidrBlocks=[], ipv6CidrBlocks=["2001:db8::/32"], securityGroups=[friend], self=True
                    ),
                ],
                "egress": [everything],
            },
            changes={
                "ingress": [_block(ipv6CidrBlocks=[], securityGroups=[friend])],
                "egress": [_block(description="only there")],
            },
            by_hand=open_up,
            drifted="ingress",
        ),
        sessions,
    )


def test_an_update_of_rules_touches_only_what_differs(resource: MakeResource, boto: Boto) -> None:
    group = resource(GROUP)
    inputs = {"name": "careful", "vpcId": make_vpc(resource), "ingress": [_block()]}
    checked = group.check(inputs)
    group_id, outputs = group.create(checked)
    kept = _rule_ids(boto, group_id)
    more = group.check({**inputs, "ingress": [_block(cidrBlocks=["192.0.2.1/32", "192.0.2.2/32"])]}, checked)
    outputs = group.update(group_id, checked, outputs, more)
    assert kept < _rule_ids(boto, group_id)
    none = group.check({**inputs, "ingress": []}, more)
    group.update(group_id, more, outputs, none)
    assert _rule_ids(boto, group_id) == set()


def _rule_ids(boto: Boto, group_id: str) -> set[str]:
    answer = boto("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return {rule["SecurityGroupRuleId"] for rule in answer["SecurityGroupRules"]}


def test_the_order_of_blocks_and_networks_is_no_change(resource: MakeResource) -> None:
    group = resource(GROUP)
    vpc_id = make_vpc(resource)
    one = _block(cidrBlocks=["192.0.2.1/32", "192.0.2.2/32"])
    two = _block(fromPort=1, toPort=2)
    checked = group.check({"name": "ordered", "vpcId": vpc_id, "ingress": [one, two]})
    group_id, outputs = group.create(checked)
    turned = _block(cidrBlocks=["192.0.2.2/32", "192.0.2.1/32"])
    again = group.check({"name": "ordered", "vpcId": vpc_id, "ingress": [two, turned]}, checked)
    assert not group.diff(group_id, checked, outputs, again).diffs


def test_a_group_that_mentions_no_rules_leaves_rule_resources_alone(
    resource: MakeResource, boto: Boto
) -> None:
    group, rule = resource(GROUP), resource(INGRESS)
    inputs = {"name": "hands-off", "vpcId": make_vpc(resource)}
    checked = group.check(inputs)
    group_id, outputs = group.create(checked)
    rule.create(rule.check({"securityGroupId": group_id, "ipProtocol": "-1", "cidrIpv4": "192.0.2.0/24"}))
    _, found, read = group.refresh(group_id, checked, outputs)
    assert found == checked
    assert read["ingress"][0]["cidrBlocks"] == ["192.0.2.0/24"]
    renamed = group.check({**inputs, "tags": {"a": "b"}}, checked)
    group.update(group_id, checked, read, renamed)
    assert len(_rule_ids(boto, group_id)) == 1


def test_revoking_rules_first_frees_other_groups(resource: MakeResource, boto: Boto) -> None:
    vpc_id = make_vpc(resource)
    group, rule = resource(GROUP), resource(INGRESS)
    checked = group.check({"name": "leaving", "vpcId": vpc_id, "revokeRulesOnDelete": True})
    group_id, outputs = group.create(checked)
    other_id = make_group(resource, vpc_id, "staying")
    rule.create(
        rule.check(
            {
                "securityGroupId": other_id,
                "ipProtocol": "tcp",
                "fromPort": 1,
                "toPort": 1,
                "referencedSecurityGroupId": group_id,
            }
        )
    )
    group.delete(group_id, checked, outputs)
    assert _rule_ids(boto, other_id) == set()


def test_a_group_without_a_name_gets_one_and_keeps_it(resource: MakeResource) -> None:
    group = resource(GROUP, "who-may-ask")
    checked = group.check({})
    assert checked["name"].startswith("who-may-ask-")
    assert group.check({"tags": {"a": "b"}}, checked)["name"] == checked["name"]
    assert group.check({"namePrefix": "db-"})["name"].startswith("db-")


def test_a_group_without_a_vpc_stands_in_the_default_one(resource: MakeResource, boto: Boto) -> None:
    group = resource(GROUP)
    checked = group.check({"name": "anywhere"})
    group_id, outputs = group.create(checked)
    default = boto("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    assert outputs["vpcId"] == default[0]["VpcId"]
    assert not group.diff(group_id, checked, outputs, checked).diffs


def test_blocks_on_unknown_values_can_be_checked(resource: MakeResource) -> None:
    blocks = [_block(fromPort=UNKNOWN, cidrBlocks=UNKNOWN), _block(protocol=UNKNOWN), UNKNOWN]
    assert resource(GROUP).failures({"ingress": blocks}) == {}


def test_another_spelling_of_a_protocol_is_no_change(resource: MakeResource) -> None:
    group = resource(GROUP)
    inputs = {"name": "spelled", "vpcId": make_vpc(resource), "ingress": [_block(protocol="6")]}
    checked = group.check(inputs)
    group_id, outputs = group.create(checked)
    assert group.refresh(group_id, checked, outputs)[1] == checked
    named = group.check({**inputs, "ingress": [_block()]}, checked)
    assert not group.diff(group_id, checked, outputs, named).diffs
