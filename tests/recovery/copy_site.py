"""An environment with a real database and logical copies of it, in a bucket of the other region."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from botocore.config import Config

from lifeboat.core.clock import SystemClock
from lifeboat.core.secret import Secret
from scripts.actions.backup_create import BackupJob, create_backup
from scripts.actions.backup_restore_set import gather_restore_set
from scripts.actions.backup_store import S3BackupStore
from scripts.actions.object_store import CLIENT_CONFIG
from scripts.backup.keys import part_key, store_prefix
from scripts.backup.manifest import Manifest
from scripts.engine.plan import Plan
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from scripts.restore_world import Eyes, ask_databases, observe_world
from tests.localcloud_aws.rds_world import AWAY, HOME, make_key
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.recovery.restore_site import NAME, RestoreSite
from tests.recovery.s3_stores import BUCKET

_CLOCK = SystemClock()
_PARTS = Config(max_pool_connections=20)


class CopySite(RestoreSite):
    """The environment, its copies, and a planner that sees them."""

    def __init__(self, cloud: RealCloud, directory: Path) -> None:
        super().__init__(cloud, directory)
        self.hands = replace(self.hands, backups=self.backups)
        database = self.contract.databases[HOME].model_copy(update={"kms_key_arn": make_key(cloud.aws)})
        here = {
            key: entry.model_copy(update={"arns": {HOME: next(iter(entry.arns.values()))}})
            for key, entry in self.contract.secrets.items()
        }
        self.contract = self.contract.model_copy(update={"databases": {HOME: database}, "secrets": here})
        self.spool = directory / "spool"

    def backups(self, environment: str, bucket: str, region: str) -> S3BackupStore:
        """Open a bucket of the local cloud."""
        client = self.cloud.aws.new_client("s3", region, CLIENT_CONFIG.merge(_PARTS))
        return S3BackupStore(client, bucket, store_prefix(environment))

    def plan(self, to: str, into: str = "") -> Plan:
        """Plan a restore now, with everything in sight."""
        now = _CLOCK.now()
        request = read_request(to, into, now=now)
        ask = partial(ask_databases, self.client, lambda: self.hands.authority)
        eyes = Eyes(clients=self.client, backups=self.backups, databases=ask)
        world = observe_world(self.contract, request, eyes)
        return plan_restore(self.contract, world, request, now=now)

    def back_up(self) -> Manifest:
        """Make a logical copy of the primary's database."""
        job = BackupJob(
            environment=self.contract.environment,
            identifier=NAME,
            database="app",
            login=self.hands.login(self.instance(NAME), "lifeboat", Secret(PASSWORD)),
            store=self.bucket,
            by="tests",
            restore_set=lambda at, lsn: gather_restore_set(
                self.contract, lambda region: self.client("secretsmanager", region), "", at=at, lsn=lsn
            ),
            spool_root=self.spool,
            jobs=2,
        )
        return create_backup(job)

    @property
    def bucket(self) -> S3BackupStore:
        """The copies."""
        return self.backups(self.contract.environment, BUCKET, AWAY)

    def alter(self, manifest: Manifest) -> None:
        """Change one bit of the largest part of a copy behind everybody's back."""
        part = max(manifest.parts, key=lambda one: one.stored_bytes)
        key = store_prefix("production") + part_key(manifest.database, manifest.id, part.file, part.number)
        s3 = self.client("s3", AWAY)
        body = bytearray(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        body[len(body) // 2] ^= 1
        s3.put_object(Bucket=BUCKET, Key=key, Body=bytes(body))

    def lose_everything_of_rds(self) -> None:
        """Delete the primary with all backups of RDS, snapshots included."""
        rds = self.client("rds", HOME)
        rds.modify_db_instance(DBInstanceIdentifier=NAME, DeletionProtection=False, ApplyImmediately=True)
        self.cloud.available(NAME)
        rds.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)
        for one in rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]:
            rds.delete_db_snapshot(DBSnapshotIdentifier=one["DBSnapshotIdentifier"])

    def ask(self, name: str, query: str, **options: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query to an instance's database."""
        with self.cloud.connect(name, **options) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def copy_site(directory: Path) -> Iterator[CopySite]:
    """Run an environment for as long as the block lasts."""
    with real_cloud() as cloud:
        yield CopySite(cloud, directory)
