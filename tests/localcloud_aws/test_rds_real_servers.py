"""RDS with real servers: what the API says of a database is true of a PostgreSQL one can connect to."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import describe, make_database
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.waiting import soon

NOW = {"ApplyImmediately": True}


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    shared.aws.admin("POST", "reset")


def one(connection: psycopg.Connection[tuple[object, ...]], statement: str) -> object:
    """Run a statement on a connection and return its one value."""
    with connection:
        (value,) = connection.execute(statement.encode()).fetchall()[0]
        return value


def test_an_available_database_answers_to_verified_tls_and_refuses_plain_text(cloud: RealCloud) -> None:
    found = cloud.make("main")
    assert found["Endpoint"]["Address"] == "127.0.0.1"
    with cloud.connect("main") as connection:
        connection.execute("create table kept as select 7 as answer")
        assert connection.info.server_version // 10_000 == 16
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        cloud.connect("main", sslmode="disable")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        cloud.connect("main", password=f"{PASSWORD}!")


def test_data_and_endpoint_survive_a_restart_of_the_service_and_of_aws(cloud: RealCloud) -> None:
    before = cloud.make("main")["Endpoint"]
    with cloud.connect("main") as connection:
        connection.execute("create table kept as select 7 as answer")
    assert cloud.service.terminate() == 0
    cloud.service.start()
    cloud.restart_aws()
    assert cloud.available("main")["Endpoint"] == before
    assert one(cloud.connect("main"), "select answer from kept") == 7


def test_a_killed_service_comes_back_with_what_was_acknowledged(cloud: RealCloud) -> None:
    cloud.make("main")
    with cloud.connect("main") as connection:
        connection.execute("create table kept as select 7 as answer")
    cloud.service.kill()
    cloud.service.start()
    cloud.available("main")
    assert one(cloud.connect("main"), "select answer from kept") == 7


def test_a_rename_moves_the_traffic_and_the_old_endpoint_is_deaf(cloud: RealCloud) -> None:
    old = cloud.make("main")["Endpoint"]["Port"]
    rds = cloud.aws.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="main", NewDBInstanceIdentifier="aside", **NOW)
    assert cloud.available("aside")["Endpoint"]["Port"] != old
    assert one(cloud.connect("aside"), "select current_database()") == "app"
    with pytest.raises(psycopg.OperationalError, match="refused"):
        cloud.connect("aside", port=old)
    assert cloud.make("main", DBName="other")["Endpoint"]["Port"] == old
    assert one(cloud.connect("main", dbname="other"), "select current_database()") == "other"


def test_a_new_password_holds_and_other_changes_leave_it_alone(cloud: RealCloud) -> None:
    cloud.make("main")
    rds = cloud.aws.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="main", MasterUserPassword="another-one-9", **NOW)
    cloud.available("main")
    with cloud.connect("main", password="another-one-9") as connection:
        connection.execute("alter role lifeboat password 'set-by-sql-77'")
    rds.modify_db_instance(DBInstanceIdentifier="main", AllocatedStorage=30, **NOW)
    cloud.available("main")
    assert one(cloud.connect("main", password="set-by-sql-77"), "select 1") == 1


def test_a_stopped_database_answers_nobody_until_it_is_started(cloud: RealCloud) -> None:
    cloud.make("main")
    rds = cloud.aws.client("rds")
    port = describe(cloud.aws, "main")["Endpoint"]["Port"]
    with cloud.connect("main") as connection:
        rds.stop_db_instance(DBInstanceIdentifier="main")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select pg_sleep(30)")
    with pytest.raises(psycopg.OperationalError):
        cloud.connect("main", port=port)
    rds.start_db_instance(DBInstanceIdentifier="main")
    cloud.available("main")
    assert one(cloud.connect("main"), "select 1") == 1


def test_a_version_that_is_not_there_is_refused_and_leaves_nothing(cloud: RealCloud) -> None:
    with pytest.raises(ClientError, match="postgresql 9 is not there"):
        make_database(cloud.aws, "old", EngineVersion="9.6")
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        describe(cloud.aws, "old")


def test_a_database_that_could_not_be_made_is_failed_and_says_why(cloud: RealCloud) -> None:
    found = make_database(cloud.aws, "bad", EngineVersion="16", DBName="pg_bad")
    assert soon(lambda: cloud.status("bad") == "failed")
    assert "pg_bad" in cloud.service.health()["trouble"][found["DbiResourceId"]]
    cloud.aws.client("rds").delete_db_instance(DBInstanceIdentifier="bad", SkipFinalSnapshot=True)
    assert cloud.make("bad")["DBInstanceStatus"] == "available"


def test_a_changed_parameter_group_reaches_the_databases_that_use_it(cloud: RealCloud) -> None:
    rds = cloud.aws.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="group", DBParameterGroupFamily="postgres16", Description="d"
    )
    cloud.make("main", DBParameterGroupName="group")
    assert one(cloud.connect("main"), "show work_mem") == "4MB"
    parameter = {"ParameterName": "work_mem", "ParameterValue": "8192", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="group", Parameters=[parameter])
    assert soon(lambda: one(cloud.connect("main"), "show work_mem") == "8MB")


def test_a_database_saved_as_a_description_begins_empty_and_that_is_said(cloud: RealCloud) -> None:
    cloud.aws.stop()
    before = CloudProcess(cloud.aws_directory, "--transition-s", "0").wait_until_ready()
    make_database(before, "described", EngineVersion="16", DBName="app")
    before.stop()
    cloud.restart_aws()
    cloud.available("described")
    assert one(cloud.connect("described"), "select count(*) from pg_tables where schemaname = 'public'") == 0
    assert "database described had no server: it begins empty" in cloud.aws.log_file.read_text()


def test_a_database_deleted_behind_the_back_of_aws_is_failed_and_not_made_again(cloud: RealCloud) -> None:
    cloud.make("main")
    cloud.aws.admin("POST", "save")
    saved = cloud.aws.state_file.read_bytes()
    cloud.aws.client("rds").delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    cloud.aws.stop()
    cloud.aws.state_file.write_bytes(saved)
    cloud.restart_aws()
    assert cloud.status("main") == "failed"
    cloud.aws.client("rds").delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert cloud.make("main")["DBInstanceStatus"] == "available"
