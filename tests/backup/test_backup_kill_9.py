"""A real backup is killed with signal 9 at every request that changes something.

What it leaves is listed as a backup only once its manifest is there, and the next one is whole. `make test`
tries an even spread of the boundaries, `make soak` all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backup.environment import Environment
from tests.backup.killed_backup import DATABASE, KilledBackups
from tests.backup.provided import Provided, provided
from tests.backup.world import SHOP, BackupWorld
from tests.builders import HOME as HOME_REGION
from tests.builders import OTHER
from tests.localcloud_aws.rds_world import HOME
from tests.localcloud_aws.real_cloud import real_cloud
from tests.postgres.databases import open_directory
from tests.recovery.boundaries import boundaries_of
from tests.recovery.gate import gate_to

WHOLE_S = 3600


@pytest.fixture(scope="module")
def provided_environment() -> Iterator[Provided]:
    with real_cloud() as cloud, provided(cloud) as environment:
        yield environment


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


@pytest.mark.timeout(WHOLE_S)
def test_a_snapshot_killed_at_a_boundary_is_taken_up_and_none_is_left_without_its_copy(
    provided_environment: Provided,
) -> None:
    environment = provided_environment
    url = environment.world.cloud.aws.url
    create = ("backup", "create", "--snapshot")
    with gate_to(url) as gate:
        code, _, said = environment.lifeboat(*create, AWS_ENDPOINT_URL=gate.url)
        assert code == 0, said
    assert len(gate.made()) == 2
    for boundary in boundaries_of(gate.boundaries):
        print(f"killed {boundary}", flush=True)  # noqa: T201
        with gate_to(url, boundary.strike) as gate:
            gate.victim = environment.begin(*create, AWS_ENDPOINT_URL=gate.url)
            assert gate.victim.wait(120) == -9
            code, _, said = environment.lifeboat(*create, AWS_ENDPOINT_URL=gate.url)
            assert code == 0, said
            made = gate.made()
        assert len(made) == len(set(made)), made
        home, other = (ours(environment, region) for region in (HOME_REGION, OTHER))
        assert home == other, "each with its copy, and no copy without its own"
        assert set(home.values()) == {"available"}


def ours(environment: Provided, region: str) -> dict[str, str]:
    """Return the snapshots that somebody took, by name, with their status."""
    found = environment.rds(region).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return {each["DBSnapshotIdentifier"]: each["Status"] for each in found}
