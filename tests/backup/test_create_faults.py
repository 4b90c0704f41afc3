"""Whatever goes wrong while a backup is made: it is said, nothing that is no backup is listed as one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psutil
import pytest

from lifeboat.core.clock import ManualClock, SystemClock
from lifeboat.core.errors import LifeboatError, Refused, StepFailed
from lifeboat.core.secret import Secret
from scripts.actions.backup_create import create_backup, plan_backup
from scripts.actions.backup_reading import read_listing
from scripts.backup.forecast import SpoolForecast
from scripts.backup.manifest import RestoreSet, Table
from scripts.engine.objects import StoreUnavailable
from tests.backup.remembered import FragileBackups, FullOfErrors, RememberedBackups
from tests.backup.world import SHOP, BackupWorld, a_restore_set
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.recovery.memory_store import Killed, Killer
from tests.waiting import soon

LARGE = """
create table large as select n, repeat(md5(n::text), 10) as text from generate_series(1, 120000) n;
"""


_END = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"


class Interfering(RememberedBackups):
    """A store that does something at the first part that is written."""

    def __init__(self, interfere: Callable[[], None]) -> None:
        super().__init__()
        self._interfere = interfere
        self._once = threading.Lock()

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write; the first part is special."""
        if "/parts/" in key and self._once.acquire(blocking=False):
            self._interfere()
        return super().put_if_absent(key, body)


def refused(world: BackupWorld, error: type[LifeboatError], **changes: Any) -> LifeboatError:
    """Try a backup that cannot be made, and look that nothing was written."""
    store = RememberedBackups()
    with pytest.raises(error) as caught:
        create_backup(world.job(store, **changes))
    assert store.objects == {}
    assert not list(world.spool.glob("*"))
    return caught.value


def test_a_wrong_password_is_refused_before_anything_is_written(world: BackupWorld) -> None:
    error = refused(world, Refused, login=replace(world.login, password=Secret("wrong-horse")))
    assert "password authentication failed" in error.message
    assert "wrong-horse" not in str(error)


def test_a_database_that_is_gone_is_refused(world: BackupWorld) -> None:
    assert 'database "nowhere" does not exist' in refused(world, Refused, database="nowhere").message


def test_a_server_whose_authority_nobody_trusts_is_refused(world: BackupWorld) -> None:
    error = refused(world, Refused, login=replace(world.login, authority="system"))
    assert "certificate verify failed" in error.message


@pytest.mark.fault("F51")
def test_a_clock_that_is_off_is_refused(world: BackupWorld) -> None:
    for minutes in (-10, 10):
        clock = ManualClock(SystemClock().now() + timedelta(minutes=minutes))
        assert "clock" in refused(world, Refused, clock=clock).message


def test_a_table_that_the_role_may_not_read_is_named(world: BackupWorld) -> None:
    with world.connect() as connection:
        connection.execute("create table secret_plans (id int)")
        connection.execute(f"create role reader_{world.database} login password 'reading-only-1'".encode())
    login = replace(world.login, user=f"reader_{world.database}", password=Secret("reading-only-1"))
    assert "public.secret_plans" in refused(world, Refused, login=login).message


def test_a_spool_that_cannot_hold_it_is_refused_beforehand(world: BackupWorld) -> None:
    world.execute(LARGE)
    forecast = plan_backup(world.job(RememberedBackups()))
    assert isinstance(forecast, SpoolForecast)
    error = refused(world, Refused, spool_limit_bytes=forecast.needed_bytes - 1)
    assert "spool needs up to" in error.message


def test_a_spool_that_fills_against_the_forecast_ends_the_dump(world: BackupWorld) -> None:
    # Compressed a hundredfold on the server, so that its size there says little about the dump's.
    world.execute("create table odd as select repeat('x', 8000000) as text from generate_series(1, 30)")
    store = RememberedBackups()
    with pytest.raises(StepFailed, match="holds more than"):
        create_backup(world.job(store, spool_limit_bytes=48 * 1024**2))
    _is_no_backup(store)
    assert not list(world.spool.glob("*"))


def test_a_bucket_that_does_not_answer_costs_nothing(world: BackupWorld) -> None:
    world.execute(SHOP)
    store = FullOfErrors(writes=0)
    with pytest.raises(StoreUnavailable):
        create_backup(world.job(store))
    assert store.objects == {}


def test_a_bucket_that_stops_answering_leaves_no_backup(world: BackupWorld) -> None:
    world.execute(SHOP)
    store = FullOfErrors(writes=3)
    with pytest.raises(StoreUnavailable):
        create_backup(world.job(store))
    _is_no_backup(store)


