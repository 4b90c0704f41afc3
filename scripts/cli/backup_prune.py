"""`lifeboat backup prune`: what retention lets go, of copies in the bucket and of our own snapshots."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from lifeboat.core.errors import Unverified
from scripts.cli.backup_options import json_option, region_option
from scripts.cli.backup_steps import end, say, together
from scripts.cli.stack import stack_option

BY_HAND = "the break-glass role may; `lifeboat backup prune --apply` under it removes them"


@click.command()
@stack_option
@region_option
@click.option(
    "--minimum", default=3, show_default=True, type=click.IntRange(min=1), help="Always kept of each."
)
@click.option("--retention-days", type=click.IntRange(min=1), help="Default: that of the environment.")
@click.option("--apply", "do_it", is_flag=True, help="Remove what the plan names; default: only say it.")
@json_option
def prune(stack: str, region: str, do_it: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Say which backups retention lets go and what interrupted ones left; remove them with --apply.

    Of the provider's snapshots only those that `backup create --snapshot` took, in each region by itself;
    none while a run holds the environment.
    """
    from scripts.backup.retention import Retention
    from scripts.cli.backup_places import read_contract
    from scripts.cli.backup_pruning import prune_all

    contract = read_contract(stack)
    days = options["retention_days"] or contract.backups.retention_days
    retention = Retention(age=timedelta(days=days), minimum=options["minimum"])
    pruned = prune_all(contract, retention, region=region, do_it=do_it, tell=say)
    problem = together(pruned.problems)
    if problem is None and pruned.not_allowed:
        names = ", ".join(pruned.not_allowed)
        problem = Unverified(f"not allowed to remove snapshot {names}", hint=BY_HAND)
    end("backup prune", pruned.data, problem, pruned.lines, as_json)
