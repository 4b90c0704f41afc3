"""Every database instance gets its own DbiResourceId; stock moto gives all of them the same one.

The id survives a rename and is never used again, so it is what backups, replicas and the servers are tied to.
"""

from __future__ import annotations

import secrets
import string

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_ALPHABET = string.ascii_uppercase + string.digits


def new_resource_id() -> str:
    """Return `db-` and 26 characters, as RDS writes it."""
    return "db-" + "".join(secrets.choice(_ALPHABET) for _ in range(26))


def _patch(models: MotoObject, _world: World) -> None:
    original = models.DBInstance.__init__

    def initialise(self: MotoObject, *args: MotoObject, **settings: MotoObject) -> None:
        original(self, *args, **settings)
        self.dbi_resource_id = new_resource_id()

    models.DBInstance.__init__ = initialise


REPAIR = Repair(
    name="rds_resource_ids",
    service="rds",
    what="one constant DbiResourceId for all instances becomes a unique one each, so filters by it find one",
    operations=("CreateDBInstance", "DescribeDBInstances"),
    patches=(("moto.rds.models", _patch),),
)
