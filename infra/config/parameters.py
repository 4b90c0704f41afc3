"""Which PostgreSQL settings an environment may choose, and which are not up for choice.

An allow-list: a name that is not here is refused, so that nobody turns TLS off or breaks replication by a
setting we never thought about. Source: RDS user guide, "Parameters for RDS for PostgreSQL" (names, which need
a reboot), PostgreSQL 16 manual, chapter 20 (ranges).
"""

from __future__ import annotations

from dataclasses import dataclass

ParameterValue = bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRule:
    """What a setting accepts.

    Args:
        static: true when it takes effect only after a reboot.
        lowest, highest: range of a whole number; None for both when it is not one.
        choices: accepted words; empty when it is not one. Neither numbers nor words: true or false.
    """

    static: bool = False
    lowest: int | None = None
    highest: int | None = None
    choices: tuple[str, ...] = ()

    def problem(self, value: ParameterValue) -> str | None:
        """Say what is wrong with a value; None when nothing is."""
        if self.choices:
            return None if value in self.choices else f"must be one of {', '.join(self.choices)}"
        if self.lowest is None or self.highest is None:
            return None if isinstance(value, bool) else "must be true or false"
        if isinstance(value, bool) or not isinstance(value, int):
            return "must be a whole number"
        if not self.lowest <= value <= self.highest:
            return f"must lie within {self.lowest}-{self.highest}"
        return None


_INT = 2**31 - 1
_UNLIMITED = -1

FIXED_PARAMETERS = {
    "rds.force_ssl": "1",
    "password_encryption": "scram-sha-256",
    "log_connections": "1",
    "log_disconnections": "1",
    "log_lock_waits": "1",
    "shared_preload_libraries": "pg_stat_statements",
}
"""Settings every database has, as RDS writes them; an environment cannot choose them."""

STATIC_FIXED = frozenset({"shared_preload_libraries"})
"""Those of the fixed ones that need a reboot."""

DEFAULT_PARAMETERS: dict[str, ParameterValue] = {
    "log_min_duration_statement": 1000,
    "log_temp_files": 10240,
    "log_autovacuum_min_duration": 10000,
    "idle_in_transaction_session_timeout": 600_000,
}
"""Settings every database has unless its environment chooses another value (milliseconds, KiB)."""

PARAMETER_RULES = {
    "autovacuum_max_workers": ParameterRule(static=True, lowest=1, highest=64),
    "default_statistics_target": ParameterRule(lowest=1, highest=10000),
    "effective_cache_size": ParameterRule(lowest=1, highest=_INT),
    "hot_standby_feedback": ParameterRule(),
    "idle_in_transaction_session_timeout": ParameterRule(lowest=0, highest=_INT),
    "lock_timeout": ParameterRule(lowest=0, highest=_INT),
    "log_autovacuum_min_duration": ParameterRule(lowest=_UNLIMITED, highest=_INT),
    "log_min_duration_statement": ParameterRule(lowest=_UNLIMITED, highest=_INT),
    "log_statement": ParameterRule(choices=("none", "ddl", "mod", "all")),
    "log_temp_files": ParameterRule(lowest=_UNLIMITED, highest=_INT),
    "maintenance_work_mem": ParameterRule(lowest=1024, highest=_INT),
    "max_connections": ParameterRule(static=True, lowest=6, highest=8388607),
    "max_standby_streaming_delay": ParameterRule(lowest=_UNLIMITED, highest=_INT),
    "max_wal_size": ParameterRule(lowest=2, highest=_INT),
    "pg_stat_statements.track": ParameterRule(choices=("none", "top", "all")),
    "random_page_cost": ParameterRule(lowest=0, highest=100),
    "rds.logical_replication": ParameterRule(static=True),
    "statement_timeout": ParameterRule(lowest=0, highest=_INT),
    "track_activity_query_size": ParameterRule(static=True, lowest=100, highest=1048576),
    "track_io_timing": ParameterRule(),
    "work_mem": ParameterRule(lowest=64, highest=_INT),
}
"""Settings an environment may choose."""


def rds_value(value: ParameterValue) -> str:
    """Write a value as RDS does: switches are `1` and `0`."""
    return str(int(value)) if isinstance(value, bool) else str(value)
