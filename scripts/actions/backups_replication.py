"""Step kind: the automated backups of the new primary are copied into the recovery region.

Without it, losing the region after a restore would lead back to before it. What was copied of the old
instance stays until its own retention ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.actions.database_hands import RESTORED_BY, Hands
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import SaidNo, asking

_NONE = "DBInstanceAutomatedBackupNotFound"
_GOING, _STOPPED = "replicating", "retained"


class ReplicateBackups:
    """Starts the replication."""

    name = "backups-replication"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Find the copies by the resource id of what they are of."""
        copies = self._copies(step, context)
        if copies is None or copies["Status"] == _STOPPED:
            return absent()
        if copies["Status"] != _GOING:
            return underway(f"replication of the backups is {copies['Status']}")
        return done({"arn": copies["DBInstanceAutomatedBackupsArn"]})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Ask for it.

        Effects: RDS StartDBInstanceAutomatedBackupsReplication, in the recovery region.
        """
        given = step.parameters
        with asking(f"replication of the backups of {given['source_arn']}"):
            self._rds(step).start_db_instance_automated_backups_replication(
                SourceDBInstanceArn=given["source_arn"],
                BackupRetentionPeriod=given["retention_days"],
                KmsKeyId=given["kms_key_arn"],
                SourceRegion=given["source_region"],
            )
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Stop it.

        Effects: RDS StopDBInstanceAutomatedBackupsReplication.
        """
        given = step.parameters
        with asking(f"replication of the backups of {given['source_arn']}"):
            self._rds(step).stop_db_instance_automated_backups_replication(
                SourceDBInstanceArn=given["source_arn"]
            )
        return Undone(kept="what was copied is kept until its retention ends")

    def verify(self, step: Step, context: Context) -> Verification:
        """It goes on."""
        copies = self._copies(step, context)
        status = copies["Status"] if copies else "not there"
        return Verification(findings=() if status == _GOING else (f"the replication is {status}",), level=0)

    def _copies(self, step: Step, context: Context) -> Mapping[str, Any] | None:
        resource_id = str(context.results[RESTORED_BY]["resource_id"])
        try:
            with asking(f"replicated backups of {resource_id}"):
                answer = self._rds(step).describe_db_instance_automated_backups(DbiResourceId=resource_id)
        except SaidNo as error:
            if error.code == _NONE:
                return None
            raise
        found: list[Mapping[str, Any]] = answer["DBInstanceAutomatedBackups"]
        return found[0] if found else None

    def _rds(self, step: Step) -> Any:  # noqa: ANN401  # boto3 clients have no type
        return self._hands.clients("rds", str(step.parameters["region"]))
