"""Objects and rows of different moments: what belongs to a backup is told, and what is on one side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifeboat.core.clock import SystemClock
from scripts.backup.objects import ObjectVersion, compare_objects
from tests.backup.environment import Environment
from tests.backup.world import BackupWorld
from tests.builders import HOME
from tests.localcloud_aws.rds_world import HOME as RDS_HOME
from tests.localcloud_aws.real_cloud import RealCloud
from tests.postgres.databases import open_directory

BUCKET = "paintbox-pictures"
AT = datetime(2026, 11, 22, 8, 0, 0, 500_000, tzinfo=UTC)
_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def environment(cloud: RealCloud) -> Iterator[Environment]:
    with open_directory() as directory:
        with cloud.connect("main") as connection:
            connection.execute("create database gallery")
        world = BackupWorld(cloud, "main", "gallery", directory)
        world.execute("create table picture (key text primary key)")
        yield Environment(world, directory, RDS_HOME)


def upload(s3: Any, **pictures: str) -> None:
    for key, body in pictures.items():
        s3.put_object(Bucket=BUCKET, Key=f"pictures/{key}", Body=body.encode())


def next_second() -> None:
    """S3 tells moments in whole seconds."""
    _CLOCK.sleep(1.1)


@pytest.mark.fault("F58")
def test_a_backup_names_its_cut_off_and_both_sides_of_what_does_not_fit_are_reported(
    environment: Environment, tmp_path: Path
) -> None:
    world = environment.world
    s3 = world.cloud.aws.client("s3", HOME)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
    asked = ("--bucket", BUCKET, "--prefix", "pictures/")
    world.execute(
        "insert into picture select 'pictures/' || k from unnest('{kept,changed,removed,lost}'::text[]) k"
    )
    with world.connect() as connection:
        named = [row[0] for row in connection.execute("select key from picture").fetchall()]
    (tmp_path / "named").write_text("\n".join(named))
    code, envelope, said = environment.lifeboat("backup", "create", "--database", "gallery")
    assert code == 0, said
    early = envelope["data"][0]["id"]
    code, envelope, _ = environment.lifeboat("backup", "objects", early, *asked)
    assert code == 3, "a bucket without versions cannot tell"
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    upload(s3, kept="1", changed="1", removed="1", unnamed="1")
    next_second()
    code, envelope, said = environment.lifeboat("backup", "create", "--database", "gallery")
    assert code == 0, said
    backup_id = envelope["data"][0]["id"]
    next_second()
    upload(s3, changed="2", younger="1")
    s3.delete_object(Bucket=BUCKET, Key="pictures/removed")
    world.execute("insert into picture values ('pictures/younger')")

    code, envelope, said = environment.lifeboat(
        "backup", "objects", backup_id, *asked, "--named-by", str(tmp_path / "named")
    )
    assert code == 10, said
    data = envelope["data"]
    manifest = environment.lifeboat("backup", "show", backup_id)[1]["data"]["manifest"]
    assert _moment(data["cut_off_at"]) == _moment(manifest["restore_set"]["objects_cut_off_at"])
    assert data["orphans"] == ["pictures/unnamed"]
    assert data["missing"] == ["pictures/lost"]
    assert data["later"] == ["pictures/younger"]
    assert sorted(data["bring_back"]) == ["pictures/changed", "pictures/removed"]
    for key, version in data["bring_back"].items():
        assert s3.get_object(Bucket=BUCKET, Key=key, VersionId=version)["Body"].read() == b"1"
    code, envelope, _ = environment.lifeboat("backup", "objects", backup_id, *asked)
    assert (code, envelope["data"]["orphans"], envelope["data"]["missing"]) == (0, [], [])


def a_version(second: int, version: str, *, is_removal: bool = False) -> ObjectVersion:
    at = AT.replace(microsecond=0) + timedelta(seconds=second)
    return ObjectVersion(key="k", version_id=version, written_at=at, is_removal=is_removal)


def test_the_version_of_the_moment_is_the_last_one_before_it() -> None:
    every = [a_version(2, "c"), a_version(0, "b"), a_version(-5, "a")]
    report = compare_objects(every, AT, frozenset({"k"}))
    assert report.belonging == report.bring_back == {"k": "b"}
    assert report.problem == ""


def test_what_was_removed_at_the_moment_is_missing_and_what_came_back_is_no_later_one() -> None:
    every = [a_version(9, "c"), a_version(-5, "a"), a_version(-2, "b", is_removal=True)]
    report = compare_objects(every, AT, frozenset({"k"}))
    assert (report.belonging, report.missing, report.later) == ({}, ("k",), ())
    assert report.problem == "1 keys that rows name have no object"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
