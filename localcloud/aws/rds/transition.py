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
    """Return the passing state while it lasts, then the lasting one."""
    transition: Transition | None = thing.__dict__.get(_SLOT)
    if transition is None:
        return lasting
    is_over = world.clock.now() >= transition.ends_at and not world.servers.is_busy(thing.dbi_resource_id)
    return lasting if is_over else transition.state
