"""Step kind: the old instance goes aside: tagged first, renamed then, never deleted.

From here on its endpoint leads nowhere until the new instance has the name; an abort gives the name back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from scripts.actions.database_hands import Hands
from scripts.actions.database_names import (
    EXPIRES_TAG,
    REPLACED_TAG,
    RUN_TAG,
    SWAP_TAG,
    aside_name,
    tag_list,
)
from scripts.actions.database_rename import Rename
from scripts.engine.context import Context
from scripts.engine.found import Found
from scripts.engine.json_values import Json
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking


class PutAside:
    """Renames the instance that had the place."""

    name = "database-aside"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See which name it has."""
        return self._rename(step, aside_name(_base(step), context.run_id)).look()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Tag it, then rename it.

        Effects: RDS AddTagsToResource, ModifyDBInstance.
        """
        rename = self._rename(step, aside_name(_base(step), context.run_id))
        now = context.clock.now()
        days = step.parameters["kept_days"]
        tags = {
            RUN_TAG: context.run_id,
            REPLACED_TAG: _base(step),
            SWAP_TAG: write_moment(now),
            EXPIRES_TAG: write_moment(now + timedelta(days=float(str(days)))),
        }
        with asking(f"tags of {rename.instance.identifier}"):
            self._hands.clients("rds", rename.region).add_tags_to_resource(
                ResourceName=rename.instance.arn, Tags=tag_list(tags)
            )
        context.checkpoint()
        rename.ask()
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Give it its name back, and take its expiry away.

        Effects: RDS RemoveTagsFromResource, ModifyDBInstance.
        """
        rename = self._rename(step, _base(step))
        with asking(f"tags of {rename.instance.identifier}"):
            self._hands.clients("rds", rename.region).remove_tags_from_resource(
                ResourceName=rename.instance.arn, TagKeys=[EXPIRES_TAG, REPLACED_TAG, SWAP_TAG, RUN_TAG]
            )
        context.checkpoint()
        rename.ask()
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
