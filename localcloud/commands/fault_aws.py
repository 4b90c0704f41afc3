"""`lifeboat cloud fault add`: make the local AWS misbehave."""

from __future__ import annotations

from typing import Any

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.fault_line import fault_line
from localcloud.commands.running_cloud import running_cloud
from localcloud.supervisor.services import AWS

KINDS = ("error", "latency", "hang", "drop", "timeout_after_write")


@click.command("add")
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
def fault_aws(context: click.Context, /, as_json: bool, latency_ms: int | None, **options: Any) -> None:  # noqa: ANN401  # click hands the options over by name
    """Declare a fault of AWS; it holds until it is cleared or the cloud ends.

    A region without service and action is cut off as a whole: nothing reaches it, and nothing it would
    replicate arrives.
    """
    body = {name: value for name, value in options.items() if value is not None}
    if latency_ms is not None:
        body["delay_s"] = latency_ms / 1000
    declared = running_cloud(context)[AWS].post("faults", body)
    answer("cloud fault add", {"cloud": AWS, **declared}, (fault_line(AWS, declared),), as_json=as_json)
