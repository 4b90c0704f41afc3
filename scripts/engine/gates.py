"""Safety gates before anything is changed: checks that pass, fail or cannot tell; what the operator typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lifeboat.core.errors import ConfigError, Refused
from scripts.engine.check import Check, Outcome
from scripts.engine.plan import Plan


def demand_checks(checks: Sequence[Check], accepted: Mapping[str, str]) -> None:
    """Refuse unless every check passed, or was unknown and accepted with a reason.

    A failure cannot be accepted: whoever knows better removes its cause.

    Args:
        checks: the preflight's answers.
        accepted: reasons by name of the check.

    Raises:
        ConfigError: a reason for a check there is not: a slip of the pen must not pass for an acceptance.
        Refused: names every check that blocks.
    """
    strangers = sorted(set(accepted) - {check.name for check in checks})
    if strangers:
        raise ConfigError(
            f"--accept {strangers[0]}: there is no such check",
            hint=f"the checks are: {', '.join(check.name for check in checks)}",
        )
    blocking = [
        check
        for check in checks
        if check.outcome is Outcome.FAIL
        or (check.outcome is Outcome.UNKNOWN and not accepted.get(check.name, "").strip())
    ]
    if blocking:
        lines = [f"{check.name}: {check.outcome}: {check.detail}" for check in blocking]
        raise Refused(
            f"preflight: {len(blocking)} of {len(checks)} checks block\n" + "\n".join(lines),
            hint="remove the causes; an unknown one can be accepted with `--accept NAME=REASON`",
        )


def demand_stack_typed(plan: Plan, typed: str) -> None:
    """Refuse a plan unless the name of its stack was typed, so that a wrong terminal does no harm.

    Raises:
        Refused: another name, or none.
    """
    if typed != plan.stack:
        raise Refused(
            f"the plan is for stack {plan.stack}, and {typed or 'nothing'} was typed",
            hint=f"is this the right terminal? then type {plan.stack}",
        )
