"""`lifeboat destroy`: what `up` made in the local cloud, deleted."""

from __future__ import annotations

import click

from lifeboat.core.errors import ConfigError
from localcloud.commands.pass_through import SETTINGS, engine_arguments, pass_through

_YES = "--yes"


@click.command(context_settings=SETTINGS)
@click.option(_YES, "yes", is_flag=True, help="Do it.")
@engine_arguments
@click.pass_context
def destroy(context: click.Context, yes: bool, environment: str, options: tuple[str, ...]) -> None:
    """Delete what `up` made in the local cloud, but not what is protected; OPTIONS go to `pulumi destroy`."""
    # Everything behind the environment is the engine's, but people write this one there too.
    rest = tuple(option for option in options if option != _YES)
    if not yes and _YES not in options:
        raise ConfigError(
            f"destroying environment {environment!r} on the local cloud needs --yes",
            hint="`lifeboat preview` shows what there is",
        )
    pass_through(context, environment, "destroy", (_YES, "--skip-preview", "--exclude-protected", *rest))
