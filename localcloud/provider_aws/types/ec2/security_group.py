"""Security groups.

EC2 lets everything out of a new group; the genuine provider takes that rule away, and so does the stand-in:
what may leave is what the program says, here or with rules of their own. Directions the program does not
mention here are left alone, so that rules which are resources survive.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.inline_rules import (
    block_problems,
    blocks_of_rules,
    rules_of_blocks,
    rules_of_permissions,
)
from localcloud.provider_aws.types.ec2.ip_protocol import same_protocol
from localcloud.provider_aws.types.ec2.removal import remove_when_free
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications

_DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
_RESERVED = "sg-"
_LONGEST = 255
_LISTS = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups")


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {
        "GroupName": inputs["name"],
        "Description": inputs["description"],
        "TagSpecifications": tag_specifications("security-group", inputs),
    }
    if inputs.get("vpcId"):
        arguments["VpcId"] = inputs["vpcId"]
    return str(cloud.client().create_security_group(**arguments)["GroupId"])


def _finish(cloud: Cloud, group_id: str, inputs: Properties) -> None:
    for permission in _found(cloud, group_id)["IpPermissionsEgress"]:
        _revoke(cloud, group_id, "egress", [permission])
    for direction in _DIRECTIONS:
        _set_rules(cloud, group_id, direction, inputs)


def _set_rules(cloud: Cloud, group_id: str, direction: str, inputs: Properties) -> None:
    if inputs.get(direction) is None:
        return
    found = _found(cloud, group_id)[_DIRECTIONS[direction]]
    existing = rules_of_permissions(found, cloud.account)
    wanted = rules_of_blocks(inputs[direction], group_id)
    for rule in existing - wanted:
        _revoke(cloud, group_id, direction, [rule.permission()])
    permissions = [rule.permission() for rule in wanted - existing]
    if permissions:
        _call(cloud, "authorize", direction)(GroupId=group_id, IpPermissions=permissions)


def _revoke(cloud: Cloud, group_id: str, direction: str, permissions: list[Properties]) -> None:
    _call(cloud, "revoke", direction)(GroupId=group_id, IpPermissions=permissions)


def _call(cloud: Cloud, verb: str, direction: str) -> Value:
    return getattr(cloud.client(), f"{verb}_security_group_{direction}")


def _found(cloud: Cloud, group_id: str) -> Value:
    return cloud.client().describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]


def _read(cloud: Cloud, group_id: str) -> Properties | None:
    group = _found(cloud, group_id)
    return {
        "arn": cloud.arn(f"security-group/{group_id}"),
        "description": group["Description"],
        "name": group["GroupName"],
        "ownerId": group["OwnerId"],
        "tags": from_pairs(group.get("Tags")),
        "vpcId": group.get("VpcId", ""),
        **{
            direction: blocks_of_rules(rules_of_permissions(group[holder], cloud.account), group_id)
            for direction, holder in _DIRECTIONS.items()
        },
    }


def _update(cloud: Cloud, group_id: str, change: Change) -> None:
    if change.old == change.new:
        _finish(cloud, group_id, change.new)
    for direction in _DIRECTIONS:
        if change.has(direction):
            _set_rules(cloud, group_id, direction, change.new)
    retag(cloud, group_id, change)


def _delete(cloud: Cloud, group_id: str, known: Properties) -> None:
    client = cloud.client()
    if known.get("revokeRulesOnDelete"):
        _revoke_everywhere(cloud, group_id)
    remove_when_free(cloud, group_id, lambda: client.delete_security_group(GroupId=group_id))


def _revoke_everywhere(cloud: Cloud, group_id: str) -> None:
    """Remove the group's rules, and the rules of other groups that name it."""
    for page in cloud.client().get_paginator("describe_security_group_rules").paginate():
        for rule in page["SecurityGroupRules"]:
            if group_id in (rule["GroupId"], rule.get("ReferencedGroupInfo", {}).get("GroupId")):
                direction = "egress" if rule["IsEgress"] else "ingress"
                _call(cloud, "revoke", direction)(
                    GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]]
                )


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    for name in ("name", "namePrefix"):
        if isinstance(inputs.get(name), str) and inputs[name].startswith(_RESERVED):
            yield PropertyFailure(path=name, reason=f"must not begin with {_RESERVED}")
    for name in ("name", "description"):
        if isinstance(inputs[name], str) and len(inputs[name]) > _LONGEST:
            yield PropertyFailure(path=name, reason=f"must not be longer than {_LONGEST} characters")
    for direction in _DIRECTIONS:
        yield from block_problems(direction, inputs.get(direction))


TYPE = ResourceType(
    type="aws:ec2/securityGroup:SecurityGroup",
    service="ec2",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidGroup.NotFound"}),
    name=Autoname(key="name", prefix_key="namePrefix", longest=_LONGEST),
    force_new=("description", "name", "namePrefix", "vpcId"),
    defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
    sticky=("egress", "ingress", "vpcId"),
    unordered=(
        *_DIRECTIONS,
        *(f"{direction}[*].{name}" for direction in _DIRECTIONS for name in _LISTS),
    ),
    same={f"{direction}[*].protocol": same_protocol for direction in _DIRECTIONS},
    write_only={
        "namePrefix": "the service only knows the resulting name",
        "revokeRulesOnDelete": "a wish of the program, not a property of the group",
    },
    check=_check,
)
