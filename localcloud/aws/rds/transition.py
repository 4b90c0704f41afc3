"""The passing states of a database or snapshot: `creating`, `modifying`, `rebooting`, `deleting`.

A transition is a value kept on moto's object, so it is saved with it; whether it is over is asked, not
stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.world import World

_SLOT = "lifeboat_transition"
_AVAILABLE = "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A state that ends by itself."""

    state: str
    ends_at: datetime


def begin_transition(thing: MotoObject, state: str, world: World) -> None:
    """Put a database or a snapshot into a passing state for the world's `transition_s`."""
    ends_at = world.clock.now() + timedelta(seconds=world.transition_s)
    thing.__dict__[_SLOT] = Transition(state=state, ends_at=ends_at)


def state_of(thing: MotoObject, lasting: str, world: World) -> str:
    """Return the passing state while it lasts, then the lasting one, then what its server says of it."""
    name = _name_of(thing)
    transition: Transition | None = thing.__dict__.get(_SLOT)
    if transition is not None:
        if world.clock.now() < transition.ends_at or world.servers.is_busy(name):
            return transition.state
        # A later operation on the same server is not this one again.
        thing.__dict__.pop(_SLOT, None)
    return world.servers.state(name) or lasting if lasting == _AVAILABLE else lasting


def _name_of(thing: MotoObject) -> str:
    """Return what the servers know a database or a snapshot by."""
    return str(thing.arn if hasattr(thing, "db_snapshot_arn") else thing.dbi_resource_id)
