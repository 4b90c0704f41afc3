"""Runs `pg_dump` into a directory and hands over its files while they are written.

Directory format, uncompressed: it is the only one that is written in parallel, and compressing is ours, since
not every client has zstandard. The dump sees the snapshot it is given; it waits a minute for locks and no
longer, because everybody behind it would wait as well.

Source: PostgreSQL documentation, "pg_dump".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from lifeboat.core.clock import Clock
from lifeboat.core.errors import StepFailed
from scripts.actions.backup_programs import Programs
from scripts.actions.backup_running import RunningProgram

STALL_S = 900.0
_LOCK_WAIT = "60s"

Look = Callable[["RunningDump"], None]


class RunningDump:
    """A `pg_dump` that runs; ended with everything it started when the block ends.

    Args:
        programs: of the server's version or later.
        environment: how it connects.
        directory: where it writes; made by it.
        snapshot: id of the snapshot it sees.
        jobs: how many tables at once.
    """

    def __init__(
        self, programs: Programs, environment: Mapping[str, str], directory: Path, *, snapshot: str, jobs: int
    ) -> None:
        self.directory = directory
        options = [f"--jobs={jobs}", f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_WAIT}"]
        options += ["--format=directory", "--compress=0", "--no-password", "--no-sync", f"--file={directory}"]
        said = directory.with_name(f"{directory.name}.said")
        self._program = RunningProgram([programs.path("pg_dump"), *options], environment, said)

    def wait(self, look: Look, clock: Clock, stall_s: float = STALL_S) -> None:
        """Wait until it has written everything.

        Args:
            look: called again and again while it runs; what it raises ends the dump.
            clock: paces the looks.
            stall_s: seconds without a byte after which it is given up.

        Raises:
            StepFailed: it ended with anything but 0, or stands still.
        """
        written, moved_s = -1, clock.monotonic_s()

        def watch() -> None:
            nonlocal written, moved_s
            look(self)
            now_s, before = clock.monotonic_s(), written
            written = self._written()
            moved_s = now_s if written != before else moved_s
            if now_s - moved_s > stall_s:
                raise StepFailed(f"pg_dump wrote nothing for {stall_s:.0f} s", retryable=True)

        try:
            self._program.wait(watch, clock)
        except StepFailed as error:
            raise StepFailed(error.message, hint=error.hint, retryable=True) from error

    def open_files(self) -> frozenset[str] | None:
        """Return the names of the files it is writing; None when that cannot be told."""
        names = set()
        try:
            leader = psutil.Process(self._program.pid)
            for process in (leader, *leader.children(recursive=True)):
                names |= {Path(file.path).name for file in process.open_files()}
        except (psutil.Error, OSError):
            return None
        return frozenset(names)

    def _written(self) -> int:
        """Return a number that changes whenever something is written or shipped."""
        if not self.directory.exists():
            return 0
        return hash(tuple(_size(path) for path in sorted(self.directory.iterdir())))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
