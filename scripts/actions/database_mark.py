"""Step kind: the old instance is tagged before it is touched: by which run, in whose place, kept until when.

A step of its own, because one call is all that a look can tell done from not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from scripts.actions.database_hands import Hands
from scripts.actions.database_names import EXPIRES_TAG, REPLACED_BY_TAG, REPLACED_TAG, SWAP_TAG, tag_list
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking
from scripts.observe.instance import SeenInstance

_TAGS = (EXPIRES_TAG, REPLACED_TAG, REPLACED_BY_TAG, SWAP_TAG)


class MarkOld:
    """Tags the instance that has the place."""

    name = "database-mark"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See whether it has this run's tags."""
        tags = self._instance(step).tags
        if tags.get(REPLACED_BY_TAG) != context.run_id:
            return absent()
        return done({"began_at": tags.get(SWAP_TAG, "")})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Tag it.

        Effects: RDS AddTagsToResource.
        """
        instance, now = self._instance(step), context.clock.now()
        until = now + timedelta(days=float(str(step.parameters["kept_days"])))
        tags = {
            REPLACED_BY_TAG: context.run_id,
            REPLACED_TAG: str(step.parameters["base"]),
            SWAP_TAG: write_moment(now),
            EXPIRES_TAG: write_moment(until),
        }
        with asking(f"tags of {instance.identifier}"):
            self._hands.clients("rds", str(step.parameters["region"])).add_tags_to_resource(
                ResourceName=instance.arn, Tags=tag_list(tags)
            )
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Take the tags away: it has its place again and does not expire.

        Effects: RDS RemoveTagsFromResource.
        """
        instance = self._instance(step)
        with asking(f"tags of {instance.identifier}"):
            self._hands.clients("rds", str(step.parameters["region"])).remove_tags_from_resource(
                ResourceName=instance.arn, TagKeys=list(_TAGS)
            )
        return Undone()

    def verify(self, step: Step, context: Context) -> Verification:
        """It has them."""
        missing = [name for name in _TAGS if name not in self._instance(step).tags]
        return Verification(findings=tuple(f"tag {name} is missing" for name in missing))

    def _instance(self, step: Step) -> SeenInstance:
        return self._hands.instance(str(step.parameters["region"]), str(step.parameters["resource_id"]))
