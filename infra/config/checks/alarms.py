"""Alarms: each threshold sound, watching something that exists, firing before an objective is missed."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.alarms import Threshold
from infra.config.checks.threshold import custom_problems, threshold_problems
from infra.config.database import RecoveryTier
from infra.config.environment import EnvironmentConfig
from infra.config.instance_class import parse_instance_class
from infra.config.metric_kind import MetricKind
from infra.config.metrics import APP_METRICS, DATABASE_METRICS, RECOVERY_METRICS
from infra.config.problem import Problem, problem
from lifeboat.core.cron import longest_gap_minutes, parse_schedule

_GROUPS = (("app", APP_METRICS), ("database", DATABASE_METRICS), ("recovery", RECOVERY_METRICS))


def alarm_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the thresholds."""
    for group, kinds in _GROUPS:
        section = getattr(config.alarms, group)
        for kind in kinds:
            threshold: Threshold | None = getattr(section, kind.key)
            if threshold is not None:
                yield from threshold_problems(f"alarms.{group}.{kind.key}", threshold, kind)
    for key, custom in config.alarms.custom.items():
        yield from custom_problems(key, custom)
    yield from _meaningless_problems(config)
    yield from _objective_problems(config)


def in_series_unit(threshold: Threshold, kind: MetricKind) -> float | None:
    """Return the critical value of a threshold in the unit of its series, None when it has none."""
    factor = kind.factor(threshold.unit)
    return None if factor is None or threshold.critical is None else threshold.critical * factor


def _meaningless_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield thresholds that watch what this environment does not have."""
    alarms, database = config.alarms, config.database
    if database is None:
        for key in alarms.database.model_fields_set:
            yield problem(f"alarms.database.{key}", "watches nothing: there is no database")
        if alarms.recovery.recoverable_age is not None:
            yield problem("alarms.recovery.recoverable_age", "watches nothing: there is no database")
        return
    if alarms.database.replica_lag is not None and database.recovery_tier is not RecoveryTier.REPLICA:
        yield problem("alarms.database.replica_lag", "watches nothing: database.recovery_tier is not replica")
    if alarms.recovery.recoverable_age is not None and database.recovery_tier is RecoveryTier.NONE:
        yield problem("alarms.recovery.recoverable_age", "watches nothing: database.recovery_tier is none")
    if alarms.database.cpu_credits is not None and not _is_burstable(database.instance_class):
        yield problem(
            "alarms.database.cpu_credits", f"watches nothing: {database.instance_class} has no credits"
        )


def _is_burstable(instance_class: str) -> bool:
    try:
        return parse_instance_class(instance_class).burstable
    except ValueError:
        return True


def _objective_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield thresholds that would fire always, or only after an objective has been missed."""
    rpo_s, rto_s = config.objectives.rpo_minutes * 60, config.objectives.rto_minutes * 60
    recovery = config.alarms.recovery
    for path, threshold, kinds, limit_s, name in (
        ("database.replica_lag", config.alarms.database.replica_lag, DATABASE_METRICS, rpo_s, "rpo_minutes"),
        ("recovery.recoverable_age", recovery.recoverable_age, RECOVERY_METRICS, rpo_s, "rpo_minutes"),
        ("recovery.restore_duration", recovery.restore_duration, RECOVERY_METRICS, rto_s, "rto_minutes"),
    ):
        kind = next(kind for kind in kinds if kind.key == path.partition(".")[2])
        value = None if threshold is None else in_series_unit(threshold, kind)
        if value is not None and value > limit_s:
            yield problem(
                f"alarms.{path}.critical", f"must be at most objectives.{name} ({limit_s // 60} min)"
            )
    yield from _backup_age_problems(config)


def _backup_age_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    threshold = config.alarms.recovery.backup_age
    if threshold is None:
        return
    try:
        gap_minutes = longest_gap_minutes(parse_schedule(config.backups.schedule))
    except ValueError:
        return
    factor = next(kind for kind in RECOVERY_METRICS if kind.key == "backup_age").factor(threshold.unit)
    for name, value in (("warning", threshold.warning), ("critical", threshold.critical)):
        if value is not None and factor is not None and value * factor <= gap_minutes * 60:
            message = f"must be greater than the time between two backups ({gap_minutes / 60:g} h)"
            yield problem(f"alarms.recovery.backup_age.{name}", message)
