"""The groups a restored instance is put into, as they are in a region; None for one that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts.observe.aws import SaidNo, asking

_NO_SUBNETS = "DBSubnetGroupNotFoundFault"
_NO_PARAMETERS = "DBParameterGroupNotFound"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetGroup:
    """A subnet group and the network it is in."""

    name: str
    vpc_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterGroup:
    """A parameter group and the family of engines it fits, such as `postgres16`."""

    name: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group and the network it is in."""

    id: str
    vpc_id: str


def see_subnet_group(rds: Any, region: str, name: str) -> SubnetGroup | None:  # noqa: ANN401  # boto3 clients have no type
    """Return a subnet group.

    Raises:
        NoAnswer, SaidNo: nobody knows.

    Source: RDS API, DescribeDBSubnetGroups.
    """
    try:
        with asking(f"subnet group {name} in {region}"):
            (found,) = rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    except SaidNo as error:
        if error.code == _NO_SUBNETS:
            return None
        raise
    return SubnetGroup(name=name, vpc_id=found["VpcId"])


def see_parameter_group(rds: Any, region: str, name: str) -> ParameterGroup | None:  # noqa: ANN401  # as above
    """Return a parameter group.

    Raises:
        NoAnswer, SaidNo: nobody knows.

    Source: RDS API, DescribeDBParameterGroups.
    """
    try:
        with asking(f"parameter group {name} in {region}"):
            (found,) = rds.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"]
    except SaidNo as error:
        if error.code == _NO_PARAMETERS:
            return None
        raise
    return ParameterGroup(name=name, family=found["DBParameterGroupFamily"])


def see_security_groups(ec2: Any, region: str, ids: Sequence[str]) -> tuple[SecurityGroup, ...]:  # noqa: ANN401  # as above
    """Return those of the security groups that are there.

    Filtered, and not asked for by id: one that is gone must not hide the others.

    Raises:
        NoAnswer, SaidNo: nobody knows.

    Source: EC2 API, DescribeSecurityGroups.
    """
    wanted = [{"Name": "group-id", "Values": list(ids)}]
    with asking(f"security groups in {region}"):
        found = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    return tuple(SecurityGroup(id=one["GroupId"], vpc_id=one["VpcId"]) for one in found)
