"""What has to run when: the night itself, and the ages that the alarms want to hear of in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifeboat.core.contract import Contract
from lifeboat.core.cron import Schedule, parse_schedule
from lifeboat.core.errors import ConfigError
from lifeboat.core.metrics import RECOVERY_SERIES

_HOUR_S, _MINUTE_S = 3600, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One command and when it runs.

    Args:
        name: of the job: `backup` or `backup-age`.
        about: what it does, for people.
        expression: five cron fields, UTC.
        arguments: of `lifeboat`; never a secret.
    """

    name: str
    about: str
    expression: str
    arguments: tuple[str, ...]

    @property
    def schedule(self) -> Schedule:
        """What the expression means."""
        return parse_schedule(self.expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """A file to put somewhere.

    Args:
        path: where it belongs.
        content: the text.
    """

    path: str
    content: str


def duties(contract: Contract, stack: str) -> tuple[Duty, ...]:
    """Return what has to run for an environment.

    Args:
        contract: names the schedule.
        stack: what the commands work on.

    Raises:
        ConfigError: its schedule is none.
    """
    expression = " ".join(contract.backups.schedule.split())
    try:
        parse_schedule(expression)
    except ValueError as error:
        raise ConfigError(
            f"backups.schedule: {contract.backups.schedule!r}: {error}",
            hint="write it as in `0 2 * * *`, UTC",
        ) from error
    named = ("--stack", stack, "--json")
    return (
        Duty(
            name="backup",
            about=f"copies, verifies and prunes the backups of {contract.environment}",
            expression=expression,
            arguments=("backup", "nightly", *named),
        ),
        Duty(
            name="backup-age",
            about=f"tells the alarms how old the backups of {contract.environment} are",
            expression=_often(min(series.interval_s for series in RECOVERY_SERIES)),
            arguments=("backup", "age", "--publish", *named),
        ),
    )


def ranges(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending values as spans without gaps."""
    spans: list[tuple[int, int]] = []
    for value in values:
        if spans and value == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], value)
        else:
            spans.append((value, value))
    return spans


def _often(interval_s: int) -> str:
    """Return the expression of something that runs in every datapoint."""
    if interval_s >= _HOUR_S:
        return "0 * * * *"
    return f"*/{max(1, interval_s // _MINUTE_S)} * * * *"
