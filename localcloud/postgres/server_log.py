"""What a server writes: one file, kept small, and the line in it that says why a server ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 8 * 2**20
KEPT_BYTES = 2**20

_ENTRY = re.compile(r"\b(LOG|ERROR|FATAL|PANIC):\s+(.*)")
_ENDS = {"ERROR", "FATAL", "PANIC"}
# These only say that something else, written just before, went wrong.
_CONSEQUENCES = ("configuration file", "could not create any TCP/IP sockets")
_PRINTED_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class ServerLog:
    """The log file of one server.

    The servers append to it, so cutting it needs neither a restart nor a signal: their next line is written
    at the new end.
    """

    path: Path

    def size_bytes(self) -> int:
        """Return its size; 0 when nothing was written yet."""
        return self.path.stat().st_size if self.path.exists() else 0

    def bound(self) -> None:
        """Keep the last part only when it grew too large; lines written in this very moment may be lost."""
        if self.size_bytes() > LARGEST_BYTES:
            kept = self.tail(KEPT_BYTES)
            with self.path.open("r+b") as file:
                file.truncate(0)
            with self.path.open("ab") as file:
                file.write(kept)

    def tail(self, size_bytes: int) -> bytes:
        """Return what it ends with."""
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(max(0, self.size_bytes() - size_bytes))
            return file.read(size_bytes)

    def reason(self, since_bytes: int) -> str:
        """Return why the server ended, as it said after a position; empty when it said nothing."""
        return reason_in(self.tail(max(0, self.size_bytes() - since_bytes)).decode(errors="replace"))


def reason_in(written: str) -> str:
    """Return why a program of PostgreSQL ended, from what it wrote; empty when it wrote nothing."""
    entries = [(match[1], match[2]) for line in written.splitlines() if (match := _ENTRY.search(line))]
    for position, (level, text) in enumerate(entries):
        if level in _ENDS:
            before = entries[position - 1][1] if position else text
            return before if text.startswith(_CONSEQUENCES) else text
    # Before its log begins it just prints.
    return " ".join(written.split())[-_PRINTED_CHARACTERS:]
