"""Backups: kept as long as promised, locked as long as kept."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.environment import EnvironmentConfig
from infra.config.problem import Problem, problem
from lifeboat.core.cron import parse_schedule
from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import bucket_name


def backup_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the backups."""
    backups = config.backups
    try:
        parse_schedule(backups.schedule)
    except ValueError as error:
        yield problem("backups.schedule", str(error))
    if backups.retention_days < config.objectives.retention_days:
        objective_days = config.objectives.retention_days
        yield problem("backups.retention_days", f"must be at least {objective_days}, the objective")
    lock = backups.object_lock
    if lock is not None and lock.days < backups.retention_days:
        yield problem(
            "backups.object_lock.days", f"must be at least retention_days ({backups.retention_days})"
        )
    for region in config.topology.regions:
        try:
            bucket_name(config.product, config.environment, region, backups.bucket_suffix)
        except ConfigError as error:
            yield problem("backups.bucket_suffix", error.message)
