"""The `--stack` option: which environment a command works on, and how its cloud is reached."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import click

from lifeboat.core.identity import LOCAL, environment_of, is_local_stack


def stack_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--stack`; a local stack's endpoint, state and dummy credentials are put into the environment.

    For any other stack nothing is touched: the ordinary AWS credentials chain and PULUMI_BACKEND_URL decide.
    """
    return click.option(
        "--stack",
        "-s",
        default=LOCAL,
        envvar="PULUMI_STACK",
        show_default=True,
        callback=_enter,
        help="Stack to work on: local, local-<environment>, or a real one.",
    )(command)


def _enter(_context: click.Context, _parameter: click.Parameter, stack: str) -> str:
    environment_of(stack)
    if is_local_stack(stack):
        # Named as text: the operator's side must not depend on the local cloud.
        exports = importlib.import_module("localcloud.stack").exports
        os.environ.update(exports(stack))
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            os.environ.pop(name, None)
    return stack
