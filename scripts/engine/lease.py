"""The lease of an environment: one run at a time, by conditional writes, with a fencing token.

Expiry only says that taking over is sensible; it never makes a holder lose anything. What makes it lose is
the token: whoever takes over writes a greater one, and from then on the old holder's checks and appends fail.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace

from lifeboat.core.errors import LeaseHeld
from scripts.engine.lease_record import Hold, LeaseRecord, LeaseSighting, see_lease
from scripts.engine.objects import ObjectStore, WriteConflict
from scripts.engine.places import lease_key

EXPIRED = "expired"
"""What to name for taking over whichever lease has expired."""
TTL_S = 60.0


class LeaseLost(LeaseHeld):
    """This process held the lease and does so no longer; it must not touch anything more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRequest:
    """Who wants an environment.

    Args:
        environment: what is wanted.
        run_id: for which run.
        holder: user, host and process.
        take_over: a run id whose lease may be taken even if it is alive, or `EXPIRED`.
        ttl_s: seconds without a sign of life after which others may take over.
    """

    environment: str
    run_id: str
    holder: str
    take_over: str = ""
    ttl_s: float = TTL_S


class Lease:
    """A lease this process holds; made by `acquire`. Safe to use from two threads.

    Attributes:
        record: what was written last.
        taken_from: the run that held it before and had not released it; empty when there was none.
    """

    def __init__(self, store: ObjectStore, record: LeaseRecord, etag: str, taken_from: str) -> None:
        self._store = store
        self._etag = etag
        self._lock = threading.Lock()
        self.record = record
        self.taken_from = taken_from

    def check(self) -> None:
        """Read the lease again.

        Raises:
            LeaseLost: it is no longer ours.
            StoreUnavailable: nobody knows.
        """
        with self._lock:
            self._etag = self._see_own().etag

    def renew(self) -> None:
        """Give a sign of life.

        Raises:
            LeaseLost: it is no longer ours.
            StoreUnavailable: nobody knows; the next sign of life may get through.
        """
        with self._lock:
            if self.record.hold is Hold.HELD:
                self._write(replace(self.record, beats=self.record.beats + 1))

    def release(self, hold: Hold = Hold.FREE) -> None:
        """Give it back: free for everybody, or parked for whoever resumes or aborts this run.

        Raises:
            LeaseLost: it is no longer ours.
        """
        with self._lock:
            self._write(replace(self.record, beats=self.record.beats + 1, hold=hold))

    def _write(self, record: LeaseRecord) -> None:
        key, etag = lease_key(record.environment), self._etag
        while True:
            try:
                self._etag = self._store.put_if_match(key, record.to_bytes(), etag)
            except WriteConflict:
                # An earlier write of ours may have arrived after its answer was given up for lost. While the
                # object is ours nobody else writes it, so this ends at the second turn.
                etag = self._see_own().etag
            else:
                self.record = record
                return

    def _see_own(self) -> LeaseSighting:
        seen = see_lease(self._store, self.record.environment)
        if seen is None or (seen.record.token, seen.record.nonce) != (self.record.token, self.record.nonce):
            now = seen.describe() if seen else "nobody: the lease object is gone"
            raise LeaseLost(
                f"run {self.record.run_id} no longer holds environment {self.record.environment}; "
                f"the holder is {now}",
                hint="this process has stopped and changed nothing since; look at the other run",
            )
        return seen


def acquire(store: ObjectStore, request: LeaseRequest) -> Lease:
    """Take the lease of an environment.

    It may be taken when it is free or never was; when it is parked by, or expired under, this very run; or
    when `take_over` says so.

    Raises:
        LeaseHeld: another run, or another process with this one, holds it; says which and since when.
        StoreUnavailable: the store gave no answer.

    Effects: writes the lease object.
    """
    seen = see_lease(store, request.environment)
    if seen is not None and not _may_take(seen, request):
        raise _held(seen, request)
    record = LeaseRecord(
        environment=request.environment,
        run_id=request.run_id,
        token=seen.record.token + 1 if seen else 1,
        holder=request.holder,
        nonce=secrets.token_hex(8),
        ttl_s=request.ttl_s,
    )
    key = lease_key(request.environment)
    try:
        if seen is None:
            etag = store.put_if_absent(key, record.to_bytes())
        else:
            etag = store.put_if_match(key, record.to_bytes(), seen.etag)
    except WriteConflict as conflict:
        winner = see_lease(store, request.environment)
        if winner is None:
            raise
        raise _held(winner, request) from conflict
    was_held = seen is not None and seen.record.hold is not Hold.FREE
    return Lease(store, record, etag, seen.record.run_id if seen and was_held else "")


def _may_take(seen: LeaseSighting, request: LeaseRequest) -> bool:
    if seen.record.hold is Hold.FREE or request.take_over == seen.record.run_id:
        return True
    is_over = seen.is_expired or seen.record.hold is Hold.PARKED
    if seen.record.run_id == request.run_id:
        return is_over
    return request.take_over == EXPIRED and seen.is_expired and seen.record.hold is Hold.HELD


def _held(seen: LeaseSighting, request: LeaseRequest) -> LeaseHeld:
    run_id = seen.record.run_id
    if seen.record.hold is Hold.PARKED:
        hint = f"`lifeboat run resume {run_id}` or `lifeboat run abort {run_id}` first"
    elif run_id == request.run_id:
        hint = f"wait until it ends; `lifeboat run resume {run_id} --take-over` when you know that it is dead"
    else:
        hint = f"`lifeboat run show {run_id}` shows it; when it is dead, resume or abort it"
    return LeaseHeld(f"environment {request.environment} is held by {seen.describe()}", hint=hint)
