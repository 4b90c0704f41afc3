"""Step kind: the restored instance is backed up: a snapshot of it, and a window it can be restored to itself.

After a restore backups stop silently when nobody looks; so the step is done when both are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifeboat.core.errors import StepFailed
from scripts.actions.database_hands import Hands
from scripts.actions.database_names import RUN_TAG, snapshot_name, tag_list
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.json_values import Json
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import SaidNo, asking
from scripts.observe.databases import AVAILABLE, find_backups

_NONE = "DBSnapshotNotFound"
_PASSING = frozenset({"creating", "pending", "copying"})


class TakeSnapshot:
    """Takes a snapshot named after the run."""

    name = "database-snapshot"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Find the snapshot, then the window."""
        name = _name(step, context)
        status = self._status(step, name)
        if status is None:
            return absent()
        if status in _PASSING:
            return underway(f"snapshot {name} is {status}")
        if status != AVAILABLE:
            raise StepFailed(f"snapshot {name} is {status}")
        region = str(step.parameters["region"])
        instance = self._hands.restored(step, context)
        chain = find_backups(self._hands.clients, region, instance.resource_id)
        if chain is None or chain.latest_at is None:
            return underway(f"{instance.identifier} cannot be restored itself yet")
        return done({"snapshot": name, "restorable_to": write_moment(chain.latest_at)})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Ask for it.

        Effects: RDS CreateDBSnapshot.
        """
        instance = self._hands.restored(step, context)
        name = _name(step, context)
        with asking(f"snapshot {name} of {instance.identifier}"):
            self._rds(step).create_db_snapshot(
                DBInstanceIdentifier=instance.identifier,
                DBSnapshotIdentifier=name,
                Tags=tag_list({RUN_TAG: context.run_id}),
            )
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave it: a backup does no harm."""
        return Undone(kept=f"snapshot {_name(step, context)} is kept")

    def verify(self, step: Step, context: Context) -> Verification:
        """It is there."""
        status = self._status(step, _name(step, context))
        return Verification(findings=() if status == AVAILABLE else (f"the snapshot is {status}",), level=0)

    def _status(self, step: Step, name: str) -> str | None:
        try:
            with asking(f"snapshot {name}"):
                answer = self._rds(step).describe_db_snapshots(DBSnapshotIdentifier=name)
        except SaidNo as error:
            if error.code == _NONE:
                return None
            raise
        return str(answer["DBSnapshots"][0]["Status"]) if answer["DBSnapshots"] else None

    def _rds(self, step: Step) -> Any:  # noqa: ANN401  # boto3 clients have no type
        return self._hands.clients("rds", str(step.parameters["region"]))


def _name(step: Step, context: Context) -> str:
    return snapshot_name(str(step.parameters["base"]), context.run_id)
