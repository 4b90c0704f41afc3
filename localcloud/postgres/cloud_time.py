"""The local cloud's time, which can be moved forward, and this machine's, which the servers write down.

A PostgreSQL server stamps its transactions with the machine's clock, and nothing here can change that. So the
cloud's time of a moment is the machine's plus what had been advanced by then, and what is told to the outside
or asked for from there is translated: a restorable moment, a moment to restore to, the age of a backup.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import Advance, Records

_LONGEST = timedelta(days=3660)


def cloud_time(moment: datetime, advances: tuple[Advance, ...]) -> datetime:
    """Return the cloud's time of a moment of this machine."""
    return moment + timedelta(seconds=sum(each.by_s for each in advances if each.at <= moment))


def machine_time(moment: datetime, advances: tuple[Advance, ...]) -> datetime:
    """Return this machine's time of a moment of the cloud; one that was jumped over is when it was."""
    ahead = timedelta()
    for each in advances:
        if moment < each.at + ahead:
            break
        ahead += timedelta(seconds=each.by_s)
        if moment < each.at + ahead:
            return each.at
    return moment - ahead


def advanced(advances: tuple[Advance, ...], by_s: float, clock: Clock) -> tuple[Advance, ...]:
    """Return the advances with one more, made now.

    Raises:
        Refused: it goes back, or further than ten years.
    """
    if not 0 <= by_s <= _LONGEST.total_seconds():
        raise Refused(f"cannot advance the clock by {by_s:g} s: time moves forward, ten years at most")
    return (*advances, Advance(at=clock.now().astimezone(UTC), by_s=by_s))


class CloudTime:
    """The time of this local cloud; safe to use from many threads.

    Args:
        ledger: remembers what was advanced.
        clock: this machine's.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self.clock = clock

    @property
    def advanced_s(self) -> float:
        """How far the cloud is ahead of this machine."""
        return sum(each.by_s for each in self._ledger.records.advances)

    def now(self) -> datetime:
        """Return the cloud's time."""
        return self.of(self.clock.now())

    def of(self, moment: datetime) -> datetime:
        """Return the cloud's time of a moment of this machine."""
        return cloud_time(moment, self._ledger.records.advances)

    def machine(self, moment: datetime) -> datetime:
        """Return this machine's time of a moment of the cloud."""
        return machine_time(moment, self._ledger.records.advances)

    def advance(self, by_s: float) -> None:
        """Move forward.

        Raises:
            Refused: by less than nothing, or more than ten years.
        """

        def change(known: Records) -> Records:
            return known.model_copy(update={"advances": advanced(known.advances, by_s, self.clock)})

        self._ledger.change(change)
