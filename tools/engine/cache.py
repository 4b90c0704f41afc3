"""The engines kept between runs and shared by all checkouts of a user: whole entries or nothing.

An entry is made in a directory of its own beside the others and appears under its name by one rename. Making
is exclusive; whoever holds the lock knows that every unfinished directory belongs to a maker that died.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from tools.engine.progress import Progress

_UNFINISHED = "unfinished-"
_POLL_S = 0.5


class EngineCache:
    """A directory of finished entries, a lock file and at most one unfinished entry.

    Args:
        root: where it lies; made when missing.
        progress: told when another maker must be waited for, and what was swept.
    """

    def __init__(self, root: Path, progress: Progress) -> None:
        self.root = root
        self._progress = progress

    @classmethod
    def of_user(cls, progress: Progress) -> EngineCache:
        """Return the cache in the user's cache directory (XDG_CACHE_HOME is respected)."""
        return cls(user_cache_path("lifeboat") / "engine", progress)

    def entry(self, name: str) -> Path:
        """Return where an entry lies once it is finished."""
        return self.root / name

    @contextmanager
    def making(self) -> Iterator[None]:
        """Hold the right to make entries; waits, saying so, while another process has it.

        The lock is the operating system's: it is gone with the process that held it, however that ended.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock", poll_interval=_POLL_S)
        self._acquire(lock)
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    @contextmanager
    def unfinished(self) -> Iterator[Path]:
        """Give an empty directory to make an entry in; what is left in it afterwards is removed."""
        path = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.root))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def publish(self, made: Path, name: str) -> Path:
        """Give a made directory its final name; a damaged entry of that name gives way."""
        entry = self.entry(name)
        shutil.rmtree(entry, ignore_errors=True)
        return made.rename(entry)

    def _acquire(self, lock: FileLock) -> None:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            with self._progress.phase("waiting for another process that is making the engine"):
                self._wait(lock)

    def _wait(self, lock: FileLock) -> None:
        while not lock.is_locked:
            try:
                lock.acquire(timeout=2 * _POLL_S)
            except Timeout:
                self._progress.tick()

    def _sweep(self) -> None:
        for left in self.root.glob(f"{_UNFINISHED}*"):
            self._progress.note(f"removing what a killed build left: {left.name}")
            shutil.rmtree(left, ignore_errors=True)
