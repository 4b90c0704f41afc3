"""Step kind: a restored instance is rebooted when a setting holds only from then on; otherwise not."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.actions.database_hands import Hands, busy
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking


class RebootWhenPending:
    """Reboots the restored instance, before anybody uses it."""

    name = "database-reboot"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See whether its parameter group is in force."""
        instance = self._hands.restored(step, context)
        passing = busy(instance)
        if passing is not None:
            return passing
        return absent() if instance.reboot_pending else done()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Reboot it.

        Effects: RDS RebootDBInstance.
        """
        instance = self._hands.restored(step, context)
        with asking(f"reboot of {instance.identifier}"):
            self._hands.clients("rds", str(step.parameters["region"])).reboot_db_instance(
                DBInstanceIdentifier=instance.identifier
            )
        return {"rebooted": True}

    def undo(self, step: Step, context: Context) -> Undone:
        """Nothing is left of a reboot."""
        return Undone(kept="a reboot leaves nothing behind")

    def verify(self, step: Step, context: Context) -> Verification:
        """Nothing waits."""
        pending = self._hands.restored(step, context).reboot_pending
        return Verification(findings=("its parameter group is not in force",) if pending else ())
