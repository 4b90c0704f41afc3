"""What `protected: true` demands of the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.database import RecoveryTier
from infra.config.environment import EnvironmentConfig
from infra.config.problem import Problem, problem


def safeguard_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield every safeguard a protected environment lacks; nothing for an unprotected one."""
    if not config.protected:
        return
    has_tier = config.database is None or config.database.recovery_tier is not RecoveryTier.NONE
    for path, is_there, message in (
        ("backups.object_lock", config.backups.object_lock is not None, "is missing"),
        ("backups.replication", config.backups.replication, "must be true"),
        ("database.recovery_tier", has_tier, "must not be none"),
        ("alarms.recommended", config.alarms.recommended, "must be true"),
        ("alarms.recovery.backup_age", config.alarms.recovery.backup_age is not None, "is missing"),
        ("alarms.routing.critical", bool(config.alarms.routing.critical), "is empty, so nobody is told"),
        ("audit.enabled", config.audit.enabled, "must be true"),
    ):
        if not is_there:
            yield problem(path, f"{message}; this environment is protected")
