"""What declared faults do to a request, before and after its handler.

Before: api_down, tokens_down, rate_storm, latency; a region that is down refuses what needs one of its hosts,
a half-dead one lets it hang and drops it unheard. After: timeout_after_write, done and the answer lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.fly.api.connection import Dropped, pause
from localcloud.fly.api.rate_limits import EXCEEDED
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.faults.subject import CREATES
from localcloud.fly.tokens import REFUSED
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World

_NEEDS_HOST = frozenset({"Machines_list_processes", "Machines_get_memory"})
"""Reads that only the machine's host can answer."""


class Gate:
    """Applies the declared faults to requests."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check_tokens(self) -> None:
        """Apply tokens_down.

        Raises:
            WireError: 401, as a wrong token gets.
        """
        if self._world.faults.take(FaultKind.TOKENS_DOWN):
            raise WireError(401, REFUSED)

    async def before(self, about: Mapping[str, str], *, is_write: bool) -> None:
        """Apply what happens to a request before it is handled.

        Args:
            about: what the request is about.
            is_write: whether it may change something.

        Raises:
            WireError: it is refused.
            Dropped: it is lost before anything was done.
        """
        if down := self._world.faults.take(FaultKind.API_DOWN, **about):
            raise WireError(down.status, down.message or "the Machines API is unavailable")
        if storm := self._world.faults.take(FaultKind.RATE_STORM, **about):
            raise WireError(429, storm.message or EXCEEDED)
        if late := self._world.faults.take(FaultKind.LATENCY, **about):
            await pause(self._world, late.delay_s)
        if "region" in about and (is_write or about["action"] in _NEEDS_HOST):
            await self._reach_region(about)

    async def after(self, about: Mapping[str, str], *, is_write: bool) -> None:
        """Apply what happens to a request that was handled.

        Raises:
            Dropped: its answer is lost.
        """
        if is_write and (lost := self._world.faults.take(FaultKind.TIMEOUT_AFTER_WRITE, **about)):
            await pause(self._world, lost.delay_s)
            raise Dropped

    async def _reach_region(self, about: Mapping[str, str]) -> None:
        if down := self._world.faults.take(FaultKind.REGION_DOWN, **about):
            raise _out_of_reach(down, about)
        if hanging := self._world.faults.take(FaultKind.REGION_HALF_DEAD, **about):
            await pause(self._world, hanging.delay_s)
            raise Dropped


def _out_of_reach(down: FaultSpec, about: Mapping[str, str]) -> WireError:
    if about["action"] in CREATES:
        return WireError(down.status, f"unavailable: region {about['region']} cannot be reached")
    return WireError(408, "deadline_exceeded: the machine's host did not answer in time")
