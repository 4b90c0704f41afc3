"""What every step kind that makes the new instance has in common: it finds its own, waits for it, keeps it.

It is asked for once. Whatever dies in between: the name carries the run, the tag names it, and who comes next
finds it and waits. An instance of that name without that tag is somebody else's and is not touched.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, cast

from lifeboat.core.errors import Refused
from scripts.actions.database_hands import Hands, busy, seen, texts
from scripts.actions.database_names import EXPIRES_TAG, RUN_TAG, restored_name, tag_list
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json, plain
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking
from scripts.observe.databases import find_instance
from scripts.observe.instance import SeenInstance

_KEPT_DAYS = 7


class NewInstance(ABC):
    """Makes an instance; a subclass knows of what."""

    name: ClassVar[str]

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    @abstractmethod
    def _make(self, step: Step, name: str, request: dict[str, Any]) -> None:
        """Ask RDS for the instance.

        Args:
            step: what the plan says.
            name: of the instance.
            request: settings and tags.
        """

    def look(self, step: Step, context: Context) -> Found:
        """Find the instance by its name and this run's tag."""
        instance = self._find(step, context)
        if instance is None:
            return absent()
        return busy(instance) or done({**seen(instance), "at": step.parameters["at"]})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Ask for it.

        Raises:
            Refused: the name is somebody else's.

        Effects: the one RDS call of the subclass.
        """
        name = _name(step, context)
        self._demand_free(step, name)
        request = cast("dict[str, Any]", plain(step.parameters["given"]))
        request["Tags"] = tag_list({**texts(step.parameters["tags"]), RUN_TAG: context.run_id})
        with asking(f"new instance {name}"):
            self._make(step, name, request)
        return {"identifier": name}

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave it, tagged with an expiry: after a swap it may hold rows that are nowhere else.

        Effects: RDS AddTagsToResource.
        """
        instance = self._find(step, context)
        if instance is None:
            return Undone()
        until = write_moment(context.clock.now() + timedelta(days=_KEPT_DAYS))
        with asking(f"tags of {instance.identifier}"):
            self._rds(step).add_tags_to_resource(
                ResourceName=instance.arn, Tags=tag_list({EXPIRES_TAG: until})
            )
        return Undone(kept=f"instance {instance.identifier} is kept until {until}; delete it then by hand")

    def verify(self, step: Step, context: Context) -> Verification:
        """It is there, available, and ours."""
        instance = self._find(step, context)
        if instance is None or busy(instance):
            return Verification(findings=(f"instance {_name(step, context)} is not available",))
        return Verification(level=0, facts={"engine_version": instance.engine_version})

    def _find(self, step: Step, context: Context) -> SeenInstance | None:
        region, name = str(step.parameters["region"]), _name(step, context)
        known = context.results.get(step.id, {}).get("resource_id")
        wanted = {"resource_id": str(known)} if known else {"identifier": name}
        instance = find_instance(self._hands.clients, region, **wanted)
        is_ours = instance is not None and instance.tags.get(RUN_TAG) == context.run_id
        return instance if is_ours else None

    def _demand_free(self, step: Step, name: str) -> None:
        region = str(step.parameters["region"])
        if find_instance(self._hands.clients, region, identifier=name) is not None:
            raise Refused(
                f"instance {name} in {region} was not made by this run",
                hint="nothing of it was touched; make a plan with another name",
            )

    def _rds(self, step: Step) -> Any:  # noqa: ANN401  # boto3 clients have no type
        return self._hands.clients("rds", str(step.parameters["region"]))


def _name(step: Step, context: Context) -> str:
    base = str(step.parameters["base"])
    return base if step.parameters["is_exact"] else restored_name(base, context.run_id)
