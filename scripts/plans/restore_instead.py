"""What a restore that is refused names instead; none of it is ever taken without being asked for."""

from __future__ import annotations

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError, Refused
from scripts.plans.restore_points import (
    World,
    copy_text,
    moment_text,
    newest_copies,
    newest_snapshots,
    snapshot_text,
)


def instead(contract: Contract, world: World) -> str:
    """Name what else could be asked for; it is never taken without that."""
    snapshots = [
        (one.taken_at, one.name, snapshot_text(one, seen.region))
        for seen, one in newest_snapshots(contract, world)
    ]
    copies = [
        (one.manifest.snapshot_at, one.id, copy_text(one, seen.region))
        for seen, one in newest_copies(contract, world)
        if not one.is_damaged
    ]
    named = [max(found) for found in (snapshots, copies) if found]
    if not named:
        return (
            "a new instance has nothing to restore before its first backup, and no snapshot or copy was seen"
        )
    return "; ".join(f"`--to {name}`: {text}, of {moment_text(at)}" for at, name, text in named)


def not_there(world: World, message: str, hint: str) -> ConfigError | Refused:
    """Return what to raise: where nobody answers it may be all the same."""
    silent = [f"{seen.region}: {seen.unreachable}" for seen in world.values() if seen.unreachable]
    silent += [f"{seen.region}: {seen.copies_unread}" for seen in world.values() if seen.copies_unread]
    if silent:
        return Refused(f"{message} where somebody answers\n" + "\n".join(silent), hint=hint)
    return ConfigError(message, hint=hint)
