"""When a machine is stuck rather than slow: Fly's own thresholds, as a pure decision.

Starting, stopping, restarting and destroying are stuck after 5 minutes, updating and replacing after 10 (docs
`machines/machine-states`); other transient states are held to 5. `failed` never leaves by itself.
"""

from __future__ import annotations

from lifeboat.fly.client.models.machine import MachineState

_THRESHOLD_S: dict[str, float] = {
    MachineState.CREATING: 300.0,
    MachineState.STARTING: 300.0,
    MachineState.STOPPING: 300.0,
    MachineState.SUSPENDING: 300.0,
    MachineState.RESTARTING: 300.0,
    MachineState.DESTROYING: 300.0,
    MachineState.LAUNCH_FAILED: 300.0,
    MachineState.UPDATING: 600.0,
    MachineState.REPLACING: 600.0,
    MachineState.FAILED: 0.0,
}


def is_stuck(state: str, since_s: float) -> bool:
    """Tell whether a machine that has been in `state` for `since_s` seconds will not leave it by itself.

    A settled state (`stopped`, `created`) is never stuck: whether it is the wrong one is the waiter's
    question, and so is a state nobody documented.
    """
    threshold_s = _THRESHOLD_S.get(state)
    return threshold_s is not None and since_s >= threshold_s
