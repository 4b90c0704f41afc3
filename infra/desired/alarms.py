"""Builds the alarms, and the two composites that say what several of them mean together.

`db-critical`: a database is about to stop serving. `dr-at-risk`: coming back could fail. Their children keep
quiet, so that one cause rings once.
"""

from __future__ import annotations

from collections.abc import Sequence

from infra.config import EnvironmentConfig
from infra.desired.databases import database_regions
from infra.desired.model import DesiredAlarm, DesiredCompositeAlarm, Severity
from infra.desired.names import Names
from infra.desired.reference import TopicRef
from infra.desired.thresholds import alarms_of
from infra.desired.topics import topic_name
from infra.desired.watched_app import watched_app, watched_recovery
from infra.desired.watched_database import watched_databases
from infra.desired.watched_services import watched_notifications, watched_replication

DB_CRITICAL, DR_AT_RISK = "db-critical", "dr-at-risk"
_DB_CRITICAL_KEYS = frozenset(
    {"connections", "cpu", "free_storage", "read_latency", "transaction_ids", "write_latency"}
)
_DR_AT_RISK_KEYS = frozenset(
    {
        "backup_age",
        "failed_replication",
        "recoverable_age",
        "replica_lag",
        "restore_duration",
        "restore_test_age",
    }
)


def build_alarms(config: EnvironmentConfig) -> tuple[DesiredAlarm, ...]:
    """Return every metric alarm, sorted by name."""
    names = Names.of(config)
    groups = (
        (watched_databases(config), _DB_CRITICAL_KEYS | _DR_AT_RISK_KEYS),
        (watched_recovery(config), _DR_AT_RISK_KEYS),
        (watched_replication(config), _DR_AT_RISK_KEYS),
        (watched_app(config), frozenset[str]()),
        (watched_notifications(config), frozenset[str]()),
    )
    found = [alarm for group, silent in groups for each in group for alarm in alarms_of(each, names, silent)]
    return tuple(sorted(found, key=lambda alarm: alarm.name))


def build_composites(
    config: EnvironmentConfig, alarms: Sequence[DesiredAlarm]
) -> tuple[DesiredCompositeAlarm, ...]:
    """Return the composites of each region; one without children is left out.

    Args:
        config: the environment.
        alarms: what `build_alarms` returned; its quiet ones become children.
    """
    names = Names.of(config)
    quiet = [alarm for alarm in alarms if alarm.topic is None]
    composites = []
    for region in config.topology.regions:
        here = [alarm for alarm in quiet if alarm.region == region]
        database = [alarm.physical_name for alarm in here if _is_db_critical(alarm)]
        recovery = [alarm.physical_name for alarm in here if not _is_db_critical(alarm)]
        if region in database_regions(config) and database:
            composites.append(_composite(DB_CRITICAL, "a database may stop serving", region, database, names))
        if recovery:
            composites.append(_composite(DR_AT_RISK, "coming back could fail", region, recovery, names))
    return tuple(composites)


def _is_db_critical(alarm: DesiredAlarm) -> bool:
    return alarm.namespace == "AWS/RDS" and alarm.metric_name != "ReplicaLag"


def _composite(
    name: str, meaning: str, region: str, children: list[str], names: Names
) -> DesiredCompositeAlarm:
    return DesiredCompositeAlarm(
        name=f"{name}-{region}",
        physical_name=names.regional(region, name),
        region=region,
        severity=Severity.CRITICAL,
        description=f"{meaning}: see which of its alarms fired",
        children=tuple(children),
        topic=TopicRef(topic_name(Severity.CRITICAL, region)),
    )
