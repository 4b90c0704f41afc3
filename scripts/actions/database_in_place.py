"""Step kind: the restored instance takes the name, and with it the endpoint, that everybody knows."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.actions.database_hands import Hands
from scripts.actions.database_names import restored_name
from scripts.actions.database_rename import Rename
from scripts.engine.context import Context
from scripts.engine.found import Found
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


class PutInPlace:
    """Renames the restored instance."""

    name = "database-in-place"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See which name it has."""
        return self._rename(step, context, _base(step)).look()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Rename it.

        Effects: RDS ModifyDBInstance.
        """
        self._rename(step, context, _base(step)).ask()
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Give it the name of its run back.

        Effects: RDS ModifyDBInstance.
        """
        self._rename(step, context, restored_name(_base(step), context.run_id)).ask()
        return Undone()

    def verify(self, step: Step, context: Context) -> Verification:
        """It has the name."""
        return self._rename(step, context, _base(step)).prove()

    def _rename(self, step: Step, context: Context, wanted: str) -> Rename:
        region = str(step.parameters["region"])
        instance = self._hands.restored(step, context)
        return Rename(hands=self._hands, region=region, instance=instance, wanted=wanted)


def _base(step: Step) -> str:
    return str(step.parameters["base"])
