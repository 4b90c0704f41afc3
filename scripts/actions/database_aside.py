"""Step kind: the old instance goes aside; it is never deleted.

From here on its endpoint leads nowhere until the new instance has the name; an abort gives the name back.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.actions.database_hands import Hands
from scripts.actions.database_names import aside_name
from scripts.actions.database_rename import Rename
from scripts.engine.context import Context
from scripts.engine.found import Found
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


class PutAside:
    """Renames the instance that had the place."""

    name = "database-aside"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See which name it has."""
        return self._rename(step, aside_name(_base(step), context.run_id)).look()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Rename it.

        Effects: RDS ModifyDBInstance.
        """
        self._rename(step, aside_name(_base(step), context.run_id)).ask()
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Give it its name back.

        Effects: RDS ModifyDBInstance.
        """
        self._rename(step, _base(step)).ask()
        return Undone()

    def verify(self, step: Step, context: Context) -> Verification:
        """It has the name."""
        return self._rename(step, aside_name(_base(step), context.run_id)).prove()

    def _rename(self, step: Step, wanted: str) -> Rename:
        region = str(step.parameters["region"])
        instance = self._hands.instance(region, str(step.parameters["resource_id"]))
        return Rename(hands=self._hands, region=region, instance=instance, wanted=wanted)


def _base(step: Step) -> str:
    return str(step.parameters["base"])
