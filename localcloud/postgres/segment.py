"""Places in the write-ahead log, and the segment files they lie in.

A place (LSN) is a number of bytes from the log's beginning, written by PostgreSQL as two hexadecimal halves;
a segment file's name is its timeline and its number (PostgreSQL source, xlog_internal.h, `XLogFileName`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HALF_BITS = 32
_NAME = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")


def read_lsn(text: str) -> int:
    """Read a place such as `0/3000028`."""
    high, _, low = text.partition("/")
    return (int(high, 16) << _HALF_BITS) + int(low, 16)


def write_lsn(lsn: int) -> str:
    """Write a place as PostgreSQL does."""
    return f"{lsn >> _HALF_BITS:X}/{lsn & (1 << _HALF_BITS) - 1:X}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Segment:
    """One segment file.

    Args:
        number: counts from the log's beginning, whatever the timeline.
        timeline: raised by every promotion.
        size_bytes: of every segment of this server.
    """

    number: int
    timeline: int
    size_bytes: int

    @classmethod
    def holding(cls, lsn: int, timeline: int, size_bytes: int) -> Segment:
        """Return the segment that a place lies in."""
        return cls(number=lsn // size_bytes, timeline=timeline, size_bytes=size_bytes)

    @classmethod
    def named(cls, name: str, size_bytes: int) -> Segment | None:
        """Read a file's name; None for a history file, a partial segment or any other file."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        timeline, high, low = (int(part, 16) for part in match.groups())
        return cls(number=high * _per_half(size_bytes) + low, timeline=timeline, size_bytes=size_bytes)

    @property
    def name(self) -> str:
        """The file's name."""
        high, low = divmod(self.number, _per_half(self.size_bytes))
        return f"{self.timeline:08X}{high:08X}{low:08X}"

    @property
    def begins_lsn(self) -> int:
        """The first place in it."""
        return self.number * self.size_bytes


def _per_half(size_bytes: int) -> int:
    return (1 << _HALF_BITS) // size_bytes
