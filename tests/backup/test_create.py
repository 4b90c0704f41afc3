"""A backup holds what the database held at one moment, and nothing is a backup before it is one."""

from __future__ import annotations

import zstandard

from scripts.actions.backup_create import create_backup, plan_backup
from scripts.actions.backup_reading import read_listing
from tests.backup.remembered import RememberedBackups
from tests.backup.world import SHOP, BackupWorld


def test_a_backup_holds_every_row_and_says_of_which_moment(world: BackupWorld) -> None:
    world.execute(SHOP)
    store = RememberedBackups()
    manifest = create_backup(world.job(store))
    rows = {table.name: table.rows for table in manifest.tables}
    assert rows == {"customer": 500, "order of goods": 3000}
    [backup] = read_listing(store).backups
    assert backup.manifest == manifest
    assert manifest.started_at <= manifest.snapshot_at <= manifest.stopped_at
    assert "/" in manifest.restore_set.lsn
    assert {state.name: state.last_value for state in manifest.sequences}["ticket"] == 41
    assert "lifeboat" in manifest.roles
    files = {part.file for part in manifest.parts}
    assert {"toc.dat", "roles.sql"} < files
    customer = next(table.file for table in manifest.tables if table.name == "customer")
    [key] = store.parts(customer)
    assert b"customer 1\\nsecond line" in zstandard.decompress(store.objects[key].body)
    assert not list(world.spool.glob("*")), "nothing is left on disk"


def test_the_plan_says_what_the_spool_needs_and_writes_nothing(world: BackupWorld) -> None:
    world.execute(SHOP)
    store = RememberedBackups()
    forecast = plan_backup(world.job(store))
    assert forecast.fits
    assert "spool needs up to" in forecast.sentence()
    assert store.objects == {}
