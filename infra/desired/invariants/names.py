"""Names: unique where AWS or Pulumi wants them unique, and short enough.

Sources of the limits: the API reference of each service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import is_dataclass

from infra.config.problem import Problem
from infra.desired.invariants.walk import walk
from infra.desired.model import (
    DesiredAlarm,
    DesiredBucket,
    DesiredBudget,
    DesiredCompositeAlarm,
    DesiredDatabase,
    DesiredEnvironment,
    DesiredEventSubscription,
    DesiredLogGroup,
    DesiredManagedPolicy,
    DesiredNetwork,
    DesiredParameter,
    DesiredParameterGroup,
    DesiredRole,
    DesiredSecret,
    DesiredSecurityGroup,
    DesiredSubnet,
    DesiredSubnetGroup,
    DesiredTopic,
    DesiredTrail,
)
from infra.desired.reference import Reference

_LONGEST: dict[type, int] = {
    DesiredAlarm: 255,
    DesiredBucket: 63,
    DesiredBudget: 100,
    DesiredCompositeAlarm: 255,
    DesiredDatabase: 63,
    DesiredEventSubscription: 255,
    DesiredLogGroup: 512,
    DesiredManagedPolicy: 128,
    DesiredNetwork: 256,
    DesiredParameterGroup: 255,
    DesiredRole: 64,
    DesiredSecret: 512,
    DesiredSecurityGroup: 255,
    DesiredSubnet: 256,
    DesiredSubnetGroup: 255,
    DesiredTopic: 256,
    DesiredTrail: 128,
}
_LONGEST_SNAPSHOT, _LONGEST_ALIAS = 255, 256
# CloudWatch keeps metric and composite alarms in one list.
_SHARED_KIND: dict[type, type] = {DesiredCompositeAlarm: DesiredAlarm}


def name_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield names that are there twice or too long."""
    things = [each for each in walk(desired) if _is_named(each)]
    logical = Counter(str(getattr(each, "name", "")) for each in things)
    for name in sorted(name for name, count in logical.items() if count > 1):
        yield Problem(path=(name,), message=f"is the logical name of {logical[name]} things")
    physical = Counter(_physical_identity(each) for each in things if hasattr(each, "physical_name"))
    for kind, region, name in sorted(each for each, count in physical.items() if count > 1):
        place = f" in {region}" if region else ""
        yield Problem(path=(name,), message=f"is the name of several {kind} things{place}")
    yield from _length_problems(desired, things)


def _is_named(value: object) -> bool:
    """Tell whether a value is something that gets made, not a reference to it or a setting within it."""
    is_thing = is_dataclass(value) and hasattr(value, "name")
    return is_thing and not isinstance(value, Reference | DesiredParameter)


def _physical_identity(value: object) -> tuple[str, str, str]:
    kind = _SHARED_KIND.get(type(value), type(value)).__name__.removeprefix("Desired").lower()
    return kind, str(getattr(value, "region", "")), str(getattr(value, "physical_name", ""))


def _length_problems(desired: DesiredEnvironment, things: list[object]) -> Iterator[Problem]:
    names = [
        (str(getattr(each, "physical_name", "")), limit)
        for each in things
        if (limit := _LONGEST.get(type(each))) is not None
    ]
    names += [(database.final_snapshot_name, _LONGEST_SNAPSHOT) for database in desired.databases]
    names += [(key.alias, _LONGEST_ALIAS) for key in desired.keys]
    for name, limit in names:
        if len(name) > limit:
            yield Problem(path=(name,), message=f"has {len(name)} characters, aws allows {limit}")
