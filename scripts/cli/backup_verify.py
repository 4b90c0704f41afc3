"""`lifeboat backup verify`: one climb up the ladder, written down beside the backup."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifeboat.core.errors import ConfigError
from scripts.cli.backup_options import jobs_option, json_option, limit_option, region_option, spool_option
from scripts.cli.backup_steps import chosen, end, say, verdict_on
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.actions.backup_app import AppTrial

_LEVELS = [f"{prefix}{number}" for prefix in ("", "L") for number in range(6)]


@click.command()
@click.argument("backup_id", metavar="ID")
@click.option(
    "--level", default="3", show_default=True, type=click.Choice(_LEVELS), help="How high to climb."
)
@click.option("--rotate", "share", metavar="N/T", help="Read only the N-th of T shares of the parts.")
@click.option(
    "--accept-shrink",
    "accept",
    default="",
    metavar="REASON",
    help="Why it is right that it is much smaller than the one before; from level 4.",
)
@click.option("--app-command", default="", metavar="CMD", help="Level 5: runs the app; no shell reads it.")
@click.option("--app-url", default="", metavar="URL", help="Where it answers 2xx, on this machine.")
@click.option("--app", default="", help="Whose secrets it gets; default: the only app's.")
@click.option(
    "--app-budget", default=120, show_default=True, type=click.IntRange(min=1), help="Seconds to answer."
)
@click.option("--app-log", type=click.Path(path_type=Path, dir_okay=False), help="File for what it prints.")
@stack_option
@region_option
@spool_option
@limit_option
@jobs_option
@json_option
def verify(backup_id: str, level: str, share: str | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Verify backup ID (or `newest`) up to a level, and write down beside it how far it got.

    0 complete, 1 unaltered, 2 decodes, 3 restores into a throw-away server, 4 right: amcheck, row counts,
    newest heartbeat row, 5 the app answers, run by --app-command against that server. Exit code 8 when it is
    damaged, or the level could not be reached here.
    """
    from scripts.actions.backup_verify import VerifyJob, verify_backup
    from scripts.backup.levels import Level, parse_share
    from scripts.backup.shrinkage import suspicions
    from scripts.cli.backup_places import SpoolOptions, read_backups, read_contract, whoever
    from scripts.cli.backup_view import level_of, record_line

    asked = parse_share(share) if share else None
    if options["accept"] and (asked is not None or level_of(level) < Level.RIGHT):
        raise ConfigError("--accept-shrink: only together with --level 4 or higher")
    contract = read_contract(options["stack"])
    app = _app_trial(contract, level_of(level), options)
    store, listing = read_backups(contract, options["region"], say)
    spool = SpoolOptions(root=options["spool"], limit_mib=options["limit_mib"])
    manifest = chosen(listing, backup_id)
    record = verify_backup(
        VerifyJob(
            store=store,
            manifest=manifest,
            accept_shrink=options["accept"],
            app=app,
            level=level_of(level),
            share=asked,
            by=whoever(),
            spool_root=spool.root,
            spool_limit_bytes=spool.limit_bytes,
            tell=say,
            **({"jobs": options["jobs"]} if options["jobs"] else {}),
        )
    )
    lines = [record_line(record), *(f"not looked at: {each}" for each in record.not_done)]
    end(
        "backup verify",
        record.model_dump(mode="json"),
        verdict_on(record, suspicions(listing).get(manifest.id, "")),
        lines,
        as_json,
    )


def _app_trial(contract: Contract, level: int, options: dict[str, Any]) -> AppTrial | None:
    """Return how the app is run; None when no command was given."""
    from scripts.actions.backup_app import AppTrial
    from scripts.actions.backup_app_secrets import app_of, gather_secrets, roles_of
    from scripts.backup.levels import Level
    from scripts.cli.backup_places import secrets_client

    command, url = options["app_command"], options["app_url"]
    if not command and not url:
        return None
    if level < Level.ANSWERS or not (command and url):
        raise ConfigError("--app-command and --app-url: both, and together with --level 5")
    app = app_of(contract, options["app"])
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ConfigError(f"--app-command: {error}") from error
    return AppTrial(
        command=words,
        url=url,
        roles=roles_of(contract, app),
        gather=partial(gather_secrets, contract, app, secrets_client),
        within_s=float(options["app_budget"]),
        log=options["app_log"],
    )
