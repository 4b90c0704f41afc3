"""The night as a command, against real databases, and what happens when parts of it fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lifeboat.core.clock import SystemClock
from scripts.actions.object_store import S3ObjectStore
from scripts.engine.lease import EXPIRED, LeaseRequest, acquire
from scripts.engine.lease_record import see_lease
from tests.backup.provided import Provided, provided
from tests.backup.world import SHOP
from tests.builders import HOME, OTHER
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud
from tests.waiting import processes_at, soon

_CLOCK = SystemClock()
PARTS = ["create", "verify", "snapshot", "prune", "metrics"]


@pytest.fixture(scope="module")
def shared(cloud: RealCloud) -> Iterator[Provided]:
    with provided(cloud) as environment:
        environment.world.execute(SHOP)
        yield environment


@pytest.fixture
def environment(shared: Provided) -> Iterator[Provided]:
    yield shared
    shared.heal()


def a_night(
    environment: Provided, tmp_path: Path, *options: str
) -> tuple[int, dict[str, dict[str, Any]], str]:
    spool = ["--spool", str(tmp_path / "spool")]
    code, envelope, said = environment.lifeboat("backup", "nightly", *spool, *options)
    assert PASSWORD not in f"{envelope}{said}"
    return code, {part["name"]: part for part in (envelope["data"] or {"parts": []})["parts"]}, said


def test_a_night_does_everything_once_and_says_it_in_one_envelope(
    environment: Provided, tmp_path: Path
) -> None:
    assert soon(lambda: _replicated(environment), 60)
    code, parts, said = a_night(environment, tmp_path)
    assert list(parts) == PARTS
    assert (code, [part["message"] for part in parts.values()]) == (0, [""] * 5), said
    [made] = parts["create"]["data"]
    assert made["rows"] == 3500
    [looked] = parts["verify"]["data"]
    assert (looked["id"], looked["asked"], looked["reached"]) == (made["id"], "L4", "L3")
    assert "lifeboat_heartbeat" in parts["verify"]["warnings"][0]
    assert parts["snapshot"]["data"]["regions"] == [HOME, OTHER]
    assert parts["prune"]["data"]["removed"] == []
    published = parts["metrics"]["data"]["published"]
    assert published == {
        OTHER: ["BackupAge", "RestoreTestAge", "RecoverableAge", "RestoreDuration"],
        HOME: ["BackupAge"],
    }
    statistics = environment.world.cloud.aws.client("cloudwatch", OTHER).get_metric_statistics(
        Namespace="Lifeboat/DR",
        MetricName="BackupAge",
        Dimensions=[{"Name": "Environment", "Value": "paintbox-production"}],
        StartTime=_CLOCK.now() - timedelta(hours=1),
        EndTime=_CLOCK.now() + timedelta(hours=1),
        Period=3600,
        Statistics=["Maximum"],
    )
    assert 0 < max(point["Maximum"] for point in statistics["Datapoints"]) < 600


@pytest.mark.fault("F49")
def test_a_part_that_fails_keeps_no_other_from_running_nor_does_the_lock_of_a_night_that_died(
    environment: Provided, tmp_path: Path
) -> None:
    _leave_a_dead_lock(environment)
    environment.fail("error", service="rds", action="CreateDBSnapshot", status=403, code="AccessDenied")
    environment.fail("error", service="cloudwatch", region=HOME, action="PutMetricData")
    code, parts, said = a_night(environment, tmp_path)
    assert code == 8, said
    assert [name for name in PARTS if not parts[name]["ok"]] == ["snapshot", "metrics"]
    assert parts["snapshot"]["exit_code"] == 3
    assert list(parts["metrics"]["data"]["published"]) == [OTHER]
    assert len(parts["create"]["data"]) == 1


def test_without_room_for_a_restore_the_newest_is_decoded_at_least(
    environment: Provided, tmp_path: Path
) -> None:
    environment.world.execute(
        """do $$ begin for n in 1..60 loop execute 'create index on "order of goods" (note, id)';
        end loop; end $$"""
    )
    code, parts, said = a_night(environment, tmp_path, "--spool-limit", "20")
    assert code == 0, said
    assert "is not restored here" in parts["verify"]["warnings"][0]
    assert parts["verify"]["data"][0]["reached"] == "L2"


def test_a_database_that_cannot_be_reached_costs_the_copy_and_nothing_else(
    environment: Provided, tmp_path: Path
) -> None:
    environment.fail(
        "error", service="secretsmanager", action="GetSecretValue", status=403, code="AccessDenied"
    )
    code, parts, said = a_night(environment, tmp_path)
    assert code == 8, said
    assert [name for name in PARTS if not parts[name]["ok"]] == ["create"]
    assert parts["verify"]["data"], "the newest one there is was looked at"


def test_two_nights_at_once_are_one(environment: Provided, tmp_path: Path) -> None:
    environment.world.execute(
        "create table held as select repeat(md5(n::text), 40) from generate_series(1, 30000) n"
    )
    spool = tmp_path / "first"
    first = environment.begin("backup", "nightly", "--spool", str(spool), "--jobs", "1")
    try:
        assert soon(lambda: any(spool.glob("*/backup/dump/*")), 60)
        code, envelope, _ = environment.lifeboat("backup", "nightly")
        assert (code, envelope["error"]["code"]) == (7, "LeaseHeld")
        assert f"pid {first.pid}" in envelope["error"]["message"]
        assert "lock" in envelope["error"]["hint"]
    finally:
        assert first.wait(120) in (0, 8)
    assert processes_at(str(spool)) == []
    environment.world.execute("drop table held")


def _leave_a_dead_lock(environment: Provided) -> None:
    """Leave the lock as a night does that was killed, and wait until it has expired."""
    s3 = environment.world.cloud.aws.client("s3", HOME)
    store = S3ObjectStore(s3, environment.buckets[HOME], "lifeboat/")
    died = LeaseRequest(environment="production/nightly", run_id="nightly-died", holder="a", ttl_s=0.5)
    acquire(store, replace(died, take_over=EXPIRED))

    def is_expired() -> bool:
        seen = see_lease(store, "production/nightly")
        return seen is not None and seen.is_expired

    assert soon(is_expired, 10)


def test_the_job_is_printed_for_each_scheduler(environment: Provided) -> None:
    code, envelope, said = environment.lifeboat("backup", "schedule", "--as", "systemd", "--user", "backup")
    assert (code, len(envelope["data"]["files"])) == (0, 4), said
    code, envelope, said = environment.lifeboat("backup", "schedule", "--as", "cron")
    assert code == 0, said
    assert f"cd {environment.project} && " in envelope["data"]["files"][0]["content"]
    code, envelope, _ = environment.lifeboat("backup", "schedule", "--as", "github-actions")
    assert (code, "no role 'backup'" in envelope["error"]["message"]) == (2, True)
    wrong = ["--directory", "here", "--user", "a b"]
    assert environment.lifeboat("backup", "schedule", "--as", "cron", *wrong)[0] == 2


def _replicated(environment: Provided) -> bool:
    found = environment.rds(OTHER).describe_db_instance_automated_backups()
    return any(
        (each.get("RestoreWindow") or {}).get("LatestTime") for each in found["DBInstanceAutomatedBackups"]
    )
