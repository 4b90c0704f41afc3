"""One rule of a security group as a resource: what inbound and outbound rules have in common.

A rule has one source (or destination). EC2 changes its value in place but not its kind. The local cloud
changes only IPv4 networks in place, so any change of another kind of source replaces the rule here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.cidr import network_problem, same_network
from localcloud.provider_aws.types.ec2.ip_protocol import WITH_PORTS, protocol_name, same_protocol
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications

_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_PORTS = ("fromPort", "toPort")
_PORT_LIMITS = (-1, 65535)
_SETTINGS = ("cidrIpv4", "description", "fromPort", "ipProtocol", "toPort")


def rule_type(token: str, direction: str) -> ResourceType:
    """Declare the type of rules of one direction.

    Args:
        token: its type token.
        direction: `ingress` or `egress`.
    """

    def create(cloud: Cloud, inputs: Properties) -> str:
        answer = _call(cloud, "authorize", direction)(
            GroupId=inputs["securityGroupId"],
            IpPermissions=[_permission(inputs)],
            TagSpecifications=tag_specifications("security-group-rule", inputs),
        )
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def read(cloud: Cloud, rule_id: str) -> Properties | None:
        answer = cloud.client().describe_security_group_rules(SecurityGroupRuleIds=[rule_id])
        rule = answer["SecurityGroupRules"][0]
        return _described(cloud, rule) if rule["IsEgress"] is (direction == "egress") else None

    def delete(cloud: Cloud, rule_id: str, known: Properties) -> None:
        _call(cloud, "revoke", direction)(GroupId=known["securityGroupId"], SecurityGroupRuleIds=[rule_id])

    return ResourceType(
        type=token,
        service="ec2",
        create=create,
        read=read,
        update=_update,
        delete=delete,
        gone=frozenset(
            {
                "InvalidGroup.NotFound",
                "InvalidPermission.NotFound",
                "InvalidSecurityGroupRuleId.NotFound",
            }
        ),
        force_new=("cidrIpv6", "prefixListId", "referencedSecurityGroupId", "securityGroupId"),
        sticky=_PORTS,
        same={"ipProtocol": same_protocol, "cidrIpv6": same_network},
        check=_check,
    )


def _call(cloud: Cloud, verb: str, direction: str) -> Value:
    return getattr(cloud.client(), f"{verb}_security_group_{direction}")


def _permission(inputs: Properties) -> Properties:
    holder, source = _source(inputs)
    if inputs.get("description"):
        source["Description"] = inputs["description"]
    ports = {"FromPort": inputs.get("fromPort"), "ToPort": inputs.get("toPort")}
    given = {name: port for name, port in ports.items() if port is not None}
    return {"IpProtocol": inputs["ipProtocol"], **given, holder: [source]}


def _source(inputs: Properties) -> tuple[str, dict[str, str]]:
    if inputs.get("cidrIpv4"):
        return "IpRanges", {"CidrIp": inputs["cidrIpv4"]}
    if inputs.get("cidrIpv6"):
        return "Ipv6Ranges", {"CidrIpv6": inputs["cidrIpv6"]}
    if inputs.get("prefixListId"):
        return "PrefixListIds", {"PrefixListId": inputs["prefixListId"]}
    account, _, group = str(inputs["referencedSecurityGroupId"]).rpartition("/")
    return "UserIdGroupPairs", {"GroupId": group, **({"UserId": account} if account else {})}


def _described(cloud: Cloud, rule: Value) -> Properties:
    told: Properties = {
        "arn": cloud.arn(f"security-group-rule/{rule['SecurityGroupRuleId']}"),
        "cidrIpv4": rule.get("CidrIpv4"),
        "cidrIpv6": rule.get("CidrIpv6"),
        "description": rule.get("Description"),
        "fromPort": rule.get("FromPort"),
        "ipProtocol": rule["IpProtocol"],
        "prefixListId": rule.get("PrefixListId"),
        "referencedSecurityGroupId": _referenced(rule.get("ReferencedGroupInfo", {}), cloud.account),
        "securityGroupId": rule["GroupId"],
        "securityGroupRuleId": rule["SecurityGroupRuleId"],
        "tags": from_pairs(rule.get("Tags")),
        "toPort": rule.get("ToPort"),
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _referenced(group: Value, account: str) -> str:
    owner = group.get("UserId") or account
    group_id = str(group.get("GroupId", ""))
    return group_id if owner == account or not group_id else f"{owner}/{group_id}"


def _update(cloud: Cloud, rule_id: str, change: Change) -> None:
    if change.has(*_SETTINGS):
        cloud.client().modify_security_group_rules(
            GroupId=change.new["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": _request(change.new)}],
        )
    retag(cloud, rule_id, change)


def _request(inputs: Properties) -> Properties:
    # The call sets the whole rule: what it leaves out is gone, so a port or a text left out is said too.
    request = {
        "IpProtocol": inputs["ipProtocol"],
        "FromPort": inputs.get("fromPort", -1),
        "ToPort": inputs.get("toPort", -1),
        "Description": inputs.get("description", ""),
        "CidrIpv4": inputs.get("cidrIpv4"),
        "CidrIpv6": inputs.get("cidrIpv6"),
        "PrefixListId": inputs.get("prefixListId"),
        "ReferencedGroupId": inputs.get("referencedSecurityGroupId"),
    }
    return {name: value for name, value in request.items() if value is not None}


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    given = [name for name in _SOURCES if inputs.get(name)]
    if not given:
        yield PropertyFailure(path=_SOURCES[0], reason=f"missing: give one of {', '.join(_SOURCES)}")
    for name in given[1:]:
        yield PropertyFailure(path=name, reason=f"cannot stand beside {given[0]}")
    for name, version in (("cidrIpv4", 4), ("cidrIpv6", 6)):
        reason = network_problem(inputs.get(name), version)
        if reason:
            yield PropertyFailure(path=name, reason=reason)
    yield from _port_problems(inputs)


def _port_problems(inputs: Properties) -> Iterator[PropertyFailure]:
    protocol = inputs["ipProtocol"]
    needs_ports = isinstance(protocol, str) and protocol_name(protocol) in WITH_PORTS
    for name in _PORTS:
        port = inputs.get(name)
        if port is None and needs_ports:
            yield PropertyFailure(path=name, reason=f"missing, but required with {protocol}")
        elif port not in (None, UNKNOWN) and not _PORT_LIMITS[0] <= port <= _PORT_LIMITS[1]:
            yield PropertyFailure(
                path=name, reason=f"must be between {_PORT_LIMITS[0]} and {_PORT_LIMITS[1]}"
            )
