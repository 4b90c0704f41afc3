"""Identifiers that look like Fly's and come out the same for the same seed and order.

The state is one counter, saved with the world, so that a restarted emulator never repeats an id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOWER = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True, kw_only=True)
class Ids:
    """A seeded source of identifiers; `drawn` counts what was given out."""

    seed: str
    drawn: int = 0

    def number(self, below: int) -> int:
        """Return the next number in [0, below)."""
        self.drawn += 1
        digest = hashlib.sha256(f"{self.seed}:{self.drawn}".encode()).digest()
        return int.from_bytes(digest[:16], "big") % below

    def text(self, length: int, alphabet: str = _LOWER) -> str:
        """Return the next text of `length` letters of `alphabet` (length up to 24)."""
        value = self.number(len(alphabet) ** length)
        letters = []
        for _ in range(length):
            value, at = divmod(value, len(alphabet))
            letters.append(alphabet[at])
        return "".join(letters)

    def machine(self) -> str:
        """Return a machine id: 14 hexadecimal digits."""
        return self.text(14, "0123456789abcdef")

    def ulid(self, at: datetime) -> str:
        """Return a ULID of a moment: versions, events, releases."""
        return _crockford(int(at.timestamp() * 1000), 10) + self.text(16, _CROCKFORD)

    def volume(self) -> str:
        """Return a volume id."""
        return f"vol_{self.text(20)}"

    def snapshot(self) -> str:
        """Return a snapshot id."""
        return f"vs_{self.text(16)}"


def _crockford(value: int, length: int) -> str:
    letters = []
    for _ in range(length):
        value, at = divmod(value, 32)
        letters.append(_CROCKFORD[at])
    return "".join(reversed(letters))
