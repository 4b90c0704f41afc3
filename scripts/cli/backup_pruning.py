"""Prunes everything of an environment: copies in a bucket, our snapshots in both regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError
from scripts.actions.backup_prune import apply_prune, plan_prune
from scripts.actions.rds_snapshot_prune import SnapshotsGone, apply_snapshot_prune, plan_snapshot_prune
from scripts.backup.retention import Retention
from scripts.backup.snapshots import Owner
from scripts.cli.backup_places import open_store
from scripts.cli.backup_view import prune_view, snapshot_verdict_data, snapshot_verdict_line
from scripts.cli.run_store import open_run_store
from scripts.engine.lease_record import Hold, see_lease
from scripts.observe.aws import NoAnswer, boto_clients

if TYPE_CHECKING:
    from scripts.actions.rds_snapshot_prune import SnapshotPrune


@dataclass(slots=True)
class Pruned:
    """What was decided and done, as JSON and as lines.

    Args:
        problems: what did not work.
        not_allowed: snapshots that are past their time and that this role may not remove.
    """

    data: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    problems: list[LifeboatError] = field(default_factory=list)
    not_allowed: tuple[str, ...] = ()


def prune_all(
    contract: Contract,
    retention: Retention,
    *,
    region: str,
    do_it: bool,
    tell: Callable[[str], None],
) -> Pruned:
    """Decide, and remove when told to; snapshots are looked at whatever becomes of the bucket.

    Args:
        contract: the environment.
        retention: how long.
        region: whose bucket; empty for that of the primary.
        do_it: remove what the decision names.
        tell: is told what is removed.

    Effects: reads, and removes objects and snapshots.
    """
    pruned = Pruned()
    try:
        store = open_store(contract, region or contract.topology.primary_region)
        plan = plan_prune(store, retention, SystemClock())
        gone = apply_prune(store, plan, tell) if do_it else ()
        pruned.data, pruned.lines = prune_view(plan, gone, do_it=do_it)
    except LifeboatError as error:
        pruned.problems.append(error)
    try:
        _prune_snapshots(contract, retention, pruned, do_it=do_it, tell=tell)
    except LifeboatError as error:
        pruned.problems.append(error)
    if not do_it and any(line.startswith("REMOVE") for line in pruned.lines):
        pruned.lines.append("nothing was removed; --apply does it")
    return pruned


def _prune_snapshots(
    contract: Contract, retention: Retention, pruned: Pruned, *, do_it: bool, tell: Callable[[str], None]
) -> None:
    clients = boto_clients()
    owner = Owner(product=contract.product, environment=contract.environment)
    plan = plan_snapshot_prune(
        clients,
        contract.topology.regions,
        owner,
        retention,
        SystemClock().now(),
        held_by=_holder(contract),
    )
    gone = apply_snapshot_prune(clients, plan, tell) if do_it else SnapshotsGone()
    pruned.data["snapshots"] = _snapshot_data(plan, gone)
    pruned.lines += [snapshot_verdict_line(each) for each in plan.verdicts]
    pruned.lines += [f"nothing decided: {reason}" for reason in plan.unread]
    pruned.problems += [*(NoAnswer(reason) for reason in plan.unread), *gone.failed]
    pruned.not_allowed = gone.not_allowed


def _snapshot_data(plan: SnapshotPrune, gone: SnapshotsGone) -> dict[str, Any]:
    return {
        "verdicts": [snapshot_verdict_data(each) for each in plan.verdicts],
        "removed": list(gone.removed),
        "not_allowed": list(gone.not_allowed),
        "unread": list(plan.unread),
    }


def _holder(contract: Contract) -> str:
    """Say which run holds the environment; it may be restoring from any of them."""
    seen = see_lease(open_run_store(contract), contract.environment)
    if seen is None or seen.record.hold is Hold.FREE:
        return ""
    return f"environment {contract.environment} is held by run {seen.record.run_id}"
