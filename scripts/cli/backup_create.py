"""`lifeboat backup create`: copies of all databases, made one after another."""

from __future__ import annotations

from typing import Any

import click

from lifeboat.core.errors import ConfigError, Unverified
from scripts.cli.backup_options import jobs_option, json_option, limit_option, spool_option
from scripts.cli.backup_steps import ACCEPT_HINT, doubts_about, end, make_all, say, show_plan
from scripts.cli.stack import stack_option


@click.command()
@stack_option
@click.option("--database", "names", multiple=True, help="Only this one; may be repeated. Default: all.")
@click.option(
    "--snapshot",
    "as_snapshot",
    is_flag=True,
    help="Take a snapshot of RDS instead, and copy it into the recovery region.",
)
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
    Exit code 8 when some of several databases could not be copied, or a copy is less than half as large as
    the one before.
    """
    from scripts.cli.backup_places import SpoolOptions, backup_jobs, read_contract

    if options["as_snapshot"]:
        if names or only_plan:
            raise ConfigError("--snapshot: is of the whole instance, without --database and --plan")
        _snapshot(stack, as_json=as_json)
        return
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
    doubts = doubts_about(jobs, made)
    problems = [*(error.message for error in failed), *doubts]
    problem = Unverified("; ".join(problems), hint=ACCEPT_HINT if doubts else "") if problems else None
    end("backup create", data, problem, [f"{each['id']}  {each['database']}" for each in data], as_json)


def _snapshot(stack: str, *, as_json: bool) -> None:
    from scripts.actions.rds_snapshot import take_snapshot
    from scripts.cli.backup_places import read_contract
    from scripts.cli.backup_rds import snapshot_job

    taken = take_snapshot(snapshot_job(read_contract(stack), say))
    data = {"snapshot": taken.name, "regions": list(taken.regions), "resumed": taken.resumed}
    end("backup create", data, None, [f"{taken.name}  {', '.join(taken.regions)}"], as_json)
