"""`lifeboat cloud clock`: what time it is in the local cloud, and moving it forward, all parts together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from lifeboat.core.units import format_duration, parse_duration
from localcloud.commands.answer import answer, json_option
from localcloud.commands.running_cloud import running_cloud


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def clock(context: click.Context, as_json: bool) -> None:
    """Show the time of the local cloud; `advance 40d` moves it forward."""
    if context.invoked_subcommand is None:
        found = {name: api.get("clock") for name, api in running_cloud(context).items()}
        _answer("cloud clock", found, as_json=as_json)


@clock.command("advance")
@click.argument("length")
@json_option
@click.pass_context
def advance(context: click.Context, length: str, as_json: bool) -> None:
    """Move the time of the local cloud forward by LENGTH (90s, 30m, 40d); it never goes back."""
    seconds = parse_duration(length).total_seconds()
    clouds = running_cloud(context)
    moved = {name: api.post("clock", {"advance_s": seconds}) for name, api in clouds.items()}
    _answer("cloud clock advance", moved, as_json=as_json)


def _answer(command: str, found: dict[str, dict[str, Any]], *, as_json: bool) -> None:
    answer(command, found, [_line(name, clock_) for name, clock_ in found.items()], as_json=as_json)


def _line(name: str, found: dict[str, Any]) -> str:
    ahead = format_duration(timedelta(seconds=float(found["advanced_s"])))
    return f"{name:<9} {found['now']}, {ahead} ahead of this machine"
