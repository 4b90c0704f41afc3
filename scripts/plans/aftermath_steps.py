"""The steps after a swap by which the environment is as safe as before, and its code agrees with the world.

The replica and the replicated backups of the old instance go on following the old one. So a new replica is
made and takes its place, backups are replicated again, the Pulumi state follows what is there now, and a
preview proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lifeboat.core.contract import Contract, Database
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.step import Step
from scripts.observe.databases import SeenBackups
from scripts.plans.restore_ground import KEPT_DAYS, Ground, plan_step
from scripts.plans.restore_instance import instance_parameters, instance_settings, wanted_settings

FOLLOW = "state-follow"
_REPLICATE = "replicate-backups"


def aftermath_steps(ground: Ground) -> list[Step]:
    """Return the steps in order."""
    steps = [step for region in ground.replicas for step in _replica(_at(ground, region))]
    if ground.copies_arn:
        steps.append(_replicate(ground))
    return [*steps, *_reconcile(ground)]


def _at(ground: Ground, region: str) -> Ground:
    """Return the ground of the replica in a region."""
    source = replace(ground.source, region=region)
    template = ground.contract.databases[region]
    return replace(ground, source=source, template=template, like=ground.replicas[region])


def _replica(ground: Ground) -> Iterator[Step]:
    region, base, old = ground.source.region, ground.template.identifier, ground.like
    made_by = _replica_id(region)
    place: dict[str, Json] = {"region": region, "base": base, "made_by": made_by}
    title = f"Make a replica of the new primary in {region}"
    yield plan_step(ground, made_by, "database-replica", title, _request(ground))
    wanted: JsonObject = {**place, "wanted": wanted_settings(ground)}
    title = f"Set what {base} is declared to have"
    yield plan_step(ground, f"{made_by}-settings", "database-settings", title, wanted)
    if old is not None:
        there: JsonObject = {**place, "resource_id": old.resource_id, "kept_days": KEPT_DAYS}
        title = f"Tag the old replica {base} as replaced, to be kept for {KEPT_DAYS} days"
        yield plan_step(ground, f"{made_by}-mark", "database-mark", title, there)
        title = f"Rename the old replica {base} out of the way; it is never deleted"
        yield plan_step(ground, f"{made_by}-aside", "database-aside", title, there)
    title = f"Rename the new replica to {base}"
    yield plan_step(ground, f"{made_by}-in-place", "database-in-place", title, place)


def _request(ground: Ground) -> JsonObject:
    primary = _primary(ground.contract)
    given = {**instance_settings(ground), "KmsKeyId": ground.template.kms_key_arn}
    return {
        **instance_parameters(ground, given),
        "source_arn": primary.arn,
        "source_region": ground.contract.topology.primary_region,
    }


def _replicate(ground: Ground) -> Step:
    topology, primary = ground.contract.topology, _primary(ground.contract)
    parameters: JsonObject = {
        "region": topology.recovery_region,
        "source_region": topology.primary_region,
        "source_arn": primary.arn,
        "retention_days": primary.retention_days,
        "kms_key_arn": ground.contract.keys["database"][topology.recovery_region],
    }
    title = f"Copy the automated backups of the new primary into {topology.recovery_region}"
    return plan_step(ground, _REPLICATE, "backups-replication", title, parameters)


def _reconcile(ground: Ground) -> Iterator[Step]:
    stack = ground.contract.stack
    parameters: JsonObject = {"stack": stack, "places": tuple(_places(ground))}
    title = f"Let the state of stack {stack} follow what is in place now"
    yield plan_step(ground, FOLLOW, "state-follow", title, parameters)
    parameters = {"stack": stack, "followed_by": FOLLOW}
    title = "Refresh and preview: the next `pulumi up` deletes, replaces and renames no database"
    yield plan_step(ground, "state-preview", "state-preview", title, parameters)


def _places(ground: Ground) -> Iterator[JsonObject]:
    """Yield for every place what had it, which step made what has it now, and where that one's id stands."""
    yield {"old": _primary_id(ground), "made_by": "restore", "id_is": "resource_id"}
    for region, replica in ground.replicas.items():
        replica_id = replica.resource_id if replica else ground.contract.databases[region].resource_id
        yield {"old": replica_id, "made_by": _replica_id(region), "id_is": "resource_id"}
    if ground.copies_arn:
        yield {"old": ground.copies_arn, "made_by": _REPLICATE, "id_is": "arn"}


def _primary_id(ground: Ground) -> str:
    """Return the id of the instance that has the primary's place, or had it last."""
    old, origin = ground.source.instance, ground.source.origin
    if old is None and isinstance(origin, SeenBackups):
        return origin.resource_id
    return old.resource_id if old else _primary(ground.contract).resource_id


def _replica_id(region: str) -> str:
    return f"replica-{region}"


def _primary(contract: Contract) -> Database:
    return contract.databases[contract.topology.primary_region]
