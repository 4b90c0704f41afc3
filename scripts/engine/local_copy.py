"""The local copy of a journal: one line per event, forced to the disk before the run goes on.

It is a copy: the objects in the store are the truth. It serves the operator who looks without a network, and
it brings back events that a store restored from a lagging replica does not have.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lifeboat.core.errors import Stuck
from scripts.engine.event import Event, parse_event


class LocalCopy:
    """The file `<directory>/<run id>.jsonl`."""

    def __init__(self, directory: Path, run_id: str) -> None:
        self.path = directory / f"{run_id}.jsonl"

    def read(self) -> tuple[Event, ...]:
        """Return its events; a torn last line is cut off, for its writer died in the middle of it.

        Raises:
            Stuck: another line is damaged, which no crash of ours does.

        Effects: shortens the file when its last line is torn.
        """
        if not self.path.exists():
            return ()
        body = self.path.read_bytes()
        whole, newline, torn = body.rpartition(b"\n")
        if torn:
            self._shorten(len(whole) + len(newline))
        return tuple(self._parse(line, number) for number, line in enumerate(whole.splitlines(), 1))

    def append(self, events: Sequence[Event]) -> None:
        """Add events and wait until the disk has them.

        Effects: writes and syncs the file, and its directory when the file is new.
        """
        if not events:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with self.path.open("ab") as file:
            file.write(b"".join(event.to_bytes() + b"\n" for event in events))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            self._sync_directory()

    def _parse(self, line: bytes, number: int) -> Event:
        try:
            return parse_event(line)
        except ValueError as error:
            raise Stuck(
                f"{self.path}: line {number} is damaged: {error}",
                hint="it is a copy: keep it as evidence elsewhere, and the objects in the store will be used",
            ) from error

    def _shorten(self, length: int) -> None:
        with self.path.open("r+b") as file:
            file.truncate(length)
            os.fsync(file.fileno())

    def _sync_directory(self) -> None:
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
