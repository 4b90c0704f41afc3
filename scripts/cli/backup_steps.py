"""What the commands of `lifeboat backup` do between reading their options and ending."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lifeboat.core.envelope import failure, success
from lifeboat.core.errors import ConfigError, LifeboatError, Unverified

if TYPE_CHECKING:
    from scripts.actions.backup_create import BackupJob
    from scripts.backup.levels import VerificationRecord
    from scripts.backup.listing import Listing
    from scripts.backup.manifest import Manifest

NEWEST = "newest"
ACCEPT_HINT = "when that is right, verify it with `--level 4 --accept-shrink REASON`"


def show_plan(jobs: tuple[BackupJob, ...], *, as_json: bool) -> None:
    """Print what each backup would need."""
    from scripts.actions.backup_create import plan_backup

    forecasts = [(job.database, plan_backup(job)) for job in jobs]
    data = [
        {"database": name, "database_bytes": each.database_bytes, "spool_bytes": each.needed_bytes}
        for name, each in forecasts
    ]
    end("backup create", data, None, [f"{name}: {each.sentence()}" for name, each in forecasts], as_json)


def make_all(jobs: tuple[BackupJob, ...]) -> tuple[list[Manifest], list[LifeboatError]]:
    """Make backups one after another; one that fails does not stop the next."""
    from scripts.actions.backup_create import create_backup

    made, failed = [], []
    for job in jobs:
        say(f"database {job.database}")
        try:
            made.append(create_backup(job))
        except LifeboatError as error:
            say(f"database {job.database}: {error.message}")
            failed.append(error)
    return made, failed


def chosen(listing: Listing, backup_id: str) -> Manifest:
    """Return the backup of an id, or the newest.

    Raises:
        ConfigError: there is none.
    """
    from scripts.actions.backup_reading import find_backup

    if backup_id == NEWEST:
        if not listing.backups:
            raise ConfigError("there is no backup", hint="`lifeboat backup create` makes one")
        backup_id = listing.backups[0].id
    return find_backup(listing, backup_id).manifest


def doubts_about(jobs: tuple[BackupJob, ...], made: list[Manifest]) -> list[str]:
    """Return which of the backups just made are suspiciously small, and compared with what."""
    from scripts.actions.backup_reading import read_listing
    from scripts.backup.shrinkage import suspicions

    doubts = suspicions(read_listing(jobs[0].store)) if made else {}
    return [f"database {each.database}: {each.id} is {doubts[each.id]}" for each in made if each.id in doubts]


def verdict_on(record: VerificationRecord, doubt: str = "") -> LifeboatError | None:
    """Return what a verification means for the exit code; None when all is well.

    Args:
        record: what was found.
        doubt: why the backup was suspicious before.
    """
    if record.problems:
        return Unverified(f"{record.backup_id} is damaged: {'; '.join(record.problems)}")
    if doubt and not record.accepted_shrink:
        return Unverified(f"{record.backup_id} is {doubt}", hint=ACCEPT_HINT)
    if record.share is None and (record.reached is None or record.reached < record.asked):
        reached = "nothing" if record.reached is None else record.reached.short
        return Unverified(
            f"{record.backup_id} reached {reached}, {record.asked.short} was asked for",
            hint="; ".join(record.not_done),
        )
    return None


def together(problems: Sequence[LifeboatError]) -> LifeboatError | None:
    """Return one problem as it is and several as work done in part; None for none."""
    if len(problems) < 2:  # noqa: PLR2004  # one is no several
        return problems[0] if problems else None
    return Unverified("; ".join(error.message for error in problems))


def end(command: str, data: object, problem: LifeboatError | None, lines: list[str], as_json: bool) -> None:
    """Print the result; a problem becomes the exit code without hiding what was found."""
    if as_json:
        envelope = failure(command, problem, data=data) if problem else success(command, data)
        click.echo(json.dumps(envelope, indent=2))
    else:
        for line in lines:
            click.echo(line)
        if problem:
            click.echo(f"error: {problem.message}", err=True)
            click.echo(f"hint: {problem.hint}", err=True) if problem.hint else None
    if problem:
        click.get_current_context().exit(problem.exit_code)


def say(line: str) -> None:
    """Print a line about progress."""
    click.echo(line, err=True)
