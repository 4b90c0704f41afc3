"""Runs a plan, resumes a run, aborts one: lease, journal, steps in order, and the right end in every case.

    run     plan object ─► lease ─► run_began ─┐
    resume  journal ─► lease ────────────────► lease_taken ─► steps forwards ─► run_ended(done)
    abort   journal ─► lease ────────────────►      └─ a step broke ─► steps backwards ─► run_ended(undone)

Whatever else happens pauses the run and parks its lease: then this run can be resumed or aborted, by anybody,
from any machine, and nobody can start another one on the half-changed environment by accident.
"""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.core.errors import ConfigError, Refused
from scripts.engine.approval import DIGEST_LEAST, Approval, Consent
from scripts.engine.course import begin, work_through
from scripts.engine.ending import OPERATOR, end_run, settle_ended
from scripts.engine.event import EventKind
from scripts.engine.holding import hold_run
from scripts.engine.interruptions import Stale
from scripts.engine.journal_reading import read_journal
from scripts.engine.local_copy import LocalCopy
from scripts.engine.moments import write_moment
from scripts.engine.objects import ObjectStore
from scripts.engine.places import new_run_id, plan_key
from scripts.engine.plan import Plan, parse_plan
from scripts.engine.report import Report
from scripts.engine.run_state import Phase, RunState, StepStatus
from scripts.engine.workplace import Workplace


class Runner:
    """Runs plans at a workplace.

    Its methods return the report when what was asked for was reached, and raise otherwise:
    WorldChanged (stale plan), StepFailed (all undone), Stuck (a human must look; resumable), LeaseHeld
    (another run; or this one lost its lease), Unverified (done in part or unproven; resumable).
    """

    def __init__(self, workplace: Workplace) -> None:
        self._work = workplace

    def run(
        self,
        plan: Plan,
        *,
        digest: str,
        fingerprint: Callable[[], str],
        take_over: str = "",
        approval: Approval | None = None,
    ) -> Report:
        """Run a plan from its first step.

        Args:
            plan: what to do.
            digest: the digest that was reviewed, or its beginning of at least 12 characters.
            fingerprint: observes the world again and returns its fingerprint; called under the lease.
            take_over: run id of a lease to take although it is alive or parked, or `lease.EXPIRED`.
            approval: who agreed, and to what; stands in the first event.

        Raises:
            Stale: another digest, an expired plan, or a changed world; nothing was changed.
        """
        self._work.kinds.check(plan)
        _check_digest(plan, digest)
        self._check_life(plan)
        run_id = new_run_id(self._work.clock.now())
        self._work.store.put_if_absent(plan_key(run_id), plan.to_bytes())
        return self._drive(run_id, plan, take_over=take_over, fingerprint=fingerprint, approval=approval)

    def resume(self, run_id: str, *, fingerprint: Callable[[], str], take_over: bool = False) -> Report:
        """Go on with a run where it stopped, in the direction it had; an ended one gives its end again.

        Args:
            run_id: the run.
            fingerprint: as for `run`; asked only while no step was begun.
            take_over: also when its process seems to be alive.

        Raises:
            Stale: the plan object is not the plan that began; or no step was begun, and the plan has expired
                or the world has changed.
        """
        plan, state = self._find(run_id)
        if state.phase is Phase.ENDED:
            return settle_ended(self._work, run_id, plan, take_over=take_over)
        is_untouched = all(step.status is StepStatus.PENDING for step in state.steps.values())
        if is_untouched and not state.unwinding:
            self._check_life(plan)
        return self._drive(
            run_id,
            plan,
            take_over=run_id if take_over else "",
            fingerprint=fingerprint if is_untouched and not state.unwinding else None,
            # Of a run whose process died before its first event nobody knows any more who agreed.
            approval=Approval(digest=plan.digest, how=Consent.RESUMED, by=self._work.holder),
        )

    def abort(self, run_id: str, *, take_over: bool = False) -> Report:
        """Undo what a run did, in reverse order.

        Raises:
            Refused: the run has ended, or did something that cannot be undone; nothing was changed.
        """
        plan, state = self._find(run_id)
        if state.phase is Phase.ENDED:
            raise Refused(f"run {run_id} has ended ({state.outcome}): there is nothing to abort")
        blocking = plan.blocking_undo(state.results)
        if blocking is not None:
            raise Refused(
                f"run {run_id}: step {blocking.id} was done and cannot be undone",
                hint=f"`lifeboat run resume {run_id}` is the only way left: forwards",
            )
        return self._drive(run_id, plan, take_over=run_id if take_over else "", abort=True)

    def _find(self, run_id: str) -> tuple[Plan, RunState]:
        plan = load_plan(self._work.store, run_id)
        self._work.kinds.check(plan)
        _, state = read_journal(self._work.store, run_id, LocalCopy(self._work.local, run_id))
        if state.phase is Phase.FENCED:
            raise Refused(
                f"run {run_id} lost environment {plan.environment} to another run, which went on from there",
                hint=f"make a new plan; what {run_id} left behind carries its id",
            )
        if state.plan_digest not in ("", plan.digest):
            raise Stale(f"run {run_id} began with plan {state.plan_digest[:12]}, not with the one stored now")
        return plan, state

    def _drive(
        self,
        run_id: str,
        plan: Plan,
        *,
        take_over: str,
        fingerprint: Callable[[], str] | None = None,
        approval: Approval | None = None,
        abort: bool = False,
    ) -> Report:
        with hold_run(self._work, run_id, plan, take_over) as run:
            if fingerprint is not None and fingerprint() != plan.fingerprint:
                raise Stale(
                    f"plan {plan.digest[:12]}: the world is not the one it was made from",
                    hint="make a new plan and review it",
                )
            begin(run, approval)
            if abort and not run.journal.state.unwinding:
                run.journal.append(EventKind.ABORT_BEGAN, cause=OPERATOR)
            work_through(run)
            return end_run(run)

    def _check_life(self, plan: Plan) -> None:
        if self._work.clock.now() >= plan.expires_at:
            raise Stale(
                f"plan {plan.digest[:12]} expired at {write_moment(plan.expires_at)}",
                hint="make a new plan and review it",
            )


def load_plan(store: ObjectStore, run_id: str) -> Plan:
    """Return the plan of a run.

    Raises:
        ConfigError: there is no such run.
        Stuck: its plan is damaged.
    """
    stored = store.get(plan_key(run_id))
    if stored is None:
        raise ConfigError(
            f"no run {run_id} in {store.where}", hint="`lifeboat run list` shows those there are"
        )
    return parse_plan(stored.body, f"{store.where}{stored.key}")


def _check_digest(plan: Plan, digest: str) -> None:
    if len(digest) < DIGEST_LEAST or not plan.digest.startswith(digest):
        raise Stale(
            f"the plan has digest {plan.digest[:12]}, and {digest[:12] or 'none'} was reviewed",
            hint="review the plan again and name its digest",
        )
