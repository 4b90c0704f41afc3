"""A bucket of backups in memory, and ways in which one fails."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lifeboat.core.clock import Clock, SystemClock
from scripts.engine.objects import Stored, StoreUnavailable
from tests.recovery.memory_store import Killer, MemoryStore


class RememberedBackups(MemoryStore):
    """What a store of backups does, without S3."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock or SystemClock())

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """Return lengths."""
        return {key: len(self.objects[key].body) for key in self.keys(prefix)}

    def remove(self, keys: Sequence[str]) -> None:
        """Remove."""
        for key in keys:
            self.objects.pop(key, None)

    def damage(self, key: str, body: bytes) -> None:
        """Change the bytes of an object behind everybody's back."""
        self.objects[key] = replace(self.objects[key], body=body)

    def parts(self, name: str = "") -> list[str]:
        """Return the keys of parts whose file's name starts so."""
        return [key for key in sorted(self.objects) if f"/parts/{name}" in key]


class FragileBackups:
    """A store whose writer is killed before or after one of its writes; nobody writes after that."""

    def __init__(self, store: RememberedBackups, killer: Killer) -> None:
        self._store = store
        self._killer = killer
        self._lock = threading.Lock()
        self.where = store.where

    def get(self, key: str) -> Stored | None:
        """Read."""
        return self._store.get(key)

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List."""
        return self._store.keys(prefix)

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """List with lengths."""
        return self._store.sizes(prefix)

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write what is not there."""
        with self._lock:
            self._killer.moment(f"before {key}")
            etag = self._store.put_if_absent(key, body)
            self._killer.moment(f"after {key}")
            return etag

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Write over what is there."""
        with self._lock:
            self._killer.moment(f"before {key}")
            new = self._store.put_if_match(key, body, etag)
            self._killer.moment(f"after {key}")
            return new

    def remove(self, keys: Sequence[str]) -> None:
        """Remove, one after another."""
        for key in keys:
            self._killer.moment(f"before {key}")
            self._store.remove([key])
            self._killer.moment(f"after {key}")


class FullOfErrors(RememberedBackups):
    """A bucket that takes a number of writes and then nothing more."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.writes_left = writes

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write, or do not."""
        self.writes_left -= 1
        if self.writes_left < 0:
            raise StoreUnavailable(f"{self.where}{key}: does not answer")
        return super().put_if_absent(key, body)
