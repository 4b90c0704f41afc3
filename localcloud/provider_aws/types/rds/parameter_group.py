"""DB parameter groups: the settings that differ from the defaults of an engine's family.

A setting that is left out again goes back to the family's default. RDS ignores a change of the apply method
alone; the local cloud does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.rds.name_rule import NameRule
from localcloud.provider_aws.types.rds.same_meaning import same_but_for_case
from localcloud.provider_aws.types.rds.tagging import retag, tags_of

_NAMES = NameRule(letters=("[0-9a-z.-]", "lower-case letters, digits, periods and hyphens are"))
_METHODS = ("immediate", "pending-reboot")
_PER_CALL = 20
"""Parameters that one call may change (API reference, ModifyDBParameterGroup)."""
Parameters = Sequence[Properties]


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from _NAMES.failures(inputs)
    parameters = inputs.get("parameters")
    seen: set[str] = set()
    for at, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
        if not isinstance(parameter, dict):
            continue
        name, method = parameter.get("name"), parameter.get("applyMethod")
        if isinstance(method, str) and method not in _METHODS:
            yield PropertyFailure.at(
                ("parameters", at, "applyMethod"), f"must be one of {', '.join(_METHODS)}"
            )
        if isinstance(name, str):
            if name.lower() in seen:
                yield PropertyFailure.at(("parameters", at, "name"), f"{name} is set twice")
            seen.add(name.lower())


def _create(cloud: Cloud, inputs: Properties) -> str:
    answer = cloud.client().create_db_parameter_group(
        DBParameterGroupName=inputs["name"],
        DBParameterGroupFamily=inputs["family"],
        Description=inputs["description"],
        Tags=to_pairs(inputs.get("tags")),
    )
    return str(answer["DBParameterGroup"]["DBParameterGroupName"])


def _finish(cloud: Cloud, name: str, inputs: Properties) -> None:
    _set(cloud, name, inputs.get("parameters", ()))


def _set(cloud: Cloud, name: str, parameters: Parameters) -> None:
    for some in _chunks(parameters):
        wanted = [
            {
                "ParameterName": parameter["name"],
                "ParameterValue": parameter["value"],
                "ApplyMethod": parameter["applyMethod"],
            }
            for parameter in some
        ]
        cloud.client().modify_db_parameter_group(DBParameterGroupName=name, Parameters=wanted)


def _reset(cloud: Cloud, name: str, parameters: Parameters) -> None:
    for some in _chunks(parameters):
        left = [{"ParameterName": one["name"], "ApplyMethod": one["applyMethod"]} for one in some]
        cloud.client().reset_db_parameter_group(
            DBParameterGroupName=name, ResetAllParameters=False, Parameters=left
        )


def _chunks(parameters: Parameters) -> Iterator[Parameters]:
    rest = iter(parameters)
    while some := tuple(islice(rest, _PER_CALL)):
        yield some


def _read(cloud: Cloud, name: str) -> Properties | None:
    client = cloud.client()
    groups = client.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"]
    if not groups:
        return None
    (group,) = groups
    pages = client.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=name, Source="user")
    return {
        "name": group["DBParameterGroupName"],
        "family": group["DBParameterGroupFamily"],
        "description": group["Description"],
        "parameters": [
            {
                "name": parameter["ParameterName"],
                "value": parameter["ParameterValue"],
                "applyMethod": parameter["ApplyMethod"],
            }
            for page in pages
            for parameter in page["Parameters"]
            if "ParameterValue" in parameter
        ],
        "arn": group["DBParameterGroupArn"],
        "tags": tags_of(cloud, group["DBParameterGroupArn"]),
    }


def _update(cloud: Cloud, name: str, change: Change) -> None:
    if change.has("parameters"):
        old, new = change.old.get("parameters") or [], change.new.get("parameters") or []
        is_first = old == new
        _set(cloud, name, [parameter for parameter in new if is_first or parameter not in old])
        kept = {parameter["name"].lower() for parameter in new}
        _reset(cloud, name, [parameter for parameter in old if parameter["name"].lower() not in kept])
    retag(cloud, cloud.arn(f"pg:{name}"), change)


def _delete(cloud: Cloud, name: str, known: Properties) -> None:
    if known.get("skipDestroy"):
        cloud.log(f"parameter group {name} is left in place (skipDestroy)")
        return
    cloud.client().delete_db_parameter_group(DBParameterGroupName=name)


TYPE = ResourceType(
    type="aws:rds/parameterGroup:ParameterGroup",
    service="rds",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"DBParameterGroupNotFound"}),
    name=Autoname(prefix_key="namePrefix", lower=True),
    check=_check,
    force_new=("description", "family", "name", "namePrefix"),
    defaults={
        "description": "Managed by Pulumi",
        "parameters[*].applyMethod": _METHODS[0],
        "skipDestroy": False,
    },
    unordered=("parameters",),
    same={"parameters[*].name": same_but_for_case},
    write_only={
        "namePrefix": "the service only knows the resulting name",
        "skipDestroy": "a wish of the program, not a property of the group",
    },
)
