"""A new database with automated backups gets one automated snapshot; one without gets none.

Stock moto makes one in any case, and names it by the minute: a second database of the same name within a
minute, as a swap by rename makes, fails halfway.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(models: MotoObject, world: World) -> None:
    def save(self: MotoObject) -> None:
        if not self.backup_retention_period:
            return
        moment = world.clock.now().strftime("%Y-%m-%d-%H-%M")
        name = first = f"rds:{self.db_instance_identifier}-{moment}"
        taken, number = self.backend.database_snapshots, 1
        while name in taken:
            number += 1
            name = f"{first}-{number}"
        self.add_event("DB_INSTANCE_BACKUP_START")
        self.backend.create_auto_snapshot(self.db_instance_identifier, name)
        self.add_event("DB_INSTANCE_BACKUP_FINISH")

    models.DBInstance.save_automated_backup = save


REPAIR = Repair(
    name="rds_first_snapshot",
    service="rds",
    what=(
        "a database without backups got an automated snapshot, and a second one of a name within a minute "
        "failed halfway"
    ),
    operations=("CreateDBInstance",),
    patches=(("moto.rds.models", _patch),),
)
