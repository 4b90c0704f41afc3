"""`lifeboat backup objects`: which objects of a bucket belong to the rows of a backup, and which do not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scripts.cli.backup_options import json_option, region_option
from scripts.cli.backup_steps import end, say
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from scripts.backup.objects import ObjectReport


@click.command()
@click.argument("backup_id", metavar="ID")
@click.option("--bucket", required=True, help="Bucket of the product's objects; it has to keep versions.")
@click.option("--bucket-region", default="", help="Its region; default: the primary region.")
@click.option("--prefix", default="", help="Only keys that start so.")
@click.option(
    "--named-by",
    type=click.File(encoding="utf-8"),
    help="File (or - for standard input) of the keys that rows of the backup name, one in a line.",
)
@stack_option
@region_option
@json_option
def objects(backup_id: str, stack: str, region: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Compare a bucket with backup ID: versions that belong to it, orphans, what is missing or came later.

    Changes nothing. Exit code 10 when rows name objects that were not there, or objects are named by no row.
    """
    from lifeboat.core.errors import Findings
    from scripts.actions.backup_reading import find_backup
    from scripts.actions.object_versions import list_versions
    from scripts.backup.objects import compare_objects
    from scripts.cli.backup_places import read_backups, read_contract
    from scripts.engine.moments import write_moment
    from scripts.observe.aws import boto_clients

    contract = read_contract(stack)
    _, listing = read_backups(contract, region, say)
    found = find_backup(listing, backup_id).manifest
    cut_off_at = found.restore_set.objects_cut_off_at
    bucket, file = options["bucket"], options["named_by"]
    named = None if file is None else frozenset(line for line in file.read().splitlines() if line)
    client = boto_clients()("s3", options["bucket_region"] or contract.topology.primary_region)
    report = compare_objects(list_versions(client, bucket, options["prefix"]), cut_off_at, named)
    data = {"cut_off_at": write_moment(cut_off_at), **dataclasses.asdict(report)}
    problem = Findings(f"bucket {bucket} and {found.id}: {report.problem}") if report.problem else None
    end("backup objects", data, problem, list(_lines(report)), as_json)


def _lines(report: ObjectReport) -> Iterator[str]:
    yield f"{len(report.belonging)} objects belong to it"
    for key in report.missing:
        yield f"missing     {key}"
    for key in report.orphans:
        yield f"orphan      {key}"
    for key in report.later:
        yield f"later       {key}"
    for key, version in report.bring_back.items():
        yield f"bring back  {key}  {version}"
