"""Ends a run: the last event, the report object, the lease given back; each may already be there."""

from __future__ import annotations

from contextlib import suppress

from lifeboat.core.errors import StepFailed
from scripts.engine.event import Event, EventKind
from scripts.engine.journal_reading import read_journal
from scripts.engine.lease import LeaseRequest, acquire
from scripts.engine.lease_record import Hold, see_lease
from scripts.engine.local_copy import LocalCopy
from scripts.engine.objects import WriteConflict
from scripts.engine.places import report_key
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.report_building import build_report
from scripts.engine.step_session import RunInHand
from scripts.engine.workplace import Workplace

OPERATOR = "operator"
STEP_FAILED = "step failed"


def end_run(run: RunInHand) -> Report:
    """Write the end of a run whose steps are all verified, or all undone.

    Returns:
        The report, when the end is what was asked for.

    Raises:
        StepFailed: a step failed, and everything was undone.

    Effects: writes the last event and the report, releases the lease.
    """
    journal = run.journal
    journal.append(EventKind.RUN_ENDED, outcome="undone" if journal.state.unwinding else "done")
    report = build_report(journal.run_id, run.plan, journal.events, journal.state)
    _keep(run.workplace, report)
    run.lease.release()
    return _reached(report, tuple(journal.events))


def settle_ended(workplace: Workplace, run_id: str, plan: Plan, *, take_over: bool) -> Report:
    """Finish what a process that died after the last event left open, and return as `end_run` does."""
    events, state = read_journal(workplace.store, run_id, LocalCopy(workplace.local, run_id))
    report = build_report(run_id, plan, events, state)
    _keep(workplace, report)
    seen = see_lease(workplace.store, plan.environment)
    is_ours = seen is not None and seen.record.run_id == run_id and seen.record.hold is not Hold.FREE
    if is_ours:
        request = LeaseRequest(
            environment=plan.environment,
            run_id=run_id,
            holder=workplace.holder,
            take_over=run_id if take_over else "",
            ttl_s=workplace.pace.ttl_s,
        )
        acquire(workplace.store, request).release()
    return _reached(report, events)


def _keep(workplace: Workplace, report: Report) -> None:
    # One that is there was made from the same events; it stays.
    with suppress(WriteConflict):
        workplace.store.put_if_absent(report_key(report.run_id), report.to_bytes())


def _reached(report: Report, events: tuple[Event, ...]) -> Report:
    aborts = [event for event in events if event.kind is EventKind.ABORT_BEGAN]
    if not aborts or aborts[-1].data.get("cause") == OPERATOR:
        return report
    failures = [event for event in events if event.kind is EventKind.STEP_FAILED]
    broken = next(step for step in report.steps if step.id == failures[-1].step)
    raise StepFailed(
        f"run {report.run_id}: step {broken.id} failed and everything was undone: {broken.remark}",
        hint=f"`lifeboat run report {report.run_id}` has the details; remove the cause and make a new plan",
    )
