"""`lifeboat backup schedule`: the job that runs the nights, as the scheduler of your choice wants it."""

from __future__ import annotations

import getpass
import re
from pathlib import Path, PurePosixPath

import click

from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project
from scripts.cli.backup_options import json_option
from scripts.cli.backup_steps import end
from scripts.cli.stack import stack_option

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@click.command()
@stack_option
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["cron", "systemd", "github-actions"]),
    help="Whose job definition.",
)
@click.option("--directory", help="The checkout on the machine that runs it; default: this one.")
@click.option("--user", help="Account that runs it (cron, systemd); default: yours.")
@click.option("--runs-on", default="ubuntu-latest", show_default=True, help="Label of the runner (GitHub).")
@json_option
def schedule(  # one per option
    stack: str, kind: str, directory: str | None, user: str | None, runs_on: str, as_json: bool
) -> None:
    """Print the job definition for the schedule of the environment's backups, in UTC; writes nothing.

    Two jobs: the night, and the ages that the alarms want to hear of every few minutes. No secret stands in
    it: AWS is reached by the role or the profile of whoever runs it.
    """
    from scripts.backup.jobs.crontab import crontab
    from scripts.backup.jobs.duty import duties
    from scripts.backup.jobs.github import github_workflow
    from scripts.backup.jobs.systemd import systemd
    from scripts.cli.backup_places import read_contract

    contract = read_contract(stack)
    runs = duties(contract, stack)
    checkout = PurePosixPath(directory or find_project(Path.cwd()))
    account = user or getpass.getuser()
    if not checkout.is_absolute() or "\n" in str(checkout):
        raise ConfigError(f"--directory: {str(checkout)!r} is not an absolute path")
    for option, word in (("--user", account), ("--runs-on", runs_on)):
        if _WORD.fullmatch(word) is None:
            raise ConfigError(f"{option}: {word!r} cannot be used here")
    if kind == "cron":
        files = crontab(contract.environment, runs, checkout, account)
    elif kind == "systemd":
        files = systemd(contract.environment, runs, checkout, account)
    else:
        files = github_workflow(contract, runs, runs_on)
    data = {"files": [{"path": each.path, "content": each.content} for each in files]}
    lines = [f"# {each.path}\n{each.content}" for each in files]
    end("backup schedule", data, None, lines, as_json)
