"""The database: settings RDS would refuse later, and settings that could not keep the objectives."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from infra.config.database import Database, RecoveryTier
from infra.config.environment import EnvironmentConfig
from infra.config.explain import suggestion
from infra.config.instance_class import InstanceClass, parse_instance_class
from infra.config.parameters import FIXED_PARAMETERS, PARAMETER_RULES, ParameterValue
from infra.config.problem import Problem, problem
from infra.config.topology import Topology
from infra.config.windows import overlap, parse_daily_window, parse_weekly_window

T = TypeVar("T")
_MOST_RETENTION_DAYS = 35
_MONITORING_S = (0, 1, 5, 10, 15, 30, 60)
_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922)
_LOG_DAYS_LONG = (3288, 3653)
_RESERVED_USERS = frozenset(
    {"admin", "postgres", "rdsadmin", "rdsrepladmin", "root", "user", "public", "none"}
)


def database_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the database; nothing when there is none."""
    database = config.database
    if database is None:
        return
    yield from _choice_problems(database)
    yield from _window_problems(database)
    yield from _size_problems(database)
    yield from _parameter_problems(database)
    yield from _kept_problems(database, config.topology)
    wanted_days = min(config.objectives.retention_days, _MOST_RETENTION_DAYS)
    if database.retention_days < wanted_days:
        yield problem("database.retention_days", f"must be at least {wanted_days}, the objective")


def _choice_problems(database: Database) -> Iterator[Problem]:
    if database.monitoring_interval_s not in _MONITORING_S:
        yield problem(
            "database.monitoring_interval_s", f"must be one of {', '.join(map(str, _MONITORING_S))}"
        )
    if database.log_retention_days not in _LOG_DAYS + _LOG_DAYS_LONG:
        yield problem(
            "database.log_retention_days", "is not a retention cloudwatch offers, such as 30, 90 or 365"
        )
    if database.master_username in _RESERVED_USERS:
        yield problem("database.master_username", f"{database.master_username!r} is reserved by rds")


def _window_problems(database: Database) -> Iterator[Problem]:
    daily = yield from _attempt("database.backup_window", parse_daily_window, database.backup_window)
    weekly = yield from _attempt(
        "database.maintenance_window", parse_weekly_window, database.maintenance_window
    )
    if daily is not None and weekly is not None and overlap(daily, weekly):
        yield problem("database.maintenance_window", f"touches the backup window ({database.backup_window})")


def _size_problems(database: Database) -> Iterator[Problem]:
    if database.max_storage_gib <= database.storage_gib:
        yield problem(
            "database.max_storage_gib", f"must be greater than storage_gib ({database.storage_gib})"
        )
    if database.pool.min > database.pool.max:
        yield problem("database.pool.min", f"must not be greater than max ({database.pool.max})")
    instance = yield from _attempt("database.instance_class", parse_instance_class, database.instance_class)
    if instance is not None and database.pool.max > max_connections(database, instance):
        limit = max_connections(database, instance)
        yield problem("database.pool.max", f"must not be greater than the server's connections ({limit})")


def max_connections(database: Database, instance: InstanceClass) -> int:
    """Return the server's limit: the parameter if it is set, RDS's default for the class otherwise."""
    chosen = database.parameters.get("max_connections")
    return chosen if isinstance(chosen, int) else instance.default_connections


def _parameter_problems(database: Database) -> Iterator[Problem]:
    for name, value in database.parameters.items():
        message = _parameter_problem(name, value)
        if message is not None:
            yield Problem(path=("database", "parameters", name), message=message)


def _parameter_problem(name: str, value: ParameterValue) -> str | None:
    if name in FIXED_PARAMETERS:
        return f"is always {FIXED_PARAMETERS[name]!r} and cannot be chosen"
    rule = PARAMETER_RULES.get(name)
    if rule is None:
        close = suggestion(name, tuple(PARAMETER_RULES)).partition("; known")[0]
        return f"is not on the list of settings an environment may choose{close}"
    return rule.problem(value)


def _kept_problems(database: Database, topology: Topology) -> Iterator[Problem]:
    for position, region in enumerate(database.kept_regions):
        path = ("database", "kept_regions", position)
        if region not in topology.regions:
            yield Problem(path=path, message=f"must be one of {', '.join(topology.regions)}")
        elif region == topology.primary_region:
            yield Problem(path=path, message="holds the primary anyway")
        elif database.recovery_tier is RecoveryTier.REPLICA:
            yield Problem(path=path, message="holds the replica anyway")


def _attempt(path: str, parse: Callable[[str], T], text: str) -> Generator[Problem, None, T | None]:
    """Parse a text; yield the problem instead when it cannot be parsed, and return None."""
    try:
        return parse(text)
    except ValueError as error:
        yield problem(path, str(error))
        return None
