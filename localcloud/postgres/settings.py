"""A parameter group's values as settings of PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What of a parameter group a server is given.

    Args:
        applied: settings by name, in PostgreSQL's own form.
    """

    applied: tuple[tuple[str, str], ...] = ()
