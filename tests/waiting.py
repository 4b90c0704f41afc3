"""Waiting for what another process does, and looking at what processes there are."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from lifeboat.core.clock import SystemClock

_CLOCK = SystemClock()


def soon(holds: Callable[[], bool], within_s: float = 10.0) -> bool:
    """Tell whether something becomes true in time."""
    deadline_s = _CLOCK.monotonic_s() + within_s
    while not holds():
        if _CLOCK.monotonic_s() > deadline_s:
            return False
        _CLOCK.sleep(0.02)
    return True


def processes_at(directory: str) -> list[str]:
    """Return the command lines of living processes that name a directory or work in it."""
    return [_line(process) for process in living_at(directory)]


def living_at(directory: str) -> list[psutil.Process]:
    """Return the living processes that name a directory or work in it."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        works_here = (process.info["cwd"] or "").startswith(directory)
        is_living = process.info["status"] != psutil.STATUS_ZOMBIE
        if (works_here or directory in _line(process)) and is_living:
            found.append(process)
    return found


def _line(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or ())
