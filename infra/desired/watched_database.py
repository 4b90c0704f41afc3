"""Which series of the databases are watched, and what their percentages are parts of."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config import EnvironmentConfig
from infra.config.alarms import Threshold
from infra.config.checks.database import max_connections
from infra.config.database import Database
from infra.config.instance_class import parse_instance_class
from infra.config.metric_kind import Capacity
from infra.config.metrics import DATABASE_METRICS
from infra.desired.databases import database_name, database_regions, database_role
from infra.desired.model import DatabaseRole
from infra.desired.names import Names
from infra.desired.recommended import RECOMMENDED, RECOMMENDED_BURSTABLE, RECOMMENDED_REPLICA
from infra.desired.thresholds import Capacities, Watched
from lifeboat.core.units import gib_to_bytes


def watched_databases(config: EnvironmentConfig) -> Iterator[Watched]:
    """Yield every watched series of every database."""
    database = config.database
    if database is None:
        return
    capacities = _capacities(database)
    for region in database_regions(config):
        thresholds = database_thresholds(config, database_role(config, region))
        for kind in DATABASE_METRICS:
            threshold = thresholds.get(kind.key)
            if threshold is not None:
                yield Watched(
                    kind=kind,
                    threshold=threshold,
                    region=region,
                    dimensions=(("DBInstanceIdentifier", Names.of(config).regional(region, "database")),),
                    subject="database",
                    logical_prefix=database_name(region),
                    capacities=capacities,
                )


def database_thresholds(config: EnvironmentConfig, role: DatabaseRole) -> dict[str, Threshold]:
    """Return the thresholds of a database by metric: the environment's own over the recommended ones."""
    found: dict[str, Threshold] = {}
    if config.alarms.recommended and config.database is not None:
        burstable = parse_instance_class(config.database.instance_class).burstable
        found = RECOMMENDED | (RECOMMENDED_BURSTABLE if burstable else {})
        found |= RECOMMENDED_REPLICA if role is DatabaseRole.REPLICA else {}
    for kind in DATABASE_METRICS:
        own: Threshold | None = getattr(config.alarms.database, kind.key)
        if own is not None:
            found[kind.key] = own
    if role is not DatabaseRole.REPLICA:
        found.pop("replica_lag", None)
    return found


def _capacities(database: Database) -> Capacities:
    instance = parse_instance_class(database.instance_class)
    return {
        Capacity.MEMORY: gib_to_bytes(instance.memory_gib),
        Capacity.STORAGE: gib_to_bytes(database.storage_gib),
        Capacity.CONNECTIONS: max_connections(database, instance),
        Capacity.VCPUS: instance.vcpus,
    }
