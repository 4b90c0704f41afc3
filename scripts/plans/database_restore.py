"""Plans the restore of an environment's database to a moment; pure.

The new instance always gets a name of its own first; whether it then takes the primary's place is part of the
plan. A plan names one explicit moment, for `latest` too: the newest one when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lifeboat.core.contract import Contract, Database
from lifeboat.core.errors import ConfigError, Refused
from scripts.engine.forecast import Sample
from scripts.engine.json_values import digest_of
from scripts.engine.plan import Expectation, Plan
from scripts.engine.step import Step
from scripts.observe.instance import SeenInstance
from scripts.plans.restore_ground import Ground
from scripts.plans.restore_points import (
    Source,
    World,
    candidates,
    choose_moment,
    find_source,
    primary_instance,
    window_of,
)
from scripts.plans.restore_request import RestoreRequest
from scripts.plans.restore_steps import CONTENT, restore_steps

PROCEDURE = "database-restore"
LIFE = timedelta(hours=1)


def plan_restore(
    contract: Contract,
    world: World,
    request: RestoreRequest,
    *,
    now: datetime,
    history: Sequence[Sample] = (),
) -> Plan:
    """Return the plan.

    Args:
        contract: the environment.
        world: its two regions, as observed.
        request: what was asked for.
        now: the current moment.
        history: what earlier runs measured.

    Raises:
        ConfigError: the environment has no database.
        Refused: nothing to restore from, a moment outside the window, a name that is taken, or a swap in a
            region that is not the primary's.
    """
    _demand_database(contract)
    source = find_source(contract, world)
    at = choose_moment(request, source)
    _demand_place(contract, world, request, source)
    template = _template(contract, source)
    ground = Ground(
        contract=contract,
        source=source,
        at=at,
        into=request.into,
        template=template,
        like=source.instance or world[source.region].named(template.identifier),
        history=history,
    )
    steps = restore_steps(ground)
    return Plan(
        procedure=PROCEDURE,
        environment=contract.environment,
        stack=contract.stack,
        created_at=now,
        expires_at=now + LIFE,
        fingerprint=fingerprint(contract, world, request, at),
        steps=steps,
        loss=_loss(contract, source, at, now),
        back=_back(contract, steps),
        candidates=candidates(contract, world, source, at),
        notes=_notes(ground, world),
        request={**request.to_data(), "at": at.isoformat()},
    )


def fingerprint(contract: Contract, world: World, request: RestoreRequest, at: datetime) -> str:
    """Return the hash of everything the plan rests on; windows move, so only whether they still fit counts.

    Args:
        contract: the environment, as it is now.
        world: its regions, as they are now.
        request: what was asked for.
        at: the moment the plan chose.

    Raises:
        Refused: there is nothing to restore from any more.
    """
    source = find_source(contract, world)
    earliest_at, latest_at = window_of(source.chain)
    instance, resource_id = primary_instance(contract, world)
    taken = world[source.region].named(request.into) if request.into else None
    return digest_of(
        {
            "contract": contract.model_dump(mode="json"),
            "source": (source.region, source.chain.resource_id, source.is_replicated),
            "primary": (resource_id, instance.settings if instance else {}),
            "fits": earliest_at <= at <= latest_at,
            "taken": taken.resource_id if taken else "",
        }
    )


def _demand_database(contract: Contract) -> None:
    if contract.topology.primary_region not in contract.databases:
        raise ConfigError(f"environment {contract.environment} has no database in its primary region")


def _demand_place(contract: Contract, world: World, request: RestoreRequest, source: Source) -> None:
    if request.into and world[source.region].named(request.into):
        raise Refused(
            f"--into {request.into}: an instance of this name is there already in {source.region}",
            hint="choose another name; a restore never touches what it did not make itself",
        )
    if not request.into and source.is_replicated:
        raise Refused(
            f"{contract.topology.primary_region} cannot be reached: "
            f"{world[contract.topology.primary_region].unreachable}",
            hint=f"`--into NAME` restores the copy of the backups in {source.region}, beside everything else",
        )


def _template(contract: Contract, source: Source) -> Database:
    declared = contract.databases.get(source.region)
    if declared is None:
        raise Refused(
            f"environment {contract.environment} declares no database in {source.region}, so nobody knows "
            "with which groups one is to be made there"
        )
    return declared


def _loss(contract: Contract, source: Source, at: datetime, now: datetime) -> Expectation:
    what = "from the moment restored until the swap" if source.instance else "after the moment restored"
    return Expectation(
        objective_s=contract.objectives.rpo_minutes * 60.0,
        expected_s=round((now - at).total_seconds(), 3),
        how=f"everything written {what}; by now this much",
    )


def _back(contract: Contract, steps: Sequence[Step]) -> Expectation:
    return Expectation(
        objective_s=contract.objectives.rto_minutes * 60.0,
        expected_s=sum(step.expected_s for step in steps if step.id != "new-backup"),
        how="the sum of the steps until the endpoint answers",
    )


def _notes(ground: Ground, world: World) -> tuple[str, ...]:
    lost = [
        f"{seen.region} cannot be reached: {seen.unreachable}" for seen in world.values() if seen.unreachable
    ]
    if ground.into:
        where = f"{ground.into} takes nobody's place; it costs until it is deleted"
        return (*lost, where, _unknown(ground.like))
    return (
        *lost,
        f"the primary goes on until the swap, after step {CONTENT}; only the old instance has what is "
        "written until then",
        "the old instance is renamed, tagged with an expiry and never deleted; an abort renames it back",
        "afterwards reconcile the Pulumi state: it knows instances by resource id, so `pulumi refresh` shows "
        "the old one renamed; take it out of the state and import the new one, then `pulumi preview` must "
        "show neither delete nor replace of a database",
        _unknown(ground.like),
    )


def _unknown(like: SeenInstance | None) -> str:
    if like is None:
        return "monitoring, log exports and windows are not in the contract, and no instance is there to copy"
    return f"what the contract does not say is set as {like.identifier} has it"
