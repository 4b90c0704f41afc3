"""A database to back up, and the jobs that do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from lifeboat.core.secret import Secret
from scripts.actions.backup_create import BackupJob
from scripts.actions.backup_login import Login
from scripts.backup.manifest import RestoreSet
from scripts.backup.store import BackupStore
from tests.localcloud_aws.rds_world import HOME, describe
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud

SHOP = """
create table customer (id bigint generated always as identity primary key, name text not null);
create table "order of goods" (id bigint primary key, customer bigint references customer, note text);
create index on "order of goods" (customer);
create sequence ticket;
insert into customer (name) select 'customer ' || n || E'\\nsecond line \\\\.' from generate_series(1, 500) n;
insert into "order of goods" select n, 1 + n % 500, md5(n::text) from generate_series(1, 3000) n;
select nextval('ticket') from generate_series(1, 41);
"""


class BackupWorld:
    """One database of one instance."""

    def __init__(
        self, cloud: RealCloud, instance: str, database: str, directory: Path, region: str = HOME
    ) -> None:
        self.cloud = cloud
        self.region = region
        self.instance = instance
        self.database = database
        self.spool = directory / "spool"

    def execute(self, script: str) -> None:
        """Run statements of the test's own."""
        with self.connect() as connection:
            connection.execute(script.encode())

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as the master user."""
        return self.cloud.connect(self.instance, self.region, dbname=self.database)

    @property
    def login(self) -> Login:
        """How a backup gets in."""
        endpoint = describe(self.cloud.aws, self.instance, self.region)["Endpoint"]
        return Login(
            address=endpoint["Address"],
            port=endpoint["Port"],
            user="lifeboat",
            password=Secret(PASSWORD),
            authority=self.cloud.service.health()["ca_file"],
        )

    def job(self, store: BackupStore, **changes: Any) -> BackupJob:
        """Return a job that copies the database into a store."""
        job = BackupJob(
            environment="production",
            identifier=self.instance,
            database=self.database,
            login=self.login,
            store=store,
            by="tests",
            restore_set=a_restore_set,
            spool_root=self.spool,
            jobs=2,
        )
        return replace(job, **changes)


def a_restore_set(at: datetime, lsn: str) -> RestoreSet:
    """Return a restore set of nothing but a database."""
    return RestoreSet(
        database_at=at,
        lsn=lsn,
        objects_cut_off_at=at,
        images={},
        secret_versions={},
        checkpoint_sha256=None,
        unread=[],
    )
