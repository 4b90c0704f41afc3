"""What a request is restored from: a chain of automated backups, one snapshot, or one logical copy.

What was asked for is found or refused; nothing else is ever taken for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lifeboat.core.contract import Contract
from lifeboat.core.errors import Refused
from scripts.backup.listing import Backup
from scripts.engine.plan import Candidate
from scripts.observe.databases import SeenBackups, SeenSnapshot
from scripts.observe.instance import SeenInstance
from scripts.plans.restore_instead import instead, not_there
from scripts.plans.restore_points import (
    World,
    chain_of,
    copy_text,
    moment_text,
    primary_instance,
    snapshot_text,
    window_of,
)
from scripts.plans.restore_request import BackupId, Moment, RestoreRequest, SnapshotName

_SNAPSHOT_BEGINS = timedelta(seconds=5)
Origin = SeenBackups | SeenSnapshot | Backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a restore starts from.

    Args:
        region: where the new instance will be.
        origin: what it is made of.
        instance: the primary that is there now; None when it is gone or cannot be reached.
        held_in: for a logical copy the region of the bucket that showed it; else empty.
        is_away: whether the new instance will be outside the primary's region.
    """

    region: str
    origin: Origin
    instance: SeenInstance | None
    is_away: bool
    held_in: str = ""

    @property
    def text(self) -> str:
        """What it is, for people."""
        if isinstance(self.origin, SeenSnapshot):
            return snapshot_text(self.origin, self.region)
        if isinstance(self.origin, Backup):
            return copy_text(self.origin, self.held_in)
        return f"automated backups in {self.region}"

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from any other source."""
        if isinstance(self.origin, SeenSnapshot):
            return ("snapshot", self.region, self.origin.name, self.origin.taken_at.isoformat())
        if isinstance(self.origin, Backup):
            return ("copy", self.region, self.origin.id)
        return ("chain", self.region, self.origin.resource_id)


def find_source(contract: Contract, world: World, request: RestoreRequest) -> Source:
    """Return what was asked for.

    For a moment that is the best chain that can be reached: the primary's own, else its copy in the recovery
    region.

    Raises:
        ConfigError: no snapshot of that name, no backup of that id.
        Refused: no chain can be reached, what was asked for may be where nobody answers, or is damaged.
    """
    point = request.point
    if isinstance(point, SnapshotName):
        return _snapshot(contract, world, point.name)
    if isinstance(point, BackupId):
        return _copy(contract, world, point.id)
    return _chain(contract, world)


def choose_moment(request: RestoreRequest, source: Source) -> datetime:
    """Return the explicit moment a request means; that of a snapshot or a copy is its own.

    Raises:
        Refused: it lies outside the window; the window and the nearest moment are named.
    """
    if isinstance(source.origin, SeenSnapshot):
        return source.origin.taken_at
    if isinstance(source.origin, Backup):
        return source.origin.manifest.snapshot_at
    earliest_at, latest_at = window_of(source.origin)
    at = request.point.at if isinstance(request.point, Moment) else None
    if at is None:
        return latest_at
    if earliest_at <= at <= latest_at:
        return at
    nearest_at = earliest_at if at < earliest_at else latest_at
    raise Refused(
        f"{moment_text(at)} cannot be restored in {source.region}: the window is {moment_text(earliest_at)} "
        f"to {moment_text(latest_at)}",
        hint=f"the nearest moment is {moment_text(nearest_at)}; it is never taken without being asked for",
    )


def not_after_of(source: Source, at: datetime) -> datetime | None:
    """Return the moment that no restored row may be later than; None when that is not known.

    A snapshot is asked for at its moment and holds what was written until RDS took it.
    """
    if isinstance(source.origin, SeenSnapshot):
        return None
    # A copy's moment is read just before its snapshot begins.
    return at + _SNAPSHOT_BEGINS if isinstance(source.origin, Backup) else at


def chosen_candidate(source: Source, at: datetime) -> Candidate:
    """Return the point that a plan takes."""
    return Candidate(name="chosen", at=at, detail=source.text, chosen=True)


def _chain(contract: Contract, world: World) -> Source:
    primary = contract.topology.primary_region
    instance, resource_id = primary_instance(contract, world)
    own = chain_of(world[primary], resource_id)
    if own is not None:
        return Source(region=primary, origin=own, instance=instance, is_away=False)
    away = contract.topology.recovery_region
    copy = chain_of(world[away], resource_id) if world[primary].unreachable else None
    if copy is not None:
        return Source(region=away, origin=copy, instance=None, is_away=True)
    told = [
        f"{seen.region}: {seen.unreachable or 'no restorable automated backup'}" for seen in world.values()
    ]
    raise Refused(
        f"database {contract.databases[primary].identifier}: no automated backup to restore from\n"
        + "\n".join(told),
        hint=instead(contract, world),
    )


def _snapshot(contract: Contract, world: World, name: str) -> Source:
    primary = contract.topology.primary_region
    ordered = sorted(world.values(), key=lambda seen: seen.region != primary)
    for seen in ordered:
        for one in seen.snapshots:
            if one.name == name.lower():
                is_away = seen.region != primary
                instance = None if is_away else primary_instance(contract, world)[0]
                return Source(region=seen.region, origin=one, instance=instance, is_away=is_away)
    raise not_there(
        world, f"no snapshot has the name {name}", "the plan of `--to latest` names the newest ones"
    )


def _copy(contract: Contract, world: World, backup_id: str) -> Source:
    topology = contract.topology
    is_away = bool(world[topology.primary_region].unreachable)
    region = topology.recovery_region if is_away else topology.primary_region
    for seen in world.values():
        for one in seen.copies:
            if one.id == backup_id:
                if one.is_damaged:
                    raise Refused(
                        f"{backup_id} is damaged, by its records of verification",
                        hint="choose another one of `lifeboat backup list`; --to latest names the points",
                    )
                instance = None if is_away else primary_instance(contract, world)[0]
                return Source(
                    region=region, origin=one, instance=instance, is_away=is_away, held_in=seen.region
                )
    raise not_there(world, f"no backup has the id {backup_id}", "`lifeboat backup list` shows them")
