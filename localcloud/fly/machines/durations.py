"""Durations as Fly's API takes them: Go's text form (`1m30s`, `250ms`), or a number."""

from __future__ import annotations

import re

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", re.ASCII)
_NANOSECONDS_FROM = 1_000_000
"""A number this large is a Go duration in nanoseconds, a smaller one is seconds."""


def seconds_of(value: object, default_s: float) -> float:
    """Return a duration in seconds.

    Args:
        value: Go text, a number of seconds, a number of nanoseconds (from a million on), or None.
        default_s: what None and empty text mean.

    Raises:
        ValueError: it is none of these, or negative.
    """
    if value is None or value == "":
        return default_s
    if isinstance(value, str) and not value.isdecimal():
        return _seconds_of_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"invalid duration {value!r}")
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(f"invalid duration {value!r}")
    return number * 1e-9 if number >= _NANOSECONDS_FROM else number


def _seconds_of_text(text: str) -> float:
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"invalid duration {text!r}")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
