"""Which machines have too little to do. Pure.

A round looks at each region of an app: of several machines one is stopped when more are running than are at
their soft limit plus one, of one machine when it is idle; in the primary region `min_machines_running` stay.
Unlike on Fly a machine that is working is left alone, and a machine counts as idle only after a while without
a request, so that one just started for somebody is not taken away.
Source: docs `reference/fly-proxy-autostop-autostart`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localcloud.fly.proxy.service import Autostop


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A running machine of an app; `idle_s` is the time since its last request, start or change."""

    machine_id: str
    region: str
    load: int
    soft_limit: int
    idle_s: float
    autostop: Autostop
    min_machines_running: int


def to_stop(running: Sequence[Running], primary_region: str, idle_after_s: float) -> list[Running]:
    """Return whom to stop this round: at most one per region.

    Args:
        running: the app's running machines that share a service.
        primary_region: where the least number of running machines counts.
        idle_after_s: how long a machine must have been idle.
    """
    chosen = []
    for region in sorted({one.region for one in running}):
        here = [one for one in running if one.region == region]
        kept = max(one.min_machines_running for one in here) if region == primary_region else 0
        if len(here) > kept and _has_excess(here):
            chosen += _longest_idle(here, idle_after_s)
    return chosen


def _has_excess(here: Sequence[Running]) -> bool:
    if len(here) == 1:
        return here[0].load == 0
    at_limit = sum(one.load >= one.soft_limit for one in here)
    return len(here) - (at_limit + 1) >= 1


def _longest_idle(here: Sequence[Running], idle_after_s: float) -> list[Running]:
    idle = [
        one
        for one in here
        if one.load == 0 and one.idle_s >= idle_after_s and one.autostop is not Autostop.OFF
    ]
    return sorted(idle, key=lambda one: (-one.idle_s, one.machine_id))[:1]
