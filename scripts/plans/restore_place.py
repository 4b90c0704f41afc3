"""Which restores are refused before anything is planned: names that are taken, swaps that would lose data.

A swap puts the new instance in the primary's place. It is refused where the new instance could not hold all
that the old one holds, or is not where the primary is; `--into` never takes anything from anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.core.contract import Contract, Database
from lifeboat.core.errors import Refused
from scripts.backup.listing import Backup
from scripts.observe.databases import SeenSnapshot
from scripts.plans.restore_points import World, is_of
from scripts.plans.restore_request import RestoreRequest
from scripts.plans.restore_source import Source


def demand_place(contract: Contract, world: World, request: RestoreRequest, source: Source) -> Database:
    """Return the declared database after which the new instance is made.

    Raises:
        Refused: the name is taken, the swap cannot be right, or nobody declared a database in that region.
    """
    if request.into and world[source.region].named(request.into):
        raise Refused(
            f"--into {request.into}: an instance of this name is there already in {source.region}",
            hint="choose another name; a restore never touches what it did not make itself",
        )
    if not request.into and source.is_away:
        raise Refused(
            _why_away(contract, world, source),
            hint=f"`--into NAME` restores it in {source.region}, beside everything else",
        )
    declared = contract.databases.get(source.region)
    if declared is None:
        raise Refused(
            f"environment {contract.environment} declares no database in {source.region}, so nobody knows "
            "with which groups one is to be made there"
        )
    if not request.into:
        for reason in _against_swap(contract, world, source, declared):
            raise Refused(reason, hint="`--into NAME` restores it beside the primary, which keeps everything")
    return declared


def other_databases(contract: Contract, world: World, source: Source) -> tuple[str, ...] | None:
    """Return the databases of the old instance that a logical copy does not hold; None when nobody knows."""
    if not isinstance(source.origin, Backup):
        return ()
    known = world[contract.topology.primary_region].databases
    if known is None:
        return None
    return tuple(sorted(set(known) - {source.origin.manifest.database}))


def _against_swap(contract: Contract, world: World, source: Source, declared: Database) -> Iterator[str]:
    origin = source.origin
    if isinstance(origin, SeenSnapshot) and not is_of(contract, world, origin):
        of = origin.instance or origin.resource_id
        yield f"snapshot {origin.name} is of {of}, not of {declared.identifier}"
    if isinstance(origin, Backup):
        if declared.name and origin.manifest.database != declared.name:
            yield f"{origin.id} holds database {origin.manifest.database}, and the app uses {declared.name}"
        others = other_databases(contract, world, source)
        if others:
            yield (
                f"{origin.id} holds database {origin.manifest.database} alone, and {declared.identifier} has "
                f"{', '.join(others)} as well"
            )


def _why_away(contract: Contract, world: World, source: Source) -> str:
    primary = contract.topology.primary_region
    if world[primary].unreachable:
        return f"{primary} cannot be reached: {world[primary].unreachable}"
    return f"{source.text} cannot take the place of a database in {primary}"
