"""What is left on a disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from scripts.observe.aws import NoAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRoom:
    """A directory and what may still be written there."""

    where: str
    free_bytes: int


def see_room(directory: Path, *, reserve_bytes: int) -> DiskRoom:
    """Return what may still be written to a directory.

    Args:
        directory: the directory.
        reserve_bytes: what is left to others.

    Raises:
        NoAnswer: it is not there or cannot be looked at.
    """
    try:
        free = shutil.disk_usage(directory).free
    except OSError as error:
        raise NoAnswer(f"room of {directory}: {error.strerror}") from error
    return DiskRoom(where=str(directory), free_bytes=max(0, free - reserve_bytes))
