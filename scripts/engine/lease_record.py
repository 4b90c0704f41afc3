"""What a lease object says: which run holds an environment, who runs it, and with which fencing token.

The object is never deleted: a released lease keeps its token, so that a token is never given out twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lifeboat.core.errors import Stuck
from lifeboat.core.units import format_duration
from scripts.engine.json_values import canonical
from scripts.engine.objects import ObjectStore, Stored
from scripts.engine.places import lease_key


class Hold(StrEnum):
    """How an environment is held."""

    HELD = "held"
    PARKED = "parked"
    """A run stopped unfinished: nobody works on it, and nobody else may before it is resumed or aborted."""
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """The content of a lease object.

    Args:
        environment: what is held.
        run_id: the run that holds it, or held it last.
        token: fencing token, one more with each change of holder (>= 1).
        holder: user, host and process.
        nonce: drawn by the holder, so that no two write the same bytes.
        ttl_s: seconds without a sign of life after which it has expired.
        beats: signs of life so far.
        hold: how it is held.
    """

    environment: str
    run_id: str
    token: int
    holder: str
    nonce: str
    ttl_s: float
    beats: int = 0
    hold: Hold = Hold.HELD

    def to_bytes(self) -> bytes:
        """Return the canonical JSON."""
        names = self.__slots__
        return canonical({name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseSighting:
    """A lease as it was read."""

    record: LeaseRecord
    etag: str
    age_s: float

    @property
    def is_expired(self) -> bool:
        """Whether the holder gave no sign of life for too long, by the store's clock alone."""
        return self.age_s > self.record.ttl_s

    def describe(self) -> str:
        """Return who holds it and since when, in one line."""
        age = format_duration(timedelta(seconds=self.age_s))
        record = self.record
        by = f"run {record.run_id} ({record.holder})"
        if record.hold is Hold.PARKED:
            return f"{by}, which stopped unfinished {age} ago"
        state = "expired" if self.is_expired else "alive"
        return f"{by}, last sign of life {age} ago, {state}"


def see_lease(store: ObjectStore, environment: str) -> LeaseSighting | None:
    """Return the lease of an environment; None when it never had one.

    Raises:
        Stuck: the object is not a lease.
        StoreUnavailable: the store gave no answer.
    """
    stored = store.get(lease_key(environment))
    return None if stored is None else _sighting(store, stored)


def _sighting(store: ObjectStore, stored: Stored) -> LeaseSighting:
    try:
        data = json.loads(stored.body)
        record = LeaseRecord(**{**data, "hold": Hold(data["hold"])})
        token = int(record.token)
    except (ValueError, TypeError, KeyError) as error:
        raise Stuck(
            f"{store.where}{stored.key}: not a lease: {error}",
            hint="somebody else wrote it; the bucket keeps its older versions",
        ) from error
    if token < 1:
        raise Stuck(f"{store.where}{stored.key}: token {token} is none")
    return LeaseSighting(record=record, etag=stored.etag, age_s=stored.age_s)
