"""Runs `pg_dump` into a directory and hands over its files while they are written.

Directory format, uncompressed: it is the only one that is written in parallel, and compressing is ours, since
not every client has zstandard. The dump sees the snapshot it is given; it waits a minute for locks and no
longer, because everybody behind it would wait as well.

Source: PostgreSQL documentation, "pg_dump".
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from lifeboat.core.clock import Clock
from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import last_words
from scripts.actions.backup_programs import Programs

STALL_S = 900.0
_LOOK_S = 0.1
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
        self._said = directory.with_name(f"{directory.name}.said")
        options = [f"--jobs={jobs}", f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_WAIT}"]
        options += ["--format=directory", "--compress=0", "--no-password", "--no-sync", f"--file={directory}"]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [programs.path("pg_dump"), *options],
                env=dict(environment),
                cwd=directory.parent,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

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
        try:
            while self._process.poll() is None:
                look(self)
                now_s, before = clock.monotonic_s(), written
                written = self._written()
                moved_s = now_s if written != before else moved_s
                if now_s - moved_s > stall_s:
                    raise StepFailed(f"pg_dump wrote nothing for {stall_s:.0f} s", retryable=True)
                clock.sleep(_LOOK_S)
        finally:
            self._end()
        if self._process.returncode:
            said = last_words(self._said.read_text(errors="replace"))
            raise StepFailed(f"pg_dump ended with {self._process.returncode}: {said}", retryable=True)

    def open_files(self) -> frozenset[str] | None:
        """Return the names of the files it is writing; None when that cannot be told."""
        names = set()
        try:
            leader = psutil.Process(self._process.pid)
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

    def _end(self) -> None:
        if self._process.poll() is None:
            # The whole group: its workers would go on otherwise until they next look for it.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
