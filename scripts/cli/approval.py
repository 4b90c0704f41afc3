"""Who agrees to a plan at this terminal, and to which doubts: `--accept`, `--yes`, the name of the stack."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lifeboat.core.errors import ConfigError

if TYPE_CHECKING:
    from scripts.engine.approval import Consent
    from scripts.engine.check import Check
    from scripts.engine.plan import Plan


def read_reasons(given: Sequence[str]) -> dict[str, str]:
    """Return the reason by name of the check.

    Args:
        given: as `--accept NAME=REASON` gave them.

    Raises:
        ConfigError: no reason, or two for one check.
    """
    reasons: dict[str, str] = {}
    for one in given:
        name, _, reason = one.partition("=")
        if not name or not reason.strip():
            raise ConfigError(
                f"--accept {one}: needs the name of a check and a reason",
                hint="such as --accept stack-state='the backend is in the lost region'",
            )
        if name in reasons:
            raise ConfigError(f"--accept {name}: was given twice")
        reasons[name] = reason.strip()
    return reasons


def demand_preflight(checks: Sequence[Check], reasons: dict[str, str]) -> None:
    """Say what the preflight found, and refuse unless it lets the run begin.

    Raises:
        ConfigError: a reason for a check there is not.
        Refused: checks block.

    Effects: prints on standard error.
    """
    from scripts.engine.check import Outcome
    from scripts.engine.gates import demand_checks

    demand_checks(checks, reasons)
    for check in checks:
        if check.outcome is not Outcome.PASS:
            click.echo(f"accepted {check.name}: {reasons[check.name]} ({check.detail})", err=True)
        elif check.warning:
            click.echo(f"warning: {check.name}: {check.warning}", err=True)
    passed = sum(check.outcome is Outcome.PASS for check in checks)
    click.echo(f"preflight: {passed} of {len(checks)} checks pass", err=True)


def tell_blocking(checks: Sequence[Check]) -> None:
    """Say on standard error which checks would keep the plan from being run."""
    from scripts.engine.check import Outcome

    for check in checks:
        if check.outcome is Outcome.FAIL:
            click.echo(f"check {check.name} fails: remove the cause before the plan is run", err=True)
        elif check.outcome is Outcome.UNKNOWN:
            click.echo(
                f"check {check.name} cannot tell: --apply needs --accept {check.name}=REASON", err=True
            )


def ask_consent(plan: Plan, *, yes: bool) -> Consent:
    """Return how the operator agreed to a plan.

    Args:
        plan: the plan.
        yes: whether the question is left away.

    Raises:
        ConfigError: there is nobody to ask.
        Refused: another stack's name was typed.
    """
    from scripts.engine.approval import Consent
    from scripts.engine.gates import demand_stack_typed

    if yes:
        return Consent.OPTION
    demand_somebody(yes=yes)
    demand_stack_typed(plan, click.prompt(f"Type the name of the stack to change ({plan.stack})", err=True))
    return Consent.TYPED


def demand_somebody(*, yes: bool) -> None:
    """Refuse when nobody can be asked.

    Raises:
        ConfigError: neither `--yes` nor a terminal.
    """
    if not yes and not sys.stdin.isatty():
        raise ConfigError("--yes: missing, and there is no terminal to ask on")
