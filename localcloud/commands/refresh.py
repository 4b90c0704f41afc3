"""`lifeboat refresh`: the state of a local stack, read again from the local cloud."""

from __future__ import annotations

import click

from localcloud.commands.pass_through import SETTINGS, engine_arguments, pass_through


@click.command(context_settings=SETTINGS)
@engine_arguments
@click.pass_context
def refresh(context: click.Context, environment: str, options: tuple[str, ...]) -> None:
    """Read every object again and write down what it is; OPTIONS go to `pulumi refresh`."""
    pass_through(context, environment, "refresh", ("--yes", "--skip-preview", *options))
