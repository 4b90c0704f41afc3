"""`lifeboat cloud coverage`: what of AWS, Fly and PostgreSQL the local cloud can and cannot do."""

from __future__ import annotations

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.running_cloud import running_cloud
from localcloud.supervisor.services import AWS, DATABASES, FLY


@click.command()
@click.argument("half", type=click.Choice((AWS, FLY, DATABASES)), default=AWS)
@json_option
@click.pass_context
def coverage(context: click.Context, half: str, as_json: bool) -> None:
    """Show what one part of the local cloud implements and what it refuses."""
    found = running_cloud(context)[half].get("coverage")
    answer("cloud coverage", found, _lines(found), as_json=as_json)


def _lines(value: object, depth: int = 0) -> list[str]:
    """Write nested data as indented lines: the shape belongs to the part asked, not to this command."""
    pad = "  " * depth
    if isinstance(value, dict):
        lines: list[str] = []
        for key, inner in value.items():
            nested = isinstance(inner, dict | list)
            lines += [f"{pad}{key}:", *_lines(inner, depth + 1)] if nested else [f"{pad}{key}: {inner}"]
        return lines
    if isinstance(value, list):
        return [line for item in value for line in _lines(item, depth)]
    return [f"{pad}{value}"]
