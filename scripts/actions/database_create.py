"""Step kind: a new, empty instance, for a copy that does not come from RDS."""

from __future__ import annotations

from typing import Any

from scripts.actions.database_new_instance import NewInstance
from scripts.engine.step import Step


class CreateInstance(NewInstance):
    """Creates an instance whose master user has the current value of its secret."""

    name = "database-create"

    def _make(self, step: Step, name: str, request: dict[str, Any]) -> None:
        """Effects: reads the secret's value; RDS CreateDBInstance."""
        user, password = self._hands.master_account(step.parameters)
        self._rds(step).create_db_instance(
            DBInstanceIdentifier=name,
            MasterUsername=user,
            MasterUserPassword=password.reveal(),
            **request,
        )
