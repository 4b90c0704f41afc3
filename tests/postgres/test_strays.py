"""Either side is killed and forgets what it did last: both agree again, nothing runs on that nobody knows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from localcloud.postgres.leftovers import leftovers_of
from tests.localcloud_aws.rds_world import AWAY, describe
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.waiting import soon


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    shared.aws.admin("POST", "reset")


class Forgetting:
    """An AWS that is killed and comes back as it was saved before."""

    def __init__(self, cloud: RealCloud) -> None:
        self._cloud = cloud
        cloud.aws.admin("POST", "save")
        self._saved = cloud.aws.state_file.with_suffix(".kept")
        shutil.copy(cloud.aws.state_file, self._saved)

    def strike(self) -> None:
        """Kill it, and start it with what it knew at the beginning."""
        self._cloud.aws.process.kill()
        self._cloud.aws.process.wait(30)
        shutil.copy(self._saved, self._cloud.aws.state_file)
        self._cloud.restart_aws()


def records(cloud: RealCloud) -> dict[str, Any]:
    """Return what the service has saved."""
    return dict(json.loads(cloud.service.state_file.read_text()))


def lets_in(cloud: RealCloud) -> bool:
    """Tell whether the database takes the password that it was made with."""
    try:
        with cloud.connect("main") as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def take_snapshot(cloud: RealCloud, name: str) -> None:
    rds = cloud.aws.client("rds")
    rds.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier=name)
    assert soon(lambda: snapshot_status(cloud, name) == "available", 60)


def snapshot_status(cloud: RealCloud, name: str) -> str:
    found = cloud.aws.client("rds").describe_db_snapshots(DBSnapshotIdentifier=name)
    return str(found["DBSnapshots"][0]["Status"])


def test_what_aws_forgot_is_ended_and_its_data_are_moved_aside(cloud: RealCloud) -> None:
    cloud.make("main")
    forgetting = Forgetting(cloud)
    stray = cloud.make("stray")["DbiResourceId"]
    take_snapshot(cloud, "taken")
    (directory,) = (
        one["directory"] for arn, one in records(cloud)["snapshots"].items() if arn.endswith(":taken")
    )
    forgetting.strike()
    assert soon(lambda: stray not in records(cloud)["instances"], 30)
    assert leftovers_of(cloud.service.data / "instances" / stray) == ()
    aside = cloud.service.data / "aside"
    assert (aside / "instances" / stray / "data" / "PG_VERSION").exists()
    assert json.loads((aside / "instances" / f"{stray}.json").read_text())["identifier"] == "stray"
    assert soon((aside / "snapshots" / directory / "backup.json").exists)
    cloud.available("main")
    with cloud.connect("main") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert cloud.make("stray")["DbiResourceId"] != stray, "the name is free again"


def test_a_promotion_that_aws_forgot_holds_and_a_name_and_a_password_are_what_aws_says(
    cloud: RealCloud,
) -> None:
    arn = cloud.make("main")["DBInstanceArn"]
    away, home = cloud.aws.client("rds", AWAY), cloud.aws.client("rds")
    away.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=arn)
    cloud.available("copy", AWAY)
    forgetting = Forgetting(cloud)
    away.promote_read_replica(DBInstanceIdentifier="copy")
    cloud.available("copy", AWAY)
    home.modify_db_instance(
        DBInstanceIdentifier="main",
        NewDBInstanceIdentifier="other",
        MasterUserPassword=f"{PASSWORD}-new",
        ApplyImmediately=True,
    )
    cloud.available("other")
    forgetting.strike()
    assert "ReadReplicaSourceDBInstanceIdentifier" not in describe(cloud.aws, "copy", AWAY)
    with cloud.connect("copy", AWAY) as connection:
        connection.execute("create table mine (id int)")

    def is_main_again() -> bool:
        names = {one["identifier"] for one in records(cloud)["instances"].values()}
        return "main" in names and cloud.status("main") == "available"

    assert soon(is_main_again, 30)
    assert soon(lambda: lets_in(cloud), 30), "with the password that AWS knows"


def test_a_snapshot_that_aws_remembers_and_nobody_has_is_no_snapshot(cloud: RealCloud) -> None:
    cloud.make("main")
    take_snapshot(cloud, "taken")
    forgetting = Forgetting(cloud)
    rds = cloud.aws.client("rds")
    rds.delete_db_snapshot(DBSnapshotIdentifier="taken")
    forgetting.strike()
    assert snapshot_status(cloud, "taken") == "failed"
    rds = cloud.aws.client("rds")
    with pytest.raises(ClientError, match="is failed"):
        rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="back", DBSnapshotIdentifier="taken")
    rds.delete_db_snapshot(DBSnapshotIdentifier="taken")


def test_a_killed_service_is_told_again_what_it_had_not_finished(cloud: RealCloud) -> None:
    name = cloud.make("main")["DbiResourceId"]
    gone = cloud.make("gone")["DbiResourceId"]
    cloud.aws.client("rds").delete_db_instance(DBInstanceIdentifier="gone", SkipFinalSnapshot=True)
    assert soon(lambda: not (cloud.service.data / "instances" / gone).exists(), 30)
    cloud.service.kill()
    left = cloud.service.data / "instances" / gone / "data"
    left.mkdir(parents=True)
    half = cloud.service.data / "snapshots" / "0123456789abcdef"
    half.mkdir(parents=True)
    saved = records(cloud)
    wanted = saved["instances"][name]["password_print"]
    saved["instances"][name]["password_print"] = "of another one"
    cloud.service.state_file.write_text(json.dumps(saved))
    cloud.service.start()
    assert not left.exists()
    assert not half.exists()
    assert soon(lambda: records(cloud)["instances"][name]["password_print"] == wanted, 30)
    cloud.available("main")
