"""What every command of `lifeboat run` needs: its options, and the store in which the runs lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifeboat.core.project import find_project

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.actions.object_store import S3ObjectStore

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
region_option = click.option(
    "--region", default="", help="Look into this region's bucket; default: the recovery region's."
)


def open_runs(stack: str, region: str) -> tuple[Contract, S3ObjectStore]:
    """Return the contract of a stack and the store of its runs.

    Raises:
        ConfigError: there is no such stack, or no backup bucket in that region.
    """
    from scripts.cli.run_store import open_run_store
    from scripts.observe.contract import observe_contract

    contract = observe_contract(stack, find_project(Path.cwd())).contract
    return contract, open_run_store(contract, region)
