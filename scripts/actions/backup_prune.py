"""Removes backups that retention lets go, and what interrupted ones left; what it decides is shown first.

The manifest goes first: from then on the backup is in no list, and if this is killed its parts are a leftover
that the next prune names. Holds are looked for again once the manifest is gone, and it is put back when there
is one: a restore writes its hold and then looks for the manifest, so one of the two always sees the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_snapshot import MAX_SKEW
from scripts.backup.holds import parse_hold
from scripts.backup.keys import backup_prefix, begun_key, hold_prefix, manifest_key
from scripts.backup.listing import Leftover
from scripts.backup.retention import Retention, Verdict, decide, forgotten
from scripts.backup.sealed import BackupUnreadable
from scripts.backup.store import BackupStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunePlan:
    """What would be removed, and why the rest would not.

    Args:
        at: moment of the decision, on the store's clock; None when there is nothing.
        verdicts: about every backup.
        leftovers: of interrupted backups, old enough to go.
        waiting: leftovers that may still be written.
    """

    at: datetime | None
    verdicts: tuple[Verdict, ...]
    leftovers: tuple[Leftover, ...]
    waiting: tuple[Leftover, ...]

    @property
    def removes(self) -> tuple[Verdict, ...]:
        """Backups that go."""
        return tuple(each for each in self.verdicts if not each.keep)


def plan_prune(store: BackupStore, retention: Retention, clock: Clock) -> PrunePlan:
    """Decide what may go, on the store's clock.

    Raises:
        Refused: our clock and the store's are too far apart to be trusted with removing.

    Effects: lists and reads objects.
    """
    listing = read_listing(store)
    now = listing.read_at
    if now is None:
        return PrunePlan(at=None, verdicts=(), leftovers=(), waiting=listing.leftovers)
    if abs(now - clock.now()) > MAX_SKEW:
        raise Refused(
            f"the store's clock says {now:%Y-%m-%dT%H:%M:%SZ}, ours {clock.now():%Y-%m-%dT%H:%M:%SZ}: "
            "one of them is wrong, and ages decide what is removed",
            hint="set this machine's clock",
        )
    old = forgotten(listing, now)
    return PrunePlan(
        at=now,
        verdicts=decide(listing, retention, now),
        leftovers=old,
        waiting=tuple(each for each in listing.leftovers if each not in old),
    )


def apply_prune(store: BackupStore, plan: PrunePlan, tell: Callable[[str], None]) -> tuple[str, ...]:
    """Remove what a plan says, and return the ids that are gone.

    Raises:
        StoreUnavailable: the store gave no answer; running it again goes on.

    Effects: removes objects; locked versions outlive that.
    """
    gone: list[str] = []
    for verdict in plan.removes:
        manifest = verdict.backup.manifest
        keys = store.keys(backup_prefix(manifest.database, manifest.id))
        if not _take_from_list(store, verdict):
            tell(f"{manifest.id}: kept, a running restore holds it by now")
            continue
        _remove(store, manifest.database, manifest.id, keys)
        tell(f"{manifest.id}: removed")
        gone.append(manifest.id)
    for leftover in plan.leftovers:
        if _is_held(store, leftover.database, leftover.id):
            tell(f"{leftover.id}: kept, a running restore holds it")
            continue
        _remove(store, leftover.database, leftover.id, leftover.keys)
        tell(f"{leftover.id}: {len(leftover.keys)} objects of an unfinished backup removed")
        gone.append(leftover.id)
    return tuple(gone)


def _take_from_list(store: BackupStore, verdict: Verdict) -> bool:
    """Remove a manifest, unless somebody needs the backup; true when it is gone."""
    manifest = verdict.backup.manifest
    if _is_held(store, manifest.database, manifest.id):
        return False
    key = manifest_key(manifest.database, manifest.id)
    store.remove([key])
    if _is_held(store, manifest.database, manifest.id):
        store.put_if_absent(key, manifest.encode())
        return False
    return True


def _remove(store: BackupStore, database: str, backup_id: str, keys: Sequence[str]) -> None:
    """Remove what is left, the mark of the beginning last: it tells how old the rest is."""
    last = begun_key(database, backup_id)
    for some in ([key for key in keys if key != last], [key for key in keys if key == last]):
        if some:
            store.remove(some)


def _is_held(store: BackupStore, database: str, backup_id: str) -> bool:
    for key in store.keys(hold_prefix(database, backup_id)):
        found = store.get(key)
        try:
            if found is not None and parse_hold(found.body, key).is_active(found.read_at):
                return True
        except BackupUnreadable:
            return True
    return False
