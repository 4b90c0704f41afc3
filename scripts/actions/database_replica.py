"""Step kind: a new replica follows the instance that took the primary's place.

A replica of the old instance follows the past and can never be turned to another source. So a new one is made
beside it under a name of the run, and takes its place once it is there.
"""

from __future__ import annotations

from typing import Any

from scripts.actions.database_new_instance import NewInstance
from scripts.engine.step import Step


class MakeReplica(NewInstance):
    """Makes a replica, in another region."""

    name = "database-replica"

    def _make(self, step: Step, name: str, request: dict[str, Any]) -> None:
        """Effects: RDS CreateDBInstanceReadReplica."""
        self._rds(step).create_db_instance_read_replica(
            DBInstanceIdentifier=name,
            # By name, which is the new primary's by now; a resource id cannot be given.
            SourceDBInstanceIdentifier=str(step.parameters["source_arn"]),
            SourceRegion=str(step.parameters["source_region"]),
            **request,
        )
