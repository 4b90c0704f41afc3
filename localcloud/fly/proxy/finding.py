"""Finding the machine for a request, and waiting for one when there is hope."""

from __future__ import annotations

import asyncio

from lifeboat.core.clock import Clock
from localcloud.fly.model import App, Machine
from localcloud.fly.proxy.field import Field
from localcloud.fly.proxy.life import Life
from localcloud.fly.proxy.wish import Wish
from localcloud.fly.wire_error import WireError

_LOOK_AGAIN_S = 0.05


class Finding:
    """The search for one request's machine, over all its attempts.

    Args:
        app: whose machines.
        wish: what the request wants.
        edge_region: where it came in.
        patience_s: how long in all it may wait.
    """

    def __init__(  # noqa: PLR0913 - what to look at, for whom, and how long
        self,
        field: Field,
        life: Life,
        clock: Clock,
        *,
        app: App,
        wish: Wish,
        edge_region: str,
        patience_s: float,
    ) -> None:
        self._field = field
        self._life = life
        self._clock = clock
        self._app = app
        self._wish = wish
        self._edge_region = edge_region
        self._until_s = clock.monotonic_s() + patience_s
        self._tried: set[str] = set()

    async def next(self) -> Machine | None:
        """Return the best machine not tried yet, or None when there is none and none will come in time.

        After every wait each machine may be tried again: a refused connection is often a matter of moments.
        """
        while True:
            machine = self._field.choose(self._app, self._wish, self._edge_region, self._tried)
            if machine is not None:
                self._tried.add(machine.id)
                if self._field.is_crowded(self._app, self._wish):
                    self._wake()
                return machine
            if self._clock.monotonic_s() >= self._until_s or not self._has_hope():
                return None
            await asyncio.sleep(_LOOK_AGAIN_S)
            self._tried.clear()

    def _has_hope(self) -> bool:
        return self._field.may_come(self._app, self._wish) or self._wake()

    def _wake(self) -> bool:
        """Start the best sleeping machine, unless one is being started; tell whether one is on its way."""
        if self._field.is_waking(self._app, self._wish):
            return True
        for machine in self._field.sleepers(self._app, self._wish, self._edge_region):
            try:
                self._life.start(machine, source="proxy")
            except WireError:
                # No room on its host, or the host is gone: the next one may still start.
                continue
            return True
        return False
