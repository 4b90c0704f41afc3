"""Lengths of time and sizes as people write and read them."""

from __future__ import annotations

import re
from datetime import timedelta

from lifeboat.core.errors import ConfigError

_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+)([smhdw])")


def parse_duration(text: str) -> timedelta:
    """Read a length such as `90s`, `30m`, `1h30m`, `40d`.

    Raises:
        ConfigError: the text is not a sequence of whole numbers, each followed by one of s, m, h, d, w.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ConfigError(f"{text!r} is not a length of time", hint="write it as 90s, 30m, 1h30m or 40d")
    return timedelta(seconds=sum(int(number) * _UNIT_S[unit] for number, unit in parts))


def format_duration(length: timedelta) -> str:
    """Write a length with its two largest units, such as `1h30m`; lengths under a second are `0s`."""
    left_s = int(length.total_seconds())
    if left_s < 0:
        return f"-{format_duration(-length)}"
    parts: list[str] = []
    for unit in ("d", "h", "m", "s"):
        count, left_s = divmod(left_s, _UNIT_S[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts[:2]) or "0s"


def gib_to_bytes(gib: int) -> int:
    """Convert GiB to bytes."""
    return gib * 1024**3
