"""`lifeboat backup`: logical copies of databases in the Object-Lock buckets, and what is proven of them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from lifeboat.core.errors import Unverified
from scripts.cli.backup_steps import chosen, end, make_all, prune_view, say, show_plan, verdict_on
from scripts.cli.stack import stack_option

_LEVELS = [f"{prefix}{number}" for prefix in ("", "L") for number in range(5)]

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
region_option = click.option(
    "--region",
    default="",
    help="This region's bucket; default: the primary region's, else one that answers.",
)
spool_option = click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), help="Directory for what is needed on disk."
)
limit_option = click.option(
    "--spool-limit", "limit_mib", type=click.IntRange(min=1), metavar="MIB", help="Most it may hold, in MiB."
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 32), help="Tables and parts at once; default: one per core, at most 4."
)


@click.group()
def backup() -> None:
    """Create, list, verify and prune logical copies of databases; see docs/how-to/back-up-a-database.md."""


@backup.command()
@stack_option
@click.option("--database", "names", multiple=True, help="Only this one; may be repeated. Default: all.")
@click.option("--plan", "only_plan", is_flag=True, help="Say what it would need, and write nothing.")
@spool_option
@limit_option
@jobs_option
@json_option
def create(
    stack: str,
    names: tuple[str, ...],
    only_plan: bool,
    as_json: bool,
    **options: Any,  # noqa: ANN401  # click's
) -> None:
    """Copy the databases of the primary instance into the bucket of its region.

    Everything is decided before the first byte is written: clocks, readable tables, programs, room on disk.
    Exit code 8 when some of several databases could not be copied.
    """
    from scripts.cli.backup_places import SpoolOptions, backup_jobs, read_contract

    spool = SpoolOptions(root=options["spool"], limit_mib=options["limit_mib"])
    jobs = backup_jobs(read_contract(stack), names, spool, jobs=options["jobs"], tell=say)
    if only_plan:
        show_plan(jobs, as_json=as_json)
        return
    made, failed = make_all(jobs)
    if failed and not made:
        raise failed[0]
    data = [
        {"id": each.id, "database": each.database, "rows": each.rows, "stored_bytes": each.stored_bytes}
        for each in made
    ]
    problem = Unverified("; ".join(error.message for error in failed)) if failed else None
    end("backup create", data, problem, [f"{each['id']}  {each['database']}" for each in data], as_json)


@backup.command("list")
@stack_option
@region_option
@json_option
def list_command(stack: str, region: str, as_json: bool) -> None:
    """List backups, newest first: level reached, size, age, and what restoring it now would lose."""
    from scripts.cli.backup_places import read_backups, read_contract
    from scripts.cli.backup_view import backup_data, backup_line, leftover_data, leftover_line

    store, listing = read_backups(read_contract(stack), region, say)
    now = listing.read_at or SystemClock().now()
    if as_json:
        data = {
            "where": store.where,
            "backups": [backup_data(each, now) for each in listing.backups],
            "unfinished": [leftover_data(each) for each in listing.leftovers],
        }
        click.echo(json.dumps(success("backup list", data), indent=2))
        return
    for each in listing.backups:
        click.echo(backup_line(each, now))
    for leftover in listing.leftovers:
        click.echo(leftover_line(leftover), err=True)
    click.echo(f"{len(listing.backups)} backups in {store.where}", err=True)


@backup.command()
@click.argument("backup_id", metavar="ID")
@stack_option
@region_option
@json_option
def show(backup_id: str, stack: str, region: str, as_json: bool) -> None:
    """Show backup ID: its moment, the restore set, and every verification."""
    from scripts.actions.backup_reading import find_backup
    from scripts.cli.backup_places import read_backups, read_contract
    from scripts.cli.backup_view import backup_data, manifest_lines, record_line

    _, listing = read_backups(read_contract(stack), region, say)
    found = find_backup(listing, backup_id)
    if as_json:
        data = {
            **backup_data(found, listing.read_at or SystemClock().now()),
            "manifest": found.manifest.model_dump(mode="json"),
            "verifications": [record.model_dump(mode="json") for record in found.records],
        }
        click.echo(json.dumps(success("backup show", data), indent=2))
        return
    for name, value in manifest_lines(found.manifest):
        click.echo(f"{name:<24} {value}")
    for record in sorted(found.records, key=lambda record: record.at):
        click.echo(record_line(record))


@backup.command()
@click.argument("backup_id", metavar="ID")
@click.option(
    "--level", default="3", show_default=True, type=click.Choice(_LEVELS), help="How high to climb."
)
@click.option("--rotate", "share", metavar="N/T", help="Read only the N-th of T shares of the parts.")
@stack_option
@region_option
@spool_option
@limit_option
@jobs_option
@json_option
def verify(backup_id: str, level: str, share: str | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Verify backup ID (or `newest`) up to a level, and write down beside it how far it got.

    0 complete, 1 unaltered, 2 decodes, 3 restores into a throw-away server, 4 right: amcheck, row counts,
    newest heartbeat row. Exit code 8 when it is damaged, or the level could not be reached here.
    """
    from scripts.actions.backup_verify import VerifyJob, verify_backup
    from scripts.backup.levels import parse_share
    from scripts.cli.backup_places import SpoolOptions, read_backups, read_contract, whoever
    from scripts.cli.backup_view import level_of, record_line

    asked = parse_share(share) if share else None
    store, listing = read_backups(read_contract(options["stack"]), options["region"], say)
    spool = SpoolOptions(root=options["spool"], limit_mib=options["limit_mib"])
    record = verify_backup(
        VerifyJob(
            store=store,
            manifest=chosen(listing, backup_id),
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
    end("backup verify", record.model_dump(mode="json"), verdict_on(record), lines, as_json)


@backup.command()
@stack_option
@region_option
@click.option(
    "--minimum", default=3, show_default=True, type=click.IntRange(min=1), help="Always kept of each."
)
@click.option("--retention-days", type=click.IntRange(min=1), help="Default: that of the environment.")
@click.option("--apply", "do_it", is_flag=True, help="Remove what the plan names; default: only say it.")
@json_option
def prune(stack: str, region: str, do_it: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Say which backups retention lets go and what interrupted ones left; remove them with --apply."""
    from scripts.actions.backup_prune import apply_prune, plan_prune
    from scripts.backup.retention import Retention
    from scripts.cli.backup_places import open_store, read_contract

    contract = read_contract(stack)
    store = open_store(contract, region or contract.topology.primary_region)
    days = options["retention_days"] or contract.backups.retention_days
    plan = plan_prune(store, Retention(age=timedelta(days=days), minimum=options["minimum"]), SystemClock())
    gone = apply_prune(store, plan, say) if do_it else ()
    data, lines = prune_view(plan, gone, do_it=do_it)
    end("backup prune", data, None, lines, as_json)
