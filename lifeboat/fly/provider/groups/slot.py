"""A place in a machine group: the n-th machine of a region.

The region is the slot's home; after a capacity fallback its machine stands elsewhere and keeps the slot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r"([a-z]{3})/([1-9][0-9]*)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """A place; `number` counts from 1 inside `region`."""

    region: str
    number: int

    @classmethod
    def parse(cls, text: str) -> Slot | None:
        """Read `sjc/1`; None for anything else, so that a foreign hand's text harms nothing."""
        match = _TEXT.fullmatch(text)
        return cls(region=match[1], number=int(match[2])) if match else None

    @property
    def text(self) -> str:
        """The form kept in metadata: `sjc/1`."""
        return f"{self.region}/{self.number}"

    def machine_name(self, group: str) -> str:
        """Return the deterministic name of this slot's machine, unique per app among live machines."""
        return f"{group}-{self.region}-{self.number}"
