"""What a command works with: the checkout, the engine and the services, each replaceable by the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from lifeboat.core.clock import Clock, SystemClock
from localcloud.stack.engine import Engine
from localcloud.stack.home import LocalHome
from localcloud.stack.secret_values import generate_secret_values
from localcloud.supervisor.services import TABLE


def _ensure_engine() -> Path:
    from tools.engine import ensure

    return ensure()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a command works with.

    Args:
        home: the checkout.
        engine: finds or builds the engine and returns the directory that holds `pulumi`.
        services: `module:attribute` of the cloud's services.
        complete: what a provisioned stack still needs; returns what to tell.
        clock: time.
    """

    home: LocalHome
    engine: Callable[[], Path] = _ensure_engine
    services: str = TABLE
    complete: Callable[[Engine], tuple[str, ...]] = generate_secret_values
    clock: Clock = field(default_factory=SystemClock)


def setting_of(context: click.Context) -> Setting:
    """Return what the caller handed in, else the checkout the working directory is in.

    Raises:
        ConfigError: the working directory is in no checkout.
    """
    given = context.find_object(Setting)
    return given if given is not None else Setting(home=LocalHome.here())
