"""Drives a runner from the command line: who holds it, where its copies lie, what Ctrl-C means.

A procedure's command starts its plan with `runner_at(store, kinds)`; `lifeboat run` goes on with any run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import click

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError
from scripts.cli.procedures import open_procedure
from scripts.cli.run_evidence import keep_evidence
from scripts.cli.run_places import local_runs
from scripts.cli.run_view import event_line
from scripts.cli.tool_versions import tool_versions
from scripts.engine.cancellation import cancelled_by_interrupt
from scripts.engine.event import Event
from scripts.engine.holder import this_process
from scripts.engine.objects import ObjectStore
from scripts.engine.report import Report
from scripts.engine.runner import Runner, load_plan
from scripts.engine.step_kind import Kinds
from scripts.engine.workplace import Workplace


@contextmanager
def runner_at(store: ObjectStore, kinds: Kinds, run_id: str = "") -> Iterator[Runner]:
    """Yield a runner whose events go to standard error and which Ctrl-C stops at a safe point.

    However the block ends, a second Ctrl-C excepted, the evidence of the run lies in the store afterwards.

    Args:
        store: where runs are written down.
        kinds: what the steps can do.
        run_id: the run, when it is known beforehand; of others, their events tell it.

    Effects: stores an evidence pack at the end.
    """
    told: set[str] = {run_id} - {""}

    def tell(event: Event) -> None:
        told.add(event.run_id)
        click.echo(event_line(event), err=True)

    with cancelled_by_interrupt(lambda text: click.echo(text, err=True)) as cancellation:
        work = Workplace(
            store=store,
            kinds=kinds,
            holder=this_process(),
            local=local_runs(),
            tools=tool_versions(),
            cancellation=cancellation,
            tell=tell,
        )
        try:
            yield Runner(work)
        except Exception:
            _keep(store, told)
            raise
        _keep(store, told)


def _keep(store: ObjectStore, run_ids: Iterable[str]) -> None:
    for run_id in sorted(run_ids):
        keep_evidence(store, run_id)


def go_on(
    run_id: str,
    contract: Contract,
    store: ObjectStore,
    *,
    known: Mapping[str, str],
    take_over: bool = False,
    back: bool = False,
) -> Report:
    """Resume or abort a run with the procedure that made its plan.

    Args:
        run_id: the run.
        contract: the environment the operator named; the plan has to be for its stack.
        store: where its runs lie.
        known: `module:function` by procedure.
        take_over: also from a process that seems to be alive.
        back: whether to undo instead.

    Raises:
        ConfigError: no such run, another stack's run, or an unknown procedure.
        LifeboatError: as `Runner.resume` and `Runner.abort`.
    """
    plan = load_plan(store, run_id)
    if plan.stack != contract.stack:
        raise ConfigError(
            f"{run_id} is a run of stack {plan.stack}, not of {contract.stack}",
            hint="is this the right terminal?",
        )
    procedure = open_procedure(plan, contract, known)
    with runner_at(store, procedure.kinds, run_id) as runner:
        if back:
            return runner.abort(run_id, take_over=take_over)
        return runner.resume(run_id, fingerprint=procedure.fingerprint, take_over=take_over)
