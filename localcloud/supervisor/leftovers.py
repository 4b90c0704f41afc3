"""Processes of an earlier supervisor that was killed: they are ending themselves, and are waited for.

A child whose lifeline broke saves its state before it ends. Starting its successor earlier would load the
state from before that, and a child that hangs would hold the port; so nothing starts until they are gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable

import psutil

from localcloud.supervisor.record import ServiceRecord

ASK_S, FORCE_S = 2.0, 5.0


def end_leftovers(services: Iterable[ServiceRecord], patience_s: float) -> tuple[int, ...]:
    """Wait for processes of an earlier run to end, then ask, then force.

    Args:
        services: what the earlier supervisor wrote down; a pid that now belongs to another is left alone.
        patience_s: how long they may take to end by themselves.

    Returns:
        The pids that did not end by themselves.
    """
    identities = [identity for service in services if (identity := service.identity())]
    processes = [process for identity in identities if (process := identity.process())]
    _, slow = psutil.wait_procs(processes, timeout=patience_s)
    for process in slow:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stuck = psutil.wait_procs(slow, timeout=ASK_S)
    for process in stuck:
        # Children lead their own groups (child.py), so what they started ends with them.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(stuck, timeout=FORCE_S)
    return tuple(process.pid for process in slow)
