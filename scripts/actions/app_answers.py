"""Step kind: the app answers again, asked from outside as its users do: the top of the verification ladder.

That it answers proves little when its check asks no database. So the level is claimed only when the app was
also seen to write into what was restored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifeboat.core.errors import Unverified
from scripts.engine.changes_nothing import ChangesNothing
from scripts.engine.context import Context
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Verification
from scripts.observe.app_health import AppHealth

_LEVEL = 5


class AppAnswers(ChangesNothing):
    """Asks one app for its health.

    Args:
        health: says how apps are asked.
    """

    name = "app-answers"

    def __init__(self, health: Callable[[], AppHealth]) -> None:
        self._health = health

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Ask.

        Raises:
            Unverified: retryable: it does not answer, or not well.
        """
        refusal = self._refusal(step)
        if refusal:
            raise Unverified(refusal, retryable=True)
        return {"answered_at": context.clock.now().isoformat()}

    def verify(self, step: Step, context: Context) -> Verification:
        """Ask once more."""
        refusal = self._refusal(step)
        wrote = bool(context.results[str(step.parameters["measured_by"])].get("first_beat_at"))
        return Verification(
            findings=(refusal,) if refusal else (),
            level=_LEVEL if wrote and not refusal else None,
            facts={"writes_into_the_restored": wrote},
        )

    def _refusal(self, step: Step) -> str:
        return self._health().refusal(str(step.parameters["hostname"]), str(step.parameters["path"]))
