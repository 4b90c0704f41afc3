"""Everything the emulator knows, in one place: what a handler works on.

All of it belongs to one event loop. A handler changes the records and, for what takes time, plans a call on
the timeline; it calls `changed()` so that the state is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from localcloud.fly.faults.board import FaultBoard
from localcloud.fly.ids import Ids
from localcloud.fly.model import App, Host, Machine, Organization, Token, Volume
from localcloud.fly.offset_clock import OffsetClock
from localcloud.fly.timeline import Timeline
from localcloud.fly.timings import Timings


@dataclass(slots=True, kw_only=True)
class Records:
    """What is saved."""

    ids: Ids
    organizations: dict[str, Organization]
    hosts: dict[str, Host]
    apps: dict[str, App] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    """Minted tokens by the SHA-256 of their text."""
    dns: dict[str, str] = field(default_factory=dict)
    """Where a host name was declared to lead (`certificates.dns.Points`); others are assumed."""
    acme_orders: dict[str, list[datetime]] = field(default_factory=dict)
    """Moments at which certificates were issued by host name; they outlive the certificate and its app."""


@dataclass(slots=True, kw_only=True)
class World:
    """The emulated Fly.

    Args:
        records: what exists.
        clock: the emulated time.
        timeline: what happens later.
        timings: how long transitions take.
        faults: what is declared to go wrong.
        directory: where volumes' contents, snapshots and machines' logs lie.
        changed: to be called after any change of the records.
    """

    records: Records
    clock: OffsetClock
    timeline: Timeline
    timings: Timings
    faults: FaultBoard
    directory: Path
    changed: Callable[[], None]

    @property
    def apps(self) -> dict[str, App]:
        """Apps by name, deleted ones excluded (a deleted app is dropped from the records)."""
        return self.records.apps

    def machines(self) -> Iterator[Machine]:
        """Every machine of every app, destroyed ones included."""
        for app in self.apps.values():
            yield from app.machines.values()

    def volumes(self) -> Iterator[Volume]:
        """Every volume of every app, destroyed ones included."""
        for app in self.apps.values():
            yield from app.volumes.values()

    def find_machine(self, machine_id: str) -> Machine | None:
        """Return a machine by its id alone."""
        return next((machine for machine in self.machines() if machine.id == machine_id), None)
