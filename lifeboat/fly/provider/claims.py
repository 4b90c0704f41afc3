"""Who has what, as far as this process has seen: the evidence for adopting, and for not deleting.

Most of Fly's objects carry no metadata, so an owner cannot be read from them. What can be known: the engine
checks every declared resource, asks about the differences of every declared resource that its state has, and
deletes what the program dropped or replaced only after all of that. So
- two resources of a program that mean the same object are found when the second is checked;
- an object that a resource of the state has is not adopted by another one;
- an object that another resource has taken over (a rename without an alias), or that the replacement of the
  same resource has taken over, is not deleted with its old owner.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why an object counts as a resource's."""

    STATE = "state"
    """The engine's state says so."""
    MADE = "made"
    """This process made it for the resource."""
    ADOPTED = "adopted"
    """This process found it and took it over for the resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An object's owner, and why."""

    urn: str
    ground: Ground


class Claims:
    """Owners by object; thread-safe, for one provider process. Objects are named `<type token> <id>`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: dict[str, str] = {}
        self._claims: dict[str, Claim] = {}

    def declare(self, key: str, urn: str) -> str | None:
        """Note that a resource declares the object `key` describes; return another URN that does so too."""
        with self._lock:
            first = self._declared.setdefault(key, urn)
            return first if first != urn else None

    def claim(self, subject: str, urn: str, ground: Ground) -> None:
        """Note that an object belongs to a resource; the latest word counts."""
        with self._lock:
            self._claims[subject] = Claim(urn=urn, ground=ground)

    def is_free(self, subject: str) -> bool:
        """Tell whether nobody is known to have an object."""
        with self._lock:
            return subject not in self._claims

    def outlives(self, subject: str, urn: str) -> bool:
        """Tell whether an object stays when this resource is deleted, because it was taken over since."""
        with self._lock:
            claim = self._claims.get(subject)
            return claim is not None and (claim.urn != urn or claim.ground is Ground.ADOPTED)

    def forget(self, subject: str) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._claims.pop(subject, None)
