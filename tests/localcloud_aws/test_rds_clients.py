"""What boto3 brings along for RDS behaves here: waiters, paginators, and errors by their class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import make_database

QUICK = {"Delay": 1, "MaxAttempts": 30}
PAGE = 20
"""The smallest page RDS gives."""


def wait(cloud: CloudProcess, name: str, **request: Any) -> None:
    cloud.client("rds").get_waiter(name).wait(**request, WaiterConfig=QUICK)


def test_the_waiters_of_a_life_end_when_what_they_wait_for_is_there(
    start_cloud: Callable[..., CloudProcess],
) -> None:
    cloud = start_cloud("--transition-s", "0.5", "--tick-s", "0.1").wait_until_ready()
    rds = cloud.client("rds")
    make_database(cloud, "db")
    wait(cloud, "db_instance_available", DBInstanceIdentifier="db")
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="snap")
    wait(cloud, "db_snapshot_available", DBSnapshotIdentifier="snap")
    wait(cloud, "db_snapshot_completed", DBSnapshotIdentifier="snap")
    rds.delete_db_snapshot(DBSnapshotIdentifier="snap")
    wait(cloud, "db_snapshot_deleted", DBSnapshotIdentifier="snap")
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    wait(cloud, "db_instance_deleted", DBInstanceIdentifier="db")


def test_every_list_can_be_asked_for_in_pages(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    rds.create_db_parameter_group(
        DBParameterGroupName="mine", DBParameterGroupFamily="postgres17", Description="d"
    )
    asked: dict[str, dict[str, str]] = {
        "describe_db_instance_automated_backups": {},
        "describe_db_parameter_groups": {},
        "describe_db_parameters": {"DBParameterGroupName": "mine"},
        "describe_db_subnet_groups": {},
        "describe_event_subscriptions": {},
        "describe_events": {},
    }
    for operation, request in asked.items():
        pages = rds.get_paginator(operation).paginate(**request, PaginationConfig={"PageSize": PAGE})
        assert list(pages), operation


def test_a_waiter_gives_up_at_once_on_what_can_never_come(cloud: CloudProcess) -> None:
    with pytest.raises(WaiterError, match="DBInstanceNotFound"):
        wait(cloud, "db_instance_available", DBInstanceIdentifier="nobody")


def test_pages_give_each_once_and_all_of_them(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    names = [f"db-{number:02}" for number in range(PAGE + 5)]
    for name in names:
        make_database(cloud, name)
        rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=f"of-{name}")
    listed = {
        "describe_db_instances": ("DBInstances", "DBInstanceIdentifier", names),
        "describe_db_snapshots": ("DBSnapshots", "DBSnapshotIdentifier", [f"of-{name}" for name in names]),
    }
    for operation, (what, field, wanted) in listed.items():
        request = {"SnapshotType": "manual"} if what == "DBSnapshots" else {}
        pages = list(rds.get_paginator(operation).paginate(**request, PaginationConfig={"PageSize": PAGE}))
        assert [len(page[what]) for page in pages] == [PAGE, 5], operation
        assert sorted(one[field] for page in pages for one in page[what]) == wanted


@pytest.mark.parametrize("size", [PAGE - 1, 101])
def test_a_page_of_no_permitted_size_is_refused(cloud: CloudProcess, size: int) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloud.client("rds").describe_db_instances(MaxRecords=size)


def test_errors_are_those_of_the_service_model(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    errors = rds.exceptions
    make_database(cloud, "db")
    unknown: dict[type[ClientError], Callable[[], object]] = {
        errors.DBInstanceNotFoundFault: lambda: rds.describe_db_instances(DBInstanceIdentifier="x"),
        errors.DBSnapshotNotFoundFault: lambda: rds.describe_db_snapshots(DBSnapshotIdentifier="x"),
        errors.DBParameterGroupNotFoundFault: lambda: rds.describe_db_parameter_groups(
            DBParameterGroupName="x"
        ),
        errors.DBSubnetGroupNotFoundFault: lambda: rds.describe_db_subnet_groups(DBSubnetGroupName="x"),
        errors.DBInstanceAlreadyExistsFault: lambda: make_database(cloud, "db"),
        errors.InvalidDBInstanceStateFault: lambda: rds.start_db_instance(DBInstanceIdentifier="db"),
    }
    for error, call in unknown.items():
        with pytest.raises(error):
            call()
