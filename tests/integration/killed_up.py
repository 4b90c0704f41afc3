"""An `up` that loses a process at a moment: its provider, its engine, or the command itself."""

from __future__ import annotations

import contextlib
import subprocess
from enum import StrEnum

import psutil

from lifeboat.core.clock import SystemClock
from tests.integration.project import Project
from tools.scratch_project import CHECKOUT

_LIFEBOAT = str(CHECKOUT / ".venv/bin/lifeboat")
_END_S = 120.0
_LOOK_S = 0.1
_CLOCK = SystemClock()


class Victim(StrEnum):
    """Who is killed."""

    PROVIDER = "provider"
    ENGINE = "engine"
    COMMAND = "command"


def kill_during_up(project: Project, environment: str, victim: Victim, after_s: float) -> bool:
    """Run `up`, kill a process of it with SIGKILL, and wait until all of it has ended.

    Args:
        project: where.
        environment: what to bring up.
        victim: who is killed.
        after_s: how long the victim, or the engine of a command, has been there by then.

    Returns:
        Whether there was a victim at that moment; otherwise the run went on to its own end.
    """
    command = subprocess.Popen(
        [_LIFEBOAT, "up", environment],
        cwd=project.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    family = psutil.Process(command.pid)
    awaited = Victim.PROVIDER if victim is Victim.PROVIDER else Victim.ENGINE
    while command.poll() is None and not _of(family, awaited):
        _CLOCK.sleep(_LOOK_S)
    _CLOCK.sleep(after_s)
    everyone = _alive(family)
    doomed = [family] if victim is Victim.COMMAND else _of(family, victim)
    killed = command.poll() is None and bool(doomed)
    for process in doomed if killed else ():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    command.wait(timeout=_END_S)
    _, left = psutil.wait_procs(everyone, timeout=_END_S)
    assert left == [], [process.cmdline() for process in left]
    return killed


def _of(family: psutil.Process, victim: Victim) -> list[psutil.Process]:
    """Return the living processes that are a kind of victim; a run has one engine at work."""
    found = []
    for process in _alive(family):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            words = process.cmdline()
            is_engine = bool(words) and words[0].endswith("/pulumi") and "up" in words
            is_provider = "lifeboat.fly.provider" in words
            if is_provider if victim is Victim.PROVIDER else is_engine:
                found.append(process)
    return found


def _alive(family: psutil.Process) -> list[psutil.Process]:
    try:
        return [family, *family.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
