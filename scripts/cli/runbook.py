"""`lifeboat runbook lint`: what in a runbook no longer works, loses data, or cannot be checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lifeboat.core.envelope import failure, success
from lifeboat.core.errors import Findings

if TYPE_CHECKING:
    from scripts.runbook.lint import Report
    from scripts.runbook.replacement import Exists

_COMMAND = "runbook lint"
_LEVELS = ("error", "warning", "note")


@click.group()
def runbook() -> None:
    """Work on runbooks: Markdown files with the commands people type in an emergency."""


@runbook.command("lint")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["table", "markdown"]),
    default="table",
    show_default=True,
    help="Table for a terminal, Markdown for a pull request.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_LEVELS),
    default=_LEVELS[0],
    show_default=True,
    help="Exit with 10 when there is a finding this bad or worse; `note` includes commands that are unknown.",
)
@click.pass_context
def lint(context: click.Context, files: tuple[str, ...], as_json: bool, layout: str, fail_on: str) -> None:
    """Find the commands of a runbook that no longer exist or lose data, and say what to type instead.

    Nothing is executed and nothing is asked over the network. flyctl commands are looked up in flyctl's own
    command tree, AWS commands in the service models of botocore; a command nobody can judge is `unknown`.
    Exit code 10 when a finding reaches --fail-on, 2 when a file is no runbook.
    """
    from scripts.cli.command_tree import exists, missing
    from scripts.runbook.lint import JUDGES
    from scripts.runbook.lint import lint as judged
    from scripts.runbook.rules.lifeboat import judging
    from scripts.runbook.source import read_runbook

    root = context.find_root().command
    judges = (*JUDGES, judging(lambda words: missing(root, words)))
    reports = [judged(read_runbook(name), judges) for name in files]
    _show(reports, lambda name: exists(root, name), as_json=as_json, layout=layout, fail_on=fail_on)
    if _over(reports, fail_on):
        context.exit(Findings.exit_code)


def _show(reports: Sequence[Report], exists: Exists, *, as_json: bool, layout: str, fail_on: str) -> None:
    from scripts.runbook.render import as_data, markdown, print_reports

    if as_json:
        data = [as_data(report, exists) for report in reports]
        over = _over(reports, fail_on)
        problem = Findings(f"{over} findings at {fail_on} or worse")
        envelope = failure(_COMMAND, problem, data=data) if over else success(_COMMAND, data)
        click.echo(json.dumps(envelope, indent=2))
    elif layout == "markdown":
        click.echo(markdown(reports, exists), nl=False)
    else:
        from rich.console import Console

        print_reports(reports, exists, Console(highlight=False))


def _over(reports: Sequence[Report], fail_on: str) -> int:
    """Count what reaches the threshold."""
    from scripts.runbook.rule import Severity

    threshold = Severity(fail_on)
    found = [finding.rule.severity.weight for report in reports for finding in report.findings]
    unknown = sum(len(report.unchecked) for report in reports) if threshold is Severity.NOTE else 0
    return sum(weight >= threshold.weight for weight in found) + unknown
