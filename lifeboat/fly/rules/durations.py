"""Lengths of time as Fly writes them: Go's texts ("1m30s", "500ms") or whole nanoseconds.

Source: `fly-go:duration.go`; responses and configs use both forms, so equality needs one.
"""

from __future__ import annotations

import re
from fractions import Fraction

_UNIT_NS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)")


def duration_ns(value: object) -> int | None:
    """Read a length of time in nanoseconds; None when the value is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return _text_ns(value.replace("µs", "us")) if isinstance(value, str) else None


def _text_ns(text: str) -> int | None:
    if text in ("0", "-0"):
        return 0
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    parts = _PART.findall(digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        return None
    return sign * int(sum(Fraction(number) * _UNIT_NS[unit] for number, unit in parts))


def format_duration_ns(length_ns: int) -> str:
    """Write a length in the largest unit of seconds, milliseconds and nanoseconds that holds it exactly."""
    for unit in ("s", "ms"):
        if length_ns % _UNIT_NS[unit] == 0:
            return f"{length_ns // _UNIT_NS[unit]}{unit}"
    return f"{length_ns}ns"
