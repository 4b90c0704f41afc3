"""Reads a journal from its objects and its local copy, and proves it: numbers, hashes, rules."""

from __future__ import annotations

from collections.abc import Sequence

from lifeboat.core.errors import Stuck
from scripts.engine.event import Event, parse_event
from scripts.engine.journal_rules import follow
from scripts.engine.local_copy import LocalCopy
from scripts.engine.objects import ObjectStore
from scripts.engine.places import event_key, journal_prefix, sequence_of
from scripts.engine.run_state import RunState


def read_objects(store: ObjectStore, run_id: str) -> tuple[Event, ...]:
    """Return the events among the objects of a run, in order.

    Raises:
        Stuck: a number is missing, or an object is not the event its key says.
    """
    numbers = sorted(filter(None, (sequence_of(key) for key in store.keys(journal_prefix(run_id)))))
    if numbers != list(range(1, len(numbers) + 1)):
        raise _broken(run_id, f"numbers {numbers} in {store.where} have a gap")
    return tuple(_read_object(store, run_id, number) for number in numbers)


def merge(run_id: str, objects: Sequence[Event], local: Sequence[Event]) -> tuple[Event, ...]:
    """Return the longer of both, having proven that the shorter is its beginning.

    Raises:
        Stuck: they differ in an event; one of them was changed.
    """
    for stored, copied in zip(objects, local, strict=False):
        if stored.hash != copied.hash:
            raise _broken(run_id, f"event {stored.sequence} in the store and in the local copy differ")
    return tuple(objects if len(objects) >= len(local) else local)


def prove(run_id: str, events: Sequence[Event]) -> RunState:
    """Return what the events add up to.

    Raises:
        Stuck: an event belongs to another run.
        IllegalEvent: the chain is broken or an event cannot stand where it stands.
    """
    state = RunState()
    for event in events:
        if event.run_id != run_id:
            raise _broken(run_id, f"event {event.sequence} is one of {event.run_id}")
        state = follow(state, event)
    return state


def read_journal(
    store: ObjectStore, run_id: str, local: LocalCopy | None = None
) -> tuple[tuple[Event, ...], RunState]:
    """Return the proven events of a run and their sum; nothing at all for a run that never began.

    Raises:
        Stuck: the journal is damaged; the message says where.
    """
    events = merge(run_id, read_objects(store, run_id), local.read() if local else ())
    return events, prove(run_id, events)


def _read_object(store: ObjectStore, run_id: str, number: int) -> Event:
    stored = store.get(event_key(run_id, number))
    if stored is None:
        raise _broken(run_id, f"event {number} is listed in {store.where} and not there")
    try:
        event = parse_event(stored.body)
    except ValueError as error:
        raise _broken(run_id, f"{store.where}{stored.key}: {error}") from error
    if event.sequence != number:
        raise _broken(run_id, f"{store.where}{stored.key} holds event {event.sequence}")
    return event


def _broken(run_id: str, why: str) -> Stuck:
    return Stuck(
        f"journal of {run_id} is damaged: {why}",
        hint="nothing was changed; older versions of the objects are kept by the bucket, compare them first",
    )
