"""One step forwards: look, intend, act, look, done, verify.

look ─┬─ done ─────────────────────────────► done ─► verify ─► verified
      ├─ underway ─ look again ─┐             ▲
      ├─ unknown ─► stuck       └─────────────┤
      └─ absent ─► intend ─► act ─► look ─────┘
                      ▲       └─ failed, nothing there ─► try again, or fail for good
                      └───────────────────────────────┘

A step that was begun by a process that died enters at the same look as a new one.
"""

from __future__ import annotations

from lifeboat.core.errors import LifeboatError, StepFailed, Stuck, Unverified
from scripts.engine.event import EventKind
from scripts.engine.found import Found, Sight, done
from scripts.engine.json_values import JsonObject, freeze_object
from scripts.engine.run_state import StepStatus
from scripts.engine.step import Effect
from scripts.engine.step_session import STOPS, StepSession
from scripts.engine.verification import Verification


class StepBroke(StepFailed):
    """A step failed for good and left nothing behind; what was done before has to be undone."""


class NotVerified(Unverified):
    """A step is done and could not be proven."""


def drive_forward(session: StepSession) -> None:
    """Bring one step to `verified`; nothing to do when it is.

    Raises:
        StepBroke: it failed for good; the failure is written down.
        Stuck: what it did is unknown, takes longer than its budget, or can neither be done nor undone.
        NotVerified: it is done and not proven.
    """
    if session.state.status in (StepStatus.PENDING, StepStatus.BEGUN):
        try:
            _bring_about(session)
        except StepBroke:
            raise
        except StepFailed as error:
            raise _broke(session, error, left_behind=True) from error
    if session.state.status is StepStatus.DONE:
        _prove(session)


def _bring_about(session: StepSession) -> None:
    was_begun = session.state.status is StepStatus.BEGUN
    acted: JsonObject = {}
    attempts = 0
    found = session.look()
    while found.sight is not Sight.DONE:
        if found.sight is Sight.UNKNOWN:
            raise _unknown(session, found.reason)
        if found.sight is Sight.UNDERWAY:
            found = session.look_until_settled(found, before=None)
            continue
        attempts += 1
        found, acted = _act(session, attempts)
    session.write(
        EventKind.STEP_DONE,
        result={**acted, **found.result},
        duration_s=round(session.context.elapsed_s, 3),
        skipped=not (was_begun or attempts),
        resumed=was_begun,
    )


def _act(session: StepSession, attempt: int) -> tuple[Found, JsonObject]:
    session.write(EventKind.STEP_INTENDED, attempt=attempt)
    # Between the intent and the call: whoever was fenced meanwhile must not make it.
    session.context.checkpoint()
    try:
        answer = session.kind.act(session.step, session.context)
    except STOPS:
        raise
    except LifeboatError as error:
        return _after_failure(session, error, attempt), {}
    result = freeze_object(answer, f"step {session.step.id}: result")
    if session.step.effect is Effect.READS:
        return done(result), result
    found = session.look_until_settled(session.look(), before=Sight.ABSENT)
    if found.sight is Sight.ABSENT:
        raise _unknown(session, "the call succeeded, and the world does not show it")
    return found, result


def _after_failure(session: StepSession, error: LifeboatError, attempt: int) -> Found:
    # A call that failed may have done its work: only the world knows.
    found = session.look()
    if found.sight is not Sight.ABSENT:
        return found
    if not session.wait_before_retry(error, attempt):
        raise _broke(session, error, left_behind=False) from error
    return session.look()


def _broke(session: StepSession, error: LifeboatError, *, left_behind: bool) -> LifeboatError:
    """Return what to raise: undoing is right only while nothing was done that cannot be undone."""
    blocking = session.run.plan.blocking_undo(session.run.journal.state.results)
    if blocking is None and left_behind and not session.step.undoable:
        blocking = session.step
    if blocking is not None:
        return Stuck(
            f"step {session.step.id} failed and {blocking.id} cannot be undone: {error.message}",
            hint=error.hint or "remove the cause and resume the run; it tries this step again",
        )
    committed = session.run.plan.committed_by(session.run.journal.state.results)
    if committed is not None:
        return Stuck(
            f"step {session.step.id} failed, and step {committed.id} is done: {error.message}",
            hint="remove the cause and resume; an abort goes back, and leaves what was written since behind",
        )
    session.write(
        EventKind.STEP_FAILED,
        error={"code": type(error).__name__, "message": error.message, "hint": error.hint},
    )
    return StepBroke(f"step {session.step.id} failed: {error.message}", hint=error.hint)


def _prove(session: StepSession) -> None:
    proof = _verify(session)
    session.write(
        EventKind.STEP_VERIFIED,
        passed=proof.passed,
        level=proof.level,
        findings=proof.findings,
        facts=proof.facts,
    )
    if not proof.passed:
        raise NotVerified(
            f"step {session.step.id} is done and not verified: {'; '.join(proof.findings)}",
            hint="resuming verifies again; aborting takes everything back",
        )


def _verify(session: StepSession) -> Verification:
    attempt = 1
    while True:
        try:
            return session.kind.verify(session.step, session.context)
        except STOPS:
            raise
        except LifeboatError as error:
            if not session.wait_before_retry(error, attempt):
                return Verification(findings=(error.message,))
            attempt += 1


def _unknown(session: StepSession, reason: str) -> Stuck:
    return Stuck(
        f"step {session.step.id}: cannot tell whether it is done: {reason}",
        hint="look at what the step names; resuming looks again and repeats nothing that is there",
    )
