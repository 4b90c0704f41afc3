"""DB subnet groups: the subnets a database may stand in, in at least two zones."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.rds.name_rule import NameRule
from localcloud.provider_aws.types.rds.tagging import retag, tags_of

_NAMES = NameRule(
    letters=("[0-9a-z._ -]", "lower-case letters, digits, hyphens, underscores, periods and spaces are"),
    is_word=False,
)
_RESERVED = "default"


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from _NAMES.failures(inputs)
    if inputs.get("name") == _RESERVED:
        yield PropertyFailure(path="name", reason=f"{_RESERVED} is reserved by RDS")


def _create(cloud: Cloud, inputs: Properties) -> str:
    answer = cloud.client().create_db_subnet_group(
        DBSubnetGroupName=inputs["name"],
        DBSubnetGroupDescription=inputs["description"],
        SubnetIds=inputs["subnetIds"],
        Tags=to_pairs(inputs.get("tags")),
    )
    return str(answer["DBSubnetGroup"]["DBSubnetGroupName"])


def _read(cloud: Cloud, name: str) -> Properties | None:
    (group,) = cloud.client().describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    return {
        "name": group["DBSubnetGroupName"],
        "description": group["DBSubnetGroupDescription"],
        "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
        "arn": group["DBSubnetGroupArn"],
        "vpcId": group["VpcId"],
        "supportedNetworkTypes": group.get("SupportedNetworkTypes", []),
        "tags": tags_of(cloud, group["DBSubnetGroupArn"]),
    }


def _update(cloud: Cloud, name: str, change: Change) -> None:
    if change.has("subnetIds", "description"):
        cloud.client().modify_db_subnet_group(
            DBSubnetGroupName=name,
            DBSubnetGroupDescription=change.new["description"],
            SubnetIds=change.new["subnetIds"],
        )
    retag(cloud, cloud.arn(f"subgrp:{name}"), change)


def _delete(cloud: Cloud, name: str, _known: Properties) -> None:
    cloud.client().delete_db_subnet_group(DBSubnetGroupName=name)


TYPE = ResourceType(
    type="aws:rds/subnetGroup:SubnetGroup",
    service="rds",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"DBSubnetGroupNotFoundFault"}),
    name=Autoname(prefix_key="namePrefix", lower=True),
    check=_check,
    force_new=("name", "namePrefix"),
    defaults={"description": "Managed by Pulumi"},
    unordered=("subnetIds",),
    write_only={"namePrefix": "the service only knows the resulting name"},
)
