"""`lifeboat destroy`: what `up` made in the local cloud, deleted."""

from __future__ import annotations

import click

from lifeboat.core.errors import ConfigError
from localcloud.commands.pass_through import SETTINGS, engine_arguments, pass_through


@click.command(context_settings=SETTINGS)
@click.option("--yes", is_flag=True, help="Do it.")
@engine_arguments
@click.pass_context
def destroy(context: click.Context, yes: bool, environment: str, options: tuple[str, ...]) -> None:
    """Delete what `up` made in the local cloud, but not what is protected; OPTIONS go to `pulumi destroy`."""
    if not yes:
        raise ConfigError(
            f"destroying environment {environment!r} on the local cloud needs --yes",
            hint="`lifeboat preview` shows what there is",
        )
    pass_through(
        context, environment, "destroy", ("--yes", "--skip-preview", "--exclude-protected", *options)
    )
