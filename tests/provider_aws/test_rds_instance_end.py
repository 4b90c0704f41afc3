"""How RDS instances end, and that every passing state is waited for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest

from lifeboat.core.clock import SystemClock
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.provider_aws.conftest import MakeResource
from tests.provider_aws.rds_inputs import INSTANCE, a_database

Boto = Callable[..., Any]


def test_a_protected_database_is_not_deleted(resource: MakeResource) -> None:
    database = resource(INSTANCE)
    checked = database.check(a_database("protected", deletionProtection=True))
    database_id, outputs = database.create(checked)
    with pytest.raises(grpc.RpcError, match="Cannot delete protected DB Instance, please disable"):
        database.delete(database_id, checked, outputs)
    free = database.check(a_database("protected"), checked)
    outputs = database.update(database_id, checked, outputs, free)
    assert outputs["deletionProtection"] is False
    database.delete(database_id, free, outputs)


def test_the_end_asks_for_a_last_snapshot_or_the_wish_for_none(resource: MakeResource, boto: Boto) -> None:
    database = resource(INSTANCE)
    checked = database.check(a_database("with-an-end", skipFinalSnapshot=False))
    database_id, outputs = database.create(checked)
    with pytest.raises(grpc.RpcError, match="finalSnapshotIdentifier is required"):
        database.delete(database_id, checked, outputs)
    named = database.check(
        a_database("with-an-end", skipFinalSnapshot=False, finalSnapshotIdentifier="the-end"), checked
    )
    outputs = database.update(database_id, checked, outputs, named)
    database.delete(database_id, named, outputs)
    found = boto("rds").describe_db_snapshots(DBSnapshotIdentifier="the-end")["DBSnapshots"]
    assert found[0]["DBInstanceIdentifier"] == "with-an-end"


def test_backups_are_kept_when_the_program_says_so(resource: MakeResource, boto: Boto) -> None:
    database = resource(INSTANCE)
    checked = database.check(
        a_database("with-backups", backupRetentionPeriod=7, deleteAutomatedBackups=False)
    )
    database_id, outputs = database.create(checked)
    database.delete(database_id, checked, outputs)
    backups = boto("rds").describe_db_instance_automated_backups(DbiResourceId=database_id)
    assert [one["Status"] for one in backups["DBInstanceAutomatedBackups"]] == ["retained"]


def test_it_waits_for_every_state_to_pass(
    resource: MakeResource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = CloudProcess(tmp_path, "--transition-s", "0.4", "--tick-s", "0.1").wait_until_ready()
    monkeypatch.setenv("AWS_ENDPOINT_URL", slow.url)
    try:
        database, clock = resource(INSTANCE), SystemClock()
        checked, began_s = database.check(a_database("slow", applyImmediately=True)), clock.monotonic_s()
        database_id, outputs = database.create(checked)
        assert clock.monotonic_s() - began_s >= 0.4
        assert outputs["status"] == "available"
        assert outputs["endpoint"]
        grown = database.check(a_database("slow", allocatedStorage=40, applyImmediately=True), checked)
        outputs = database.update(database_id, checked, outputs, grown)
        assert (outputs["status"], outputs["allocatedStorage"]) == ("available", 40)
        database.delete(database_id, grown, outputs)
        assert slow.client("rds", "us-west-1").describe_db_instances()["DBInstances"] == []
    finally:
        slow.stop()
