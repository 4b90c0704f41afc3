"""`lifeboat preview`: what `up` would change on a local stack."""

from __future__ import annotations

import click

from localcloud.commands.pass_through import SETTINGS, engine_arguments, pass_through


@click.command(context_settings=SETTINGS)
@engine_arguments
@click.pass_context
def preview(context: click.Context, environment: str, options: tuple[str, ...]) -> None:
    """Show what `up` would change; OPTIONS go to `pulumi preview`."""
    pass_through(context, environment, "preview", options)
