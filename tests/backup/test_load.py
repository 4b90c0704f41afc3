"""A copy is loaded whole into another server, by a master user who is no superuser, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from lifeboat.core.errors import StepFailed
from localcloud.postgres.binaries import Binaries
from scripts.actions.backup_create import create_backup
from scripts.actions.load_copy import load_copy
from scripts.actions.load_job import LoadJob
from scripts.actions.load_server import ATTEMPT
from scripts.backup.manifest import Extension, Manifest
from tests.backup.remembered import RememberedBackups
from tests.backup.world import SHOP, BackupWorld
from tests.localcloud_aws.real_cloud import RealCloud

OWNED = """
create schema office authorization clerk;
create table office.note (id int primary key);
alter table office.note owner to clerk;
insert into office.note values (1);
create materialized view counted as select count(*) n from customer;
"""
OWNERS = "select relowner::regrole::text from pg_class where relname in ('customer', 'note', 'counted')"


@pytest.fixture(scope="module")
def major() -> int:
    """Return a version whose programs come with an extension that a master user may create, if any does."""
    return 15 if 15 in Binaries.majors() else 16


@pytest.fixture(scope="module")
def pair(cloud: RealCloud, major: int) -> tuple[str, str]:
    """Return two instances."""
    for name in ("load-from", "load-into"):
        cloud.make(name, EngineVersion=str(major))
    return "load-from", "load-into"


@pytest.fixture
def store() -> RememberedBackups:
    return RememberedBackups()


@pytest.fixture
def manifest(cloud: RealCloud, pair: tuple[str, str], store: RememberedBackups, tmp_path: Path) -> Manifest:
    world = BackupWorld(cloud, pair[0], "app", tmp_path)
    with world.connect() as connection:
        has_roles = connection.execute("select from pg_roles where rolname = 'clerk'").fetchall()
        if not has_roles:
            _fill(connection)
    return create_backup(world.job(store))


def _fill(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    options = " with set true, inherit true" if connection.info.server_version >= 160000 else ""
    connection.execute("create role clerk nologin")
    connection.execute('create role "Front desk" login')
    connection.execute('grant clerk to "Front desk"')
    connection.execute("grant pg_monitor to clerk")
    connection.execute(f'grant clerk, "Front desk" to lifeboat{options}'.encode())
    connection.execute((SHOP + OWNED).encode())
    connection.execute('grant create on schema public to "Front desk"')
    connection.execute('alter table customer owner to "Front desk"')
    connection.execute('revoke create on schema public from "Front desk"')
    connection.execute("alter database app set search_path = office, public")
    connection.execute("alter role clerk in database app set work_mem = '8MB'")
    connection.execute(
        'revoke connect on database app from public; grant connect on database app to "Front desk"'
    )
    if connection.info.server_version < 160000:
        connection.execute("create extension pgcrypto")


@pytest.fixture
def job(
    cloud: RealCloud, pair: tuple[str, str], store: RememberedBackups, manifest: Manifest, tmp_path: Path
) -> LoadJob:
    """Return a job for an instance as RDS makes it, with an empty database."""
    into = BackupWorld(cloud, pair[1], "app", tmp_path)
    with cloud.connect(pair[1], dbname="postgres") as connection:
        connection.execute("drop database if exists app with (force)")
        connection.execute("create database app")
    return LoadJob(
        store=store,
        manifest=manifest,
        login=into.login,
        loaded_by="run-1",
        spool_root=tmp_path / "spool",
        jobs=2,
    )


def _forget_membership(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Leave a role as a loader leaves it that ends right after it made it."""
    if connection.execute("select from pg_roles where rolname = 'clerk'").fetchall():
        connection.execute("revoke clerk from lifeboat")


def left_behind(cloud: RealCloud, instance: str) -> list[str]:
    with cloud.connect(instance, dbname="postgres") as connection:
        names = [name for (name,) in connection.execute("select datname::text from pg_database")]
        names += [name for (name,) in connection.execute("select rolname::text from pg_roles")]
    return [name for name in names if name.startswith(ATTEMPT)]


