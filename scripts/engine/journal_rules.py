"""Which event may follow: a pure state machine; a journal that breaks its rules is never acted upon.

The rules that carry the safety of a run:

- Only the holder of the newest fencing token writes; a newer token shuts out all older ones for good.
- Forwards, a step is touched only when all before it are verified; backwards, when all after are undone.
- A run begins with an approval of its own plan, or with none at all.
- An intent needs a look at the world that is newer than the last intent and the last change of holder.
- Done needs an intent, or a look that shows it done already. Undone needs an undo, or a look that shows
  nothing there, or a step that only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from lifeboat.core.errors import Stuck
from scripts.engine.approval import fits_plan
from scripts.engine.event import Event, EventKind
from scripts.engine.run_state import Phase, RunState, StepState, StepStatus

_OPEN = (Phase.BEGUN, Phase.RUNNING, Phase.PAUSED)
_HIDDEN = (StepStatus.PENDING, StepStatus.UNDONE)


class IllegalEvent(Stuck):
    """An event that cannot follow the ones before it."""


def follow(state: RunState, event: Event) -> RunState:
    """Return the state after one more event.

    Raises:
        IllegalEvent: the event cannot stand here; nothing is known about what it would mean.
    """
    _demand(event, event.sequence == state.sequence + 1, f"follows {state.sequence}")
    _demand(event, event.previous == state.hash, "does not name the hash of the one before")
    if event.kind in _CHANGES_OF_HOLDER or event.kind is EventKind.RUN_BEGAN:
        _demand(event, event.token > state.token, f"token {event.token} is not newer than {state.token}")
    else:
        _demand(event, event.token == state.token, f"token {event.token} was fenced by {state.token}")
        _demand(event, state.phase is Phase.RUNNING, f"the run is {state.phase}")
    changed = _RULES[event.kind](state, event)
    return replace(changed, sequence=event.sequence, hash=event.hash)


def _run_began(state: RunState, event: Event) -> RunState:
    _demand(event, state.phase is Phase.NEW, f"the run is {state.phase}")
    names = event.data.get("steps")
    digest = event.data.get("plan_digest")
    _demand(event, isinstance(names, tuple) and isinstance(digest, str), "names neither steps nor plan")
    _demand(event, fits_plan(event.data.get("approval"), str(digest)), "the approval is not one of this plan")
    steps = {str(name): StepState() for name in names} if isinstance(names, tuple) else {}
    # The token is claimed by the lease event that follows, so it stays at what came before.
    return replace(state, phase=Phase.BEGUN, steps=MappingProxyType(steps), plan_digest=str(digest))


def _lease_taken(state: RunState, event: Event) -> RunState:
    _demand(event, state.phase in _OPEN, f"the run is {state.phase}")
    # Whoever held it before may have acted since it last looked.
    steps = {name: replace(step, look="") for name, step in state.steps.items()}
    return replace(state, phase=Phase.RUNNING, token=event.token, steps=MappingProxyType(steps), outcome="")


def _fenced(state: RunState, event: Event) -> RunState:
    _demand(event, state.phase in _OPEN, f"the run is {state.phase}")
    return replace(state, phase=Phase.FENCED, token=event.token, outcome="taken over by another run")


def _looked(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    _in_order(state, event)
    return _with(state, event, replace(step, look=str(event.data.get("found"))))


def _intended(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    _demand(event, not state.unwinding, "the run is going backwards")
    _demand(event, step.status in (StepStatus.PENDING, StepStatus.BEGUN), f"the step is {step.status}")
    _demand(event, step.look == "absent", "nobody looked whether it is done already")
    _in_order(state, event)
    return _with(state, event, StepState(status=StepStatus.BEGUN))


def _done(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    allowed = step.status is StepStatus.BEGUN or (step.status is StepStatus.PENDING and step.look == "done")
    _demand(event, allowed and not state.unwinding, f"the step is {step.status}")
    _in_order(state, event)
    result = event.data.get("result")
    _demand(event, isinstance(result, Mapping), "has no result")
    kept = result if isinstance(result, Mapping) else {}
    return _with(state, event, StepState(status=StepStatus.DONE, result=kept))


def _verified(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    _demand(event, step.status is StepStatus.DONE and not state.unwinding, f"the step is {step.status}")
    passed = event.data.get("passed") is True
    return _with(state, event, replace(step, status=StepStatus.VERIFIED)) if passed else state


def _failed(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    open_steps = (StepStatus.PENDING, StepStatus.BEGUN)
    _demand(event, step.status in open_steps and not state.unwinding, f"the step is {step.status}")
    _in_order(state, event)
    return _with(state, event, replace(step, status=StepStatus.FAILED))


def _noted(state: RunState, event: Event) -> RunState:
    if event.step:
        _step(state, event)
    return state


def _abort_began(state: RunState, event: Event) -> RunState:
    _demand(event, not state.unwinding, "it goes backwards already")
    return replace(state, unwinding=True)


def _undo_intended(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    _demand(event, state.unwinding, "nobody asked to go backwards")
    _demand(event, step.status not in _HIDDEN, f"the step is {step.status}")
    _demand(event, bool(step.look), "nobody looked what is there")
    _in_order(state, event)
    return _with(state, event, StepState(status=StepStatus.UNDOING, result=step.result))


def _undone(state: RunState, event: Event) -> RunState:
    step = _step(state, event)
    _demand(event, state.unwinding and step.status not in _HIDDEN, f"the step is {step.status}")
    nothing_there = step.look == "absent" or event.data.get("effect") == "reads"
    _demand(event, step.status is StepStatus.UNDOING or nothing_there, "nothing was undone")
    _in_order(state, event)
    return _with(state, event, StepState(status=StepStatus.UNDONE))


def _paused(state: RunState, event: Event) -> RunState:
    return replace(state, phase=Phase.PAUSED, outcome=str(event.data.get("reason")))


def _ended(state: RunState, event: Event) -> RunState:
    outcome = event.data.get("outcome")
    right = {"done": state.is_done and not state.unwinding, "undone": state.is_undone and state.unwinding}
    _demand(event, right.get(str(outcome), False), f"steps do not add up to {outcome}")
    return replace(state, phase=Phase.ENDED, outcome=str(outcome))


def _in_order(state: RunState, event: Event) -> None:
    names = list(state.steps)
    at = names.index(event.step)
    if state.unwinding:
        waiting = [name for name in names[at + 1 :] if state.steps[name].status not in _HIDDEN]
        _demand(event, not waiting, f"{waiting} come first on the way back")
    else:
        waiting = [name for name in names[:at] if state.steps[name].status is not StepStatus.VERIFIED]
        _demand(event, not waiting, f"{waiting} come first")


def _step(state: RunState, event: Event) -> StepState:
    _demand(event, event.step in state.steps, "no such step in the plan")
    return state.steps[event.step]


def _with(state: RunState, event: Event, step: StepState) -> RunState:
    return replace(state, steps=MappingProxyType({**state.steps, event.step: step}))


def _demand(event: Event, holds: bool, why: str) -> None:
    if not holds:
        about = f" of step {event.step}" if event.step else ""
        name = f"event {event.sequence} ({event.kind}{about})"
        raise IllegalEvent(
            f"journal of {event.run_id}: {name} cannot stand here: {why}",
            hint="nothing was done about it; the bucket keeps older versions of the objects, compare them",
        )


_CHANGES_OF_HOLDER = (EventKind.LEASE_TAKEN, EventKind.FENCED)
_RULES: dict[EventKind, Callable[[RunState, Event], RunState]] = {
    EventKind.RUN_BEGAN: _run_began,
    EventKind.LEASE_TAKEN: _lease_taken,
    EventKind.FENCED: _fenced,
    EventKind.STEP_LOOKED: _looked,
    EventKind.STEP_INTENDED: _intended,
    EventKind.STEP_DONE: _done,
    EventKind.STEP_VERIFIED: _verified,
    EventKind.STEP_FAILED: _failed,
    EventKind.STEP_SLOW: _noted,
    EventKind.ABORT_BEGAN: _abort_began,
    EventKind.UNDO_INTENDED: _undo_intended,
    EventKind.STEP_UNDONE: _undone,
    EventKind.NOTED: _noted,
    EventKind.RUN_PAUSED: _paused,
    EventKind.RUN_ENDED: _ended,
}
