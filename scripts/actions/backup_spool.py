"""A directory for what a backup or a verification needs on disk: private, watched, gone afterwards.

A killed process cannot tidy up. Each spool is therefore locked for as long as its process lives, and whoever
opens one first removes those that nobody holds any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lifeboat.core.errors import Refused, StepFailed

RESERVE_BYTES = 64 * 1024**2
"""Left free on the disk, whatever the operator allows: a full disk harms others."""
_LOCK = ".lock"
# Somebody who tidies up may look at a lock that was just made.
_LOCK_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """A directory of one's own.

    Args:
        directory: others may pass through it and see nothing; what is private goes below.
        limit_bytes: what it may hold; None for what the disk has.
    """

    directory: Path
    limit_bytes: int | None

    @property
    def free_bytes(self) -> int:
        """What may still be written on its disk."""
        return max(0, shutil.disk_usage(self.directory).free - RESERVE_BYTES)

    def private(self, name: str) -> Path:
        """Return a directory in it that is closed to everybody else; made now."""
        path = self.directory / name
        path.mkdir(mode=0o700)
        return path

    def check(self) -> None:
        """Check that it holds no more than it may.

        Raises:
            StepFailed: it does, or the disk is about to be full.
        """
        if self.free_bytes == 0:
            raise StepFailed(f"{self.directory}: the disk is full", hint="name another one with --spool")
        if self.limit_bytes is not None and used_bytes(self.directory) > self.limit_bytes:
            raise StepFailed(
                f"{self.directory}: holds more than the {self.limit_bytes} bytes allowed",
                hint="allow more with --spool-limit",
            )


@contextmanager
def open_spool(root: Path | None, name: str, limit_bytes: int | None = None) -> Iterator[Spool]:
    """Yield a new spool, and remove it afterwards with everything in it.

    Args:
        root: where spools lie; None for the system's temporary directory.
        name: of this one; unique.
        limit_bytes: what it may hold.

    Raises:
        Refused: the place is another user's, or cannot be written.
    """
    place = _place(root)
    _remove_forgotten(place)
    directory = place / name
    with FileLock(f"{directory}{_LOCK}", timeout=_LOCK_S):
        try:
            directory.mkdir(mode=0o711)
            yield Spool(directory=directory, limit_bytes=limit_bytes)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            Path(f"{directory}{_LOCK}").unlink(missing_ok=True)


def used_bytes(directory: Path) -> int:
    """Return what the files below a directory take on disk; files may go meanwhile."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


def _place(root: Path | None) -> Path:
    place = root or Path(tempfile.gettempdir()) / f"lifeboat-spool-{os.getuid()}"
    try:
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        owner = place.stat().st_uid
    except OSError as error:
        raise Refused(f"spool {place}: {error.strerror}", hint="name another place with --spool") from error
    if owner != os.getuid():
        raise Refused(f"spool {place}: belongs to another user", hint="name another place with --spool")
    return place


def _remove_forgotten(place: Path) -> None:
    for lock_file in place.glob(f"*{_LOCK}"):
        try:
            with FileLock(lock_file, timeout=0):
                shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)
                lock_file.unlink(missing_ok=True)
        except Timeout:
            continue
