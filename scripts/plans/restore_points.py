"""The points a database can go back to, and the one a request means; a window is never left silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lifeboat.core.contract import Contract
from lifeboat.core.errors import Refused
from scripts.engine.plan import Candidate
from scripts.observe.databases import SeenBackups, SeenRegion
from scripts.observe.instance import SeenInstance
from scripts.plans.restore_request import RestoreRequest

_SNAPSHOTS = 5
World = Mapping[str, SeenRegion]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a restore starts from.

    Args:
        region: where the new instance will be.
        chain: the automated backups it is made of.
        instance: the primary that is there now; None when it is gone or cannot be reached.
        is_replicated: whether the chain is the copy in the recovery region.
    """

    region: str
    chain: SeenBackups
    instance: SeenInstance | None
    is_replicated: bool


def find_source(contract: Contract, world: World) -> Source:
    """Return the best chain that can be reached: the primary's own, else its copy in the recovery region.

    Raises:
        Refused: there is none; the message says what each region told.
    """
    primary = contract.topology.primary_region
    instance, resource_id = primary_instance(contract, world)
    own = _chain(world[primary], resource_id)
    if own is not None:
        return Source(region=primary, chain=own, instance=instance, is_replicated=False)
    away = contract.topology.recovery_region
    copy = _chain(world[away], resource_id) if world[primary].unreachable else None
    if copy is not None:
        return Source(region=away, chain=copy, instance=None, is_replicated=True)
    told = [
        f"{seen.region}: {seen.unreachable or 'no restorable automated backup'}" for seen in world.values()
    ]
    raise Refused(
        f"database {contract.databases[primary].identifier}: nothing to restore from\n" + "\n".join(told),
        hint="a new instance has nothing to restore before its first backup; snapshots are restored by hand",
    )


def primary_instance(contract: Contract, world: World) -> tuple[SeenInstance | None, str]:
    """Return the instance that carries the primary's name now, and the resource id its backups go by."""
    declared = contract.databases[contract.topology.primary_region]
    instance = world[contract.topology.primary_region].named(declared.identifier)
    return instance, instance.resource_id if instance else declared.resource_id


def choose_moment(request: RestoreRequest, source: Source) -> datetime:
    """Return the explicit moment a request means.

    Raises:
        Refused: it lies outside the window; the window and the nearest moment are named.
    """
    earliest_at, latest_at = window_of(source.chain)
    if request.at is None:
        return latest_at
    if earliest_at <= request.at <= latest_at:
        return request.at
    nearest_at = earliest_at if request.at < earliest_at else latest_at
    raise Refused(
        f"{_text(request.at)} cannot be restored in {source.region}: the window is {_text(earliest_at)} to "
        f"{_text(latest_at)}",
        hint=f"the nearest moment is {_text(nearest_at)}; it is never taken without being asked for",
    )


def candidates(contract: Contract, world: World, source: Source, at: datetime) -> tuple[Candidate, ...]:
    """Return what could be gone back to instead: both ends of every window, and the newest snapshots."""
    _, resource_id = primary_instance(contract, world)
    found = [Candidate(name="chosen", at=at, detail=f"automated backups in {source.region}", chosen=True)]
    for seen in world.values():
        chain = _chain(seen, resource_id)
        if chain is not None:
            earliest_at, latest_at = window_of(chain)
            kind = "replicated automated backups" if _is_away(contract, seen) else "automated backups"
            found.append(Candidate(name=f"latest-{seen.region}", at=latest_at, detail=f"{kind}, newest"))
            found.append(Candidate(name=f"earliest-{seen.region}", at=earliest_at, detail=f"{kind}, oldest"))
        ours = [one for one in seen.snapshots if one.resource_id in ("", resource_id)]
        newest = sorted(ours, key=lambda one: one.taken_at, reverse=True)[:_SNAPSHOTS]
        found += [
            Candidate(
                name=one.name,
                at=one.taken_at,
                detail=f"{'automatic' if one.is_automatic else 'manual'} snapshot in {seen.region}",
            )
            for one in newest
        ]
    return tuple(found)


def window_of(chain: SeenBackups) -> tuple[datetime, datetime]:
    """Return the first and last moment of a chain that has some."""
    assert chain.earliest_at is not None  # noqa: S101  # `_chain` lets no other through
    assert chain.latest_at is not None  # noqa: S101  # as above
    return chain.earliest_at, chain.latest_at


def _chain(seen: SeenRegion, resource_id: str) -> SeenBackups | None:
    fitting = (one for one in seen.backups if one.resource_id == resource_id)
    return next((one for one in fitting if one.earliest_at and one.latest_at), None)


def _is_away(contract: Contract, seen: SeenRegion) -> bool:
    return seen.region != contract.topology.primary_region


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
