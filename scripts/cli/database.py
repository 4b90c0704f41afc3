"""`lifeboat database restore`: brings a database back as it was at a moment.

Planning is the default and changes nothing; the plan is kept on this machine, and `--apply --digest` runs
exactly that one. A run that stopped goes on with `lifeboat run resume`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.engine.plan import Plan
    from scripts.engine.report import Report


@click.group()
def database() -> None:
    """Recover databases."""


@database.command()
@click.option("--to", help="Moment with an offset, such as 2026-11-22T08:00:00Z, or `latest`.")
@click.option("--into", default="", metavar="NAME", help="Make instance NAME and leave the primary alone.")
@click.option("--apply", "apply_it", is_flag=True, help="Run the plan that has the digest.")
@click.option("--digest", default="", help="Digest of the plan that was reviewed (12 characters or more).")
@click.option("--yes", is_flag=True, help="Do not ask for the name of the stack.")
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
        _tell_report(_apply(reading.contract, asked["digest"], yes=asked["yes"]), as_json)
        return
    if asked["digest"] or not asked["to"]:
        raise ConfigError("--to: missing", hint="name a moment or `latest`; or --apply and --digest together")
    _tell_plan(_plan(reading.contract, asked["to"], asked["into"]), as_json)


def _plan(contract: Contract, to: str, into: str) -> Plan:
    from scripts.cli.plans import keep_plan
    from scripts.cli.run_store import open_run_store
    from scripts.engine.history import read_history
    from scripts.observe.aws import boto_clients
    from scripts.observe.databases import observe_databases
    from scripts.plans.database_restore import plan_restore
    from scripts.plans.restore_request import read_request

    now = SystemClock().now()
    request = read_request(to, into, now=now)
    history = read_history(open_run_store(contract))
    world = observe_databases(contract.topology.regions, boto_clients())
    plan = plan_restore(contract, world, request, now=now, history=history)
    keep_plan(plan)
    return plan


def _apply(contract: Contract, digest: str, *, yes: bool) -> Report:
    from scripts.cli.plans import kept_plan
    from scripts.cli.procedures import PROCEDURES, open_procedure
    from scripts.cli.run_driving import runner_at
    from scripts.cli.run_store import open_run_store
    from scripts.engine.gates import demand_stack_typed

    plan = kept_plan(digest)
    if plan.stack != contract.stack:
        raise ConfigError(f"plan {digest[:12]} is for stack {plan.stack}, not for {contract.stack}")
    if not yes:
        if not sys.stdin.isatty():
            raise ConfigError("--yes: missing, and there is no terminal to ask on")
        demand_stack_typed(
            plan, click.prompt(f"Type the name of the stack to change ({plan.stack})", err=True)
        )
    procedure = open_procedure(plan, contract, PROCEDURES)
    with runner_at(open_run_store(contract), procedure.kinds) as runner:
        return runner.run(plan, digest=digest, fingerprint=procedure.fingerprint)


def _tell_plan(plan: Plan, as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.plan_text import print_plan

    if as_json:
        data = {"digest": plan.digest, "plan": plain(plan.to_data())}
        click.echo(json.dumps(success("database restore", data, warnings=plan.notes), indent=2))
        return
    print_plan(plan, Console())
    click.echo(f"nothing was changed; to run it: --apply --digest {plan.digest[:12]}", err=True)


def _tell_report(report: Report, as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.report_text import print_report

    if as_json:
        click.echo(json.dumps(success("database restore", plain(report.to_data())), indent=2))
        return
    print_report(report, Console())
