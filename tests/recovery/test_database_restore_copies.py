"""A database comes back from a snapshot and from a logical copy, on real servers.

The tests share one environment and are in order: the last ones leave it without its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused, StepFailed
from scripts.actions.backup_prune import plan_prune
from scripts.actions.backup_reading import find_backup, read_listing
from scripts.actions.load_server import ATTEMPT
from scripts.backup.manifest import Manifest
from scripts.backup.retention import Retention
from scripts.engine.moments import write_moment
from tests.localcloud_aws.rds_world import AWAY, HOME
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.recovery.copy_site import CopySite, copy_site
from tests.recovery.restore_site import NAME, NOW, ROLE, ROLE_SECRET
from tests.recovery.s3_stores import BUCKET
from tests.recovery.terminal import ended, terminal_at
from tests.waiting import living_at, soon

_CLOCK = SystemClock()
OWNERS = "select relname::text, relowner::regrole::text from pg_class where relname in ('bill', 'note')"
BIG = 40_000
SCHEMA = f"""
create role clerk nologin;
grant clerk to {ROLE};
grant {ROLE}, clerk to lifeboat with set true, inherit true;
create schema office authorization clerk;
create table bill (id bigint generated always as identity primary key, body text not null);
insert into bill (body) select repeat(md5(n::text) || md5((n * 7)::text), 5) from generate_series(1, {BIG}) n;
create index on bill (body);
create table office.note (id int primary key, bill bigint references bill);
insert into office.note values (1, 1), (2, 2);
create sequence ticket;
select nextval('ticket') from generate_series(1, 41);
grant select on bill to clerk;
grant create on schema public to {ROLE};
alter table bill owner to {ROLE};
alter sequence ticket owner to {ROLE};
alter table office.note owner to clerk;
revoke create on schema public from {ROLE};
"""  # noqa: S608  # put together from constants
LEFT = f"select rolname from pg_roles where rolname like '{ATTEMPT}%'"  # noqa: S608  # as above
ATTEMPTS = f"select datname::text from pg_database where datname like '{ATTEMPT}%'"  # noqa: S608  # as above
COPYING = "select from pg_stat_activity where query like 'COPY public.gated%' and state = 'active'"
MARK = "select shobj_description(oid, 'pg_database') from pg_database where datname = 'app'"
GATED = """
create function gate() returns bool language plpgsql as $$
begin
    while not exists (select from pg_roles where rolname = 'gate_is_open') loop
        perform pg_sleep(0.05);
    end loop;
    return true;
end $$;
create role gate_is_open;
create table gated (id int check (gate()));
insert into gated select n from generate_series(1, 3) n;
drop role gate_is_open;
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CopySite]:
    with copy_site(tmp_path_factory.mktemp("site")) as made:
        with made.cloud.connect(NAME) as connection:
            connection.execute(SCHEMA.encode())
        yield made


@pytest.fixture(scope="module")
def copy(site: CopySite) -> Manifest:
    return site.back_up()


def test_a_snapshot_is_brought_back_by_its_name_beside_the_primary(site: CopySite) -> None:
    rds = site.client("rds", HOME)
    rds.create_db_snapshot(DBInstanceIdentifier=NAME, DBSnapshotIdentifier="before-the-change")

    def is_taken() -> bool:
        found = rds.describe_db_snapshots(DBSnapshotIdentifier="before-the-change")["DBSnapshots"]
        return bool(found[0]["Status"] == "available")

    assert soon(is_taken, 60)
    site.ask(NAME, "insert into office.note values (3, 3) returning id")
    plan = site.plan("before-the-change", into="from-snapshot")
    assert site.run(plan).outcome == "done"
    assert site.ask("from-snapshot", "select count(*) from bill") == [(BIG,)]
    assert site.ask("from-snapshot", "select id from office.note order by id") == [(1,), (2,)]
    assert site.instance("from-snapshot").settings["DBParameterGroupName"] == "own"
    site.ask(NAME, "delete from office.note where id = 3 returning id")


