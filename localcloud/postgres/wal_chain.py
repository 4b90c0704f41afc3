"""Which segments follow each other without a hole, over timelines too: pure, told what files there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from localcloud.postgres.segment import Segment
from localcloud.postgres.timeline import Branch


class ChainEnd(StrEnum):
    """Why a chain does not go on."""

    NOT_YET = "is not archived yet"
    MISSING = "is missing"
    TRUNCATED = "is truncated"
    DAMAGED = "is damaged"


def on_way(number: int, size_bytes: int, way: tuple[Branch, ...]) -> Segment:
    """Return the segment with a number that a recovery along timelines reads.

    A new timeline begins with a copy of the segment it left: that one is read, not its predecessor.
    """
    timelines = [branch.timeline for branch in way if branch.begins_lsn // size_bytes <= number]
    return Segment(number=number, timeline=timelines[-1], size_bytes=size_bytes)


def along(first: Segment, way: tuple[Branch, ...]) -> Iterator[Segment]:
    """Return the segments that a recovery reads one after the other, without an end."""
    number = first.number
    while True:
        yield on_way(number, first.size_bytes, way)
        number += 1


def why_absent(absent: Segment, names: Iterable[str], way: tuple[Branch, ...]) -> ChainEnd:
    """Tell whether a segment that is not there is the next one to come, or leaves a hole."""
    timelines = {branch.timeline for branch in way}
    there = (Segment.named(name, absent.size_bytes) for name in names)
    is_hole = any(each and each.number > absent.number and each.timeline in timelines for each in there)
    return ChainEnd.MISSING if is_hole else ChainEnd.NOT_YET
