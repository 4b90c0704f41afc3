"""Moments as the engine writes them: RFC 3339 in UTC, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime


def write_moment(at: datetime) -> str:
    """Return a moment as text such as `2026-11-22T08:00:00.250000Z`.

    Raises:
        ValueError: the moment has no zone.
    """
    if at.tzinfo is None:
        msg = f"moment {at} has no zone"
        raise ValueError(msg)
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """Read what `write_moment` wrote.

    Raises:
        ValueError: not a moment, or one without an offset.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        msg = f"moment {text!r} has no offset"
        raise ValueError(msg)
    return at.astimezone(UTC)