def test_a_logical_copy_is_brought_back_whole_by_a_master_who_is_no_superuser(
    site: CopySite, copy: Manifest
) -> None:
    bill = next(table for table in copy.tables if table.name == "bill")
    assert len([part for part in copy.parts if part.file == bill.file]) > 1
    site.ask(NAME, "insert into bill (body) values ('later') returning id")
    plan = site.plan(copy.id, into="from-copy")
    assert plan.request["at"] == copy.snapshot_at.isoformat()
    assert site.run(plan).outcome == "done"
    assert site.ask("from-copy", "select count(*), max(id) from bill") == [(BIG, BIG)]
    assert sorted(site.ask("from-copy", OWNERS)) == [("bill", ROLE), ("note", "clerk")]
    assert site.ask("from-copy", "select nextval('ticket')")[0][0] >= 42
    assert site.ask("from-copy", "select conname from pg_constraint where contype = 'f'")
    assert site.ask("from-copy", OWNERS, user=ROLE, password=NOW)
    extensions = {name for (name,) in site.ask("from-copy", "select extname::text from pg_extension")}
    assert extensions == {each.name for each in copy.extensions}
    assert site.ask("from-copy", LEFT) == []
    acl = "select nspacl::text from pg_namespace where nspname = 'office'"
    assert site.ask("from-copy", acl) == [("{clerk=UC/clerk}",)]
    assert site.ask("from-copy", MARK) == [(f"lifeboat: {copy.id} loaded by {site.run_ids()[-1]}",)]
    assert site.instance("from-copy").settings["DeletionProtection"] is True
    listed = find_backup(read_listing(site.bucket), copy.id)
    assert not listed.is_held(_CLOCK.now())
    assert listed.level is not None
    assert PASSWORD not in site.journals()


@pytest.mark.fault("F07")
def test_a_run_killed_while_it_loads_is_resumed_with_every_row_once_and_the_copy_held_meanwhile(
    site: CopySite, tmp_path: Path
) -> None:
    with site.cloud.connect(NAME) as connection:
        connection.execute(GATED.encode())
    copy = site.back_up()
    publish(site)
    plan = site.plan(copy.id, into="killed")
    first = terminal_at(site, tmp_path / "first")
    first.keep_plan(plan)
    known = set(site.run_ids())
    process = first.begin("--apply", "--digest", plan.digest, "--yes", module="scripts.database_restore")
    is_loading = soon(lambda: process.poll() is not None or _is_loading(site), 120)
    process.kill()
    died = ended(process)
    assert is_loading, died
    assert died.exit_code == -9, died
    pruned = plan_prune(site.bucket, Retention(age=timedelta(microseconds=1), minimum=1), _CLOCK)
    (verdict,) = [one for one in pruned.verdicts if one.backup.id == copy.id]
    assert (verdict.keep, verdict.reason) == (True, "a running restore holds it")
    (run_id,) = set(site.run_ids()) - known
    with site.cloud.connect("killed", dbname="postgres") as connection:
        connection.execute("create role gate_is_open")
    second = terminal_at(site, tmp_path / "second")
    got = second.do("run", "resume", run_id, "--take-over")
    assert got.exit_code == 0, got
    assert site.ask("killed", "select count(*), count(distinct id) from gated") == [(3, 3)]
    bills = next(table.rows for table in copy.tables if table.name == "bill")
    assert site.ask("killed", "select count(*) from bill") == [(bills,)]
    names = [name for (name,) in site.ask("killed", "select datname::text from pg_database")]
    assert not [name for name in names if name.startswith(ATTEMPT)]
    assert soon(lambda: not [one for one in living_at("load-run-") if one.name() == "pg_restore"])
    assert not find_backup(read_listing(site.bucket), copy.id).is_held(_CLOCK.now())


