"""Step kind: the next `pulumi up` would neither delete, replace nor rename what holds data.

It refreshes what was recovered first, which writes the state and nothing else, as often as it is done. The
preview runs the program as the operator's own would; so it is the proof that the code agrees with the world.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from scripts.actions.database_hands import Hands
from scripts.engine.changes_nothing import ChangesNothing
from scripts.engine.context import Context
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Verification
from scripts.observe.stack_preview import PreviewedChange
from scripts.plans.reconcile import dangers


class PreviewStack(ChangesNothing):
    """Refreshes and previews a stack."""

    name = "state-preview"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Refresh what the state follows newly.

        Effects: `pulumi refresh`.
        """
        urns = cast("tuple[str, ...]", context.results[str(step.parameters["followed_by"])]["followers"])
        if urns:
            self._hands.stacks.refresh(_stack(step), urns, context.remaining_s)
        return {"refreshed": urns}

    def verify(self, step: Step, context: Context) -> Verification:
        """Preview."""
        changes = self._hands.stacks.preview(_stack(step), context.remaining_s)
        return Verification(findings=dangers(changes), facts=_facts(changes))


def _facts(changes: Sequence[PreviewedChange]) -> dict[str, Json]:
    counts = Counter(change.operation for change in changes)
    return {
        "operations": dict(sorted(counts.items())),
        "changes": tuple(f"{change.operation} {change.name}" for change in changes),
    }


def _stack(step: Step) -> str:
    return str(step.parameters["stack"])
