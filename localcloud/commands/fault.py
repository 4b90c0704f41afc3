"""`lifeboat cloud fault`: make a region, a service or an operation of the local AWS misbehave."""

from __future__ import annotations

from typing import Any

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.running_cloud import running_cloud

KINDS = ("error", "latency", "hang", "drop", "timeout_after_write")


@click.group()
def fault() -> None:
    """Faults of the local AWS, by region, service and action."""


@fault.command("add")
@click.option("--region", default="", help="Only requests signed for this region; without it, any.")
@click.option("--service", default="", help="Only this service, as in its endpoint's name: s3, rds, kms.")
@click.option("--action", default="", help="Only this operation; * stands for anything.")
@click.option("--kind", type=click.Choice(KINDS), default="error", show_default=True)
@click.option("--status", type=click.IntRange(400, 599), help="HTTP status of an error.")
@click.option("--code", help="AWS error code of an error.")
@click.option("--latency-ms", type=click.IntRange(min=0), help="How late it happens.")
@click.option("--times", type=click.IntRange(min=1), help="How many requests it meets; without it, all.")
@json_option
@click.pass_context
def add(context: click.Context, /, as_json: bool, latency_ms: int | None, **options: Any) -> None:  # noqa: ANN401  # click hands the options over by name
    """Declare a fault; it holds until it is cleared or the cloud ends.

    A region without service and action is cut off as a whole: nothing reaches it, and nothing it would
    replicate arrives.
    """
    body = {name: value for name, value in options.items() if value is not None}
    if latency_ms is not None:
        body["delay_s"] = latency_ms / 1000
    declared = running_cloud(context).post("faults", body)
    answer("cloud fault add", declared, (_line(declared),), as_json=as_json)


@fault.command("list")
@json_option
@click.pass_context
def list_faults(context: click.Context, as_json: bool) -> None:
    """List the declared faults and how often each one met a request."""
    faults = running_cloud(context).get("faults")["faults"]
    lines = [f"{_line(each)}, met {each['hits']} requests" for each in faults] or ["no faults"]
    answer("cloud fault list", faults, lines, as_json=as_json)


@fault.command("clear")
@click.argument("number", type=int, required=False)
@json_option
@click.pass_context
def clear(context: click.Context, number: int | None, as_json: bool) -> None:
    """Clear fault NUMBER, or all of them."""
    query = {"id": str(number)} if number is not None else None
    gone = running_cloud(context).delete("faults", query)
    answer("cloud fault clear", gone, (f"{gone['forgotten']} faults cleared",), as_json=as_json)


def _line(fault_: dict[str, Any]) -> str:
    where = " ".join(str(fault_[name] or "any") for name in ("region", "service", "action"))
    what = f"{fault_['status']} {fault_['code']}" if fault_["kind"] == "error" else ""
    late = f" after {fault_['delay_s']} s" if fault_["delay_s"] is not None else ""
    times = f", {fault_['times']} times" if fault_["times"] else ""
    return f"{fault_['id']}: {fault_['kind']} {what}{late} at {where}{times}".replace("  ", " ")
