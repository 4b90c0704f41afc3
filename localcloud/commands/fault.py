"""`lifeboat cloud fault`: make a part of the local cloud misbehave."""

from __future__ import annotations

import click

from lifeboat.core.errors import ConfigError
from localcloud.commands.answer import answer, json_option
from localcloud.commands.fault_aws import fault_aws
from localcloud.commands.fault_db import fault_db
from localcloud.commands.fault_fly import fault_fly
from localcloud.commands.fault_line import fault_line, struck
from localcloud.commands.running_cloud import running_cloud


@click.group()
def fault() -> None:
    """Faults of the local AWS, the local Fly and the local databases."""


fault.add_command(fault_aws)
fault.add_command(fault_fly)
fault.add_command(fault_db)


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
    lines = [fault_line(each["cloud"], each) + struck(each) for each in faults]
    answer("cloud fault list", faults, lines or ["no faults"], as_json=as_json)


@fault.command("clear")
@click.argument("name", required=False)
@json_option
@click.pass_context
def clear(context: click.Context, name: str | None, as_json: bool) -> None:
    """Clear the fault NAME, such as fly-2 or databases-1, or all of them."""
    clouds = running_cloud(context)
    half, _, number = (name or "").partition("-")
    if name and (half not in clouds or not number.isdigit()):
        raise ConfigError(f"no fault is called {name!r}", hint="`lifeboat cloud fault list` shows the names")
    chosen = {half: clouds[half]} if name else clouds
    query = {"id": number} if name else None
    gone = sum(api.delete("faults", query)["forgotten"] for api in chosen.values())
    answer("cloud fault clear", {"forgotten": gone}, (f"{gone} faults cleared",), as_json=as_json)
