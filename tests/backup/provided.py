"""An environment whose primary stands in its home region, with replicated backups and a key in the other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.backup.environment import Environment
from tests.backup.world import BackupWorld
from tests.builders import HOME, OTHER
from tests.localcloud_aws.rds_world import make_database, make_key
from tests.localcloud_aws.real_cloud import SETTINGS, RealCloud
from tests.postgres.databases import open_directory


class Provided(Environment):
    """The environment `production`, and what RDS keeps of it."""

    def rds(self, region: str) -> Any:
        """Return a client of a region."""
        return self.world.cloud.aws.client("rds", region)

    def snapshots(self, region: str) -> dict[str, dict[str, Any]]:
        """Return the snapshots of a region by name."""
        found = self.rds(region).describe_db_snapshots()["DBSnapshots"]
        return {each["DBSnapshotIdentifier"]: each for each in found}

    def fail(self, kind: str, **where: object) -> None:
        """Let calls fail."""
        self.world.cloud.aws.admin("POST", "faults", {"kind": kind, **where})

    def heal(self) -> None:
        """End all faults."""
        self.world.cloud.aws.admin("DELETE", "faults")


@contextmanager
def provided(cloud: RealCloud) -> Iterator[Provided]:
    """Run the environment with an instance of its own for as long as the block lasts."""
    name = f"paintbox-{secrets.token_hex(3)}"
    with open_directory() as directory:
        made = make_database(cloud.aws, name, HOME, **SETTINGS)
        cloud.available(name, HOME)
        arn = made["DBInstanceArn"]
        cloud.aws.client("rds", OTHER).start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=arn, SourceRegion=HOME
        )
        world = BackupWorld(cloud, name, "app", directory, HOME)
        keys = {"database": {region: make_key(cloud.aws, region) for region in (HOME, OTHER)}}
        yield Provided(world, directory, HOME, keys=keys)
