"""`lifeboat backup`: logical copies of databases in the Object-Lock buckets, and what is proven of them.

Larger commands have modules of their own.
"""

from __future__ import annotations

import json

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from scripts.cli.backup_age import age
from scripts.cli.backup_create import create
from scripts.cli.backup_list import list_command
from scripts.cli.backup_nightly import nightly
from scripts.cli.backup_objects import objects
from scripts.cli.backup_options import json_option, region_option
from scripts.cli.backup_prune import prune
from scripts.cli.backup_schedule import schedule
from scripts.cli.backup_steps import say
from scripts.cli.backup_verify import verify
from scripts.cli.stack import stack_option


@click.group()
def backup() -> None:
    """Create, list, verify and prune logical copies of databases; see docs/how-to/back-up-a-database.md."""


@backup.command()
@click.argument("backup_id", metavar="ID")
@stack_option
@region_option
@json_option
def show(backup_id: str, stack: str, region: str, as_json: bool) -> None:
    """Show backup ID: its moment, the restore set, and every verification."""
    from scripts.actions.backup_reading import find_backup
    from scripts.backup.shrinkage import suspicions
    from scripts.cli.backup_places import read_backups, read_contract
    from scripts.cli.backup_view import backup_data, manifest_lines, record_line

    _, listing = read_backups(read_contract(stack), region, say)
    found = find_backup(listing, backup_id)
    doubt = suspicions(listing).get(found.id, "")
    if as_json:
        data = {
            **backup_data(found, listing.read_at or SystemClock().now(), doubt),
            "manifest": found.manifest.model_dump(mode="json"),
            "verifications": [record.model_dump(mode="json") for record in found.records],
        }
        click.echo(json.dumps(success("backup show", data), indent=2))
        return
    for name, value in manifest_lines(found.manifest):
        click.echo(f"{name:<24} {value}")
    if doubt:
        click.echo(f"{'suspicious':<24} {doubt}")
    for record in sorted(found.records, key=lambda record: record.at):
        click.echo(record_line(record))


for _command in (age, create, list_command, nightly, objects, prune, schedule, verify):
    backup.add_command(_command)
