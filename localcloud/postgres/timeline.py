"""Timelines: which one a log goes over to, and where.

Every promotion begins a timeline and writes `0000000N.history`: one line for each timeline before it, with
the place where it was left and the reason (PostgreSQL documentation, "Timelines"; source, timeline.c).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.postgres.segment import read_lsn

_LINE = re.compile(r"(\d+)\t([0-9A-F]+/[0-9A-F]+)\t(.*)")
_NAME = re.compile(r"([0-9A-F]{8})\.history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Where a timeline was left for the next one, and why."""

    timeline: int
    lsn: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A timeline as part of a way through several: it holds from `begins_lsn` on."""

    timeline: int
    begins_lsn: int


def history_name(timeline: int) -> str:
    """Return the name of a timeline's history file."""
    return f"{timeline:08X}.history"


def timeline_of_history(name: str) -> int | None:
    """Read a history file's name; None for any other file."""
    match = _NAME.fullmatch(name)
    return int(match[1], 16) if match else None


def read_history(text: str) -> tuple[Fork, ...]:
    """Read a history file, oldest fork first."""
    matches = (_LINE.fullmatch(line) for line in text.splitlines())
    return tuple(
        Fork(timeline=int(match[1]), lsn=read_lsn(match[2]), reason=match[3]) for match in matches if match
    )


def way_from(timeline: int, histories: Mapping[int, tuple[Fork, ...]]) -> tuple[Branch, ...]:
    """Return the way from a timeline to the newest one that grew out of it, as PostgreSQL finds it.

    Args:
        timeline: where a backup begins.
        histories: history files by their timeline.
    """
    newest = timeline
    while newest + 1 in histories:
        newest += 1
    for candidate in range(newest, timeline, -1):
        forks = histories[candidate]
        timelines = [fork.timeline for fork in forks]
        if timeline in timelines:
            begins_lsn = [0, *(fork.lsn for fork in forks)]
            way = zip([*timelines, candidate], begins_lsn, strict=True)
            branches = tuple(Branch(timeline=each, begins_lsn=lsn) for each, lsn in way)
            return branches[timelines.index(timeline) :]
    return (Branch(timeline=timeline, begins_lsn=0),)
