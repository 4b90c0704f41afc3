"""`lifeboat run`: what recoveries did and do, and how to go on with one that stopped.

A run is started by its procedure (`lifeboat database restore`, …); everything after that is here, from any
machine: the runs lie in the backup bucket of the recovery region.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifeboat.core.envelope import success
from lifeboat.core.errors import ConfigError
from scripts.cli.procedures import PROCEDURES
from scripts.cli.run_access import json_option, open_runs, region_option
from scripts.cli.run_evidence import evidence
from scripts.cli.run_places import local_runs
from scripts.cli.stack import stack_option
from scripts.engine.places import check_run_id

if TYPE_CHECKING:
    from scripts.engine.report import Report

take_over_option = click.option(
    "--take-over", is_flag=True, help="Also when its process seems to be alive; you know that it is dead."
)


@click.group()
def run() -> None:
    """List, show, resume, abort and report the runs of recoveries; pack their evidence."""


run.add_command(evidence)


@run.command("list")
@stack_option
@region_option
@click.option("--newest", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@json_option
def list_command(stack: str, region: str, newest: int, as_json: bool) -> None:
    """List the newest runs of an environment, newest first."""
    from scripts.engine.json_values import plain
    from scripts.engine.lease_record import Hold, see_lease
    from scripts.engine.run_list import list_runs

    contract, store = open_runs(stack, region)
    lines = list_runs(store, newest=newest)
    seen = see_lease(store, contract.environment)
    holder = seen.describe() if seen and seen.record.hold is not Hold.FREE else ""
    if as_json:
        data = {"runs": [plain(line.to_data()) for line in lines], "held_by": holder or None}
        click.echo(json.dumps(success("run list", data), indent=2))
        return
    click.echo(f"environment {contract.environment} is {'held by ' + holder if holder else 'free'}", err=True)
    for line in lines:
        at = f"{line.last_at:%Y-%m-%d %H:%M:%S}Z" if line.last_at else "-"
        click.echo(f"{line.run_id}  {line.procedure:<20} {line.state:<24} {line.step:<24} {at}  {line.actor}")


@run.command()
@click.argument("run_id", metavar="RUN")
@stack_option
@region_option
@click.option("--local", is_flag=True, help="Read only this machine's copy; needs no network.")
@json_option
def show(run_id: str, stack: str, region: str, local: bool, as_json: bool) -> None:
    """Show the journal of RUN, proven event by event."""
    from scripts.cli.run_view import event_line
    from scripts.engine.journal_reading import prove, read_journal
    from scripts.engine.local_copy import LocalCopy

    copy = LocalCopy(local_runs(), check_run_id(run_id))
    if local:
        events = copy.read()
        state = prove(run_id, events)
    else:
        events, state = read_journal(open_runs(stack, region)[1], run_id, copy)
    if not events:
        raise ConfigError(f"no journal of {run_id}", hint="`lifeboat run list` shows the runs there are")
    if as_json:
        data = {
            "run_id": run_id,
            "phase": state.phase.value,
            "outcome": state.outcome,
            "steps": {name: step.status.value for name, step in state.steps.items()},
            "events": [json.loads(event.to_bytes()) for event in events],
        }
        click.echo(json.dumps(success("run show", data), indent=2))
        return
    for event in events:
        click.echo(event_line(event))
    click.echo(f"{state.phase}{': ' + state.outcome if state.outcome else ''}; chain {state.hash}", err=True)


@run.command()
@click.argument("run_id", metavar="RUN")
@stack_option
@region_option
@take_over_option
@json_option
def resume(run_id: str, stack: str, region: str, take_over: bool, as_json: bool) -> None:
    """Go on with RUN where it stopped, from any machine; nothing that is done is done again."""
    _tell("run resume", _go_on(run_id, stack, region, take_over, back=False), as_json)


@run.command()
@click.argument("run_id", metavar="RUN")
@stack_option
@region_option
@take_over_option
@json_option
def abort(run_id: str, stack: str, region: str, take_over: bool, as_json: bool) -> None:
    """Undo what RUN did, in reverse order; refused once a step was done that cannot be undone."""
    _tell("run abort", _go_on(run_id, stack, region, take_over, back=True), as_json)


@run.command()
@click.argument("run_id", metavar="RUN")
@stack_option
@region_option
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page to this file; it needs no network and no other file.",
)
@json_option
def report(run_id: str, stack: str, region: str, markdown: bool, html: Path | None, as_json: bool) -> None:
    """Report RUN: its timeline against budget and forecast, what was lost, how far it was verified."""
    from scripts.engine.journal_reading import read_journal
    from scripts.engine.report_building import build_report
    from scripts.engine.report_text import report_markdown
    from scripts.engine.runner import load_plan
    from scripts.evidence.page.page import render_page

    _, store = open_runs(stack, region)
    plan = load_plan(store, check_run_id(run_id))
    events, state = read_journal(store, run_id)
    built = build_report(run_id, plan, events, state)
    if html:
        _write_page(html, render_page(built, plan, events))
    if markdown:
        click.echo(report_markdown(built), nl=False)
    elif as_json or not html:
        _tell("run report", built, as_json)


def _write_page(path: Path, page: str) -> None:
    try:
        path.write_bytes(page.encode(errors="backslashreplace"))
    except OSError as error:
        raise ConfigError(
            f"cannot write {path}: {error.strerror}", hint="name a place that exists"
        ) from error
    click.echo(f"written: {path}", err=True)


def _tell(command: str, built: Report, as_json: bool) -> None:
    from rich.console import Console

    from scripts.engine.json_values import plain
    from scripts.engine.report_text import print_report

    if as_json:
        click.echo(json.dumps(success(command, plain(built.to_data())), indent=2))
    else:
        print_report(built, Console())


def _go_on(run_id: str, stack: str, region: str, take_over: bool, back: bool) -> Report:
    from scripts.cli.run_driving import go_on

    contract, store = open_runs(stack, region)
    return go_on(check_run_id(run_id), contract, store, known=PROCEDURES, take_over=take_over, back=back)
