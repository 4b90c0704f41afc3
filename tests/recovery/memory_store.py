"""An object store in memory with the store contract of the engine, and one that kills its writer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from lifeboat.core.clock import Clock
from scripts.engine.objects import ObjectStore, Stored, StoreUnavailable, WriteConflict


class MemoryStore:
    """Objects in a dictionary; what S3 does with conditional writes, without S3."""

    where = "memory://"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._versions = 0
        self.objects: dict[str, Stored] = {}

    def get(self, key: str) -> Stored | None:
        """Read."""
        with self._lock:
            found = self.objects.get(key)
            if found is None:
                return None
            return Stored(
                key=key,
                body=found.body,
                etag=found.etag,
                written_at=found.written_at,
                read_at=self._clock.now(),
            )

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write what is not there."""
        return self._put(key, body, lambda found: found is None)

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Write over what is there."""
        return self._put(key, body, lambda found: found is not None and found.etag == etag)

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List."""
        with self._lock:
            return tuple(sorted(key for key in self.objects if key.startswith(prefix)))

    def _put(self, key: str, body: bytes, allowed: Callable[[Stored | None], bool]) -> str:
        with self._lock:
            found = self.objects.get(key)
            if found is not None and found.body == body:
                return found.etag
            if not allowed(found):
                raise WriteConflict(f"{key} was written by somebody else")
            self._versions += 1
            now = self._clock.now()
            etag = f'"{self._versions}"'
            self.objects[key] = Stored(key=key, body=body, etag=etag, written_at=now, read_at=now)
            return etag


class Killed(BaseException):
    """The process is dead; nothing may catch this, and nothing of it may write any more."""


@dataclass
class Killer:
    """Counts moments at which a process can die, and kills it at one of them.

    Args:
        at: which one, counted from 1; 0 never kills.
    """

    at: int = 0
    passed: int = 0
    dead: bool = False
    names: list[str] = field(default_factory=list)

    def moment(self, name: str) -> None:
        """Die here when this is the one; a dead process dies again wherever it goes on."""
        if not self.dead:
            self.passed += 1
            self.names.append(name)
            self.dead = self.passed == self.at
        if self.dead:
            raise Killed(name)


class FragileStore:
    """A store whose writer can be killed before a write reached it, and after, before it knows."""

    def __init__(self, store: ObjectStore, killer: Killer) -> None:
        self._store = store
        self._killer = killer
        self.where = store.where

    def get(self, key: str) -> Stored | None:
        """Read."""
        return self._store.get(key)

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write what is not there."""
        self._killer.moment(f"before {key}")
        etag = self._store.put_if_absent(key, body)
        self._killer.moment(f"after {key}")
        return etag

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Write over what is there."""
        self._killer.moment(f"before {key}")
        new = self._store.put_if_match(key, body, etag)
        self._killer.moment(f"after {key}")
        return new

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List."""
        return self._store.keys(prefix)


class Outage:
    """A store that stops answering after a number of writes, until told to come back."""

    def __init__(self, store: ObjectStore, writes: int) -> None:
        self._store = store
        self.writes_left = writes
        self.where = store.where

    def get(self, key: str) -> Stored | None:
        """Read."""
        self._demand_answer()
        return self._store.get(key)

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write what is not there."""
        self._demand_answer()
        self.writes_left -= 1
        return self._store.put_if_absent(key, body)

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Write over what is there."""
        self._demand_answer()
        self.writes_left -= 1
        return self._store.put_if_match(key, body, etag)

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List."""
        self._demand_answer()
        return self._store.keys(prefix)

    def _demand_answer(self) -> None:
        if self.writes_left <= 0:
            raise StoreUnavailable(f"{self.where} does not answer")
