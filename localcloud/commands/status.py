"""`lifeboat status`: what of the local cloud is running, and which stacks live on it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import click

from lifeboat.core.errors import LifeboatError
from lifeboat.core.units import format_duration
from localcloud.commands.answer import answer, json_option, mebibytes
from localcloud.commands.setting import Setting, setting_of
from localcloud.stack.checkpoint import glance_at
from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.services import DATABASES
from localcloud.supervisor.status import HEALTH_TIMEOUT_S, CloudStatus, ServiceStatus, look_at_cloud

NOT_RUNNING = 3
"""Exit code of a cloud that does not run, or not wholly."""


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> int:
    """Show what of the local cloud is running.

    Exit code 0 when every service answers, 3 when not.
    """
    setting = setting_of(context)
    cloud = look_at_cloud(setting.home.cloud, now=setting.clock.now())
    stacks = _stacks(setting)
    databases = _databases(cloud)
    data = {**cloud.as_data(), "stacks": stacks, "databases": databases}
    answer("status", data, _lines(cloud, stacks, databases), as_json=as_json)
    return 0 if cloud.running and all(service.healthy for service in cloud.services) else NOT_RUNNING


def _stacks(setting: Setting) -> dict[str, int]:
    """Return the number of resources of each local stack."""
    paths = sorted(setting.home.checkpoint("any").parent.glob("*.json"))
    return {path.stem: glance_at(path).resources for path in paths}


def _databases(cloud: CloudStatus) -> dict[str, int]:
    """Return the number of databases in each state; none while their service does not answer."""
    for service in cloud.services:
        if service.name == DATABASES and service.healthy:
            with suppress(LifeboatError):
                states: dict[str, int] = AdminApi(service.endpoint, HEALTH_TIMEOUT_S).get("health")[
                    "instances"
                ]
                return states
    return {}


def _lines(cloud: CloudStatus, stacks: dict[str, int], databases: dict[str, int]) -> list[str]:
    lines = [_cloud_line(cloud), *(_service_line(service) for service in cloud.services)]
    if databases:
        states = ", ".join(f"{number} {state}" for state, number in sorted(databases.items()))
        lines += [f"databases: {sum(databases.values())} ({states})"]
    if cloud.failure:
        lines += [cloud.failure]
    if cloud.hint:
        lines += [f"hint: {cloud.hint}"]
    told = ", ".join(f"{stack} ({resources} resources)" for stack, resources in stacks.items())
    return [*lines, f"stacks: {told or 'none'}"]


def _cloud_line(cloud: CloudStatus) -> str:
    if not cloud.running:
        return f"local cloud: not running ({cloud.state})"
    return (
        f"local cloud: {cloud.state}, pid {cloud.pid}, up {_length(cloud.uptime_s)},"
        f" {mebibytes(cloud.memory_bytes)} in all"
    )


def _service_line(service: ServiceStatus) -> str:
    if service.pid is None:
        return f"  {service.name:<9} {service.state}, last at {service.endpoint}"
    health = "healthy" if service.healthy else "does not answer"
    return (
        f"  {service.name:<9} {service.state}, {health}, {service.endpoint}, pid {service.pid},"
        f" up {_length(service.uptime_s)}, {mebibytes(service.memory_bytes)}, {service.restarts} restarts"
    )


def _length(seconds: float | None) -> str:
    return "-" if seconds is None else format_duration(timedelta(seconds=seconds))
