"""Availability as probes saw it, from the notes with topic `probes`.

Such a note has the facts `{"name": "app", "samples": [["2026-11-22T08:00:00Z", true], …]}`: when, and whether
it answered. A note of another form is left out here; it stands in the journal all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from scripts.engine.json_values import Json, JsonObject
from scripts.engine.moments import read_moment

Sample = tuple[datetime, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which every probe had the same answer.

    Args:
        begin: where it starts, in thousandths of the width.
        length: how long it is, likewise.
        is_up: whether it answered.
        began_at: first probe with this answer.
        ended_at: first probe with another answer; the last probe when there is none.
        is_open: whether no other answer came.
    """

    begin: float
    length: float
    is_up: bool
    began_at: datetime
    ended_at: datetime
    is_open: bool

    @property
    def lasted_s(self) -> float:
        """Seconds from the first probe to the first with another answer."""
        return (self.ended_at - self.began_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """One probed thing: its name, how many probes there were and answered, and the stretches."""

    name: str
    probes: int
    answered: int
    began_at: datetime
    ended_at: datetime
    stretches: tuple[Stretch, ...]

    @property
    def outages(self) -> tuple[Stretch, ...]:
        """The stretches without an answer."""
        return tuple(stretch for stretch in self.stretches if not stretch.is_up)


def read_availability(notes: Sequence[JsonObject]) -> tuple[Availability, ...]:
    """Return what was probed, by name; nothing when no probe was written down."""
    series: defaultdict[str, list[Sample]] = defaultdict(list)
    for note in notes:
        facts = note.get("facts")
        if note.get("topic") == "probes" and isinstance(facts, Mapping):
            samples = facts.get("samples")
            series[str(facts.get("name", ""))] += _samples(samples)
    return tuple(_availability(name, sorted(samples)) for name, samples in sorted(series.items()) if samples)


def _samples(listed: Json) -> list[Sample]:
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return []
    found = []
    for sample in listed:
        match sample:
            case [str(at), bool(is_up), *_]:
                found.append((_moment(at), is_up))
            case _:
                pass
    return [(at, is_up) for at, is_up in found if at is not None]


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except (ValueError, OverflowError):
        return None


def _availability(name: str, samples: Sequence[Sample]) -> Availability:
    began_at, ended_at = samples[0][0], samples[-1][0]
    whole_s = (ended_at - began_at).total_seconds() or 1.0
    runs = [(is_up, [at for at, _ in same]) for is_up, same in groupby(samples, key=lambda sample: sample[1])]
    ends = [moments[0] for _, moments in runs[1:]] + [ended_at]
    return Availability(
        name=name,
        probes=len(samples),
        answered=sum(is_up for _, is_up in samples),
        began_at=began_at,
        ended_at=ended_at,
        stretches=tuple(
            Stretch(
                begin=round((moments[0] - began_at).total_seconds() / whole_s * 1000, 1),
                length=max(2.0, round((end - moments[0]).total_seconds() / whole_s * 1000, 1)),
                is_up=is_up,
                began_at=moments[0],
                ended_at=end,
                is_open=index == len(runs) - 1,
            )
            for index, ((is_up, moments), end) in enumerate(zip(runs, ends, strict=True))
        ),
    )
