"""The preflight of a database restore: from what was seen to checks that pass, fail or cannot tell; pure.

It is made when a restore is planned, and again right before it runs. What cannot be told by any region is not
asked: whether RDS has room for an instance of the class shows only when one is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lifeboat.core.contract import Contract
from lifeboat.core.units import format_duration
from scripts.engine.check import Check, Outcome
from scripts.engine.plan import Plan
from scripts.observe.disk_room import DiskRoom
from scripts.observe.restore_facts import RestoreFacts
from scripts.observe.unseen import Unseen
from scripts.plans.preflight_clocks import clock_check
from scripts.plans.preflight_groups import parameter_check, security_check, subnet_check
from scripts.plans.preflight_secrets import secret_checks
from scripts.plans.preflight_store import protection_check, write_check
from scripts.plans.restore_copy import SPOOLED

_RESTORE = "restore"
"""Id of the step that makes the new instance."""


def restore_checks(contract: Contract, plan: Plan, facts: RestoreFacts) -> tuple[Check, ...]:
    """Return every check.

    Args:
        contract: the environment.
        plan: the restore.
        facts: what was seen of everything it needs.
    """
    region = region_of(plan)
    declared = contract.databases[region]
    return (
        *secret_checks(contract.topology, facts.secrets),
        clock_check(facts.callers, facts.database_clock),
        subnet_check(declared, region, facts.subnet_group),
        parameter_check(declared, region, facts.parameter_group, _engine_version(contract, plan)),
        security_check(declared, region, facts.security_groups, facts.subnet_group),
        write_check(contract, facts.conditions_hold),
        protection_check(contract, facts.protection),
        state_check(facts.state),
        backup_check(plan),
        *disk_checks(plan, facts.room),
    )


def region_of(plan: Plan) -> str:
    """Return the region in which a plan makes the new instance."""
    return str(plan.step(_RESTORE).parameters["region"])


def state_check(state: str | Unseen) -> Check:
    """Return whether the Pulumi state can be read.

    The restore goes without it, so that a backend in the lost region holds up nobody who says why that is all
    right; the reconciliation afterwards does not.
    """
    if isinstance(state, Unseen):
        return Check(name="stack-state", outcome=Outcome.UNKNOWN, detail=state.reason)
    return Check(name="stack-state", outcome=Outcome.PASS, detail=state)


def backup_check(plan: Plan) -> Check:
    """Return how old the newest point is that could be gone back to; it warns and never blocks."""
    newest = max(plan.candidates, key=lambda candidate: candidate.at)
    age = plan.created_at - newest.at
    objective = timedelta(seconds=plan.loss.objective_s)
    words = f"{newest.name}, {format_duration(age)} old when the plan was made"
    late = age > objective
    return Check(
        name="newest-backup",
        outcome=Outcome.PASS,
        detail=words,
        warning=f"older than the objective of {format_duration(objective)}" if late else "",
    )


def disk_checks(plan: Plan, room: DiskRoom | Unseen) -> tuple[Check, ...]:
    """Return whether what a plan spools fits on the disk; no check for a plan that spools nothing."""
    needed = max((int(str(step.parameters.get(SPOOLED, 0))) for step in plan.steps), default=0)
    if not needed:
        return ()
    if isinstance(room, Unseen):
        return (Check(name="disk", outcome=Outcome.UNKNOWN, detail=room.reason),)
    detail = f"{room.where} has {_mib(room.free_bytes)} free, {_mib(needed)} are needed"
    outcome = Outcome.PASS if needed <= room.free_bytes else Outcome.FAIL
    return (Check(name="disk", outcome=outcome, detail=detail),)


def _engine_version(contract: Contract, plan: Plan) -> str:
    """Return the version of the new server: the one that is asked for, or that of what is restored."""
    given = plan.step(_RESTORE).parameters.get("given")
    asked = given.get("EngineVersion") if isinstance(given, Mapping) else None
    return str(asked or contract.databases[contract.topology.primary_region].engine_version)


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 1024**2:,.0f} MiB"
