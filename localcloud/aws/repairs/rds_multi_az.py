"""Multi-AZ instances have two zones, and a failover changes which of them serves.

Stock moto accepts ForceFailover for every instance and does nothing, and knows no SecondaryAvailabilityZone.
A failover may also happen by itself, so it is noticed rather than told: by counting those of the servers.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_EVENT = "DB_INSTANCE_FAILOVER"
# RDS-EVENT-0049
_EVENT_WORDS = {"Categories": ["failover"], "Message": "Multi-AZ instance failover completed"}


def _patch_models(models: MotoObject, world: World) -> None:
    def zone(self: MotoObject) -> str:
        _notice_failover(self, world)
        return str(self.__dict__["availability_zone"])

    def set_zone(self: MotoObject, zone: str) -> None:
        self.__dict__["availability_zone"] = zone

    def other_zone(self: MotoObject) -> str | None:
        return _other_zone(self) if self.multi_az else None

    def notice() -> bool:
        databases = [
            database
            for _, _, backend in models.rds_backends.iter_backends()
            for database in list(backend.databases.values())
        ]
        return any([_notice_failover(database, world) for database in databases])

    models.Event.EVENT_MAP[_EVENT] = _EVENT_WORDS
    models.DBInstance.availability_zone = property(zone, set_zone)
    models.DBInstance.secondary_availability_zone = property(other_zone)
    world.background.register("rds-failovers", notice)


def _notice_failover(database: MotoObject, world: World) -> bool:
    seen = database.__dict__.get("failovers_seen", 0)
    if not hasattr(database, "dbi_resource_id") or not (database.multi_az or seen):
        return False
    count = world.servers.failovers(facts_of(database))
    if count == seen:
        return False
    database.__dict__["failovers_seen"] = count
    if count < seen:
        return True
    if (count - seen) % 2:
        zone = database.__dict__["availability_zone"]
        database.__dict__["availability_zone"] = _other_zone(database)
        database.__dict__["standby_zone"] = zone
    database.add_event(_EVENT)
    return True


def _other_zone(database: MotoObject) -> str:
    """Return the zone of the standby, chosen once: another one of the subnet group, or of the region."""
    zone = str(database.__dict__["availability_zone"])
    known = str(database.__dict__.get("standby_zone", zone))
    if known == zone:
        group = getattr(database, "db_subnet_group", None)
        zones = sorted({str(subnet.availability_zone) for subnet in group.subnets} if group else set())
        region = str(database.region)
        known = next(one for one in [*zones, f"{region}a", f"{region}b"] if one != zone)
        database.__dict__["standby_zone"] = known
    return known


def _patch_responses(responses: MotoObject, _world: World) -> None:
    original = responses.RDSResponse.reboot_db_instance

    def reboot(self: MotoObject) -> MotoObject:
        if self.params.get("ForceFailover"):
            database = self.backend.find_db_from_id(self.params["DBInstanceIdentifier"])
            name = database.db_instance_identifier
            if not database.multi_az:
                message = f"ForceFailover cannot be specified: {name} is not configured for Multi-AZ."
                raise refusal(BAD_COMBINATION, message)
            if getattr(database, "source_resource_id", None) is not None:
                message = f"a failover of the read replica {name} is not supported by the local cloud"
                raise refusal(BAD_COMBINATION, message)
        return original(self)

    responses.RDSResponse.reboot_db_instance = reboot


REPAIR = Repair(
    name="rds_multi_az",
    service="rds",
    what="ForceFailover did nothing, on a single zone too; it switches to the other zone, which is told",
    operations=("RebootDBInstance", "DescribeDBInstances", "DescribeEvents"),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
