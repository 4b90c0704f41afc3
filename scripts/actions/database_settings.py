"""Step kind: what a restore loses is set again, and compared with what is declared.

RDS gives a restored instance defaults for much of what it is not told; some can only be told afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from scripts.actions.database_hands import Hands, busy
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.json_values import Json, JsonObject, plain
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking
from scripts.observe.instance import SeenInstance


class ApplySettings:
    """Sets every setting that differs, with one call."""

    name = "database-settings"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Compare."""
        instance = self._hands.restored(step, context)
        passing = busy(instance)
        if passing is not None:
            return passing
        if instance.pending:
            return underway(f"{', '.join(instance.pending)} of {instance.identifier} are being set")
        if _differences(step, instance):
            return absent()
        return done({"settings": _wanted(step)})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Set what differs.

        Effects: RDS ModifyDBInstance.
        """
        instance = self._hands.restored(step, context)
        different = _differences(step, instance)
        rds = self._hands.clients("rds", str(step.parameters["region"]))
        with asking(f"settings of {instance.identifier}"):
            rds.modify_db_instance(
                DBInstanceIdentifier=instance.identifier,
                ApplyImmediately=True,
                **_as_request(different, instance),
            )
        return {"set": sorted(different)}

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave them: they are settings of the new instance only."""
        return Undone(kept="the settings stay on the restored instance")

    def verify(self, step: Step, context: Context) -> Verification:
        """Compare once more."""
        instance = self._hands.restored(step, context)
        different = _differences(step, instance)
        return Verification(
            findings=tuple(
                f"{name} is {plain(instance.settings.get(name))} and has to be {plain(value)}"
                for name, value in sorted(different.items())
            ),
            facts={"compared": sorted(_wanted(step))},
        )


def _wanted(step: Step) -> JsonObject:
    declared = cast("JsonObject", step.parameters["wanted"])
    return {name: value for name, value in declared.items() if value not in ("", 0) or value is False}


def _differences(step: Step, instance: SeenInstance) -> dict[str, Json]:
    return {name: value for name, value in _wanted(step).items() if instance.settings.get(name) != value}


def _as_request(different: Mapping[str, Json], instance: SeenInstance) -> dict[str, Any]:
    request = {name: plain(value) for name, value in different.items() if name != "LogExports"}
    if "LogExports" in different:
        wanted = set(plain(different["LogExports"]))
        there = set(plain(instance.settings["LogExports"]))
        request["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(wanted - there),
            "DisableLogTypes": sorted(there - wanted),
        }
    if "MonitoringInterval" in different and "MonitoringRoleArn" not in request:
        request["MonitoringRoleArn"] = instance.settings["MonitoringRoleArn"]
    return request
