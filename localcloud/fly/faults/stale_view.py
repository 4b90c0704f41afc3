"""What reads show under the fault `stale_reads`: the world as it was a while ago, or when the fault began.

While such a fault is declared every change is followed by a copy of the apps; without one there are no copies
and no cost.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.model import App
from localcloud.fly.world import World

_FRESH = frozenset({"Machines_wait", "Machines_show_lease"})
"""Reads that the machine's own host answers."""

_LONGEST = 256


class StaleView:
    """Copies of the apps, each with the moment it was taken."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._copies: deque[tuple[datetime, dict[str, App]]] = deque(maxlen=_LONGEST)

    def note(self) -> None:
        """Take a copy when a fault needs it, and forget all when none does; call it after every change."""
        if not self._world.faults.has(FaultKind.STALE_READS):
            self._copies.clear()
            return
        self._copies.append((self._world.clock.now(), copy.deepcopy(self._world.records.apps)))

    def begin(self) -> None:
        """Take the first copy, of the world before whatever comes next."""
        if not self._copies and self._world.faults.has(FaultKind.STALE_READS):
            self.note()

    def world_for(self, about: Mapping[str, str]) -> World:
        """Return the world a read is shown."""
        if about["action"] in _FRESH or not self._copies:
            return self._world
        spec = self._world.faults.take(FaultKind.STALE_READS, **about)
        if spec is None:
            return self._world
        moment = self._world.clock.now() - timedelta(seconds=spec.delay_s)
        before = [apps for at, apps in self._copies if at <= moment]
        shown = before[-1] if before else self._copies[0][1]
        return replace(self._world, records=replace(self._world.records, apps=shown))
