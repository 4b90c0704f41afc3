"""Which machines a list shows: region, states, metadata, deleted ones. Pure.

`metadata.<key>=<value>` may be given several times; all must match (Fly's description).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from localcloud.fly.api.route import Call
from localcloud.fly.model import Machine, State

_METADATA = "metadata."


def machine_filter(call: Call) -> Callable[[Machine], bool]:
    """Return the condition of a list request."""
    region, states = call.one("region"), states_of(call.query)
    deleted = call.flag("include_deleted") or State.DESTROYED in states
    wanted = {
        name.removeprefix(_METADATA): values[-1]
        for name, values in call.query.items()
        if name.startswith(_METADATA)
    }

    def holds(machine: Machine) -> bool:
        return (
            (deleted or machine.state.is_live)
            and region in ("", machine.region)
            and (not states or machine.state in states)
            and all(machine.metadata.get(key) == value for key, value in wanted.items())
        )

    return holds


def states_of(query: Mapping[str, list[str]]) -> frozenset[str]:
    """Return the states of a repeatable or comma-separated `state` parameter."""
    return frozenset(
        state.strip() for value in query.get("state", ()) for state in value.split(",") if state.strip()
    )
