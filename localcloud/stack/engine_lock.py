"""The locks that the engine takes in a file:// backend, and whether their holders still live.

The engine writes a file per run with its pid and host and removes it at the end; it knows no expiry, so a
killed run locks the stack for ever (`pkg/backend/diy/lock.go`). On one machine the holder can be looked at.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

CLOCK_STEP = timedelta(seconds=2)


class EngineLock(BaseModel):
    """What the engine writes: who runs it, where, since when."""

    model_config = ConfigDict(frozen=True)

    pid: int
    username: str
    hostname: str
    timestamp: datetime


class Holder(StrEnum):
    """What became of a lock's holder."""

    ALIVE = "alive"
    DEAD = "dead"
    ELSEWHERE = "on another host"


def read_locks(directory: Path) -> tuple[EngineLock | None, ...]:
    """Return the locks in a stack's lock directory; None stands for one whose text is no lock."""
    return tuple(_read(path) for path in sorted(directory.glob("*.json")))


def holder_of(lock: EngineLock, *, host: str, began_at: Callable[[int], datetime | None]) -> Holder:
    """Say what became of a lock's holder.

    Args:
        lock: what was found.
        host: this machine's name, as the engine would write it.
        began_at: the moment a pid's process began, None when there is none.
    """
    if lock.hostname != host:
        return Holder.ELSEWHERE
    moment = began_at(lock.pid)
    # A process that began after the lock was written only has the holder's number.
    if moment is None or moment > lock.timestamp + CLOCK_STEP:
        return Holder.DEAD
    return Holder.ALIVE


def process_began_at(pid: int) -> datetime | None:
    """Return when a living process began, None when there is none by that number."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return datetime.fromtimestamp(process.create_time(), UTC)
    except psutil.NoSuchProcess:
        return None


def this_host() -> str:
    """Return this machine's name as the engine writes it into a lock."""
    return socket.gethostname()


def _read(path: Path) -> EngineLock | None:
    try:
        return EngineLock.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
