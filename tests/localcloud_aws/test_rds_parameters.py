"""Parameter groups: what holds at once, what waits for a reboot, and that both can be seen from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import describe, make_database
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.waiting import soon

NOW = {"ApplyImmediately": True}


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def real(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    shared.aws.admin("POST", "reset")


def make_group(cloud: CloudProcess, name: str, family: str = "postgres16", **values: str) -> None:
    """Make a parameter group with some values."""
    names = {"DBParameterGroupName": name, "DBParameterGroupFamily": family, "Description": "d"}
    cloud.client("rds").create_db_parameter_group(**names)
    for parameter, value in values.items():
        change(cloud, name, parameter, value, "pending-reboot")


def change(cloud: CloudProcess, group: str, name: str, value: str, method: str = "immediate") -> None:
    """Change one parameter."""
    parameter = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
    cloud.client("rds").modify_db_parameter_group(DBParameterGroupName=group, Parameters=[parameter])


def status(cloud: CloudProcess, name: str = "main") -> tuple[str, str]:
    """Return the name and the status of a database's parameter group."""
    (group,) = describe(cloud, name)["DBParameterGroups"]
    return group["DBParameterGroupName"], group["ParameterApplyStatus"]


def shown(cloud: RealCloud, name: str) -> Any:
    """Ask the server for a setting."""
    with cloud.connect("main") as connection:
        (value,) = connection.execute(b"show " + name.encode()).fetchall()[0]
        return value


def test_a_static_parameter_waits_for_the_reboot_and_a_dynamic_one_does_not(real: RealCloud) -> None:
    make_group(real.aws, "group")
    real.make("main", DBParameterGroupName="group")
    assert status(real.aws) == ("group", "in-sync")
    change(real.aws, "group", "work_mem", "8192")
    assert status(real.aws)[1] in {"applying", "in-sync"}
    assert soon(lambda: status(real.aws)[1] == "in-sync")
    assert shown(real, "work_mem") == "8MB"
    change(real.aws, "group", "max_connections", "57", "pending-reboot")
    assert soon(lambda: status(real.aws)[1] == "pending-reboot")
    assert shown(real, "max_connections") == "100"
    real.aws.client("rds").reboot_db_instance(DBInstanceIdentifier="main")
    real.available("main")
    assert status(real.aws) == ("group", "in-sync")
    assert shown(real, "max_connections") == "57"


def test_an_exchanged_group_holds_from_the_reboot_its_dynamic_parameters_too(real: RealCloud) -> None:
    make_group(real.aws, "other", work_mem="8192", maintenance_work_mem="32768")
    real.make("main")
    rds = real.aws.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="main", DBParameterGroupName="other", **NOW)
    real.available("main")
    assert status(real.aws) == ("other", "pending-reboot")
    assert shown(real, "work_mem") == "4MB"
    change(real.aws, "other", "maintenance_work_mem", "16384")
    assert soon(lambda: shown(real, "maintenance_work_mem") == "16MB")
    assert status(real.aws) == ("other", "pending-reboot")
    assert shown(real, "work_mem") == "4MB"
    rds.reboot_db_instance(DBInstanceIdentifier="main")
    real.available("main")
    assert soon(lambda: status(real.aws) == ("other", "in-sync"))
    assert shown(real, "work_mem") == "8MB"


def test_forced_tls_is_dynamic(real: RealCloud) -> None:
    make_group(real.aws, "group")
    real.make("main", DBParameterGroupName="group")
    change(real.aws, "group", "rds.force_ssl", "0")
    assert soon(lambda: status(real.aws)[1] == "in-sync")
    with real.connect("main", sslmode="disable", sslrootcert="") as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]


def test_a_static_parameter_cannot_change_at_once_and_an_unknown_one_never(real: RealCloud) -> None:
    make_group(real.aws, "group")
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*max_connections"):
        change(real.aws, "group", "max_connections", "57")
    with pytest.raises(ClientError, match="Could not find parameter with name: max_conections"):
        change(real.aws, "group", "max_conections", "57", "pending-reboot")
    rds = real.aws.client("rds")
    assert rds.describe_db_parameters(DBParameterGroupName="group")["Parameters"] == []


def test_a_value_the_server_does_not_take_failed_to_apply(real: RealCloud) -> None:
    make_group(real.aws, "group")
    real.make("main", DBParameterGroupName="group")
    change(real.aws, "group", "work_mem", "a lot")
    assert soon(lambda: status(real.aws)[1] == "failed-to-apply")
    assert real.status("main") == "incompatible-parameters"
    change(real.aws, "group", "work_mem", "8192")
    assert soon(lambda: status(real.aws)[1] == "in-sync")
    assert soon(lambda: real.status("main") == "available")


def test_a_reset_parameter_is_the_defaults_again(cloud: CloudProcess) -> None:
    make_group(cloud, "group", "postgres17", work_mem="8192", log_statement="all")
    rds = cloud.client("rds")
    one = [{"ParameterName": "work_mem", "ApplyMethod": "immediate"}]
    rds.reset_db_parameter_group(DBParameterGroupName="group", Parameters=one)
    (left,) = rds.describe_db_parameters(DBParameterGroupName="group")["Parameters"]
    assert left["ParameterName"] == "log_statement"
    rds.reset_db_parameter_group(DBParameterGroupName="group", ResetAllParameters=True)
    assert rds.describe_db_parameters(DBParameterGroupName="group")["Parameters"] == []


def test_what_waits_for_a_reboot_waits_over_a_restart_of_the_cloud(real: RealCloud) -> None:
    make_group(real.aws, "group", work_mem="8192")
    real.make("main", DBParameterGroupName="group")
    change(real.aws, "group", "work_mem", "16384", "pending-reboot")
    real.restart_aws()
    assert status(real.aws) == ("group", "pending-reboot")
    assert shown(real, "work_mem") == "8MB"


def test_databases_of_one_group_have_a_status_each(cloud: CloudProcess) -> None:
    make_group(cloud, "group", "postgres17")
    for name in ("main", "other"):
        make_database(cloud, name, DBParameterGroupName="group")
    change(cloud, "group", "work_mem", "8192", "pending-reboot")
    cloud.client("rds").reboot_db_instance(DBInstanceIdentifier="other")
    assert status(cloud) == ("group", "pending-reboot")
    assert status(cloud, "other") == ("group", "in-sync")
