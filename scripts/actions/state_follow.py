"""Step kind: the Pulumi state follows the instances that have the places now.

Pulumi knows an instance by its resource id, and a state that goes on following the old one would rename it
back, or delete it, with the next `up`. Only ids are changed: URNs, inputs and protection stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lifeboat.core.errors import StepFailed
from scripts.actions.database_hands import Hands
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


class FollowNew:
    """Changes the ids of some resources in the state."""

    name = "state-follow"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See whether anything still follows an old object."""
        state, instead = self._hands.stacks.state(_stack(step)), _instead(step, context)
        if any(state.followers(old) for old in instead):
            return absent()
        followers = [urn for new in instead.values() for urn in state.followers(new)]
        return done({"followers": sorted(followers)})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Write the state in which they follow the new ones.

        Effects: `pulumi stack import`.
        """
        self._rewrite(_stack(step), _instead(step, context))
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Let them follow the old ones again.

        Effects: `pulumi stack import`.
        """
        self._rewrite(_stack(step), {new: old for old, new in _instead(step, context).items()})
        return Undone()

    def verify(self, step: Step, context: Context) -> Verification:
        """Every place has exactly one resource that follows it."""
        state = self._hands.stacks.state(_stack(step))
        findings = []
        for new in _instead(step, context).values():
            count = len(state.followers(new))
            if count != 1:
                findings.append(f"{count} resources of stack {_stack(step)} follow {new}")
        return Verification(findings=tuple(findings))

    def _rewrite(self, stack: str, instead: Mapping[str, str]) -> None:
        stacks = self._hands.stacks
        before = stacks.state(stack)
        after = before.following(instead)
        # Whoever runs an update meanwhile holds Pulumi's lock, or left a newer state that must not be lost.
        if stacks.state(stack) != before:
            raise StepFailed(f"the state of stack {stack} changes while it is read", retryable=True)
        stacks.write(stack, after)


def _stack(step: Step) -> str:
    return str(step.parameters["stack"])


def _instead(step: Step, context: Context) -> dict[str, str]:
    """Return new ids by old ones: the new ones are what the steps before made."""
    places = cast("tuple[JsonObject, ...]", step.parameters["places"])
    return {
        str(place["old"]): str(context.results[str(place["made_by"])][str(place["id_is"])])
        for place in places
    }
