"""Plans the restore of an environment's database to a moment; pure.

The new instance always gets a name of its own first; whether it then takes the primary's place is part of the
plan. A plan names one explicit moment, for `latest` too: the newest one when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError
from scripts.backup.listing import Backup
from scripts.engine.forecast import Sample
from scripts.engine.json_values import digest_of
from scripts.engine.plan import Expectation, Plan
from scripts.engine.step import Step
from scripts.observe.databases import SeenBackups
from scripts.plans.restore_ground import Ground
from scripts.plans.restore_notes import notes
from scripts.plans.restore_place import demand_place
from scripts.plans.restore_points import (
    World,
    candidates,
    primary_instance,
    replicated_backups,
    standing_replicas,
    window_of,
)
from scripts.plans.restore_request import RestoreRequest
from scripts.plans.restore_source import Source, choose_moment, chosen_candidate, find_source
from scripts.plans.restore_steps import restore_steps
from scripts.plans.swap_steps import MEASURE

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
    source = find_source(contract, world, request)
    at = choose_moment(request, source)
    template = demand_place(contract, world, request, source)
    ground = Ground(
        contract=contract,
        source=source,
        at=at,
        into=request.into,
        template=template,
        like=source.instance or world[source.region].named(template.identifier),
        history=history,
        replicas=standing_replicas(contract, world),
        copies_arn=replicated_backups(contract, world),
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
        candidates=candidates(contract, world, chosen_candidate(source, at)),
        notes=notes(ground, world),
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
    source = find_source(contract, world, request)
    instance, resource_id = primary_instance(contract, world)
    taken = world[source.region].named(request.into) if request.into else None
    return digest_of(
        {
            "contract": contract.model_dump(mode="json"),
            "source": (*source.key, source.is_away),
            "primary": (resource_id, instance.settings if instance else {}),
            "fits": _fits(source, at),
            "taken": taken.resource_id if taken else "",
            "replicas": tuple(
                (region, seen.resource_id if seen else "")
                for region, seen in standing_replicas(contract, world).items()
            ),
        }
    )


def _fits(source: Source, at: datetime) -> bool:
    if isinstance(source.origin, SeenBackups):
        earliest_at, latest_at = window_of(source.origin)
        return earliest_at <= at <= latest_at
    return not (isinstance(source.origin, Backup) and source.origin.is_damaged)


def _demand_database(contract: Contract) -> None:
    if contract.topology.primary_region not in contract.databases:
        raise ConfigError(f"environment {contract.environment} has no database in its primary region")


def _loss(contract: Contract, source: Source, at: datetime, now: datetime) -> Expectation:
    what = "from the moment restored until the swap" if source.instance else "after the moment restored"
    return Expectation(
        objective_s=contract.objectives.rpo_minutes * 60.0,
        expected_s=round((now - at).total_seconds(), 3),
        how=f"everything written {what}; by now this much",
    )


def _back(contract: Contract, steps: Sequence[Step]) -> Expectation:
    ids = [step.id for step in steps]
    until = ids.index(MEASURE) + 1 if MEASURE in ids else len(ids)
    return Expectation(
        objective_s=contract.objectives.rto_minutes * 60.0,
        expected_s=sum(step.expected_s for step in steps[:until]),
        how="the sum of the steps until the endpoint answers",
    )
