"""Read replicas are instances of their own, in any region, and both sides agree on who follows whom.

Stock moto copies the primary's object: same resource id, the source region's subnet group and parameter group
(an absent group of that name then breaks DescribeDBInstances of the whole region), lists that go stale.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.links import cut_link, name_seen_from, primary_of, replicas_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, NO_KEY, WRONG_STATE, refusal
from localcloud.aws.rds.restorable import Settings, merge_given, restorable_settings
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_REPLICATING = {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
_ENDED = {"StatusType": "read replication", "Normal": False, "Status": "terminated"}
_BROKEN = {
    "StatusType": "read replication",
    "Normal": False,
    "Status": "error",
    "Message": "the log of the source does not arrive",
}


def _patch_instance(models: MotoObject, world: World) -> None:
    def replica_names(self: MotoObject) -> list[str]:
        return [name_seen_from(self.region, replica) for replica in replicas_of(models, self)]

    def source_name(self: MotoObject) -> str | None:
        primary = primary_of(models, self)
        if primary is not None:
            return name_seen_from(self.region, primary)
        return str(self.source_db_instance_identifier) if self.source_db_instance_identifier else None

    def status_infos(self: MotoObject) -> list[dict[str, object]]:
        if getattr(self, "source_resource_id", None) is None:
            return []
        if primary_of(models, self) is None:
            return [_ENDED]
        is_well = world.servers.replication(facts_of(self)) == "replicating"
        return [_REPLICATING if is_well else _BROKEN]

    instance = models.DBInstance
    instance.read_replica_db_instance_identifiers = property(replica_names)
    instance.read_replica_source_db_instance_identifier = property(source_name)
    instance.status_infos = property(status_infos)


def _patch_backend(models: MotoObject, _world: World) -> None:
    def create(self: MotoObject, db_kwargs: MotoObject) -> MotoObject:
        given = dict(db_kwargs.items())
        primary = self.find_db_from_id(given.pop("source_db_instance_identifier"))
        if not primary.backup_retention_period:
            name = primary.db_instance_identifier
            raise refusal(WRONG_STATE, f"Automated backups are not enabled for {name}: a replica needs them.")
        if getattr(primary, "manage_master_user_password", False):
            message = (
                f"Creating read replicas for source instance with engine {primary.engine} "
                "where ManageMasterUserPassword is enabled is not supported."
            )
            raise refusal(BAD_VALUE, message)
        replica = self.create_db_instance(_replica_settings(self, primary, given))
        _remove_first_snapshot(self, replica)
        replica.source_resource_id = primary.dbi_resource_id
        replica.source_db_instance_identifier = name_seen_from(self.region_name, primary)
        replica.set_as_replica()
        return replica

    def promote(self: MotoObject, db_kwargs: MotoObject) -> MotoObject:
        replica = self.describe_db_instances(db_kwargs["db_instance_identifier"])[0]
        if getattr(replica, "source_resource_id", None) is None:
            raise refusal(WRONG_STATE, f"{replica.db_instance_identifier} is not a read replica")
        cut_link(replica)
        given = dict(db_kwargs.items())
        replica.update(**{"backup_retention_period": 1, **given})
        return replica

    models.RDSBackend.create_db_instance_read_replica = create
    models.RDSBackend.promote_read_replica = promote


def _patch_responses(responses: MotoObject, _world: World) -> None:
    original = responses.RDSResponse.modify_db_instance

    def modify(self: MotoObject) -> MotoObject:
        database = self.backend.find_db_from_id(self.params["DBInstanceIdentifier"])
        is_managed = bool(self.params.get("ManageMasterUserPassword"))
        if getattr(database, "source_resource_id", None) is not None:
            if is_managed or self.params.get("MasterUserPassword"):
                message = (
                    "Cannot change master user password on an RDS postgres Read Replica because it uses "
                    "physical replication and therefore cannot differ from its parent."
                )
                raise refusal(BAD_COMBINATION, message)
        elif is_managed and database.read_replica_db_instance_identifiers:
            message = "ManageMasterUserPassword is not supported for an instance with read replicas."
            raise refusal(BAD_VALUE, message)
        return original(self)

    responses.RDSResponse.modify_db_instance = modify


def _replica_settings(backend: MotoObject, primary: MotoObject, given: Settings) -> Settings:
    kept = restorable_settings(primary)
    # A replica of PostgreSQL has no automated backups until it is promoted or asked to.
    kept["backup_retention_period"] = 0
    if primary.region == backend.region_name:
        kept["db_parameter_group_name"] = primary.db_parameter_group_name
        kept["db_subnet_group_name"] = primary._db_subnet_group_name
        kept["vpc_security_group_ids"] = list(primary.vpc_security_group_ids)
    elif primary.storage_encrypted:
        key = given.get("kms_key_id")
        if not key:
            raise refusal(NO_KEY, "a replica of an encrypted instance needs a KmsKeyId of its own region")
        given["kms_key_id"] = backend._validate_kms_key(key)
    if primary.region != backend.region_name:
        kept["ca_certificate_identifier"] = "rds-ca-default"
    return merge_given(kept, given)


def _remove_first_snapshot(backend: MotoObject, replica: MotoObject) -> None:
    """Undo moto's snapshot at creation: without automated backups there is none."""
    for name, snapshot in list(backend.database_snapshots.items()):
        is_first = snapshot.snapshot_type == "automated"
        if is_first and snapshot.dbi_resource_id == replica.dbi_resource_id:
            del backend.database_snapshots[name]


REPAIR = Repair(
    name="rds_replicas",
    service="rds",
    what="replicas were copies of the primary's object and broke the second region; links went stale",
    operations=(
        "CreateDBInstanceReadReplica",
        "PromoteReadReplica",
        "ModifyDBInstance",
        "DescribeDBInstances",
    ),
    patches=(
        ("moto.rds.models", _patch_instance),
        ("moto.rds.models", _patch_backend),
        ("moto.rds.responses", _patch_responses),
    ),
)
