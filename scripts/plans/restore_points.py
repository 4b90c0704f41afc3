"""The points a database can go back to, shown with every plan; a window is never left silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from lifeboat.core.contract import Contract
from scripts.backup.listing import Backup
from scripts.engine.plan import Candidate
from scripts.observe.databases import SeenBackups, SeenRegion, SeenSnapshot
from scripts.observe.instance import SeenInstance

_NEWEST = 5
World = Mapping[str, SeenRegion]


def primary_instance(contract: Contract, world: World) -> tuple[SeenInstance | None, str]:
    """Return the instance that carries the primary's name now, and the resource id its backups go by."""
    declared = contract.databases[contract.topology.primary_region]
    instance = world[contract.topology.primary_region].named(declared.identifier)
    if instance is not None:
        return instance, instance.resource_id
    # The contract may be older than a swap: then it names the instance that was put aside.
    aside = {one.resource_id for seen in world.values() for one in seen.instances}
    left = [
        (chain.latest_at, chain.resource_id)
        for seen in world.values()
        for chain in seen.backups
        if chain.instance == declared.identifier and chain.latest_at and chain.resource_id not in aside
    ]
    return None, max(left)[1] if left else declared.resource_id


def chain_of(seen: SeenRegion, resource_id: str) -> SeenBackups | None:
    """Return the automated backups of an instance in a region, when something can be made of them."""
    fitting = (one for one in seen.backups if one.resource_id == resource_id)
    return next((one for one in fitting if one.earliest_at and one.latest_at), None)


def window_of(chain: SeenBackups) -> tuple[datetime, datetime]:
    """Return the first and last moment of a chain that has some."""
    assert chain.earliest_at is not None  # noqa: S101  # `chain_of` lets no other through
    assert chain.latest_at is not None  # noqa: S101  # as above
    return chain.earliest_at, chain.latest_at


def is_of(contract: Contract, world: World, snapshot: SeenSnapshot) -> bool:
    """Tell whether a snapshot is of the primary, or of one that had its place before."""
    declared = contract.databases[contract.topology.primary_region]
    _, resource_id = primary_instance(contract, world)
    is_known = snapshot.resource_id in (resource_id, declared.resource_id)
    return is_known or snapshot.instance == declared.identifier


def newest_snapshots(contract: Contract, world: World) -> Iterator[tuple[SeenRegion, SeenSnapshot]]:
    """Yield the primary's snapshots of every region, of each the newest first."""
    for seen in world.values():
        ours = (one for one in seen.snapshots if is_of(contract, world, one))
        for one in sorted(ours, key=lambda one: one.taken_at, reverse=True)[:_NEWEST]:
            yield seen, one


def newest_copies(contract: Contract, world: World) -> Iterator[tuple[SeenRegion, Backup]]:
    """Yield the logical copies of the environment's database of every bucket read, the newest first."""
    name = contract.databases[contract.topology.primary_region].name
    for seen in world.values():
        ours = [one for one in seen.copies if name in ("", one.manifest.database)]
        for one in sorted(ours, key=lambda one: one.manifest.snapshot_at, reverse=True)[:_NEWEST]:
            yield seen, one


def standing_replicas(contract: Contract, world: World) -> dict[str, SeenInstance | None]:
    """Return who has the place of each declared replica, by region; a region without answer is left out."""
    declared = {region: one for region, one in contract.databases.items() if one.role == "replica"}
    return {
        region: world[region].named(one.identifier)
        for region, one in declared.items()
        if region in world and not world[region].unreachable
    }


def replicated_backups(contract: Contract, world: World) -> str:
    """Return the ARN of the primary's replicated backups; empty when the environment declares none.

    The contract's own may be that of an instance before the present one: it is written by `pulumi up` only.
    """
    declared = contract.backups.automated_backups_arn
    if not declared:
        return ""
    _, resource_id = primary_instance(contract, world)
    there = world[contract.topology.recovery_region].backups
    return next((one.arn for one in there if one.resource_id == resource_id and one.arn), declared)


def candidates(contract: Contract, world: World, chosen: Candidate) -> tuple[Candidate, ...]:
    """Return what could be gone back to instead: ends of windows, newest snapshots, newest logical copies."""
    _, resource_id = primary_instance(contract, world)
    found = [chosen]
    for seen in world.values():
        chain = chain_of(seen, resource_id)
        if chain is not None:
            earliest_at, latest_at = window_of(chain)
            is_away = seen.region != contract.topology.primary_region
            kind = "replicated automated backups" if is_away else "automated backups"
            found.append(Candidate(name=f"latest-{seen.region}", at=latest_at, detail=f"{kind}, newest"))
            found.append(Candidate(name=f"earliest-{seen.region}", at=earliest_at, detail=f"{kind}, oldest"))
    for seen, snapshot in newest_snapshots(contract, world):
        detail = snapshot_text(snapshot, seen.region)
        found.append(Candidate(name=snapshot.name, at=snapshot.taken_at, detail=detail))
    for seen, copy in newest_copies(contract, world):
        detail = copy_text(copy, seen.region)
        found.append(Candidate(name=copy.id, at=copy.manifest.snapshot_at, detail=detail))
    return tuple(found)


def snapshot_text(snapshot: SeenSnapshot, region: str) -> str:
    """Say what a snapshot is."""
    return f"{'automatic' if snapshot.is_automatic else 'manual'} snapshot in {region}"


def copy_text(copy: Backup, region: str) -> str:
    """Say what a logical copy is and how much is proven of it."""
    proven = "nothing proven yet" if copy.level is None else f"{copy.level.short} proven"
    return f"logical copy in the bucket of {region}, {'DAMAGED' if copy.is_damaged else proven}"


def moment_text(at: datetime) -> str:
    """Return a moment as messages show it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
