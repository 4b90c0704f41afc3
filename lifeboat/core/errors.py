"""The one error tree of the project, and the exit code of each branch.

    LifeboatError
    ├── ConfigError       2   the operator's input or configuration; the message starts with the key path
    ├── Refused           3   a safety gate or a preflight check said no; nothing was changed
    ├── WorldChanged      4   the world or the plan is not what was reviewed (stale digest, drift)
    ├── StepFailed        5   a step failed and everything was undone
    ├── Stuck             6   a human must look; the report says at what
    ├── LeaseHeld         7   another run holds the environment
    ├── Unverified        8   done in part, or done and not proven
    └── Findings         10   risks or policy violations over the threshold

Any other exception is our bug: traceback, exit code 1. Messages are lower-case without a full stop and name
the object; a hint says what to do next. Decide on classes and codes, never on message text.
"""

from __future__ import annotations

from typing import ClassVar


class LifeboatError(Exception):
    """Root of everything we raise on purpose.

    Args:
        message: what happened, to which object; lower-case, no full stop.
        hint: one sentence saying what to do next; empty when there is nothing sensible to say.
        retryable: true when the very same call may succeed later without anything being changed.
    """

    exit_code: ClassVar[int] = 1
    meaning: ClassVar[str] = "our bug"

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = retryable

    def __str__(self) -> str:
        return f"{self.message}\n\nhint: {self.hint}" if self.hint else self.message


class ConfigError(LifeboatError):
    """The operator's input or configuration cannot be used."""

    exit_code = 2
    meaning = "the operator's input or configuration"


class Refused(LifeboatError):
    """A safety gate or a preflight check refused; nothing was changed."""

    exit_code = 3
    meaning = "refused by a safety gate or preflight"


class WorldChanged(LifeboatError):
    """The world or the plan is not what was reviewed."""

    exit_code = 4
    meaning = "the world or the plan changed (stale digest, drift)"


class StepFailed(LifeboatError):
    """A step failed; everything done before it was undone."""

    exit_code = 5
    meaning = "a step failed; everything undone"


class Stuck(LifeboatError):
    """The outcome is unknown or an undo failed: a human must look."""

    exit_code = 6
    meaning = "stuck: a human must look, the report says at what"


class LeaseHeld(LifeboatError):
    """Another run holds the environment."""

    exit_code = 7
    meaning = "lease held by another run"


class Unverified(LifeboatError):
    """Done in part, or done and not proven by looking at the world."""

    exit_code = 8
    meaning = "restored but not verified, or partial"


class Findings(LifeboatError):
    """Risks or policy violations over the threshold."""

    exit_code = 10
    meaning = "findings (risk, policy) over the threshold"


BRANCHES: tuple[type[LifeboatError], ...] = (
    LifeboatError,
    ConfigError,
    Refused,
    WorldChanged,
    StepFailed,
    Stuck,
    LeaseHeld,
    Unverified,
    Findings,
)
"""Every branch of the tree, ordered by exit code; the errors reference page is generated from it."""
