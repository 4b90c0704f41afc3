"""One thing in a declared value that Fly would refuse, and where it stands.

Rules return problems and never raise: the caller decides whether they become check failures of a preview, one
error, or a line on a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lifeboat.providerkit.paths import Path, format_path

IsUnknown: TypeAlias = Callable[[object], bool]
"""Tells whether a value is a preview's mark for "not known yet"; such values are never a problem."""


def all_known(_value: object) -> bool:
    """Say that no value is unknown: outside of previews."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, lower-case and without a full stop, and the key path below the checked value."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{format_path(self.path)}: {self.reason}" if self.path else self.reason
