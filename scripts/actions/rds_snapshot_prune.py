"""Removes our own snapshots that retention lets go, region by region; what it decides is shown first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lifeboat.core.errors import LifeboatError
from scripts.backup.retention import Retention
from scripts.backup.snapshots import Owner, SnapshotVerdict, decide_snapshots
from scripts.observe.aws import Clients, NoAnswer, SaidNo, asking
from scripts.observe.snapshots import observe_copies

_GONE = "DBSnapshotNotFound"
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPrune:
    """What would be removed, and why the rest would not; `unread` names regions that did not answer."""

    verdicts: tuple[SnapshotVerdict, ...]
    unread: tuple[str, ...] = ()

    @property
    def removes(self) -> tuple[SnapshotVerdict, ...]:
        """Snapshots that go."""
        return tuple(each for each in self.verdicts if not each.keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotsGone:
    """What was removed, what this role may not remove, and what did not work."""

    removed: tuple[str, ...] = ()
    not_allowed: tuple[str, ...] = ()
    failed: tuple[LifeboatError, ...] = ()


def plan_snapshot_prune(  # the facts a decision about removing takes
    clients: Clients,
    regions: Sequence[str],
    owner: Owner,
    retention: Retention,
    now: datetime,
    *,
    held_by: str = "",
) -> SnapshotPrune:
    """Decide what may go; a region that does not answer keeps everything.

    Effects: RDS DescribeDBSnapshots.
    """
    verdicts: list[SnapshotVerdict] = []
    unread = []
    for region in regions:
        try:
            copies = [each for each in observe_copies(clients, region) if owner.owns(each)]
        except NoAnswer as error:
            unread.append(error.message)
            continue
        verdicts += decide_snapshots(copies, retention, now, held_by=held_by)
    return SnapshotPrune(verdicts=tuple(verdicts), unread=tuple(unread))


def apply_snapshot_prune(clients: Clients, plan: SnapshotPrune, tell: Callable[[str], None]) -> SnapshotsGone:
    """Remove what a plan says.

    A role that may take snapshots and not remove them is how the environment is made: what it has to leave is
    named for somebody who may.

    Effects: RDS DeleteDBSnapshot.
    """
    removed: list[str] = []
    not_allowed: list[str] = []
    failed: list[LifeboatError] = []
    for verdict in plan.removes:
        name = f"{verdict.copy.region}/{verdict.copy.name}"
        try:
            _remove(clients, verdict)
        except SaidNo as error:
            if error.code in _DENIED:
                not_allowed.append(name)
                continue
            failed.append(error)
        except NoAnswer as error:
            failed.append(error)
        else:
            tell(f"snapshot {name}: removed")
            removed.append(name)
    return SnapshotsGone(removed=tuple(removed), not_allowed=tuple(not_allowed), failed=tuple(failed))


def _remove(clients: Clients, verdict: SnapshotVerdict) -> None:
    try:
        with asking(f"snapshot {verdict.copy.name} in {verdict.copy.region}"):
            rds = clients("rds", verdict.copy.region)
            rds.delete_db_snapshot(DBSnapshotIdentifier=verdict.copy.name)
    except SaidNo as error:
        if error.code != _GONE:
            raise
