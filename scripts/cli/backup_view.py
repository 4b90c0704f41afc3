"""How backups look: as lines of a list, and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lifeboat.core.units import format_duration
from scripts.backup.forecast import mebibytes
from scripts.backup.levels import Level, VerificationRecord
from scripts.backup.listing import Backup, Leftover
from scripts.backup.manifest import Manifest
from scripts.backup.retention import Verdict
from scripts.backup.snapshots import SnapshotVerdict

if TYPE_CHECKING:
    from scripts.actions.backup_prune import PrunePlan


def state_of(backup: Backup, doubt: str = "") -> str:
    """Return the level a backup reached, or that it is damaged or suspicious."""
    if backup.is_damaged:
        return "DAMAGED"
    if doubt:
        return "SUSPECT"
    return "-" if backup.level is None else backup.level.short


def backup_line(backup: Backup, now: datetime, doubt: str = "") -> str:
    """Return one line of the list; `doubt` says why it is suspicious."""
    manifest = backup.manifest
    age, loss = now - manifest.stopped_at, now - manifest.snapshot_at
    held = " held" if backup.is_held(now) else ""
    return (
        f"{manifest.id}  {manifest.database:<20} {state_of(backup, doubt):<8} "
        f"{mebibytes(manifest.stored_bytes):>10}  age {format_duration(age):<7} "
        f"loses {format_duration(loss)}{held}{f'  {doubt}' if doubt else ''}"
    )


def backup_data(backup: Backup, now: datetime, doubt: str = "") -> dict[str, Any]:
    """Return what the list says of a backup as JSON; `doubt` says why it is suspicious."""
    manifest = backup.manifest
    return {
        "id": manifest.id,
        "database": manifest.database,
        "identifier": manifest.identifier,
        "stopped_at": manifest.stopped_at.isoformat(),
        "snapshot_at": manifest.snapshot_at.isoformat(),
        "level": None if backup.level is None else backup.level.short,
        "damaged": backup.is_damaged,
        "suspicious": doubt,
        "stored_bytes": manifest.stored_bytes,
        "plain_bytes": manifest.plain_bytes,
        "rows": manifest.rows,
        "age_s": (now - manifest.stopped_at).total_seconds(),
        "data_loss_if_restored_now_s": (now - manifest.snapshot_at).total_seconds(),
        "held_by": [hold.holder for hold in backup.holds if hold.is_active(now)],
        "unreadable": list(backup.unreadable),
    }


def leftover_line(leftover: Leftover) -> str:
    """Return what is no backup as one line."""
    begun = f"{leftover.begun_at:%Y-%m-%d %H:%M:%S}Z" if leftover.begun_at else "at an unknown moment"
    return (
        f"{leftover.id}  {leftover.database:<20} no backup: {leftover.reason}; "
        f"begun {begun} by {leftover.by}, "
        f"{len(leftover.keys)} objects, {mebibytes(leftover.stored_bytes)}"
    )


def leftover_data(leftover: Leftover) -> dict[str, Any]:
    """Return what is no backup as JSON."""
    return {
        "id": leftover.id,
        "database": leftover.database,
        "begun_at": leftover.begun_at.isoformat() if leftover.begun_at else None,
        "by": leftover.by,
        "reason": leftover.reason,
        "objects": len(leftover.keys),
        "stored_bytes": leftover.stored_bytes,
    }


def verdict_line(verdict: Verdict) -> str:
    """Return one decision of retention."""
    word = "keep  " if verdict.keep else "REMOVE"
    return f"{word} {verdict.backup.id}  {verdict.backup.manifest.database:<20} {verdict.reason}"


def snapshot_verdict_line(verdict: SnapshotVerdict) -> str:
    """Return one decision about a snapshot."""
    word = "keep  " if verdict.keep else "REMOVE"
    return f"{word} snapshot {verdict.copy.name} in {verdict.copy.region}  {verdict.reason}"


def snapshot_verdict_data(verdict: SnapshotVerdict) -> dict[str, Any]:
    """Return one decision about a snapshot as JSON."""
    return {
        "name": verdict.copy.name,
        "region": verdict.copy.region,
        "keep": verdict.keep,
        "reason": verdict.reason,
    }


def prune_view(plan: PrunePlan, gone: tuple[str, ...], *, do_it: bool) -> tuple[dict[str, Any], list[str]]:
    """Return what a prune decided, as JSON and as lines."""
    data = {
        "applied": do_it,
        "removed": list(gone),
        "verdicts": [
            {"id": each.backup.id, "keep": each.keep, "reason": each.reason} for each in plan.verdicts
        ],
        "unfinished": [leftover_data(each) for each in plan.leftovers],
        "still_written": [leftover_data(each) for each in plan.waiting],
    }
    lines = [verdict_line(each) for each in plan.verdicts]
    lines += [f"REMOVE {leftover_line(each)}" for each in plan.leftovers]
    lines += [f"wait   {leftover_line(each)}" for each in plan.waiting]
    return data, lines


def record_line(record: VerificationRecord) -> str:
    """Return one verification."""
    if record.share:
        what, sound = f"share {record.share.number}/{record.share.of}", "sound"
    else:
        reached = "nothing" if record.reached is None else record.reached.short
        what, sound = f"asked {record.asked.short}", f"reached {reached}"
    outcome = "; ".join(record.problems) or sound
    return f"{record.at:%Y-%m-%d %H:%M:%S}Z  {record.by:<24} {what}: {outcome}"


def manifest_lines(manifest: Manifest) -> list[tuple[str, str]]:
    """Return what `show` prints, as names and values."""
    together = manifest.restore_set
    rows = [
        ("database", f"{manifest.database} of {manifest.identifier}, postgresql {manifest.server_version}"),
        ("moment", f"{manifest.snapshot_at.isoformat()} at {together.lsn}"),
        ("taken", f"{manifest.started_at.isoformat()} to {manifest.stopped_at.isoformat()}"),
        (
            "size",
            f"{mebibytes(manifest.stored_bytes)} in {len(manifest.parts)} parts, "
            f"{mebibytes(manifest.plain_bytes)} plain",
        ),
        ("rows", f"{manifest.rows} in {len(manifest.tables)} tables"),
        ("schema", manifest.schema_sha256),
        ("extensions", ", ".join(f"{each.name} {each.version}" for each in manifest.extensions)),
        ("roles", ", ".join(manifest.roles)),
        ("tools", ", ".join(f"{name} {version}" for name, version in manifest.tools.items())),
        ("checkpoint", together.checkpoint_sha256 or "unknown"),
    ]
    rows += [(f"image {name}", digest) for name, digest in together.images.items()]
    rows += [(f"secret {name}", version) for name, version in together.secret_versions.items()]
    return rows + [("unknown", reason) for reason in together.unread]


def level_of(text: str) -> Level:
    """Return a level by its number, with or without the letter."""
    return Level(int(text.removeprefix("L")))
