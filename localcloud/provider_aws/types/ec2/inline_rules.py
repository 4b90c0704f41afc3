"""Rules written inside a security group: blocks of many sources in a program, single permissions in EC2.

EC2 keeps every source of a block as a rule of its own, so blocks are taken apart to be compared and set, and
put together again by ports, protocol and description to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.types.ec2.cidr import network_problem
from localcloud.provider_aws.types.ec2.ip_protocol import ALL, protocol_name

_LISTS = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}
_GROUPS = "securityGroups"


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineRule:
    """One source of a block.

    Args:
        kind: the list of the block it stands in, such as `cidrBlocks`.
        source: the network, prefix list or security group.
    """

    protocol: str
    from_port: int
    to_port: int
    description: str
    kind: str
    source: str

    def permission(self) -> Properties:
        """Return the rule as EC2's calls want it."""
        holder, key = _LISTS[self.kind]
        source = {key: self.source}
        if self.kind == _GROUPS and "/" in self.source:
            source = dict(zip(("UserId", "GroupId"), self.source.split("/", 1), strict=True))
        if self.description:
            source["Description"] = self.description
        ports = {} if self.protocol == ALL else {"FromPort": self.from_port, "ToPort": self.to_port}
        return {"IpProtocol": self.protocol, **ports, holder: [source]}


def rules_of_blocks(blocks: Iterable[Properties], group_id: str) -> set[InlineRule]:
    """Take blocks of a program apart; `self` is the group's own id."""
    return {
        InlineRule(
            protocol=protocol_name(block["protocol"]),
            from_port=block["fromPort"],
            to_port=block["toPort"],
            description=block.get("description") or "",
            kind=kind,
            source=source,
        )
        for block in blocks
        for kind, source in _sources(block, group_id)
    }


def _sources(block: Properties, group_id: str) -> Iterator[tuple[str, str]]:
    for kind in _LISTS:
        for source in block.get(kind) or ():
            yield kind, source
    if block.get("self"):
        yield _GROUPS, group_id


def rules_of_permissions(permissions: Iterable[Value], account: str) -> set[InlineRule]:
    """Take apart what EC2 describes; groups of another account are written `<account>/<group>`."""
    return {
        InlineRule(
            protocol=permission["IpProtocol"],
            from_port=permission.get("FromPort", 0),
            to_port=permission.get("ToPort", 0),
            description=source.get("Description", ""),
            kind=kind,
            source=_source(source, key, account),
        )
        for permission in permissions
        for kind, (holder, key) in _LISTS.items()
        for source in permission.get(holder, ())
    }


def _source(source: Value, key: str, account: str) -> str:
    owner = source.get("UserId") or account
    return str(source[key]) if owner == account else f"{owner}/{source[key]}"


def blocks_of_rules(rules: Iterable[InlineRule], group_id: str) -> list[Properties]:
    """Put rules together to blocks, one per protocol, ports and description."""
    blocks: dict[tuple[str, int, int, str], Properties] = {}
    for rule in sorted(rules, key=lambda rule: (rule.protocol, rule.from_port, rule.kind, rule.source)):
        place = (rule.protocol, rule.from_port, rule.to_port, rule.description)
        block = blocks.setdefault(place, _empty_block(rule))
        if rule.kind == _GROUPS and rule.source == group_id:
            block["self"] = True
        else:
            block[rule.kind].append(rule.source)
    return list(blocks.values())


def _empty_block(rule: InlineRule) -> Properties:
    return {
        "protocol": rule.protocol,
        "fromPort": rule.from_port,
        "toPort": rule.to_port,
        "description": rule.description,
        "self": False,
        **{kind: [] for kind in _LISTS},
    }


def block_problems(name: str, blocks: Value) -> Iterator[PropertyFailure]:
    """Find what is wrong with the blocks of `ingress` or `egress`."""
    seen: dict[tuple[Value, ...], int] = {}
    for at, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if block is UNKNOWN:
            continue
        yield from _block_problems((name, at), block)
        place = (_protocol(block), block["fromPort"], block["toPort"], block.get("description") or "")
        if UNKNOWN not in place and seen.setdefault(place, at) != at:
            yield PropertyFailure.at(
                (name, at),
                f"same protocol, ports and description as {name}[{seen[place]}]: write one block,"
                " EC2 does not keep them apart",
            )


def _block_problems(path: tuple[str, int], block: Properties) -> Iterator[PropertyFailure]:
    for port in ("fromPort", "toPort"):
        if _protocol(block) == ALL and block[port] not in (0, UNKNOWN):
            yield PropertyFailure.at((*path, port), f"must be 0 with protocol {ALL}")
    for kind, version in (("cidrBlocks", 4), ("ipv6CidrBlocks", 6)):
        networks = block.get(kind)
        for at, network in enumerate(networks if isinstance(networks, list) else ()):
            reason = network_problem(network, version)
            if reason:
                yield PropertyFailure.at((*path, kind, at), reason)


def _protocol(block: Properties) -> Value:
    protocol = block["protocol"]
    return protocol_name(protocol) if isinstance(protocol, str) else protocol
