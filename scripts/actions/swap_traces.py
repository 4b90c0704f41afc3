"""What both databases of a swap tell about it, for the report: rows by table, heartbeats as a graph.

Nothing is decided on it; what cannot be read is left out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from lifeboat.core.errors import LifeboatError
from scripts.actions.backup_login import Login
from scripts.actions.database_sessions import Sessions
from scripts.engine.context import Context
from scripts.engine.json_values import Json
from scripts.engine.moments import write_moment

_AROUND = timedelta(seconds=30)
_PERIOD_S, _MISSED = 1.0, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """The two databases of a swap.

    Args:
        name: of the database.
        old: None when it cannot be reached.
    """

    sessions: Sessions
    name: str
    old: Login | None
    new: Login

    def note_rows(self, context: Context) -> None:
        """Note how many rows there are on each side."""
        facts: dict[str, Json] = {}
        for side, login in (("before", self.old), ("after", self.new)):
            with suppress(LifeboatError):
                if login is not None:
                    facts[side] = dict(self.sessions.rows(login, self.name))
        context.note("rows", **facts)

    def note_beats(self, context: Context, last_at: datetime, first_at: datetime) -> None:
        """Note the heartbeats around a swap.

        Args:
            context: of the step.
            last_at: last heartbeat of the old database.
            first_at: first one of the new.
        """
        if self.old is None:
            return
        with suppress(LifeboatError):
            before = self.sessions.beats(self.old, self.name, last_at - _AROUND, last_at)
            after = self.sessions.beats(self.new, self.name, first_at, first_at + _AROUND)
            samples = availability(before, after)
            context.note("probes", name="heartbeat rows", samples=samples)


def availability(before: tuple[datetime, ...], after: tuple[datetime, ...]) -> tuple[tuple[str, bool], ...]:
    """Return moments and whether something was written then; a beat that is missing is one that failed.

    Args:
        before: heartbeats of the old database, the oldest first.
        after: those of the new one.
    """
    beats = (*before, *after)
    steps_s = [(later - earlier).total_seconds() for earlier, later in pairwise(beats)]
    period_s = median(steps_s) if steps_s else _PERIOD_S
    samples = [(write_moment(beats[0]), True)] if beats else []
    for (earlier, later), step_s in zip(pairwise(beats), steps_s, strict=True):
        if step_s > _MISSED * max(period_s, _PERIOD_S):
            samples.append((write_moment(earlier + timedelta(seconds=period_s)), False))
        samples.append((write_moment(later), True))
    return tuple(samples)
