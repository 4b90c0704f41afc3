"""What a machine's state allows, in Fly's words where they are known (fly.md 2.1, 412). Pure.

Each function raises `WireError` 412 or returns nothing; a destroyed machine answers 404 to every change.
"""

from __future__ import annotations

from localcloud.fly.model import Machine, State
from localcloud.fly.wire_error import WireError

_REPLACING = frozenset({State.REPLACING, State.UPDATING})
_BOOTING = frozenset({State.CREATING, State.STARTING, State.RESTARTING, State.LAUNCH_FAILED})
_IDLE = frozenset({State.CREATED, State.STOPPED, State.SUSPENDED, State.FAILED, State.LAUNCH_FAILED})
_SUSPENDABLE_MB = 2048


def alive(machine: Machine) -> None:
    """Refuse any change of a machine that is gone or going."""
    if machine.state is State.DESTROYED:
        raise WireError(404, "not_found: machine not found")
    if machine.state is State.DESTROYING:
        raise _failed("machine is being destroyed")


def may_start(machine: Machine) -> None:
    """Refuse a start while something else is under way."""
    alive(machine)
    if machine.state in {State.STOPPING, State.SUSPENDING}:
        raise _failed("machine still active, refusing to start")
    if machine.state in _REPLACING:
        raise _failed("machine getting replaced, refusing to start")
    if machine.state in _BOOTING:
        raise _failed("machine still attempting to start")


def may_stop(machine: Machine) -> None:
    """Refuse a stop of a machine whose version is being replaced."""
    alive(machine)
    if machine.state in _REPLACING:
        raise _failed("machine getting replaced, refusing to stop")


def may_suspend(machine: Machine) -> None:
    """Refuse what cannot be suspended: over 2 GB, swap, a schedule, or not started (docs suspend-resume)."""
    is_running(machine)
    config = machine.config
    if config["guest"]["memory_mb"] > _SUSPENDABLE_MB:
        raise _failed(f"machine has more than {_SUSPENDABLE_MB}MB of memory, refusing to suspend")
    if config["init"].get("swap_size_mb"):
        raise _failed("machine has swap, refusing to suspend")
    if config.get("schedule"):
        raise _failed("machine has a schedule, refusing to suspend")


def is_running(machine: Machine) -> None:
    """Refuse what needs a running machine: exec, signal, suspend."""
    alive(machine)
    if machine.state is not State.STARTED:
        raise _failed("machine not running")


def may_destroy(machine: Machine, *, force: bool) -> None:
    """Refuse to destroy a machine at work, unless forced."""
    if machine.state is State.DESTROYED:
        raise WireError(404, "not_found: machine not found")
    if not force and machine.state not in _IDLE and machine.state is not State.DESTROYING:
        raise _failed("unable to destroy machine, not currently stopped or suspended")


def _failed(what: str) -> WireError:
    return WireError(412, f"failed_precondition: {what}")
