"""One step backwards: look, intend to undo, undo, look, undone. A failed undo is a result, not a crash."""

from __future__ import annotations

from lifeboat.core.errors import LifeboatError, StepFailed, Stuck
from scripts.engine.event import EventKind
from scripts.engine.found import Found, Sight, done
from scripts.engine.run_state import StepStatus
from scripts.engine.step import Effect
from scripts.engine.step_session import STOPS, StepSession
from scripts.engine.verification import Undone


def drive_backward(session: StepSession) -> None:
    """Bring one step to `undone`; nothing to do when it left nothing behind.

    Raises:
        Stuck: it cannot be undone, its undo failed, or nobody can tell what is there.
    """
    if session.state.status in (StepStatus.PENDING, StepStatus.UNDONE):
        return
    if session.step.effect is Effect.READS:
        session.write(EventKind.STEP_UNDONE, effect=Effect.READS.value, kept="")
        return
    # What is being made can often not be removed before it is whole; what is being removed goes by itself.
    found = session.look_until_settled(_look(session), before=None)
    if found.sight is Sight.DONE:
        undone = _undo(session)
        if undone.kept:
            session.write(EventKind.STEP_UNDONE, kept=undone.kept)
            return
        found = session.look_until_settled(_look(session), before=Sight.DONE)
    if found.sight is not Sight.ABSENT:
        raise _stuck(session, found.reason or "it was undone, and the world still shows it")
    session.write(EventKind.STEP_UNDONE, kept="")


def _look(session: StepSession) -> Found:
    try:
        return session.look()
    except StepFailed as error:
        # It is there and broken: for taking it away that is as good as done.
        if session.state.look != Sight.DONE:
            session.write(EventKind.STEP_LOOKED, found=Sight.DONE.value, reason=error.message)
        return done()


def _undo(session: StepSession) -> Undone:
    if not session.step.undoable:
        raise _stuck(session, "this step cannot be undone")
    attempt = 1
    while True:
        session.write(EventKind.UNDO_INTENDED, attempt=attempt)
        session.context.checkpoint()
        try:
            return session.kind.undo(session.step, session.context)
        except STOPS:
            raise
        except LifeboatError as error:
            if _look(session).sight is Sight.ABSENT:
                return Undone()
            if not session.wait_before_retry(error, attempt):
                raise _stuck(session, error.message) from error
            _look(session)
            attempt += 1


def _stuck(session: StepSession, why: str) -> Stuck:
    return Stuck(
        f"step {session.step.id} could not be undone: {why}",
        hint="look at what the step names, remove the cause, and resume: it goes on undoing",
    )
