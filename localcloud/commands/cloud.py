"""`lifeboat cloud`: the local cloud itself, apart from any stack."""

from __future__ import annotations

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.clock import clock
from localcloud.commands.coverage import coverage
from localcloud.commands.down import down
from localcloud.commands.end_whole import end_whole_cloud
from localcloud.commands.fault import fault
from localcloud.commands.setting import Setting, setting_of
from localcloud.commands.status import status
from localcloud.supervisor.reset import reset_cloud
from localcloud.supervisor.up import Hold, hold_cloud


@click.group()
def cloud() -> None:
    """Work on the local cloud: faults, clock, reset."""


@cloud.command("up")
@click.option("--new-ports", is_flag=True, help="Forget the ports of the last run.")
@json_option
@click.pass_context
def cloud_up(context: click.Context, new_ports: bool, as_json: bool) -> None:
    """Start the local cloud, or join the one that runs."""
    hold = _bring_up(setting_of(context), new_ports=new_ports)
    answer("cloud up", _data(hold), _lines(hold), as_json=as_json)


@cloud.command("reset")
@json_option
@click.pass_context
def cloud_reset(context: click.Context, as_json: bool) -> None:
    """Begin again with an empty local cloud; what it held is moved aside, not deleted."""
    setting = setting_of(context)
    # Before its data move: a server that is left would go on where nobody looks for it.
    end_whole_cloud(setting.home.cloud)
    aside = reset_cloud(setting.home.cloud, now=setting.clock.now())
    hold = _bring_up(setting, new_ports=False)
    where = f"what it held is in {aside}" if aside else "it had held nothing"
    data = {**_data(hold), "moved_to": str(aside) if aside else None}
    lines = (f"the local cloud is empty; {where}", *_lines(hold)[1:], "the next `lifeboat up` fills it again")
    answer("cloud reset", data, lines, as_json=as_json)


cloud.add_command(down)
cloud.add_command(status)
cloud.add_command(fault)
cloud.add_command(clock)
cloud.add_command(coverage)


def _bring_up(setting: Setting, *, new_ports: bool) -> Hold:
    with hold_cloud(setting.home.cloud, table=setting.services, new_ports=new_ports) as hold:
        hold.keep()
    return hold


def _data(hold: Hold) -> dict[str, object]:
    endpoints = {service.name: service.endpoint for service in hold.record.services}
    return {"started": hold.started, "pid": hold.record.pid, "endpoints": endpoints}


def _lines(hold: Hold) -> list[str]:
    first = "the local cloud runs" if hold.started else "the local cloud was running already"
    return [first, *(f"  {service.name:<9} {service.endpoint}" for service in hold.record.services)]