def test_sessions_that_the_server_ends_in_the_middle_leave_no_backup(world: BackupWorld) -> None:
    world.execute(SHOP + LARGE + LARGE.replace("table large", "table larger").replace(", 10)", ", 40)"))
    with ThreadPoolExecutor(1) as meanwhile:
        ended = meanwhile.submit(_end_sessions, world)
        store = RememberedBackups()
        with pytest.raises(StepFailed) as caught:
            create_backup(world.job(store))
        assert ended.result(), "the sessions were ended while rows were copied"
    assert "pg_dump ended with 1" in caught.value.message
    _is_no_backup(store)
    assert not _dumps(world)


def test_sessions_that_end_once_everything_is_copied_take_nothing_away(world: BackupWorld) -> None:
    world.execute(SHOP)

    def end_then_gather(at: datetime, lsn: str) -> RestoreSet:
        with world.cloud.connect("main", dbname="postgres") as connection:
            connection.execute(_END, (world.database,))
        return a_restore_set(at, lsn)

    store = RememberedBackups()
    made = create_backup(world.job(store, restore_set=end_then_gather))
    assert [each.id for each in read_listing(store).backups] == [made.id]


def test_rows_that_a_writer_adds_meanwhile_are_in_no_count(world: BackupWorld) -> None:
    world.execute(SHOP + LARGE)

    def write() -> None:
        world.execute("insert into customer (name) select 'late' from generate_series(1, 100)")

    store = Interfering(write)
    manifest = create_backup(world.job(store))
    assert {table.name: table.rows for table in manifest.tables}["customer"] == 500
    pieces = [part for part in manifest.parts if part.file == _file(manifest.tables, "large")]
    assert len(pieces) > 1
    assert {table.name: table.rows for table in manifest.tables}["large"] == 120000


def test_the_password_is_on_no_command_line_while_the_dump_runs(world: BackupWorld) -> None:
    world.execute(SHOP + LARGE)
    seen: list[str] = []

    def look() -> bool:
        seen.extend(_dumps(world))
        return bool(seen)

    with ThreadPoolExecutor(1) as meanwhile:
        looked = meanwhile.submit(soon, look, 30)
        create_backup(world.job(RememberedBackups()))
        assert looked.result(), "a dump was seen running"
    assert not any(PASSWORD in line for line in seen)


def test_an_empty_database_is_a_backup_of_nothing(world: BackupWorld) -> None:
    manifest = create_backup(world.job(RememberedBackups()))
    assert (manifest.tables, manifest.rows) == ([], 0)


def test_two_at_once_are_two_backups(world: BackupWorld) -> None:
    world.execute(SHOP)
    store = RememberedBackups()
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(create_backup(world.job(store)).id)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2
    assert {each.id for each in read_listing(store).backups} == set(made)


def test_killed_at_every_write_it_is_a_backup_only_after_the_last(world: BackupWorld) -> None:
    world.execute("create table one (id int); insert into one values (1)")
    moments = _killed(world, at=0)
    assert moments >= 10
    for at in range(1, moments + 1):
        _killed(world, at=at)


def _killed(world: BackupWorld, at: int) -> int:
    killer = Killer(at=at)
    store = RememberedBackups()
    try:
        create_backup(world.job(FragileBackups(store, killer)))
    except Killed:
        listing = read_listing(store)
        was_written = killer.names[-1].startswith("after") and killer.names[-1].endswith("manifest.json")
        assert len(listing.backups) == int(was_written)
        assert len(listing.leftovers) == int(bool(store.objects) and not was_written)
    return killer.passed


def _end_sessions(world: BackupWorld) -> bool:
    """End every session of the database as soon as the larger table is being copied."""
    with world.cloud.connect("main", dbname="postgres") as connection:

        def is_copied() -> bool:
            query = "select from pg_stat_activity where datname = %s and query like 'COPY public.larger%%'"
            return connection.execute(query, (world.database,)).fetchone() is not None

        seen = soon(is_copied, 30)
        connection.execute(_END, (world.database,))
    return seen


def _is_no_backup(store: RememberedBackups) -> None:
    listing = read_listing(store)
    assert listing.backups == ()
    assert [each.by for each in listing.leftovers] == ["tests"]


def _file(tables: list[Table], name: str) -> str:
    return next(table.file for table in tables if table.name == name)


def _dumps(world: BackupWorld) -> list[str]:
    """Return the command lines of dumps that write into the test's spool."""
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    return [line for line in lines if str(world.spool) in line and "pg_dump" in line]
