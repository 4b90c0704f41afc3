"""Ages are looked up where backups lie, and an alarm goes off when they grow or when nobody speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.metrics import BACKUP_AGE, RECOVERABLE_AGE, RESTORE_TEST_AGE
from scripts.actions.backup_store import S3BackupStore
from scripts.backup.freshness import databases_of, freshness
from scripts.backup.gauges import Limit, gauges
from scripts.backup.keys import manifest_key, part_key, store_prefix
from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Listing, newest_first
from tests.backup.alarms import actions, declared, states
from tests.backup.environment import Environment
from tests.backup.manifests import BODY, DAY, NOW, a_backup, a_manifest, a_record
from tests.backup.world import SHOP, BackupWorld
from tests.builders import HOME, OTHER
from tests.localcloud_aws.declared_alarm import put
from tests.localcloud_aws.rds_world import HOME as RDS_HOME
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.postgres.databases import open_directory

_RPO = timedelta(hours=1)
_CLOCK = SystemClock()


@pytest.fixture
def environment() -> Iterator[Environment]:
    """An environment with the alarms of production, in a cloud whose clock may be moved."""
    with real_cloud() as cloud, open_directory() as directory:
        cloud.make("main", EngineVersion="16")
        with cloud.connect("main") as connection:
            connection.execute("create database paint")
        world = BackupWorld(cloud, "main", "paint", directory)
        world.execute(SHOP)
        names = {
            region: [each.physical_name for each in declared() if each.region == region]
            for region in (HOME, OTHER)
        }
        yield Environment(world, directory, RDS_HOME, alarms={"names": names, "topics": {}})


def _topics(cloud: RealCloud) -> dict[str, str]:
    made = {}
    for region in (HOME, OTHER):
        made[region] = cloud.aws.client("sns", region).create_topic(Name="critical")["TopicArn"]
    for alarm in declared():
        put(cloud.aws, alarm, made[alarm.region])
    return made


def _put_old(environment: Environment, age: timedelta) -> str:
    """Put a whole backup whose data are of some time ago."""
    s3 = environment.world.cloud.aws.client("s3", HOME)
    store = S3BackupStore(s3, environment.buckets[HOME], store_prefix("production"))
    manifest = a_manifest(1, database="paint", stopped_at=_CLOCK.now() - age)
    store.put_if_absent(part_key("paint", manifest.id, "7.dat", 1), BODY)
    for name in ("toc.dat", "roles.sql"):
        store.put_if_absent(part_key("paint", manifest.id, name, 1), BODY)
    part = manifest.parts[0]
    parts = [part, *(part.model_copy(update={"file": name}) for name in ("toc.dat", "roles.sql"))]
    whole = manifest.model_copy(update={"parts": parts})
    store.put_if_absent(manifest_key("paint", manifest.id), whole.encode())
    return manifest.id


@pytest.mark.fault("F05")
@pytest.mark.fault("F02")
def test_an_old_backup_and_a_silent_job_are_told_by_the_alarm_also_when_nobody_takes_its_messages(
    environment: Environment,
) -> None:
    cloud = environment.world.cloud
    topics = _topics(cloud)
    old = _put_old(environment, timedelta(hours=40))

    # F05: there is a backup, every job ended well, and it is too old all the same.
    code, envelope, said = environment.lifeboat("backup", "age", "--publish")
    assert (code, envelope["error"]["code"]) == (10, "Findings"), said
    assert old in envelope["error"]["message"]
    [value] = [each for each in envelope["data"]["metrics"] if each["name"] == "BackupAge"]
    assert 40 * 3600 <= value["value_s"] < 41 * 3600
    assert value["limit_from"].endswith("-recovery-backup-age-warning")
    assert envelope["data"]["published"][HOME] == ["BackupAge"]
    code, envelope, _ = environment.lifeboat("backup", "list")
    assert code == 0
    assert "BackupAge" in envelope["warnings"][0]
    assert states(cloud.aws) == {"ALARM"}

    code, _, said = environment.lifeboat("backup", "create")
    assert code == 0, said
    cloud.aws.advance(2 * 3600)
    code, envelope, said = environment.lifeboat("backup", "age", "--publish")
    assert (code, envelope["data"]["databases"][0]["not_counted"]) == (0, []), said
    assert states(cloud.aws) == {"OK"}

    # F02: those who would tell people reject it; then the job dies too.
    for region, topic in topics.items():
        cloud.aws.client("sns", region).delete_topic(TopicArn=topic)
    cloud.aws.advance(6 * 3600)
    assert states(cloud.aws) == {"ALARM"}
    for region in (HOME, OTHER):
        assert any("Failed" in each["HistorySummary"] for each in actions(cloud.aws, region))


def test_every_alarm_of_a_series_of_recovery_looks_where_it_is_emitted() -> None:
    watched = {(each.metric_name, each.region) for each in declared()}
    assert watched == {("BackupAge", HOME), ("BackupAge", OTHER)}
    assert {each.region for each in declared(RECOVERABLE_AGE.name)} == {OTHER}
    for alarm in (*declared(), *declared(RECOVERABLE_AGE.name)):
        assert alarm.dimensions == (("Environment", "paintbox-production"),)
        assert (alarm.unit, alarm.missing_data.value) == ("Seconds", "breaching")


def _listing(*backups: Backup) -> Listing:
    return Listing(backups=newest_first(backups), leftovers=())


def test_what_is_damaged_or_incomplete_or_suspicious_does_not_make_the_data_younger() -> None:
    sound = a_backup(1, age=3 * DAY)
    cut = a_backup(2, age=2 * DAY)
    broken = a_backup(3, age=DAY, records=(a_record(3, reached=None, problems=["bits"]),))
    [found] = freshness(
        _listing(sound, cut, broken), (), lambda manifest: ["part 7.dat is missing"] * (manifest.id == cut.id)
    )
    assert found.newest is sound
    assert [reason.partition(": ")[2] for reason in found.passed_over] == ["damaged", "part 7.dat is missing"]
    assert found.age(NOW) == 3 * DAY + timedelta(minutes=1)


def test_the_oldest_database_speaks_for_all_and_one_without_a_backup_is_worse_than_any() -> None:
    shop, paint = a_backup(1), Backup(manifest=a_manifest(2, database="paint", stopped_at=NOW - 2 * DAY))
    whole = freshness(_listing(shop, paint), ("shop",), lambda _: [])
    value, *_ = gauges(whole, None, {}, rpo=_RPO, now=NOW)
    assert (value.metric, value.value_s) == (BACKUP_AGE, (2 * DAY).total_seconds() + 60)
    assert value.limit == Limit(seconds=3600, source="the RPO")
    missing = freshness(_listing(shop, paint), ("shop", "new"), lambda _: [])
    value, *_ = gauges(missing, None, {}, rpo=_RPO, now=NOW)
    assert (value.value_s, value.is_over) == (None, True)


def test_a_database_that_was_dropped_is_not_missed_any_more() -> None:
    dropped = Backup(manifest=a_manifest(1, database="gone", stopped_at=NOW - 9 * DAY))
    shop = Backup(manifest=a_manifest(2, stopped_at=NOW, neighbours=["shop"]))
    assert databases_of(_listing(dropped, shop), ()) == ("shop",)
    assert databases_of(_listing(dropped), ("paint",)) == ("gone", "paint")


def test_limits_are_the_alarms_own_and_nobody_judges_a_test_that_has_no_alarm() -> None:
    tested = a_backup(1, records=(a_record(1, reached=Level.RIGHT, at=NOW - 40 * DAY, taken_s=90.0),))
    found = freshness(_listing(tested), (), lambda _: [])
    limits = {BACKUP_AGE.name: Limit(seconds=36 * 3600, source="an alarm")}
    values = {
        each.metric.name: each
        for each in gauges(found, (None, "copies in us-east-2"), limits, rpo=_RPO, now=NOW)
    }
    assert {name for name, each in values.items() if each.is_over} == {"RecoverableAge"}
    assert values["RestoreTestAge"].value_s == (40 * DAY).total_seconds()
    assert values["RestoreDuration"].value_s == 90
    limits[RESTORE_TEST_AGE.name] = Limit(seconds=35 * 86400, source="an alarm")
    values = {each.metric.name: each for each in gauges(found, None, limits, rpo=_RPO, now=NOW)}
    assert values["RestoreTestAge"].is_over
    assert "RecoverableAge" not in values
