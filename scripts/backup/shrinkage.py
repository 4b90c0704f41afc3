"""Whether a backup is much smaller than the one before: a copy of the wrong database, or of an emptied one.

Compared are rows and plain bytes with the last backup that nothing speaks against, not with the last one: a
second empty copy is no better for there being a first. Somebody who knows why it shrank says so with a
verification that restores it and looks for everything level 4 asks for; from then on others are compared with
it.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Listing, newest_first
from scripts.backup.manifest import Manifest

LEAST_SHARE = 0.5
"""What has to be left of rows and of bytes."""


def shrinkage(manifest: Manifest, before: Manifest) -> str:
    """Say how much smaller a backup is than another; empty when it is not, or not by half."""
    pairs = (
        (manifest.rows, before.rows, "rows"),
        (manifest.plain_bytes, before.plain_bytes, "plain bytes"),
    )
    less = [f"{now} {unit} instead of {then}" for now, then, unit in pairs if now < then * LEAST_SHARE]
    return f"smaller than the one before: {', '.join(less)} in {before.id}" if less else ""


def suspicions(listing: Listing) -> Mapping[str, str]:
    """Return why a backup is not to be relied on, by id; only those that are suspicious.

    Args:
        listing: everything in a bucket.
    """
    found: dict[str, str] = {}
    standards: dict[str, Manifest] = {}
    for each in reversed(newest_first(listing.backups)):
        if each.is_damaged:
            continue
        before = standards.get(each.manifest.database)
        reason = shrinkage(each.manifest, before) if before else ""
        if reason and not is_accepted(each):
            found[each.id] = reason
        else:
            standards[each.manifest.database] = each.manifest
    return found


def is_accepted(backup: Backup) -> bool:
    """Tell whether somebody who knew why it is smaller saw it restored, and nothing wrong with it.

    Level 4 itself is not demanded: without a heartbeat table no backup of a product ever reaches it.
    """
    return any(
        record.accepted_shrink
        and not record.problems
        and record.reached is not None
        and record.asked >= Level.RIGHT
        and record.reached >= Level.RESTORES
        for record in backup.records
    )
