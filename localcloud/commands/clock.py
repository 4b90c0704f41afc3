"""`lifeboat cloud clock`: what time it is in the local AWS, and moving it forward."""

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
    """Show the time of the local AWS; `advance 40d` moves it forward."""
    if context.invoked_subcommand is None:
        _answer("cloud clock", running_cloud(context).get("clock"), as_json=as_json)


@clock.command("advance")
@click.argument("length")
@json_option
@click.pass_context
def advance(context: click.Context, length: str, as_json: bool) -> None:
    """Move the time of the local AWS forward by LENGTH (90s, 30m, 40d); it never goes back."""
    seconds = parse_duration(length).total_seconds()
    moved = running_cloud(context).post("clock", {"advance_s": seconds})
    _answer("cloud clock advance", moved, as_json=as_json)


def _answer(command: str, found: dict[str, Any], *, as_json: bool) -> None:
    ahead = format_duration(timedelta(seconds=float(found["advanced_s"])))
    answer(command, found, (f"{found['now']}, {ahead} ahead of this machine",), as_json=as_json)
