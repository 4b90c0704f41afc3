"""A modified DB subnet group stays; stock moto answers 200 and loses it."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.refusal import refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_FEWEST_ZONES = 2


def _patch(models: MotoObject, _world: World) -> None:
    create = models.RDSBackend.create_subnet_group

    def create_checked(
        self: MotoObject, subnet_name: str, description: str, subnets: MotoObject, tags: MotoObject
    ) -> MotoObject:
        if subnet_name in self.subnet_groups:
            raise refusal(
                "DBSubnetGroupAlreadyExists", f"The DB subnet group '{subnet_name}' already exists."
            )
        _require_two_zones(subnets)
        return create(self, subnet_name, description, subnets, tags)

    def modify(
        self: MotoObject, subnet_name: str, description: str | None, subnets: MotoObject
    ) -> MotoObject:
        group = self.describe_db_subnet_groups(subnet_name)[0]
        _require_two_zones(subnets)
        group.subnets = subnets
        if description is not None:
            group.description = description
        return group

    models.RDSBackend.create_subnet_group = create_checked
    models.RDSBackend.modify_db_subnet_group = modify


def _require_two_zones(subnets: MotoObject) -> None:
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < _FEWEST_ZONES:
        message = (
            f"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: {sorted(zones)}"
        )
        raise refusal("DBSubnetGroupDoesNotCoverEnoughAZs", message)


REPAIR = Repair(
    name="rds_subnet_group",
    service="rds",
    what="ModifyDBSubnetGroup deleted the group; duplicates and groups in fewer than two zones are refused",
    operations=("CreateDBSubnetGroup", "ModifyDBSubnetGroup"),
    patches=(("moto.rds.models", _patch),),
)
