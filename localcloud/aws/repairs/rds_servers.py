"""Tells the servers behind RDS what the API accepted: the one place where moto meets `DatabaseServers`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import DatabaseFacts, facts_of
from localcloud.aws.rds.links import cut_link
from localcloud.aws.rds.servers import RestoreSource
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

Tell = Callable[[MotoObject, MotoObject, MotoObject], None]
"""Called with the response object (it has the parameters), the database or snapshot, and its source."""

_CREATIONS = (
    "create_db_instance",
    "create_db_instance_read_replica",
    "restore_db_instance_from_db_snapshot",
    "restore_db_instance_to_point_in_time",
)
_SNAPSHOTS = ("create_db_snapshot", "copy_db_snapshot")


def _patch_endpoint(models: MotoObject, world: World) -> None:
    def address(self: MotoObject) -> str:
        return world.servers.endpoint(facts_of(self)).address

    def endpoint(self: MotoObject) -> dict[str, object] | None:
        # An endpoint is only known once the instance is up (API reference, DBInstance).
        if self.status == "creating":
            return None
        found = world.servers.endpoint(facts_of(self))
        return {"Address": found.address, "Port": found.port, "HostedZoneId": "ZLOCALCLOUD"}

    models.DBInstance.address = property(address)
    models.DBInstance.endpoint = property(endpoint)


def _patch_tell(responses: MotoObject, world: World) -> None:
    servers = world.servers
    response = responses.RDSResponse
    plain: dict[str, Tell] = {
        "create_db_instance": lambda _, database, __: servers.on_create(facts_of(database)),
        "create_db_instance_read_replica": lambda _, database, __: servers.on_replica(facts_of(database)),
        "promote_read_replica": lambda _, database, __: servers.on_promote(facts_of(database)),
        "stop_db_instance": lambda _, database, __: servers.on_stop(facts_of(database)),
        "start_db_instance": lambda _, database, __: servers.on_start(facts_of(database)),
        "delete_db_snapshot": lambda _, snapshot, __: servers.on_snapshot_delete(snapshot.arn),
        "reboot_db_instance": lambda self, database, __: servers.on_reboot(
            facts_of(database), force_failover=bool(self.params.get("ForceFailover"))
        ),
        "create_db_snapshot": lambda _, snapshot, __: servers.on_snapshot(
            facts_of(snapshot.database), snapshot.arn
        ),
        "copy_db_snapshot": lambda _, snapshot, source_arn: servers.on_snapshot_copy(
            source_arn, snapshot.arn
        ),
        "restore_db_instance_from_db_snapshot": lambda _, database, source_arn: servers.on_restore(
            facts_of(database), RestoreSource(snapshot_arn=source_arn)
        ),
        "restore_db_instance_to_point_in_time": lambda self, database, source: servers.on_restore(
            facts_of(database),
            replace(source, restore_at=self.params.get("RestoreTime") or source.restore_at),
        ),
    }
    for operation, tell in plain.items():
        _tell_after(response, operation, tell, world)
    _tell_of_modify(response, world)
    _tell_of_delete(response, world)


def _patch_settle(models: MotoObject, world: World) -> None:
    def settle() -> bool:
        world.servers.settle(lambda: known_databases(models), world.faults.down_regions())
        return False

    world.background.register("rds-servers", settle)


def known_databases(models: MotoObject) -> list[DatabaseFacts]:
    """Return the facts of every database that is not being deleted, of all regions and accounts."""
    return [
        facts_of(database)
        for _, _, backend in models.rds_backends.iter_backends()
        for database in list(backend.databases.values())
        if not hasattr(database, "gone_at")
    ]


def saved_databases() -> list[DatabaseFacts]:
    """Return the facts of the databases of a state that was loaded."""
    # Loaded with the state when there are any; loading it for nothing would cost a second.
    models = sys.modules.get("moto.rds.models")
    return known_databases(models) if models is not None else []


def saved_snapshots() -> list[str]:
    """Return the ARNs of the snapshots of a state that was loaded."""
    models = sys.modules.get("moto.rds.models")
    if models is None:
        return []
    backends = models.rds_backends.iter_backends()
    return [str(one.arn) for _, _, backend in backends for one in backend.database_snapshots.values()]


def part_replicas(resource_ids: frozenset[str]) -> None:
    """Let replicas of a state that was loaded stand alone, as their servers do."""
    models = sys.modules.get("moto.rds.models")
    for _, _, backend in models.rds_backends.iter_backends() if models is not None else ():
        for database in backend.databases.values():
            if database.dbi_resource_id in resource_ids:
                cut_link(database)


def _tell_after(response: MotoObject, operation: str, tell: Tell, world: World) -> None:
    original = getattr(response, operation)

    def answer(self: MotoObject) -> MotoObject:
        before = _source(self, operation)
        result = original(self)
        (thing,) = result.result.values()
        try:
            tell(self, thing, before)
        except Exception:
            # What has no server must not be there: the caller is told why, and may try again.
            _undo(self.backend, operation, thing)
            raise
        if operation in _CREATIONS:
            _tell_of_first_snapshot(self.backend, thing, world)
        return result

    setattr(response, operation, answer)


def _tell_of_first_snapshot(backend: MotoObject, database: MotoObject, world: World) -> None:
    for snapshot in list(backend.database_snapshots.values()):
        is_own = snapshot.dbi_resource_id == database.dbi_resource_id
        if is_own and snapshot.snapshot_type == "automated":
            world.servers.on_snapshot(facts_of(database), snapshot.arn)


def _undo(backend: MotoObject, operation: str, thing: MotoObject) -> None:
    if operation in _CREATIONS:
        del backend.databases[thing.db_instance_identifier]
        for name, snapshot in list(backend.database_snapshots.items()):
            if snapshot.dbi_resource_id == thing.dbi_resource_id:
                del backend.database_snapshots[name]
    elif operation in _SNAPSHOTS:
        del backend.database_snapshots[thing.db_snapshot_identifier]


def _source(self: MotoObject, operation: str) -> MotoObject:
    """Return what a restore or a copy starts from, asked before the operation changes anything.

    An ARN; for a point in time a `RestoreSource`, with the last moment of a chain that may be behind.
    """
    if operation == "restore_db_instance_to_point_in_time":
        return self.backend.point_in_time_source(dict(self.params.items()))
    if operation in {"restore_db_instance_from_db_snapshot", "copy_db_snapshot"}:
        name = self.params.get("DBSnapshotIdentifier") or self.params.get("SourceDBSnapshotIdentifier")
        return str(self.backend.get_db_snapshot(name).arn)
    return ""


def _tell_of_modify(response: MotoObject, world: World) -> None:
    original = response.modify_db_instance

    def answer(self: MotoObject) -> MotoObject:
        old_identifier = self.params["DBInstanceIdentifier"].lower()
        result = original(self)
        facts = facts_of(result.result["DBInstance"])
        if facts.identifier != old_identifier:
            world.servers.on_rename(facts, old_identifier)
        world.servers.on_modify(facts)
        return result

    response.modify_db_instance = answer


def _tell_of_delete(response: MotoObject, world: World) -> None:
    original = response.delete_db_instance

    def answer(self: MotoObject) -> MotoObject:
        result = original(self)
        facts = facts_of(result.result["DBInstance"])
        if name := self.params.get("FinalDBSnapshotIdentifier"):
            world.servers.on_snapshot(facts, self.backend.get_db_snapshot(name).arn)
        world.servers.on_delete(facts, keep_backups=self.params.get("DeleteAutomatedBackups") is False)
        return result

    response.delete_db_instance = answer


REPAIR = Repair(
    name="rds_servers",
    service="rds",
    what="operations reach the servers behind the API; the endpoint is theirs, and absent while creating",
    operations=("CreateDBInstance", "DescribeDBInstances"),
    patches=(
        ("moto.rds.models", _patch_endpoint),
        ("moto.rds.models", _patch_settle),
        ("moto.rds.responses", _patch_tell),
    ),
)
