"""The journal of a run, open for writing by the holder of its lease.

Every append asks the lease first, then writes the object that has the next number if nobody has, then the
local copy. Two writers can therefore never both write a number, and one that was fenced writes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.core.clock import Clock
from scripts.engine.event import Event, EventKind
from scripts.engine.journal_reading import merge, prove, read_objects
from scripts.engine.journal_rules import follow
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.lease import Lease, LeaseLost
from scripts.engine.local_copy import LocalCopy
from scripts.engine.objects import ObjectStore, WriteConflict
from scripts.engine.places import event_key


class Journal:
    """Events of one run; `state` is always what they add up to.

    Args:
        store: where the objects lie.
        lease: the lease this process holds for the run.
        local: the local copy.
        clock: dates the events.
        tell: called with every event once it is written.
    """

    def __init__(
        self,
        store: ObjectStore,
        lease: Lease,
        local: LocalCopy,
        clock: Clock,
        tell: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._lease = lease
        self._local = local
        self._clock = clock
        self._tell = tell
        self.run_id = lease.record.run_id
        objects, copied = read_objects(store, self.run_id), local.read()
        self.events = list(merge(self.run_id, objects, copied))
        self.state = prove(self.run_id, self.events)
        for event in self.events[len(objects) :]:
            self._publish(event)
        local.append(self.events[len(copied) :])

    def append(self, kind: EventKind, step: str = "", **data: Json) -> Event:
        """Write one event.

        Args:
            kind: what happened.
            step: id of the step it is about.
            data: what else is known.

        Raises:
            LeaseLost: another process holds the lease or wrote this number; nothing was written.
            IllegalEvent: the event cannot stand here; nothing was written.
            StoreUnavailable: nobody knows whether it was written; reading the journal again tells.

        Effects: writes an object, appends to the local copy.
        """
        event = self._event(kind, step, data)
        state = follow(self.state, event)
        self._lease.check()
        self._publish(event)
        self._local.append([event])
        self.events.append(event)
        self.state = state
        self._tell(event)
        return event

    def _event(self, kind: EventKind, step: str, data: JsonObject) -> Event:
        return Event(
            run_id=self.run_id,
            sequence=self.state.sequence + 1,
            at=self._clock.now(),
            actor=self._lease.record.holder,
            token=self._lease.record.token,
            kind=kind,
            step=step,
            data=data,
            previous=self.state.hash,
        )

    def _publish(self, event: Event) -> None:
        try:
            self._store.put_if_absent(event_key(self.run_id, event.sequence), event.to_bytes())
        except WriteConflict as conflict:
            raise LeaseLost(
                f"run {self.run_id}: event {event.sequence} was written by another process",
                hint=f"`lifeboat run show {self.run_id}` tells which; this one has stopped",
            ) from conflict
