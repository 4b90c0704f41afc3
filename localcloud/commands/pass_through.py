"""The engine's own commands on a prepared local stack; its output is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from lifeboat.core.errors import Unverified
from lifeboat.core.identity import LOCAL
from localcloud.commands.narrator import Narrator
from localcloud.commands.session import stack_session
from localcloud.commands.setting import setting_of

SETTINGS = {"ignore_unknown_options": True, "allow_interspersed_args": False}
"""For click: what follows the environment belongs to the engine."""


def engine_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ENVIRONMENT and the engine's options behind it."""
    with_options = click.argument("options", nargs=-1, type=click.UNPROCESSED)(command)
    return click.argument("environment", default=LOCAL)(with_options)


def pass_through(context: click.Context, environment: str, command: str, options: Sequence[str]) -> None:
    """Run one of the engine's commands on the local stack of an environment.

    Raises:
        Unverified: the engine ended with an error, which it has told on its own.
    """
    with stack_session(setting_of(context), environment, command, Narrator()) as session:
        code = session.engine.run([command, *options])
    if code:
        raise Unverified(
            f"`pulumi {command}` of stack {session.engine.stack!r} ended with exit code {code}",
            hint="its reasons are above",
        )
