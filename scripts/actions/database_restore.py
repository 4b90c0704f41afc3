"""Step kinds: a new instance made of automated backups at one explicit moment, or of one snapshot."""

from __future__ import annotations

from typing import Any

from scripts.actions.database_new_instance import NewInstance
from scripts.engine.moments import read_moment
from scripts.engine.step import Step


class RestoreToMoment(NewInstance):
    """Restores a moment into a new instance."""

    name = "database-restore"

    def _make(self, step: Step, name: str, request: dict[str, Any]) -> None:
        """Effects: RDS RestoreDBInstanceToPointInTime."""
        self._rds(step).restore_db_instance_to_point_in_time(
            TargetDBInstanceIdentifier=name, RestoreTime=read_moment(str(step.parameters["at"])), **request
        )


class RestoreSnapshot(NewInstance):
    """Restores a snapshot into a new instance."""

    name = "database-from-snapshot"

    def _make(self, step: Step, name: str, request: dict[str, Any]) -> None:
        """Effects: RDS RestoreDBInstanceFromDBSnapshot."""
        self._rds(step).restore_db_instance_from_db_snapshot(DBInstanceIdentifier=name, **request)
