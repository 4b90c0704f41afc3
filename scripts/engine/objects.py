"""The port behind which runs are written down: small objects with conditional writes.

What the engine asks of a store, and what `scripts/actions/object_store.py` gives on S3:

- reading after a write shows that write;
- of several simultaneous conditional writes to a key exactly one wins;
- a write whose answer was lost is read back and compared, never assumed. Therefore **bodies are unique to
  their writer** (they carry a fencing token or a nonce): finding one's own body means one's own write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lifeboat.core.errors import Refused, WorldChanged


class WriteConflict(WorldChanged):
    """Somebody else wrote the object first."""


class StoreUnavailable(Refused):
    """The store gave no answer, so nothing may be done that would have to be written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object as it was read.

    Args:
        key: its name.
        body: its bytes.
        etag: names this very version; opaque.
        written_at: when it was written, on the store's clock.
        read_at: when it was read, on the same clock, so that ages hold whatever the reader's clock says.
    """

    key: str
    body: bytes
    etag: str
    written_at: datetime
    read_at: datetime

    @property
    def age_s(self) -> float:
        """Seconds between the last write and this reading, both on the store's clock (>= 0)."""
        return max(0.0, (self.read_at - self.written_at).total_seconds())


class ObjectStore(Protocol):
    """Objects by key.

    Every method raises `StoreUnavailable` when the store cannot be reached, or does not let us.
    """

    @property
    def where(self) -> str:
        """The store as people name it."""
        ...

    def get(self, key: str) -> Stored | None:
        """Return an object, or None when there is none."""
        ...

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write an object that must not exist yet and return its etag.

        Raises:
            WriteConflict: it exists with another body.
        """
        ...

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Overwrite the version named by `etag` and return the new etag.

        Raises:
            WriteConflict: the object is another version with another body, or is gone.
        """
        ...

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Return the keys that start with `prefix`, sorted."""
        ...