def publish(site: CopySite) -> None:
    """Lay the contract where the command line finds it."""
    body = site.contract.model_dump_json().encode()
    site.client("s3", AWAY).put_object(Bucket=BUCKET, Key="lifeboat/manifest.json", Body=body)


def test_the_command_plans_a_copy_and_says_which_id_nobody_knows(
    site: CopySite, copy: Manifest, tmp_path: Path
) -> None:
    publish(site)
    terminal = terminal_at(site, tmp_path / "machine")
    plan = terminal.asked("database", "restore", "--to", copy.id, "--into", "by-command")["plan"]
    assert [step["id"] for step in plan["steps"][:4]] == ["hold", "copy-check", "restore", "load"]
    assert copy.id in {point["name"] for point in plan["candidates"]}
    got = terminal.do("database", "restore", "--to", "backup-20200101-000000-abcdef")
    assert got.exit_code == 2
    assert "no backup has the id" in got.envelope["error"]["message"]


def _is_loading(site: CopySite) -> bool:
    """Tell whether rows are on their way into the table that waits."""
    if "killed" not in site.names() or site.cloud.status("killed") != "available":
        return False
    try:
        found = site.ask("killed", ATTEMPTS, dbname="postgres")
        return bool(found and site.ask("killed", COPYING, dbname=found[0][0]))
    except psycopg.Error:
        return False


@pytest.mark.fault("F03")
def test_a_copy_with_one_altered_bit_is_refused_before_anything_is_made(site: CopySite) -> None:
    altered = site.back_up()
    site.alter(altered)
    plan, names = site.plan(altered.id, into="altered"), site.names()
    with pytest.raises(StepFailed, match=f"{altered.id} is damaged"):
        site.run(plan)
    assert site.names() == names
    with pytest.raises(Refused, match="is damaged, by its records"):
        site.plan(altered.id, into="altered")


@pytest.mark.fault("F22")
def test_a_second_restore_into_the_same_name_is_refused_and_adds_no_row(
    site: CopySite, copy: Manifest
) -> None:
    with pytest.raises(Refused, match="is there already"):
        site.plan(copy.id, into="from-copy")
    assert site.ask("from-copy", "select count(*) from bill") == [(BIG,)]


def test_a_copy_of_one_database_takes_no_place_where_there_are_two(site: CopySite, copy: Manifest) -> None:
    site.ask(NAME, "select 1")
    with site.cloud.connect(NAME) as connection:
        connection.execute("create database second")
    with pytest.raises(Refused, match="has second as well") as caught:
        site.plan(copy.id)
    assert "--into NAME" in caught.value.hint
    with site.cloud.connect(NAME) as connection:
        connection.execute("drop database second")
    assert site.plan(copy.id).step("load").kind == "database-load"


def test_a_secret_that_was_rotated_since_is_told(site: CopySite, copy: Manifest) -> None:
    site.client("secretsmanager", HOME).put_secret_value(SecretId=ROLE_SECRET, SecretString=NOW)
    told = [note for note in site.plan(copy.id).notes if note.startswith(f"secret {ROLE_SECRET} had")]
    assert len(told) == 1


def test_with_everything_of_rds_gone_the_copy_is_named_and_takes_the_place(
    site: CopySite, copy: Manifest
) -> None:
    site.lose_everything_of_rds()
    assert soon(lambda: NAME not in site.names(), 60)
    with pytest.raises(Refused, match="no automated backup") as caught:
        site.plan("latest")
    newest = read_listing(site.bucket).backups
    sound = next(one for one in newest if not one.is_damaged)
    assert f"`--to {sound.id}`: logical copy" in caught.value.hint
    plan = site.plan(copy.id)
    report: Any = site.run(plan)
    assert report.outcome == "done"
    assert site.ask(NAME, "select count(*) from bill") == [(BIG,)]
    assert site.ask(NAME, OWNERS, user=ROLE, password=NOW)
    assert write_moment(copy.snapshot_at) <= write_moment(_CLOCK.now())
