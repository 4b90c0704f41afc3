"""Parameters that wait for a reboot although their server would take them at once.

RDS user guide, "Parameter groups": a newly associated group holds from the next reboot, its dynamic
parameters too; one that is changed after that holds at once, unless it was sent with `pending-reboot`. What a
server is told meanwhile is the old value, which lies here by name, on moto's object; None is "not set".

Static parameters are not held: they are told, and the server itself says that it waits (`pg_settings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from localcloud.aws.moto_types import MotoObject

_SLOT = "lifeboat_held_parameters"
LOGICAL_REPLICATION = "rds.logical_replication"

Values = dict[str, str]


def group_values(database: MotoObject) -> Values:
    """Return the values set in a database's parameter group."""
    found = database.db_parameter_groups()[0].parameters.items()
    return {name: str(one["ParameterValue"]) for name, one in sorted(found) if "ParameterValue" in one}


def effective_values(database: MotoObject) -> Values:
    """Return the values that a database's server shall have now."""
    values: dict[str, str | None] = {**group_values(database), **database.__dict__.get(_SLOT, {})}
    return {name: value for name, value in sorted(values.items()) if value is not None}


def hold_difference(database: MotoObject, before: Mapping[str, str]) -> None:
    """Hold whatever the group, which is a new one, has otherwise than what is in effect."""
    after = group_values(database)
    names = before.keys() | after.keys()
    held = {name: before.get(name) for name in names if before.get(name) != after.get(name)}
    database.__dict__[_SLOT] = held


def hold(database: MotoObject, names: Iterable[str], before: Mapping[str, str]) -> None:
    """Hold parameters at what was in effect before they were changed."""
    held = dict(database.__dict__.get(_SLOT, {}))
    for name in names:
        held.setdefault(name, before.get(name))
    database.__dict__[_SLOT] = held


def let_go(database: MotoObject, names: Iterable[str] | None = None) -> bool:
    """Hold some parameters no longer, or none at all, and tell whether any was held."""
    held = dict(database.__dict__.get(_SLOT, {}))
    gone = [name for name in (held if names is None else names) if name in held]
    database.__dict__[_SLOT] = {name: value for name, value in held.items() if name not in gone}
    return bool(gone)


def is_holding(database: MotoObject) -> bool:
    """Tell whether a value of the group waits for a reboot."""
    held: dict[str, str | None] = database.__dict__.get(_SLOT, {})
    now = group_values(database)
    return any(now.get(name) != value for name, value in held.items())
