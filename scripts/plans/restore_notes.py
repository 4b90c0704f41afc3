"""What an operator should read before agreeing to a restore."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.backup.forecast import mebibytes
from scripts.backup.listing import Backup
from scripts.observe.instance import SeenInstance
from scripts.plans.aftermath_steps import FOLLOW
from scripts.plans.restore_copy import storage_gib
from scripts.plans.restore_ground import Ground
from scripts.plans.restore_place import other_databases
from scripts.plans.restore_points import World
from scripts.plans.restore_steps import CONTENT


def notes(ground: Ground, world: World) -> tuple[str, ...]:
    """Return them, the most important first."""
    lost = [
        f"{seen.region} cannot be reached: {seen.unreachable}" for seen in world.values() if seen.unreachable
    ]
    lost += [f"copies unread: {seen.copies_unread}" for seen in world.values() if seen.copies_unread]
    lost += _about_copy(ground, world)
    if ground.into:
        where = f"{ground.into} takes nobody's place; it costs until it is deleted"
        return (*lost, where, _unknown(ground.like))
    return (
        *lost,
        f"the primary goes on until the swap, after step {CONTENT}; only the old instance has what is "
        "written until then",
        "the old instance is renamed, tagged with an expiry and never deleted; an abort renames it back",
        f"once the new instance is in place a failure undoes nothing by itself; `pulumi up` of stack "
        f"{ground.contract.stack} must wait until step {FOLLOW} is done",
        _unknown(ground.like),
    )


def _about_copy(ground: Ground, world: World) -> Iterator[str]:
    """Yield what belongs to the moment of a copy and is not what there is now."""
    origin = ground.source.origin
    if not isinstance(origin, Backup):
        return
    manifest = origin.manifest
    wanted, usual = storage_gib(ground, manifest), ground.like.storage_gib if ground.like else None
    if usual is not None and wanted > usual:
        of = f"{mebibytes(manifest.database_bytes)} of database"
        yield f"storage is raised from {usual} to {wanted} GiB: {of} need room for what a load writes"
    if other_databases(ground.contract, world, ground.source) is None and not ground.into:
        yield "nobody could tell whether the old instance has other databases: the copy holds one"
    now = world[ground.contract.topology.primary_region].secret_versions
    for name, version in sorted(manifest.restore_set.secret_versions.items()):
        if now.get(name, version) != version:
            yield f"secret {name} had version {version} at that moment and has {now[name]} now"
    for group, digest in sorted(manifest.restore_set.images.items()):
        yield f"at that moment {group} ran image {digest}"


def _unknown(like: SeenInstance | None) -> str:
    if like is None:
        return "monitoring, log exports and windows are not in the contract, and no instance is there to copy"
    return f"what the contract does not say is set as {like.identifier} has it"
