"""One part of a night, and what several together mean for the exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lifeboat.core.errors import Findings, LifeboatError, Unverified
from scripts.cli.backup_steps import say


@dataclass(slots=True)
class Part:
    """What became of one part.

    Args:
        name: of the part.
        data: what it did, as JSON.
        error: why it is not right; None when it is.
        warnings: what somebody should know all the same.
    """

    name: str
    data: Any = None
    error: LifeboatError | None = None
    warnings: list[str] = field(default_factory=list)
    is_bug: bool = False

    @property
    def exit_code(self) -> int:
        """Its code, as if it had been a command."""
        if self.is_bug:
            return 1
        return self.error.exit_code if self.error else 0


def run_part(name: str, work: Callable[[Part], None]) -> Part:
    """Do one part and return what became of it; what it raises is said and kept."""
    part = Part(name)
    say(f"== {name}")
    try:
        work(part)
    except LifeboatError as error:
        part.error = error
    except Exception as error:  # a bug in one part must not cost the others their night
        traceback.print_exc(file=sys.stderr)
        part.is_bug = True
        part.error = LifeboatError(f"{type(error).__name__}: {error}")
    if part.error is not None:
        say(f"{name}: {part.error.message}")
    for line in part.warnings:
        say(f"{name}: warning: {line}")
    return part


def verdict(parts: tuple[Part, ...]) -> LifeboatError | None:
    """Return what a night means for the exit code.

    A bug stays one. All failed: the first one's. Some: 8. Only a value over its limit: 10.
    """
    failed = [part for part in parts if part.error is not None]
    if not failed:
        return None
    message = "; ".join(f"{part.name}: {part.error.message}" for part in failed if part.error)
    if any(part.is_bug for part in failed):
        return LifeboatError(message, hint="the traceback says where")
    errors = [part.error for part in failed if part.error]
    if all(isinstance(error, Findings) for error in errors):
        return Findings(message)
    if len(failed) == len(parts):
        return errors[0]
    return Unverified(message, hint="what did not fail was done; running it again does the rest")
