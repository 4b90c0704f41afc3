"""Pruning says first, removes then, goes on where it was killed, and leaves alone what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import Refused
from scripts.actions.backup_hold import hold_backup, release_backup
from scripts.actions.backup_prune import apply_prune, plan_prune
from scripts.actions.backup_reading import read_listing
from scripts.backup.manifest import Manifest
from scripts.backup.retention import Retention
from tests.backup.manifests import DAY, NOW, a_bucket, backup_id, put_backup
from tests.backup.remembered import FragileBackups, RememberedBackups
from tests.recovery.memory_store import Killed, Killer

MONTH = Retention(age=30 * DAY, minimum=1)
CLOCK = ManualClock(NOW)


def ids(store: RememberedBackups) -> list[str]:
    return [each.id for each in read_listing(store).backups]


def nobody(_line: str) -> None:
    """Listen to nothing."""


def test_a_plan_removes_nothing() -> None:
    store = a_bucket()
    put_backup(store, 1, age=40 * DAY)
    put_backup(store, 2)
    before = dict(store.objects)
    plan = plan_prune(store, MONTH, CLOCK)
    assert [each.backup.id for each in plan.removes] == [backup_id(1)]
    assert store.objects == before
    assert apply_prune(store, plan, nobody) == (backup_id(1),)
    assert ids(store) == [backup_id(2)]
    assert not any(backup_id(1) in key for key in store.objects)


@pytest.mark.fault("F07")
def test_a_hold_taken_after_the_plan_was_made_is_respected() -> None:
    store = a_bucket()
    held = put_backup(store, 1, age=40 * DAY)
    put_backup(store, 2)
    plan = plan_prune(store, MONTH, CLOCK)
    hold_backup(store, held, "run-1", timedelta(hours=1))
    assert apply_prune(store, plan, nobody) == ()
    release_backup(store, held, "run-1")
    assert apply_prune(store, plan, nobody) == (held.id,)


class _HeldMeanwhile(RememberedBackups):
    """A store in which a restore takes its hold between the last look of a prune and its first removal."""

    held: Manifest | None = None

    def remove(self, keys: Sequence[str]) -> None:
        """Remove, after the restore wrote its hold."""
        if self.held is not None:
            held, self.held = self.held, None
            hold_backup(self, held, "run-1", timedelta(hours=1))
        super().remove(keys)


@pytest.mark.fault("F07")
def test_a_hold_that_is_taken_while_the_manifest_goes_brings_it_back() -> None:
    store = _HeldMeanwhile(ManualClock(NOW))
    held = put_backup(store, 1, age=40 * DAY)
    put_backup(store, 2)
    plan = plan_prune(store, MONTH, CLOCK)
    store.held = held
    assert apply_prune(store, plan, nobody) == ()
    assert set(ids(store)) == {backup_id(1), backup_id(2)}


def test_a_hold_is_renewed_and_a_backup_that_is_gone_cannot_be_held() -> None:
    store = a_bucket()
    held = put_backup(store, 1)
    first = hold_backup(store, held, "run-1", timedelta(hours=1))
    assert hold_backup(store, held, "run-1", timedelta(hours=2)).until_at > first.until_at
    store.remove(list(store.objects))
    with pytest.raises(Refused):
        hold_backup(store, held, "run-1", timedelta(hours=1))


@pytest.mark.fault("F51")
def test_two_clocks_that_disagree_remove_nothing() -> None:
    store = a_bucket()
    put_backup(store, 1, age=40 * DAY)
    for off in (timedelta(minutes=-10), timedelta(minutes=10)):
        with pytest.raises(Refused, match="clock"):
            plan_prune(store, MONTH, ManualClock(NOW + off))


def test_killed_at_any_moment_the_next_prune_ends_the_work() -> None:
    moments = _kill(at=0)
    assert moments > 6
    for at in range(1, moments + 1):
        _kill(at=at)


def _kill(at: int) -> int:
    """Prune, die at a moment, prune again two days later; return how many moments there were."""
    clock = ManualClock(NOW)
    store = RememberedBackups(clock)
    put_backup(store, 1, age=40 * DAY)
    clock.advance(2 * DAY)
    put_backup(store, 2, age=-2 * DAY)
    killer = Killer(at=at)
    fragile = FragileBackups(store, killer)
    try:
        apply_prune(fragile, plan_prune(fragile, MONTH, clock), nobody)
    except Killed:
        apply_prune(store, plan_prune(store, MONTH, clock), nobody)
    assert ids(store) == [backup_id(2)]
    assert not any(backup_id(1) in key for key in store.objects), killer.names
    return killer.passed


def test_unfinished_backups_are_named_at_once_and_removed_when_nobody_can_be_writing_them() -> None:
    clock = ManualClock(NOW)
    store = RememberedBackups(clock)
    put_backup(store, 1)
    unfinished = put_backup(store, 2)
    store.remove([key for key in store.objects if key.endswith("manifest.json") and backup_id(2) in key])
    plan = plan_prune(store, MONTH, clock)
    assert [each.id for each in plan.waiting] == [unfinished.id]
    assert plan.leftovers == ()
    clock.advance(timedelta(hours=25))
    later = plan_prune(store, MONTH, clock)
    assert apply_prune(store, later, nobody) == (unfinished.id,)
    assert ids(store) == [backup_id(1)]


def test_a_backup_whose_manifest_was_altered_is_not_listed_as_one() -> None:
    store = a_bucket()
    manifest = put_backup(store, 1)
    key = next(key for key in store.objects if key.endswith("manifest.json"))
    store.damage(key, store.objects[key].body.replace(b'"main"', b'"mine"'))
    listing = read_listing(store)
    assert listing.backups == ()
    assert listing.leftovers[0].id == manifest.id
    assert "altered" in listing.leftovers[0].reason
