"""`lifeboat cloud fault fly`: make the local Fly misbehave."""

from __future__ import annotations

from typing import Any

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.fault_line import fault_line
from localcloud.commands.running_cloud import running_cloud
from localcloud.supervisor.services import FLY


@click.command("fly")
@click.argument("kind")
@click.option("--region", help="Only this Fly region.")
@click.option("--host", help="Only this host, as in `GET /_lifeboat/hosts`.")
@click.option("--app", help="Only this app; * stands for anything.")
@click.option("--machine", help="Only this machine id.")
@click.option("--action", help="Only this operation id, such as Machines_create; * stands for anything.")
@click.option("--image", help="Only these images; * stands for anything.")
@click.option("--scope", help="What has no capacity: host, region, volume, quota.")
@click.option("--status", type=click.IntRange(400, 599), help="HTTP status of an API that is down.")
@click.option("--message", help="What an API that is down, or too busy, says.")
@click.option("--delay-s", type=click.FloatRange(min=0), help="How long it hangs, lags or is leased.")
@click.option("--factor", type=click.FloatRange(min=1), help="How much slower transitions are.")
@click.option("--times", type=click.IntRange(min=1), help="How often it strikes; without it, always.")
@json_option
@click.pass_context
def fault_fly(context: click.Context, /, kind: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click hands the options over by name
    """Declare a fault of Fly; it holds until it is cleared or the cloud ends.

    KIND is one of those docs/explanation/local-cloud.md lists, such as region_down, host_lost, no_capacity.
    """
    body = {"kind": kind, **{name: value for name, value in options.items() if value is not None}}
    declared = running_cloud(context)[FLY].post("faults", body)
    answer("cloud fault fly", {"cloud": FLY, **declared}, (fault_line(FLY, declared),), as_json=as_json)
