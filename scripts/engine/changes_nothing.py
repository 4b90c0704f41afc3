"""What step kinds that only look have in common: nothing of them to be found, nothing to be taken back."""

from __future__ import annotations

from scripts.engine.context import Context
from scripts.engine.found import Found, absent
from scripts.engine.step import Step
from scripts.engine.verification import Undone


class ChangesNothing:
    """Base of the kinds whose `act` only reads; their steps have the effect `reads`."""

    def look(self, step: Step, context: Context) -> Found:
        """Nothing of the world is changed, so there is nothing to find."""
        return absent()

    def undo(self, step: Step, context: Context) -> Undone:
        """Nothing was changed."""
        return Undone()
