"""One operator's machine: an empty directory, a process name, a runner."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lifeboat.core.clock import ManualClock
from lifeboat.core.retry import RetryPolicy
from scripts.engine.approval import Approval
from scripts.engine.cancellation import Cancellation
from scripts.engine.event import Event
from scripts.engine.lease_record import Hold, see_lease
from scripts.engine.objects import ObjectStore
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.runner import Runner
from scripts.engine.workplace import Pace, Workplace
from tests.recovery.memory_store import FragileStore, Killer, MemoryStore
from tests.recovery.plans import MADE_AT
from tests.recovery.toy_world import ToyWorld, toy_kinds

# No beat of the heart falls into a test of milliseconds; the tests of the lease beat by hand.
PACE = Pace(
    ttl_s=60, heartbeat_s=3600, poll_s=1, settle_s=5, retry=RetryPolicy(max_attempts=3, deadline_s=600)
)


class Site:
    """The store, the world and the clock that every operator shares."""

    def __init__(self, directory: Path, **world: object) -> None:
        self.directory = directory
        self.clock = ManualClock(MADE_AT)
        self.store = MemoryStore(self.clock)
        self.world = ToyWorld(**world)  # type: ignore[arg-type]  # the fields of the world, by name

    def operator(
        self, name: str = "alice", *, killer: Killer | None = None, store: ObjectStore | None = None
    ) -> Operator:
        """Return an operator on a machine of their own."""
        return Operator(self, name, killer or Killer(), store or self.store)

    def wait(self, seconds: float) -> None:
        """Let time pass for everybody."""
        self.clock.advance(timedelta(seconds=seconds))

    @property
    def hold(self) -> Hold:
        """How the environment is held."""
        seen = see_lease(self.store, "production")
        assert seen is not None
        return seen.record.hold

    @property
    def run_id(self) -> str:
        """The newest run."""
        return max(key.split("/")[1] for key in self.store.objects if key.startswith("runs/"))


class Operator:
    """Somebody who runs, resumes and aborts."""

    def __init__(self, site: Site, name: str, killer: Killer, store: ObjectStore) -> None:
        self.site = site
        self.cancellation = Cancellation()
        self.events: list[Event] = []
        self.workplace = Workplace(
            store=FragileStore(store, killer),
            kinds=toy_kinds(site.world, killer),
            holder=f"{name}@host pid 1",
            local=site.directory / name,
            tools={"toy": "1.0"},
            clock=site.clock,
            cancellation=self.cancellation,
            tell=self.events.append,
            jitter=lambda: 0.5,
            pace=PACE,
        )
        self.runner = Runner(self.workplace)

    def run(
        self,
        plan: Plan,
        *,
        take_over: str = "",
        fingerprint: str = "world-1",
        approval: Approval | None = None,
    ) -> Report:
        """Run a plan that was reviewed."""
        return self.runner.run(
            plan,
            digest=plan.digest,
            fingerprint=lambda: fingerprint,
            take_over=take_over,
            approval=approval,
        )

    def resume(self, run_id: str = "", *, take_over: bool = False, fingerprint: str = "world-1") -> Report:
        """Go on with a run, the newest when none is named."""
        return self.runner.resume(
            run_id or self.site.run_id, fingerprint=lambda: fingerprint, take_over=take_over
        )

    def abort(self, run_id: str = "", *, take_over: bool = False) -> Report:
        """Undo a run, the newest when none is named."""
        return self.runner.abort(run_id or self.site.run_id, take_over=take_over)
