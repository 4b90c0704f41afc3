"""The preflight of a database restore: from what was seen to checks that pass, fail or cannot tell; pure.

It is made when a restore is planned, and again right before it runs. What cannot be told by any region is not
asked: whether RDS has room for an instance of the class shows only when one is made.
"""

from __future__ import annotations

from datetime import timedelta

from lifeboat.core.contract import Contract
from lifeboat.core.units import format_duration
from scripts.engine.check import Check, Outcome
from scripts.engine.plan import Plan
from scripts.observe.restore_facts import RestoreFacts
from scripts.observe.unseen import Unseen
from scripts.plans.preflight_clocks import clock_check
from scripts.plans.preflight_groups import parameter_check, security_check, subnet_check
from scripts.plans.preflight_secrets import secret_checks
from scripts.plans.preflight_store import protection_check, write_check

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
    engine_version = contract.databases[contract.topology.primary_region].engine_version
    return (
        *secret_checks(contract.topology, facts.secrets),
        clock_check(facts.callers, facts.database_clock),
        subnet_check(declared, region, facts.subnet_group),
        parameter_check(declared, region, facts.parameter_group, engine_version),
        security_check(declared, region, facts.security_groups, facts.subnet_group),
        write_check(contract, facts.conditions_hold),
        protection_check(contract, facts.protection),
        state_check(facts.state),
        backup_check(plan),
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


def disk_check(where: str, *, needed_bytes: int, free_bytes: int) -> Check:
    """Return whether what has to lie on a disk fits there.

    Args:
        where: the directory.
        needed_bytes: what will lie there at most.
        free_bytes: what it has.
    """
    detail = f"{where} has {_mib(free_bytes)} free, {_mib(needed_bytes)} are needed"
    outcome = Outcome.PASS if needed_bytes <= free_bytes else Outcome.FAIL
    return Check(name="disk", outcome=outcome, detail=detail)


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 1024**2:,.0f} MiB"
