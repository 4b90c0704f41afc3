"""Without ApplyImmediately, changes wait for the maintenance window and are shown as pending.

Stock moto applies everything at once and has no PendingModifiedValues. The window comes by the cloud's clock,
which can be advanced; a later ModifyDBInstance with ApplyImmediately takes everything that waits along.
"""

from __future__ import annotations

import logging

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.pending import (
    DEFERRED,
    NEW_NAME,
    is_due,
    pending_of,
    put_off,
    split_deferred,
    take,
)
from localcloud.aws.rds.transition import begin_transition
from localcloud.aws.repairs.rds_life_cycle import refuse_when_busy
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_AVAILABLE = "available"
_log = logging.getLogger(__name__)


def _patch_models(models: MotoObject, world: World) -> None:
    def pending_values(self: MotoObject) -> dict[str, object]:
        shown = {DEFERRED[name]: value for name, value in pending_of(self).items()}
        if self.status == "resetting-master-credentials":
            shown["MasterUserPassword"] = "****"
        return shown

    def maintain() -> bool:
        due = [
            (backend, database)
            for _, _, backend in models.rds_backends.iter_backends()
            for database in list(backend.databases.values())
            if is_due(database, world.clock.now()) and database.status == _AVAILABLE
        ]
        return any([_apply(backend, database, world) for backend, database in due])

    models.DBInstance.pending_modified_values = property(pending_values)
    world.background.register("rds-maintenance", maintain)


def _apply(backend: MotoObject, database: MotoObject, world: World) -> bool:
    old, changes = database.db_instance_identifier, take(database)
    if str(changes.get(NEW_NAME, "")) in backend.databases:
        # The name was free when it was asked for.
        _log.warning("database %s is not renamed: %s is taken", old, changes.pop(NEW_NAME))
    backend.modify_db_instance(old, changes)
    facts = facts_of(database)
    if facts.identifier != old:
        world.servers.on_rename(facts, old)
    world.servers.on_modify(facts)
    begin_transition(database, "modifying", world)
    return True


def _patch_responses(responses: MotoObject, world: World) -> None:
    original = responses.RDSResponse.modify_db_instance

    def modify(self: MotoObject) -> MotoObject:
        database = self.backend.find_db_from_id(self.params["DBInstanceIdentifier"])
        refuse_when_busy(database)
        if self.params.get("ApplyImmediately"):
            for name, value in take(database).items():
                self.params.setdefault(name, value)
            return original(self)
        deferred = split_deferred(database, self.params)
        if deferred:
            put_off(database, deferred, world.clock.now())
        if _is_empty(self.params):
            return responses.ActionResult({"DBInstance": database})
        return original(self)

    responses.RDSResponse.modify_db_instance = modify


def _is_empty(given: MotoObject) -> bool:
    """Tell whether nothing is left that changes anything."""
    about = {"db_instance_identifier", "apply_immediately", "allow_major_version_upgrade"}
    return not set(given) - about


REPAIR = Repair(
    name="rds_pending",
    service="rds",
    what="ApplyImmediately=False was applied at once; it waits for the maintenance window, and is shown",
    operations=("ModifyDBInstance", "DescribeDBInstances"),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
