"""`lifeboat backup list`: logical copies, what the provider keeps, and whether any of it is too old."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from lifeboat.core.errors import LifeboatError
from scripts.cli.backup_options import json_option, region_option
from scripts.cli.backup_steps import say
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.backup.listing import Listing
    from scripts.backup.store import BackupStore
    from scripts.cli.backup_stock import Stock


@click.command("list")
@stack_option
@region_option
@json_option
def list_command(stack: str, region: str, as_json: bool) -> None:
    """List backups, newest first: level reached, size, age, and what restoring it now would lose.

    Below them the windows and snapshots that RDS keeps in both regions.
    """
    from scripts.backup.shrinkage import suspicions
    from scripts.cli.backup_places import read_backups, read_contract
    from scripts.cli.backup_view import backup_data, backup_line, leftover_data, leftover_line

    contract = read_contract(stack)
    store, listing = read_backups(contract, region, say)
    stock, warnings = _stock(contract, store, listing)
    now, doubts = listing.read_at or SystemClock().now(), suspicions(listing)
    if as_json:
        data = {
            "where": store.where,
            "backups": [backup_data(each, now, doubts.get(each.id, "")) for each in listing.backups],
            "unfinished": [leftover_data(each) for each in listing.leftovers],
            "provider": stock.provider.data() if stock else None,
        }
        click.echo(json.dumps(success("backup list", data, warnings=warnings), indent=2))
        return
    for each in listing.backups:
        click.echo(backup_line(each, now, doubts.get(each.id, "")))
    for leftover in listing.leftovers:
        say(leftover_line(leftover))
    say(f"{len(listing.backups)} backups in {store.where}")
    for line in stock.provider.lines(now) if stock else ():
        click.echo(line)
    for line in warnings:
        say(f"warning: {line}")


def _stock(contract: Contract, store: BackupStore, listing: Listing) -> tuple[Stock | None, list[str]]:
    """Return everything else there is, or why it cannot be told: the copies are listed all the same."""
    from scripts.cli.backup_stock import take_stock

    try:
        stock = take_stock(contract, say, read=(store, listing))
    except LifeboatError as error:
        return None, [f"what the provider keeps is unknown: {error.message}"]
    return stock, list(stock.findings())
