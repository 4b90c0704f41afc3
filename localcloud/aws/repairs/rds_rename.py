"""Renaming a database onto a taken name is refused; stock moto replaces the other database silently."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.refusal import refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(responses: MotoObject, _world: World) -> None:
    original = responses.RDSResponse.modify_db_instance

    def modify(self: MotoObject) -> MotoObject:
        new = self.params.get("NewDBInstanceIdentifier")
        if new:
            self.backend._validate_db_identifier(new)
            if new.lower() in self.backend.databases:
                raise refusal("DBInstanceAlreadyExists", f"DB instance {new} already exists")
        return original(self)

    responses.RDSResponse.modify_db_instance = modify


REPAIR = Repair(
    name="rds_rename",
    service="rds",
    what="a rename onto an existing identifier replaced that instance; it is refused",
    operations=("ModifyDBInstance",),
    patches=(("moto.rds.responses", _patch),),
)
