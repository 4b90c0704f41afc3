"""What may follow what in a journal: every event out of place is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifeboat.core.secret import Secret
from scripts.engine.event import Event, EventKind
from scripts.engine.journal_rules import IllegalEvent, follow
from scripts.engine.run_state import Phase, RunState, StepStatus
from tests.recovery.plans import MADE_AT


def an_event(state: RunState, kind: EventKind, step: str = "", token: int = 1, **data: Any) -> Event:
    """The next event of a run of two steps."""
    return Event(
        run_id="run-a",
        sequence=state.sequence + 1,
        at=MADE_AT,
        actor="alice",
        token=token,
        kind=kind,
        step=step,
        data=data,
        previous=state.hash,
    )


Told = tuple[EventKind, str, Mapping[str, Any]]
BEGIN: tuple[Told, ...] = (
    (EventKind.RUN_BEGAN, "", {"steps": ("one", "two"), "plan_digest": "d"}),
    (EventKind.LEASE_TAKEN, "", {}),
)
LOOK: Told = (EventKind.STEP_LOOKED, "one", {"found": "absent"})
INTEND: Told = (EventKind.STEP_INTENDED, "one", {})
DONE: Told = (EventKind.STEP_DONE, "one", {"result": {}})
PROVEN: Told = (EventKind.STEP_VERIFIED, "one", {"passed": True})
ABORT: Told = (EventKind.ABORT_BEGAN, "", {})


def told(*events: Told) -> RunState:
    state = RunState()
    for kind, step, data in (*BEGIN, *events):
        state = follow(state, an_event(state, kind, step, **data))
    return state


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((), INTEND),
        ((LOOK, INTEND), INTEND),
        (((EventKind.STEP_LOOKED, "one", {"found": "unknown"}),), INTEND),
        (((EventKind.STEP_LOOKED, "one", {"found": "underway"}),), INTEND),
        ((), (EventKind.STEP_LOOKED, "two", {"found": "absent"})),
        ((), (EventKind.STEP_LOOKED, "three", {"found": "absent"})),
        ((LOOK,), DONE),
        ((LOOK, INTEND), (EventKind.STEP_DONE, "one", {})),
        ((LOOK, INTEND), PROVEN),
        ((LOOK, INTEND, DONE), DONE),
        ((LOOK, INTEND, DONE), (EventKind.STEP_FAILED, "one", {})),
        ((), (EventKind.UNDO_INTENDED, "one", {})),
        ((ABORT,), ABORT),
        ((ABORT,), (EventKind.UNDO_INTENDED, "one", {})),
        ((LOOK, INTEND, DONE, ABORT), (EventKind.UNDO_INTENDED, "one", {})),
        ((LOOK, INTEND, DONE, ABORT), (EventKind.STEP_UNDONE, "one", {"kept": ""})),
        ((LOOK, ABORT, LOOK), INTEND),
        ((), (EventKind.RUN_ENDED, "", {"outcome": "done"})),
        ((), (EventKind.RUN_ENDED, "", {"outcome": "undone"})),
        ((LOOK, INTEND, ABORT), (EventKind.RUN_ENDED, "", {"outcome": "undone"})),
        (((EventKind.RUN_PAUSED, "", {"reason": "x"}),), LOOK),
        ((ABORT, (EventKind.RUN_ENDED, "", {"outcome": "undone"})), ABORT),
        ((), BEGIN[0]),
    ],
)
def test_an_event_out_of_place_is_refused(before: tuple[Told, ...], event: Told) -> None:
    state = told(*before)
    kind, step, data = event
    with pytest.raises(IllegalEvent, match="cannot stand here") as caught:
        follow(state, an_event(state, kind, step, **data))
    assert caught.value.exit_code == 6


def test_a_new_holder_has_to_look_for_itself() -> None:
    state = told(LOOK)
    state = follow(state, an_event(state, EventKind.LEASE_TAKEN, token=2))
    with pytest.raises(IllegalEvent, match="nobody looked"):
        follow(state, an_event(state, EventKind.STEP_INTENDED, "one", token=2))


@pytest.mark.parametrize("token", [0, 1])
def test_an_old_token_is_shut_out(token: int) -> None:
    state = told()
    state = follow(state, an_event(state, EventKind.LEASE_TAKEN, token=2))
    with pytest.raises(IllegalEvent, match="fenced by 2"):
        follow(state, an_event(state, *LOOK[:2], token=token, found="absent"))
    with pytest.raises(IllegalEvent, match="not newer"):
        follow(state, an_event(state, EventKind.LEASE_TAKEN, token=token))


def test_a_fenced_run_takes_no_event_at_all() -> None:
    state = told()
    state = follow(state, an_event(state, EventKind.FENCED, token=5))
    for kind in EventKind:
        with pytest.raises(IllegalEvent):
            follow(state, an_event(state, kind, "one", token=9))


def test_forwards_and_back() -> None:
    state = told(LOOK, INTEND, DONE, PROVEN)
    assert state.steps["one"].status is StepStatus.VERIFIED
    state = told(
        LOOK,
        INTEND,
        DONE,
        ABORT,
        (EventKind.STEP_LOOKED, "one", {"found": "done"}),
        (EventKind.UNDO_INTENDED, "one", {}),
        (EventKind.STEP_UNDONE, "one", {"kept": ""}),
        (EventKind.RUN_ENDED, "", {"outcome": "undone"}),
    )
    assert (state.phase, state.outcome) == (Phase.ENDED, "undone")


STEPS = st.sampled_from(["", "one", "two", "three"])
DATA = st.fixed_dictionaries(
    {},
    optional={
        "found": st.sampled_from(["absent", "done", "underway", "unknown"]),
        "result": st.just({}),
        "passed": st.booleans(),
        "outcome": st.sampled_from(["done", "undone"]),
        "effect": st.sampled_from(["reads", "creates"]),
    },
)


@pytest.mark.parametrize(
    "approval", ["yes", {}, {"digest": 7}, {"digest": "0123"}, {"digest": "b" * 12}, {"digest": "a" * 65}]
)
def test_a_run_cannot_begin_with_the_approval_of_another_plan(approval: object) -> None:
    state = RunState()
    data: dict[str, Any] = {"steps": ("one",), "plan_digest": "a" * 64}
    with pytest.raises(IllegalEvent, match="the approval is not one of this plan"):
        follow(state, an_event(state, EventKind.RUN_BEGAN, **data, approval=approval))
    for fitting in (None, {"digest": "a" * 12}):
        began = an_event(state, EventKind.RUN_BEGAN, **data, approval=fitting)
        assert follow(state, began).phase is Phase.BEGUN
    assert follow(state, an_event(state, EventKind.RUN_BEGAN, **data)).phase is Phase.BEGUN


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EventKind), STEPS, DATA, st.booleans()), max_size=60))
def test_no_order_of_events_breaks_an_invariant(
    drawn: list[tuple[EventKind, str, dict[str, Any], bool]],
) -> None:
    """Whatever is tried: acts alternate with looks, ends are honest, tokens grow, an end is an end."""
    state = told()
    intents_since_look = 0
    for kind, step, data, is_newer in drawn:
        token = state.token + 1 if is_newer else state.token
        try:
            after = follow(state, an_event(state, kind, step, token=token, **data))
        except IllegalEvent:
            continue
        assert state.phase not in (Phase.ENDED, Phase.FENCED)
        assert after.token >= state.token
        assert not (state.unwinding and not after.unwinding)
        intents_since_look += kind is EventKind.STEP_INTENDED
        if kind is EventKind.STEP_LOOKED:
            intents_since_look = 0
        assert intents_since_look <= 1
        verified = [name for name, each in after.steps.items() if each.status is StepStatus.VERIFIED]
        assert after.unwinding or verified == list(after.steps)[: len(verified)]
        if after.phase is Phase.ENDED:
            assert after.is_undone if after.unwinding else after.is_done
        state = after


def test_a_secret_cannot_be_written_down() -> None:
    with pytest.raises(TypeError, match=r"event step_done: data\.result"):
        an_event(RunState(), EventKind.STEP_DONE, "one", result=Secret("x"))
