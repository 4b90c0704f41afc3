"""Any order of taking, beating, parking, releasing and waiting."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import LeaseHeld
from scripts.engine.lease import EXPIRED, Lease, LeaseLost, LeaseRequest, acquire
from scripts.engine.lease_record import Hold, see_lease
from tests.recovery.memory_store import MemoryStore
from tests.recovery.plans import MADE_AT, a_plan
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())


def a_request(run_id: str = "run-a", **changes: object) -> LeaseRequest:
    request = LeaseRequest(environment="production", run_id=run_id, holder=f"{run_id}@host pid 1")
    return replace(request, **changes)  # type: ignore[arg-type]  # fields by name


class LeaseModel(RuleBasedStateMachine):
    """Any order of taking, beating, parking, releasing and waiting: tokens grow, one holder at a time."""

    leases = Bundle("leases")

    @initialize()
    def begin(self) -> None:
        """Start with an environment nobody ever held."""
        self.clock = ManualClock(MADE_AT)
        self.store = MemoryStore(self.clock)
        self.tokens: list[int] = []
        self.newest: Lease | None = None

    @rule(target=leases, run=st.sampled_from("abc"), take_over=st.sampled_from(["", EXPIRED, "a", "b", "c"]))
    def take(self, run: str, take_over: str) -> Lease:
        """Take it, or keep what there is."""
        held = see_lease(self.store, "production")
        try:
            lease = acquire(self.store, a_request(run, take_over=take_over))
        except LeaseHeld:
            assert held is not None
            assert held.record.hold is not Hold.FREE
            assert self.newest is not None
            return self.newest
        if held is not None and held.record.hold is Hold.HELD and not held.is_expired:
            assert take_over == held.record.run_id
        self.tokens.append(lease.record.token)
        self.newest = lease
        return lease

    @rule(lease=leases, hold=st.sampled_from([None, Hold.FREE, Hold.PARKED]))
    def use(self, lease: Lease, hold: Hold | None) -> None:
        """Beat or release: works for the newest holder and for nobody else."""
        try:
            lease.check()
            lease.renew() if hold is None else lease.release(hold)
        except LeaseLost:
            assert lease is not self.newest
        else:
            assert lease is self.newest

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.sleep(seconds)

    @invariant()
    def tokens_grow(self) -> None:
        """No token is given out twice."""
        assert self.tokens == list(range(1, len(self.tokens) + 1))


LeaseModel.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLeaseModel = LeaseModel.TestCase
