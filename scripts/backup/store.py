"""The port behind which backups lie: the engine's object store, and two things more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from scripts.engine.objects import ObjectStore


class BackupStore(ObjectStore, Protocol):
    """Objects by key, with sizes, that can be removed."""

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """Return the length in bytes of every object whose key starts with `prefix`.

        Raises:
            StoreUnavailable: the store gave no answer.
        """
        ...

    def remove(self, keys: Sequence[str]) -> None:
        """Remove objects; one that is gone already is no failure. A locked version outlives this.

        Raises:
            StoreUnavailable: not all of them are gone.
        """
        ...
