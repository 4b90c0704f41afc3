"""Holds a run: takes its lease, opens its journal, and leaves both in order however the work inside ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lifeboat.core.errors import LifeboatError, Stuck
from scripts.engine.event import EventKind
from scripts.engine.fence import fence_run
from scripts.engine.heartbeat import Heartbeat
from scripts.engine.journal import Journal
from scripts.engine.lease import Lease, LeaseLost, LeaseRequest, acquire
from scripts.engine.lease_record import Hold
from scripts.engine.local_copy import LocalCopy
from scripts.engine.objects import StoreUnavailable
from scripts.engine.plan import Plan
from scripts.engine.run_state import Phase
from scripts.engine.step_session import RunInHand
from scripts.engine.workplace import Workplace


@contextmanager
def hold_run(workplace: Workplace, run_id: str, plan: Plan, take_over: str) -> Iterator[RunInHand]:
    """Hold the environment of a plan for a run while the block runs.

    A block that ends with an error leaves the run paused and its lease parked (free when nothing began). What
    is no `Exception` (a killed process, a second Ctrl-C) leaves everything as it is: the lease expires.

    Raises:
        LeaseHeld: another run, or another process with this one, holds it.
        LeaseLost: it was taken from us; nothing is written any more.
        Stuck: the store stopped answering.
    """
    request = LeaseRequest(
        environment=plan.environment,
        run_id=run_id,
        holder=workplace.holder,
        take_over=take_over,
        ttl_s=workplace.pace.ttl_s,
    )
    lease = acquire(workplace.store, request)
    with Heartbeat(lease, workplace.pace.heartbeat_s):
        run: RunInHand | None = None
        try:
            if lease.taken_from not in ("", run_id):
                fence_run(workplace.store, lease.taken_from, lease, workplace.clock)
            local = LocalCopy(workplace.local, run_id)
            journal = Journal(workplace.store, lease, local, workplace.clock, workplace.tell)
            run = RunInHand(workplace=workplace, plan=plan, lease=lease, journal=journal)
            yield run
        except LeaseLost:
            raise
        except StoreUnavailable as error:
            raise Stuck(
                f"run {run_id} stopped where it was: {error.message}",
                hint=f"once the store answers: `lifeboat run resume {run_id}`",
            ) from error
        except Exception as error:
            _leave(lease, run.journal if run else None, error)
            raise


def _leave(lease: Lease, journal: Journal | None, error: Exception) -> None:
    """Write down why the run stopped; what cannot be written is said with the error itself."""
    try:
        if journal is not None and journal.state.phase is Phase.RUNNING:
            is_ours = isinstance(error, LifeboatError)
            journal.append(
                EventKind.RUN_PAUSED,
                reason=type(error).__name__,
                message=error.message if isinstance(error, LifeboatError) else repr(error),
                exit_code=error.exit_code if isinstance(error, LifeboatError) else 1,
                is_bug=not is_ours,
            )
        has_begun = journal is None or journal.state.phase not in (Phase.NEW, Phase.ENDED)
        if lease.record.hold is Hold.HELD:
            lease.release(Hold.PARKED if has_begun else Hold.FREE)
    except LifeboatError as second:
        error.add_note(f"this could not be written down: {second.message}")
