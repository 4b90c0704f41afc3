"""Shuts a run that lost its environment out of its own journal."""

from __future__ import annotations

from lifeboat.core.clock import Clock
from scripts.engine.event import Event, EventKind
from scripts.engine.journal_reading import read_journal
from scripts.engine.lease import Lease
from scripts.engine.objects import ObjectStore, WriteConflict
from scripts.engine.places import event_key
from scripts.engine.run_state import Phase

_ATTEMPTS = 20


def fence_run(store: ObjectStore, run_id: str, lease: Lease, clock: Clock) -> None:
    """Write the last event that the previous holder's run gets before somebody resumes it.

    The old holder may have checked its lease just before it was taken and be about to write; whichever of
    both writes first, the other one finds the number taken. So after this nothing of the old holder's can be
    written any more, and without an intent written down it does not act.

    Args:
        store: where the runs lie.
        run_id: the run that held the environment before.
        lease: the lease that was taken from it.
        clock: dates the event.

    Raises:
        Stuck: the other run's journal is damaged.
        LeaseLost: the lease was lost meanwhile.

    Effects: writes an event into the other run's journal.
    """
    for _ in range(_ATTEMPTS):
        _, state = read_journal(store, run_id)
        if state.phase in (Phase.NEW, Phase.ENDED) or state.token >= lease.record.token:
            return
        event = Event(
            run_id=run_id,
            sequence=state.sequence + 1,
            at=clock.now(),
            actor=lease.record.holder,
            token=lease.record.token,
            kind=EventKind.FENCED,
            step="",
            data={"by_run": lease.record.run_id},
            previous=state.hash,
        )
        try:
            store.put_if_absent(event_key(run_id, event.sequence), event.to_bytes())
        except WriteConflict:
            lease.check()
            continue
        return
    msg = f"run {run_id} went on writing through {_ATTEMPTS} attempts to fence it"
    raise WriteConflict(msg)