def test_owners_memberships_and_extensions_come_back_and_nothing_lent_stays(
    cloud: RealCloud, job: LoadJob
) -> None:
    loaded = load_copy(job)
    assert (loaded.rows, loaded.not_set) == (job.manifest.rows, ())
    with cloud.connect("load-into") as connection:
        owners = {name for (name,) in connection.execute(OWNERS)}
        assert owners == {"clerk", '"Front desk"', "lifeboat"}
        there = {name for (name,) in connection.execute("select extname::text from pg_extension")}
        assert there == {each.name for each in job.manifest.extensions}
        assert connection.execute("select pg_has_role('Front desk', 'clerk', 'member')").fetchone() == (True,)
        assert connection.execute("select n from counted").fetchone() == (500,)
        public = "select nspacl::text from pg_namespace where nspname = 'public'"
        assert "Front desk" not in str(connection.execute(public).fetchone())
        assert connection.execute("select from pg_default_acl").fetchall() == []
        assert connection.execute("show search_path").fetchone() == ("office, public",)
        rights = "select has_database_privilege(%s, 'app', 'connect')"
        assert connection.execute(rights, ("Front desk",)).fetchone() == (True,)
        assert connection.execute(rights, ("rds_replication",)).fetchone() == (False,)
        own = "select setconfig from pg_db_role_setting where setrole = 'clerk'::regrole"
        assert connection.execute(own).fetchone() == (["work_mem=8MB"],)
    assert left_behind(cloud, "load-into") == []
    assert list((job.spool_root or Path()).glob("load-*")) == []


@pytest.mark.fault("F22")
def test_a_database_with_tables_and_the_mark_of_another_run_is_not_touched(
    cloud: RealCloud, job: LoadJob
) -> None:
    with cloud.connect("load-into") as connection:
        connection.execute("create table kept as select 1 as id")
        connection.execute("comment on database app is 'lifeboat: backup-x loaded by run-0'")
    with pytest.raises(StepFailed, match=r"holds tables already \(lifeboat: backup-x loaded by run-0\)"):
        load_copy(job)
    with cloud.connect("load-into") as connection:
        assert connection.execute("select id from kept").fetchall() == [(1,)]


def test_what_is_left_of_a_loader_that_slept_is_ended_and_can_double_nothing(
    cloud: RealCloud, job: LoadJob
) -> None:
    slept = f"{ATTEMPT}slept"
    with cloud.connect("load-into", dbname="postgres") as guard:
        guard.execute(f"create database {slept}".encode())
        guard.execute(f"select pg_advisory_lock({0x6C6F6164})".encode())
        _forget_membership(guard)
        with cloud.connect("load-into", dbname=slept) as program:
            program.execute("create table customer (id int)")
            load_copy(job)
            for session in (guard, program):
                with pytest.raises(psycopg.OperationalError):
                    session.execute("drop database app")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        cloud.connect("load-into", dbname=slept)
    with cloud.connect("load-into") as connection:
        assert connection.execute("select count(*), count(distinct id) from customer").fetchone() == (
            500,
            500,
        )


def test_a_copy_that_is_not_proven_never_gets_the_name_and_the_next_attempt_does(
    cloud: RealCloud, job: LoadJob
) -> None:
    ahead = [each.model_copy(update={"last_value": 10**9}) for each in job.manifest.sequences]
    forged = job.manifest.model_copy(update={"sequences": ahead})
    with pytest.raises(StepFailed, match=r"did not come back whole: sequence public\.\w+: at \d+, was at"):
        load_copy(replace(job, manifest=forged))
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        cloud.connect("load-into")
    assert load_copy(job).rows == job.manifest.rows


@pytest.mark.fault("F21")
def test_a_server_without_an_extension_of_the_copy_is_refused(cloud: RealCloud, job: LoadJob) -> None:
    needs = Extension(name="of_nobody", version="1")
    manifest = job.manifest.model_copy(update={"extensions": [*job.manifest.extensions, needs]})
    with pytest.raises(StepFailed, match="has no extension of_nobody"):
        load_copy(replace(job, manifest=manifest))
    assert left_behind(cloud, "load-into") == []


def test_the_database_that_is_there_always_is_loaded_like_any_other(
    cloud: RealCloud, job: LoadJob, tmp_path: Path
) -> None:
    source = BackupWorld(cloud, "load-from", "postgres", tmp_path)
    source.execute("create table if not exists kept as select 1 as id")
    manifest = create_backup(source.job(job.store))
    assert load_copy(replace(job, manifest=manifest)).rows == 1
    with cloud.connect("load-into", dbname="postgres") as connection:
        assert connection.execute("select id from kept").fetchall() == [(1,)]
        connection.execute("drop table kept")
