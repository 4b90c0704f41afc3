"""A real backup is killed with signal 9 at every request that changes something.

What it leaves is listed as a backup only once its manifest is there, and the next one is whole. `make test`
tries an even spread of the boundaries, `make soak` all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backup.environment import Environment
from tests.backup.killed_backup import DATABASE, KilledBackups
from tests.backup.world import SHOP, BackupWorld
from tests.localcloud_aws.rds_world import HOME
from tests.localcloud_aws.real_cloud import real_cloud
from tests.postgres.databases import open_directory
from tests.recovery.boundaries import boundaries_of

WHOLE_S = 3600


@pytest.fixture(scope="module")
def backups() -> Iterator[KilledBackups]:
    with real_cloud() as cloud, open_directory() as directory:
        cloud.make("main")
        with cloud.connect("main") as connection:
            connection.execute(f"create database {DATABASE}".encode())
        world = BackupWorld(cloud, "main", DATABASE, directory)
        world.execute(SHOP)
        yield KilledBackups(Environment(world, directory, HOME), directory / "spool")


@pytest.mark.timeout(WHOLE_S)
def test_killed_at_a_boundary_it_is_a_backup_only_with_its_manifest_and_the_next_is_whole(
    backups: KilledBackups,
) -> None:
    names = backups.uninterrupted()
    assert len(names) > 5
    for boundary in boundaries_of(names):
        # Shown when it fails.
        print(f"killed {boundary}", flush=True)  # noqa: T201
        backups.killed(boundary)
