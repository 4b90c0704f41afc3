"""`lifeboat cloud fault`: make a part of the local cloud misbehave."""

from __future__ import annotations

from typing import Any

import click

from lifeboat.core.errors import ConfigError
from localcloud.commands.answer import answer, json_option
from localcloud.commands.running_cloud import running_cloud
from localcloud.supervisor.services import AWS, FLY

KINDS = ("error", "latency", "hang", "drop", "timeout_after_write")


@click.group()
def fault() -> None:
    """Faults of the local AWS and the local Fly."""


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
    """Declare a fault of AWS; it holds until it is cleared or the cloud ends.

    A region without service and action is cut off as a whole: nothing reaches it, and nothing it would
    replicate arrives.
    """
    body = {name: value for name, value in options.items() if value is not None}
    if latency_ms is not None:
        body["delay_s"] = latency_ms / 1000
    declared = running_cloud(context)[AWS].post("faults", body)
    answer("cloud fault add", {"cloud": AWS, **declared}, (_line(AWS, declared),), as_json=as_json)


@fault.command("fly")
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
def fly(context: click.Context, /, kind: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click hands the options over by name
    """Declare a fault of Fly; it holds until it is cleared or the cloud ends.

    KIND is one of those docs/explanation/local-cloud.md lists, such as region_down, host_lost, no_capacity.
    """
    body = {"kind": kind, **{name: value for name, value in options.items() if value is not None}}
    declared = running_cloud(context)[FLY].post("faults", body)
    answer("cloud fault fly", {"cloud": FLY, **declared}, (_line(FLY, declared),), as_json=as_json)


@fault.command("list")
@json_option
@click.pass_context
def list_faults(context: click.Context, as_json: bool) -> None:
    """List the declared faults and how often each one struck."""
    faults = [
        {"cloud": half, **each}
        for half, api in running_cloud(context).items()
        for each in api.get("faults")["faults"]
    ]
    lines = [f"{_line(each['cloud'], each)}, struck {each['hits']} times" for each in faults]
    answer("cloud fault list", faults, lines or ["no faults"], as_json=as_json)


@fault.command("clear")
@click.argument("name", required=False)
@json_option
@click.pass_context
def clear(context: click.Context, name: str | None, as_json: bool) -> None:
    """Clear the fault NAME, such as fly-2, or all of them."""
    clouds = running_cloud(context)
    half, _, number = (name or "").partition("-")
    if name and (half not in clouds or not number.isdigit()):
        raise ConfigError(f"no fault is called {name!r}", hint="`lifeboat cloud fault list` shows the names")
    chosen = {half: clouds[half]} if name else clouds
    query = {"id": number} if name else None
    gone = sum(api.delete("faults", query)["forgotten"] for api in chosen.values())
    answer("cloud fault clear", {"forgotten": gone}, (f"{gone} faults cleared",), as_json=as_json)


def _line(half: str, declared: dict[str, Any]) -> str:
    name = f"{half}-{declared['id']}: {declared['kind']}"
    times = f", {declared['times']} times" if declared["times"] else ""
    return f"{name}{_aws(declared) if half == AWS else _fly(declared)}{times}"


def _aws(declared: dict[str, Any]) -> str:
    where = " ".join(str(declared[name] or "any") for name in ("region", "service", "action"))
    what = f" {declared['status']} {declared['code']}" if declared["kind"] == "error" else ""
    late = f" after {declared['delay_s']} s" if declared["delay_s"] is not None else ""
    return f"{what}{late} at {where}"


def _fly(declared: dict[str, Any]) -> str:
    fields = ("region", "host", "app", "machine", "action", "image")
    named = [f"{field} {declared[field]}" for field in fields if declared[field]]
    return f" at {', '.join(named) or 'any'}"
