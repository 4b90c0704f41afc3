"""`lifeboat backup age`: how old what could be restored is, looked up where it lies, told to alarms."""

from __future__ import annotations

from typing import Any

import click

from lifeboat.core.errors import Findings, LifeboatError, Unverified
from scripts.cli.backup_steps import end, say
from scripts.cli.stack import stack_option


@click.command()
@stack_option
@click.option("--publish", is_flag=True, help="Put the values into CloudWatch of both regions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
def age(stack: str, publish: bool, as_json: bool) -> None:
    """Say how old the data is that could be restored now, from the bucket and from RDS.

    Believes no job's word for it. Exit code 10 when an alarm's threshold is passed (the RPO where there is no
    alarm) or nothing could be restored; 8 when a region did not take the values.
    """
    from scripts.cli.backup_places import read_contract
    from scripts.cli.backup_stock import report_stock, take_stock

    contract = read_contract(stack)
    stock = take_stock(contract, say)
    told = report_stock(contract, stock) if publish else ()
    data: dict[str, Any] = {
        **stock.data(),
        "published": {each.region: list(each.names) for each in told if each.problem is None},
    }
    lines = [*stock.lines(), *(f"told {each.region}: {', '.join(each.names)}" for each in told)]
    failed = [each.problem for each in told if each.problem is not None]
    end("backup age", data, _verdict(stock.findings(), failed), lines, as_json)


def _verdict(findings: tuple[str, ...], failed: list[LifeboatError]) -> LifeboatError | None:
    if findings:
        return Findings("; ".join(findings), hint="`lifeboat backup create` makes one now")
    if failed:
        return Unverified("; ".join(error.message for error in failed))
    return None
