"""Step kind: a logical copy is loaded into the instance this run made.

The mark on the database is written last, so a database either holds the whole copy, proven, or is no database
of that name yet. It is only ever loaded into an instance that carries this run's tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lifeboat.core.errors import StepFailed
from scripts.actions.database_copy import open_copy
from scripts.actions.database_hands import Hands, busy
from scripts.actions.database_names import RUN_TAG
from scripts.actions.load_job import LoadJob, mark_text
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.instance import SeenInstance

_LEVEL = 3


class LoadCopy:
    """Loads the copy."""

    name = "database-load"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Look for the mark."""
        instance = self._instance(step, context)
        passing = busy(instance)
        if passing is not None:
            return passing
        mark = self._mark(step, instance)
        return done({"mark": mark}) if mark == _wanted(step, context) else absent()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Load; an attempt that ended early is removed first.

        Effects: reads objects; creates roles and a database.
        """
        job = self._job(step, context, self._instance(step, context))
        loaded = self._hands.loads.load(job)
        return {
            "rows": loaded.rows,
            "fetch_s": loaded.fetch_s,
            "load_s": loaded.load_s,
            "not_set": loaded.not_set,
        }

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave it: it goes with the instance."""
        return Undone(kept="the loaded database stays on the new instance")

    def verify(self, step: Step, context: Context) -> Verification:
        """The mark is there, and with it everything that was proven before it was written."""
        mark = self._mark(step, self._instance(step, context))
        is_ours = mark == _wanted(step, context)
        findings = () if is_ours else (f"the loaded database has the mark {mark or 'of nobody'}",)
        return Verification(findings=findings, level=_LEVEL, facts={"mark": mark})

    def _mark(self, step: Step, instance: SeenInstance) -> str:
        login = self._hands.master(step.parameters, instance)
        return self._hands.loads.mark(login, str(_copy(step)["database"]))

    def _instance(self, step: Step, context: Context) -> SeenInstance:
        instance = self._hands.restored(step, context)
        if instance.tags.get(RUN_TAG) != context.run_id:
            raise StepFailed(
                f"instance {instance.identifier} was not made by this run",
                hint="nothing of it was touched",
            )
        return instance

    def _job(self, step: Step, context: Context, instance: SeenInstance) -> LoadJob:
        store, manifest = open_copy(self._hands, step)
        return LoadJob(
            store=store,
            manifest=manifest,
            login=self._hands.master(step.parameters, instance),
            loaded_by=context.run_id,
            clock=context.clock,
            checkpoint=context.checkpoint,
        )


def _copy(step: Step) -> JsonObject:
    return cast("JsonObject", step.parameters["copy"])


def _wanted(step: Step, context: Context) -> str:
    return mark_text(str(_copy(step)["id"]), context.run_id)
