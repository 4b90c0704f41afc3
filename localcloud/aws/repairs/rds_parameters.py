"""Parameter groups take effect as on RDS: dynamic parameters at once, static and exchanged ones at a reboot.

Stock moto calls every group `in-sync`, takes unknown parameters and an immediate change of a static one, and
knows no ResetDBParameterGroup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.held_parameters import (
    LOGICAL_REPLICATION,
    effective_values,
    hold,
    hold_difference,
    is_holding,
    let_go,
)
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_PENDING = "pending-reboot"
_STATIC = "postmaster"
_ENGINE = "postgres"


def _patch_models(models: MotoObject, world: World) -> None:
    def status_list(self: MotoObject) -> list[dict[str, str]]:
        return [{"DBParameterGroupName": _group(self).name, "ParameterApplyStatus": _status(self, world)}]

    update = models.DBInstance.update

    def change(self: MotoObject, **settings: MotoObject) -> None:
        if not settings.get("db_parameter_group_name"):
            update(self, **settings)
            return
        group, before = _group(self), effective_values(self)
        update(self, **settings)
        if _group(self) is not group:
            hold_difference(self, before)

    models.DBInstance.db_parameter_group_status_list = property(status_list)
    models.DBInstance.update = change


def _status(database: MotoObject, world: World) -> str:
    if is_holding(database):
        return _PENDING
    return world.servers.parameter_status(facts_of(database))


def _patch_groups(models: MotoObject, world: World) -> None:
    backend_class = models.RDSBackend
    modify = backend_class.modify_db_parameter_group

    def modify_checked(
        self: MotoObject, db_parameter_group_name: str, db_parameter_group_parameters: MotoObject
    ) -> MotoObject:
        given = list(db_parameter_group_parameters)
        group = self.db_parameter_groups.get(db_parameter_group_name)
        if group is None:
            # The original knows how to say so.
            return modify(self, db_parameter_group_name, given)
        contexts = _contexts(group, world)
        _check(given, contexts)
        users = [(one, effective_values(one)) for one in self.databases.values() if _group(one) is group]
        changed = modify(self, db_parameter_group_name, given)
        for database, before in users:
            _hold_changed(database, before, given, contexts)
        return changed

    def reset(self: MotoObject, name: str, given: list[dict[str, str]] | None) -> MotoObject:
        group = self.db_parameter_groups.get(name)
        if group is None:
            return modify(self, name, [])
        chosen = _all_of(group, _contexts(group, world)) if given is None else given
        users = [(one, effective_values(one)) for one in self.databases.values() if _group(one) is group]
        for parameter in chosen:
            group.parameters.pop(parameter["ParameterName"], None)
        for database, before in users:
            _hold_changed(database, before, chosen, _contexts(group, world))
        return group

    backend_class.modify_db_parameter_group = modify_checked
    backend_class.reset_db_parameter_group = reset


def _hold_changed(
    database: MotoObject,
    before: Mapping[str, str],
    given: Iterable[Mapping[str, str]],
    contexts: Mapping[str, str],
) -> None:
    for parameter in given:
        name = parameter["ParameterName"]
        if parameter.get("ApplyMethod") == _PENDING and not _is_static(name, contexts):
            hold(database, [name], before)
        else:
            let_go(database, [name])


def _check(given: Iterable[Mapping[str, str]], contexts: Mapping[str, str]) -> None:
    for parameter in given:
        name = parameter["ParameterName"]
        is_ours = "." in name or not contexts
        if not is_ours and name not in contexts:
            raise refusal(BAD_VALUE, f"Could not find parameter with name: {name}")
        if parameter.get("ApplyMethod") == "immediate" and _is_static(name, contexts):
            raise refusal(BAD_COMBINATION, f"cannot use immediate apply method for static parameter: {name}")


def _is_static(name: str, contexts: Mapping[str, str]) -> bool:
    return contexts.get(name) == _STATIC or (name == LOGICAL_REPLICATION and bool(contexts))


def _contexts(group: MotoObject, world: World) -> Mapping[str, str]:
    family = str(group.family)
    major = family.removeprefix(_ENGINE)
    return world.servers.parameter_contexts(int(major)) if major.isdigit() else {}


def _all_of(group: MotoObject, contexts: Mapping[str, str]) -> list[dict[str, str]]:
    """Name every parameter of a group; RDS resets static ones at the next reboot and the others at once."""
    return [
        {"ParameterName": name, "ApplyMethod": _PENDING if _is_static(name, contexts) else "immediate"}
        for name in group.parameters
    ]


def _group(database: MotoObject) -> MotoObject:
    return database.db_parameter_groups()[0]


def _patch_responses(responses: MotoObject, world: World) -> None:
    response = responses.RDSResponse

    def reset(self: MotoObject) -> MotoObject:
        given, every = self.params.get("Parameters"), self.params.get("ResetAllParameters")
        if bool(given) == bool(every):
            raise refusal(BAD_COMBINATION, "give either Parameters or ResetAllParameters")
        chosen = None if every else [one.original_dict() for one in given]
        group = self.backend.reset_db_parameter_group(self.params["DBParameterGroupName"].lower(), chosen)
        return responses.ActionResult({"DBParameterGroupName": group.name})

    response.reset_db_parameter_group = reset
    for operation in ("reboot_db_instance", "start_db_instance"):
        _let_go_before(response, operation, world)


def _let_go_before(response: MotoObject, operation: str, world: World) -> None:
    """A server that is started again starts with its group's values."""
    original = getattr(response, operation)

    def answer(self: MotoObject) -> MotoObject:
        database = self.backend.databases.get(self.params["DBInstanceIdentifier"].lower())
        if database is not None and let_go(database):
            world.servers.on_modify(facts_of(database))
        return original(self)

    setattr(response, operation, answer)


REPAIR = Repair(
    name="rds_parameters",
    service="rds",
    what="every parameter group was in-sync; static and exchanged parameters wait for a reboot, and it shows",
    operations=("ModifyDBParameterGroup", "ResetDBParameterGroup", "DescribeDBInstances", "RebootDBInstance"),
    patches=(
        ("moto.rds.models", _patch_models),
        ("moto.rds.models", _patch_groups),
        ("moto.rds.responses", _patch_responses),
    ),
)
