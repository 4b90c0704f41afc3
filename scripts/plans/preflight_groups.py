"""Is everything there that a restored instance is put into? Pure.

A restore without these falls back to defaults without a word, or fails after the time it takes to copy.
"""

from __future__ import annotations

from lifeboat.core.contract import Database
from scripts.engine.check import Check, Outcome
from scripts.observe.restore_groups import ParameterGroup, SecurityGroup, SubnetGroup
from scripts.observe.unseen import Unseen


def subnet_check(declared: Database, region: str, found: SubnetGroup | Unseen | None) -> Check:
    """Return whether the subnet group is there."""
    name = "subnet-group"
    if isinstance(found, Unseen):
        return Check(name=name, outcome=Outcome.UNKNOWN, detail=found.reason)
    if found is None:
        return Check(name=name, outcome=Outcome.FAIL, detail=_missing(declared.subnet_group, region))
    return Check(name=name, outcome=Outcome.PASS, detail=f"{found.name} in {region}, network {found.vpc_id}")


def parameter_check(
    declared: Database, region: str, found: ParameterGroup | Unseen | None, engine_version: str
) -> Check:
    """Return whether the parameter group is there and fits the engine that will be restored.

    Args:
        declared: the database the new instance is to be like.
        region: where it will be.
        found: the group of its name there.
        engine_version: of the server whose data are restored, such as `16.4`.
    """
    name, family = "parameter-group", f"postgres{engine_version.split('.', maxsplit=1)[0]}"
    if isinstance(found, Unseen):
        return Check(name=name, outcome=Outcome.UNKNOWN, detail=found.reason)
    if found is None:
        return Check(name=name, outcome=Outcome.FAIL, detail=_missing(declared.parameter_group, region))
    detail = f"{found.name} in {region} is of family {found.family}, the engine is {engine_version}"
    outcome = Outcome.PASS if found.family == family else Outcome.FAIL
    return Check(name=name, outcome=outcome, detail=detail)


def security_check(
    declared: Database,
    region: str,
    found: tuple[SecurityGroup, ...] | Unseen,
    subnets: SubnetGroup | Unseen | None,
) -> Check:
    """Return whether all security groups are there, in the network of the subnet group."""
    name = "security-groups"
    if isinstance(found, Unseen):
        return Check(name=name, outcome=Outcome.UNKNOWN, detail=found.reason)
    missing = sorted(set(declared.security_group_ids) - {group.id for group in found})
    if missing:
        return Check(name=name, outcome=Outcome.FAIL, detail=_missing(", ".join(missing), region))
    if isinstance(subnets, SubnetGroup):
        strangers = sorted(group.id for group in found if group.vpc_id != subnets.vpc_id)
        if strangers:
            detail = f"{', '.join(strangers)} not in network {subnets.vpc_id} of {subnets.name}"
            return Check(name=name, outcome=Outcome.FAIL, detail=detail)
    ids = ", ".join(sorted(group.id for group in found))
    warning = "" if ids else "the contract names none: RDS takes the default one of the network"
    return Check(name=name, outcome=Outcome.PASS, detail=f"{ids or 'none'} in {region}", warning=warning)


def _missing(name: str, region: str) -> str:
    return f"{name} is not in {region}"
