"""What a step may know about the run it belongs to, and ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lifeboat.core.clock import Clock
from scripts.engine.interruptions import BudgetSpent
from scripts.engine.json_values import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every call of a `StepKind`.

    Args:
        step_id: the step it is for.
        run_id: for names, tags and idempotency tokens; the same after a resume.
        token: fencing token of the lease; greater after every resume.
        clock: the only clock a step uses.
        budget_s: seconds this step may take in this process.
        began_s: `clock.monotonic_s()` when it began here.
        results: what the steps before gave, by step id.
        guard: raises when the run must stop now; see `checkpoint`.
        write_note: writes a fact into the journal; see `note`.
    """

    step_id: str
    run_id: str
    token: int
    clock: Clock
    budget_s: float
    began_s: float
    results: Mapping[str, JsonObject]
    guard: Callable[[], None]
    write_note: Callable[[str, JsonObject], None]

    @property
    def elapsed_s(self) -> float:
        """Seconds since the step began in this process."""
        return self.clock.monotonic_s() - self.began_s

    @property
    def remaining_s(self) -> float:
        """Seconds left of the budget (>= 0); a fitting timeout for a call."""
        return max(0.0, self.budget_s - self.elapsed_s)

    def checkpoint(self) -> None:
        """Call where stopping does no harm, and before every further remote change inside one `act`.

        Raises:
            LeaseLost: another run holds the environment; touch nothing more.
            Interrupted: the operator asked to stop.
            BudgetSpent: the step's budget is over.

        Effects: reads the lease.
        """
        self.guard()
        if self.elapsed_s > self.budget_s:
            raise BudgetSpent(
                f"step {self.step_id} has spent its budget of {self.budget_s:g} s",
                hint="resuming gives the step its budget again; aborting takes everything back",
            )

    def note(self, topic: str, **facts: Json) -> None:
        """Write a fact into the journal: what the report shows, never what a resume relies on.

        Topics the report and the evidence know:

        - `loss` and `outage` with `measured_s`: the measured RPO and RTO.
        - `rows` with `before` and `after`, either or both: number of rows by table.
        - `probes` with `name` and `samples`: lists of a moment (RFC 3339) and whether it answered.
        - `tools`: versions by name, of programs this step called.
        """
        self.write_note(topic, facts)
