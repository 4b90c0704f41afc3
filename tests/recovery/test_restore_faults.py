"""Faults of what a restore works with, brought about on real servers: it never ends well by looking away.

The tests share one environment and are in order: the later ones leave its log with a hole, and then without
its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused, Unverified
from scripts.actions.secret_value import read_version
from scripts.engine.interruptions import Stale
from scripts.engine.moments import write_moment
from scripts.observe.databases import SeenBackups, find_backups
from scripts.observe.secret_state import CURRENT, observe_secret
from tests.localcloud_aws.behind import strike
from tests.localcloud_aws.rds_world import HOME, describe
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.recovery.restore_site import NAME, ROLE, SECRET, RestoreSite, restore_site
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestoreSite]:
    with restore_site(tmp_path_factory.mktemp("site")) as made:
        with made.cloud.connect(NAME) as connection:
            connection.execute("create table kept (id bigint generated always as identity, at timestamptz)")
            connection.execute(f"grant select on all tables in schema public to {ROLE}".encode())
            connection.execute(f"grant select on all sequences in schema public to {ROLE}".encode())
        assert soon(lambda: made.cloud.restore_window(NAME) != {}, 60)
        yield made


def write(site: RestoreSite, name: str = NAME) -> datetime:
    """Write a row and return a moment after it."""
    with site.cloud.connect(name) as connection:
        connection.execute("insert into kept (at) values (clock_timestamp())")
    return _CLOCK.now()


def ids(site: RestoreSite, name: str) -> list[int]:
    with site.cloud.connect(name) as connection:
        return [row[0] for row in connection.execute("select id from kept order by id").fetchall()]


def chain(site: RestoreSite, name: str) -> SeenBackups:
    """Return the automated backups of an instance; a new one has none until its first is taken."""
    resource_id = site.instance(name).resource_id
    assert soon(lambda: find_backups(site.client, HOME, resource_id) is not None, 60)
    found = find_backups(site.client, HOME, resource_id)
    assert found is not None
    return found


@pytest.mark.fault("F16")
def test_the_newest_point_holds_the_damage_too_and_is_not_swapped_in_but_an_earlier_one_is(
    site: RestoreSite,
) -> None:
    write(site)
    sound_at = write(site)
    with site.cloud.connect(NAME) as connection:
        connection.execute("alter sequence kept_id_seq restart with 1")
    site.restorable_to(_CLOCK.now())
    old = site.instance(NAME)
    newest = site.plan("latest")
    assert len({point.at for point in newest.candidates}) >= 3
    known = set(site.run_ids())
    with pytest.raises(Unverified, match="kept_id_seq would give out a number that is taken"):
        site.run(newest)
    assert site.instance(NAME).resource_id == old.resource_id
    (run_id,) = set(site.run_ids()) - known
    assert site.abort(run_id, newest).outcome == "undone"
    assert site.run(site.plan(write_moment(sound_at))).outcome == "done"
    assert site.instance(NAME).resource_id != old.resource_id
    write(site)
    assert len(set(ids(site, NAME))) == 3


@pytest.mark.fault("F15")
def test_after_a_swap_a_backup_was_taken_and_a_point_after_it_restores(site: RestoreSite) -> None:
    before = set(snapshots(site))
    site.restorable_to(write(site))
    report = site.run(site.plan("latest"))
    (taken,) = set(snapshots(site)) - before
    assert describe(site.cloud.aws, NAME)["DbiResourceId"] == snapshots(site)[taken]
    at = write(site)
    site.restorable_to(at)
    assert report.outcome == "done"
    assert site.run(site.plan(write_moment(at), into="proof")).outcome == "done"
    assert ids(site, "proof") == ids(site, NAME)


@pytest.mark.fault("F14")
def test_what_a_restored_database_writes_is_in_its_own_archive_and_never_in_its_sources(
    site: RestoreSite,
) -> None:
    source, beside = chain(site, NAME), chain(site, "proof")
    assert source.arn != beside.arn
    own_at = write(site, "proof")
    at = write(site)
    site.restorable_to(at)
    site.cloud.restorable_to("proof", own_at)
    assert site.run(site.plan(write_moment(at), into="source-again")).outcome == "done"
    assert ids(site, "source-again") == ids(site, NAME)
    site.client("rds", HOME).restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="proof", TargetDBInstanceIdentifier="proof-again", RestoreTime=own_at
    )
    site.cloud.available("proof-again")
    assert ids(site, "proof-again") == ids(site, "proof")


@pytest.mark.fault("F08")
def test_a_hole_in_the_log_is_told_before_and_no_restore_ends_early_in_silence(site: RestoreSite) -> None:
    kept = ids(site, NAME)
    for _ in range(3):
        site.restorable_to(write(site))
    beyond_at = site.cloud.restore_window(NAME)["LatestTime"]
    planned = site.plan("latest", into="over-the-hole")
    strike(site.cloud, "drop_segment", NAME)
    assert soon(lambda: site.cloud.restore_window(NAME)["LatestTime"] < beyond_at, 30)
    write(site)
    names = site.names()
    with pytest.raises(Stale):
        site.run(planned)
    with pytest.raises(Refused, match="the window is"):
        site.plan(write_moment(beyond_at), into="over-the-hole")
    assert site.names() == names
    plan = site.plan("latest", into="before-the-hole")
    reached_at = datetime.fromisoformat(str(plan.request["at"]))
    assert reached_at < beyond_at
    assert plan.loss.expected_s is not None
    assert plan.loss.expected_s >= (beyond_at - reached_at).total_seconds(), "what is lost is told beforehand"
    assert site.run(plan).outcome == "done"
    assert set(kept) <= set(ids(site, "before-the-hole")) < set(ids(site, NAME))


@pytest.mark.fault("F28")
def test_the_master_secret_is_our_own_and_outlives_its_database(site: RestoreSite) -> None:
    rds = site.client("rds", HOME)
    assert "MasterUserSecret" not in describe(site.cloud.aws, NAME)
    kept = ids(site, NAME)
    rds.modify_db_instance(DBInstanceIdentifier=NAME, DeletionProtection=False, ApplyImmediately=True)
    site.cloud.available(NAME)
    rds.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    assert soon(lambda: NAME not in site.names(), 60)
    secrets = site.client("secretsmanager", HOME)
    version = observe_secret(secrets, SECRET).current_version
    assert version is not None
    assert PASSWORD in read_version(secrets, SECRET, version, CURRENT).reveal()
    assert site.run(site.plan("latest")).outcome == "done"
    with site.cloud.connect(NAME, password=PASSWORD) as connection:
        assert connection.execute("select count(*) <= %s from kept", (len(kept),)).fetchone() == (True,)


def snapshots(site: RestoreSite) -> dict[str, str]:
    """Return the instance of each snapshot that somebody took."""
    found = site.client("rds", HOME).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return {one["DBSnapshotIdentifier"]: one["DbiResourceId"] for one in found}
