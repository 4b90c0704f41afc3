"""`lifeboat database restore`: brings a database back as it was at a moment.

Planning is the default and changes nothing; the plan is kept on this machine, and `--apply --digest` runs
exactly that one. A run that stopped goes on with `lifeboat run resume`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project
from scripts.cli.approval import (
    ask_consent,
    demand_preflight,
    demand_somebody,
    read_reasons,
    tell_blocking,
)
from scripts.cli.plans import keep_plan, kept_plan
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.engine.forecast import Sample
    from scripts.engine.plan import Plan
    from scripts.engine.report import Report


@click.group()
def database() -> None:
    """Recover databases."""


@database.command()
@click.option("--to", help="Moment with offset, `latest`, backup id or snapshot name.")
@click.option("--into", default="", metavar="NAME", help="Make instance NAME and leave the primary alone.")
@click.option("--apply", "apply_it", is_flag=True, help="Run the plan that has the digest.")
@click.option("--digest", default="", help="Digest of the plan that was reviewed (12 characters or more).")
@click.option("--yes", is_flag=True, help="Do not ask for the name of the stack.")
@click.option("--check", "check_it", is_flag=True, help="Only say whether the restore could begin now.")
@click.option(
    "--accept",
    multiple=True,
    metavar="NAME=REASON",
    help="Begin although nobody can tell what check NAME asks; a failed check cannot be accepted.",
)
@stack_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
def restore(stack: str, as_json: bool, **asked: Any) -> None:  # noqa: ANN401  # as declared above
    """Plan the restore of a database to a moment, or run the plan that was reviewed."""
    from scripts.observe.contract import observe_contract

    reading = observe_contract(stack, find_project(Path.cwd()))
    for reason in reading.passed_over:
        click.echo(f"warning: {reason}", err=True)
    if asked["apply_it"]:
        if asked["to"] or asked["into"]:
            raise ConfigError("--apply: runs a plan that was reviewed", hint="leave --to and --into away")
        reasons = read_reasons(asked["accept"])
        _tell_report(_apply(reading.contract, asked["digest"], reasons, yes=asked["yes"]), as_json)
        return
    if asked["digest"] or not asked["to"]:
        raise ConfigError("--to: missing", hint="name a moment or `latest`; or --apply and --digest together")
    if asked["accept"] and not asked["check_it"]:
        raise ConfigError("--accept: is given when the plan is run", hint="with --apply, or with --check")
    reasons = read_reasons(asked["accept"])
    plan = _plan(reading.contract, asked["to"], asked["into"])
    if asked["check_it"]:
        _tell_checks(plan, reasons, as_json)
        return
    keep_plan(plan)
    _tell_plan(plan, as_json)


def _plan(contract: Contract, to: str, into: str) -> Plan:
    from scripts.database_preflight import preflight, real_senses
    from scripts.plans.database_restore import plan_restore
    from scripts.plans.restore_request import read_request
    from scripts.restore_world import observe_world, real_eyes

    now = SystemClock().now()
    request = read_request(to, into, now=now)
    world = observe_world(contract, request, real_eyes())
    plan = plan_restore(contract, world, request, now=now, history=_history(contract))
    found = preflight(contract, plan, real_senses(contract, plan, find_project(Path.cwd())))
    return replace(plan, checks=found.checks)


def _history(contract: Contract) -> tuple[Sample, ...]:
    """Return what earlier runs measured; that the store does not answer is said by the preflight."""
    from scripts.cli.run_store import open_run_store
    from scripts.engine.history import read_history
    from scripts.engine.objects import StoreUnavailable

    try:
        return read_history(open_run_store(contract))
    except StoreUnavailable as error:
        click.echo(f"warning: the forecast rests on no earlier run: {error.message}", err=True)
        return ()


def _apply(contract: Contract, digest: str, reasons: dict[str, str], *, yes: bool) -> Report:
    from scripts.cli.procedures import PROCEDURES, open_procedure
    from scripts.cli.run_driving import runner_at
    from scripts.cli.run_store import open_run_store
    from scripts.database_preflight import preflight, real_senses
    from scripts.engine.approval import Approval
    from scripts.engine.holder import this_process

    plan = kept_plan(digest)
    if plan.stack != contract.stack:
        raise ConfigError(f"plan {digest[:12]} is for stack {plan.stack}, not for {contract.stack}")
    demand_somebody(yes=yes)
    found = preflight(contract, plan, real_senses(contract, plan, find_project(Path.cwd())))
    demand_preflight(found.checks, reasons)
    approval = Approval(
        digest=digest,
        how=ask_consent(plan, yes=yes),
        by=this_process(),
        identity=found.identity,
        checks=found.checks,
        accepted=reasons,
    )
    procedure = open_procedure(plan, contract, PROCEDURES)
    with runner_at(open_run_store(contract), procedure.kinds) as runner:
        return runner.run(plan, digest=digest, fingerprint=procedure.fingerprint, approval=approval)


def _tell_checks(plan: Plan, reasons: dict[str, str], as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.plan_text import render_checks

    if not as_json:
        Console().print(render_checks(plan.checks), highlight=False)
    demand_preflight(plan.checks, reasons)
    if as_json:
        data = {"checks": [plain(check.to_data()) for check in plan.checks], "accepted": reasons}
        click.echo(json.dumps(success("database restore", data), indent=2))


def _tell_plan(plan: Plan, as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.plan_text import print_plan

    if as_json:
        data = {"digest": plan.digest, "plan": plain(plan.to_data())}
        warnings = (*plan.notes, *(f"{one.name}: {one.warning}" for one in plan.checks if one.warning))
        click.echo(json.dumps(success("database restore", data, warnings=warnings), indent=2))
        return
    print_plan(plan, Console())
    tell_blocking(plan.checks)
    click.echo(f"nothing was changed; to run it: --apply --digest {plan.digest[:12]}", err=True)


def _tell_report(report: Report, as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.report_text import print_report

    if as_json:
        click.echo(json.dumps(success("database restore", plain(report.to_data())), indent=2))
        return
    print_report(report, Console())
