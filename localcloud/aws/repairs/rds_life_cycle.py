"""Databases and snapshots take time: creating, modifying, rebooting, deleting, then available or gone.

Stock moto answers `available` at once, so a caller that never waits passes there and fails on AWS. Operations
on a database that is not available are refused with InvalidDBInstanceState, as on AWS. A deleted database
stays visible as `deleting`, then disappears. The length is the world's `transition_s`; 0 skips the states.
"""

from __future__ import annotations

from datetime import timedelta

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.refusal import WRONG_STATE, refusal
from localcloud.aws.rds.transition import begin_transition, state_of
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_BUSY = frozenset(
    {"creating", "modifying", "renaming", "rebooting", "deleting", "resetting-master-credentials"}
)
_DELETED = "RDS-EVENT-0003"


def _patch_states(models: MotoObject, world: World) -> None:
    for kind in (models.DBInstance, models.DBSnapshot):
        _make_status_pass(kind, world)


def _make_status_pass(kind: MotoObject, world: World) -> None:
    def read(self: MotoObject) -> str:
        return state_of(self, self.__dict__["lasting_status"], world)

    def write(self: MotoObject, status: str) -> None:
        self.__dict__["lasting_status"] = status

    kind.status = property(read, write)


def _patch_begin(responses: MotoObject, world: World) -> None:
    for operation, state in {
        "create_db_instance": "creating",
        "create_db_instance_read_replica": "creating",
        "restore_db_instance_from_db_snapshot": "creating",
        "restore_db_instance_to_point_in_time": "creating",
        "promote_read_replica": "modifying",
        "reboot_db_instance": "rebooting",
        "create_db_snapshot": "creating",
        "copy_db_snapshot": "creating",
    }.items():
        _begin_after(responses.RDSResponse, operation, state, world)
    _begin_after_modify(responses.RDSResponse, world)


def _begin_after(response: MotoObject, operation: str, state: str, world: World) -> None:
    original = getattr(response, operation)

    def answer(self: MotoObject) -> MotoObject:
        result = original(self)
        (thing,) = result.result.values()
        begin_transition(thing, state, world)
        return result

    setattr(response, operation, answer)


def _begin_after_modify(response: MotoObject, world: World) -> None:
    original = response.modify_db_instance

    def answer(self: MotoObject) -> MotoObject:
        state = "modifying"
        if self.params.get("MasterUserPassword"):
            state = "resetting-master-credentials"
        if self.params.get("NewDBInstanceIdentifier"):
            state = "renaming"
        result = original(self)
        begin_transition(result.result["DBInstance"], state, world)
        return result

    response.modify_db_instance = answer


def _patch_refusals(responses: MotoObject, _world: World) -> None:
    response = responses.RDSResponse
    for operation, parameter in {
        "modify_db_instance": "DBInstanceIdentifier",
        "reboot_db_instance": "DBInstanceIdentifier",
        "create_db_snapshot": "DBInstanceIdentifier",
        "delete_db_instance": "DBInstanceIdentifier",
        "promote_read_replica": "DBInstanceIdentifier",
        "create_db_instance_read_replica": "SourceDBInstanceIdentifier",
    }.items():
        _refuse_before(response, operation, parameter)


def _refuse_before(response: MotoObject, operation: str, parameter: str) -> None:
    original = getattr(response, operation)
    may_be = frozenset({"creating"}) if operation == "delete_db_instance" else frozenset()

    def answer(self: MotoObject) -> MotoObject:
        refuse_when_busy(self.backend.find_db_from_id(self.params[parameter]), may_be)
        return original(self)

    setattr(response, operation, answer)


def is_busy(thing: MotoObject) -> bool:
    """Tell whether an operation is at work on a database or a snapshot."""
    return thing.status in _BUSY


def refuse_when_busy(database: MotoObject, may_be: frozenset[str] = frozenset()) -> None:
    """Refuse an operation on a database that another one is at work on.

    Args:
        database: what the operation is about.
        may_be: passing states that do not matter.

    Raises:
        RDSClientError: InvalidDBInstanceState.
    """
    status = database.status
    if status in _BUSY - may_be:
        identifier = database.db_instance_identifier
        raise refusal(WRONG_STATE, f"Instance {identifier} is not in available state ({status}).")


def _patch_departure(responses: MotoObject, world: World) -> None:
    response = responses.RDSResponse
    delete, dispatch = response.delete_db_instance, response.call_action

    def delete_slowly(self: MotoObject) -> MotoObject:
        result = delete(self)
        database = result.result["DBInstance"]
        if world.transition_s:
            database.gone_at = world.clock.now() + timedelta(seconds=world.transition_s)
            self.backend.databases[database.db_instance_identifier] = database
        else:
            database.add_event(_DELETED)
        return result

    def dispatch_without_the_gone(self: MotoObject) -> MotoObject:
        remove_gone(self.backend, world)
        return dispatch(self)

    response.delete_db_instance = delete_slowly
    response.call_action = dispatch_without_the_gone


def remove_gone(backend: MotoObject, world: World) -> None:
    """Drop the databases whose `deleting` is over."""
    now = world.clock.now()
    for identifier, database in list(backend.databases.items()):
        gone_at = getattr(database, "gone_at", None)
        if gone_at is not None and now >= gone_at:
            del backend.databases[identifier]
            database.add_event(_DELETED)


REPAIR = Repair(
    name="rds_life_cycle",
    service="rds",
    what=(
        "instead of `available` at once: creating, modifying, renaming, rebooting, deleting take time; "
        "busy refuses"
    ),
    operations=(
        "CreateDBInstance",
        "ModifyDBInstance",
        "RebootDBInstance",
        "DeleteDBInstance",
        "CreateDBSnapshot",
        "CopyDBSnapshot",
        "DescribeDBInstances",
        "DescribeDBSnapshots",
    ),
    patches=(
        ("moto.rds.models", _patch_states),
        ("moto.rds.responses", _patch_begin),
        ("moto.rds.responses", _patch_refusals),
        ("moto.rds.responses", _patch_departure),
    ),
)
