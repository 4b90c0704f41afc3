"""Nothing is swapped that was not proven, and nothing is claimed that was not measured."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lifeboat.core.errors import Stuck, Unverified
from scripts.engine.report import Report
from tests.recovery.memory_store import Killer
from tests.recovery.restore_in_memory import AT, NAME, MemorySite


@pytest.fixture
def site(tmp_path: Path) -> MemorySite:
    return MemorySite(tmp_path)


def fact(report: Report, topic: str) -> Any:
    return next(note["facts"] for note in report.notes if note["topic"] == topic)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ({"newest_beat_at": AT + timedelta(seconds=1)}, "later than the moment restored"),
        ({"newest_beat_at": AT - timedelta(seconds=30)}, "the newest restored is 2026-11-22T07:49:30"),
        ({"newest_beat_at": None}, "the newest restored is none"),
        ({"extensions": {}}, "extension plpgsql is missing and is 1.0 in the source"),
        ({"extensions": {"plpgsql": "0.9"}}, "extension plpgsql is 0.9 and is 1.0 in the source"),
        ({"behind": ("invoice_id_seq",)}, "sequence invoice_id_seq would give out a number that is taken"),
        ({"is_recovering": True}, "still replays"),
    ],
)
def test_what_is_not_as_it_has_to_be_stops_the_run_before_the_swap(
    site: MemorySite, inside: dict[str, Any], words: str
) -> None:
    site.world.inside["db-2"] = inside
    with pytest.raises(Unverified, match=words) as caught:
        site.run(Killer())
    assert caught.value.exit_code == 8
    assert site.world.instances["db-1"]["DBInstanceIdentifier"] == NAME
    assert "rename db-1" not in site.world.calls


def test_once_the_cause_is_gone_the_run_goes_on_with_the_same_instance(site: MemorySite) -> None:
    site.world.inside["db-2"] = {"behind": ("invoice_id_seq",)}
    with pytest.raises(Unverified):
        site.run(Killer())
    site.world.inside.clear()
    assert site.come_back().outcome == "done"
    assert site.world.calls["restore"] == 1


def test_a_setting_that_rds_takes_and_does_not_set_is_no_success(site: MemorySite) -> None:
    site.world.deaf.add("DeletionProtection")
    with pytest.raises(Stuck, match="settings"):
        site.run(Killer())
    assert "rename db-1" not in site.world.calls


def test_settings_are_those_declared_and_for_the_rest_those_of_the_primary(site: MemorySite) -> None:
    site.run(Killer())
    old, new = site.world.instances["db-1"], site.world.instances["db-2"]
    assert new["DBParameterGroups"][0]["DBParameterGroupName"] == "pg"
    assert new["VpcSecurityGroups"] == [{"VpcSecurityGroupId": "sg-1"}]
    assert new["DeletionProtection"] is True
    assert new["BackupRetentionPeriod"] == 30
    assert new["MonitoringInterval"] == old["MonitoringInterval"] == 60


@pytest.mark.fault("F27")
def test_the_passwords_are_those_the_secrets_hold_now(site: MemorySite) -> None:
    site.run(Killer())
    assert site.world.passwords["db-2"] == {"lifeboat": "current-password", "app": "role-password"}
    assert site.world.passwords["db-1"]["lifeboat"] == "password-of-that-time"


@pytest.mark.fault("F15")
def test_a_restored_database_that_is_never_backed_up_is_no_success(site: MemorySite) -> None:
    site.world.silent.add("db-2")
    with pytest.raises(Stuck, match="new-backup"):
        site.run(Killer())
    assert site.world.named(NAME)["DbiResourceId"] == "db-2"
    site.world.silent.clear()
    assert site.come_back().outcome == "done"
    assert site.world.calls["snapshot"] == 1


def test_without_heartbeats_bounds_are_told_as_bounds(site: MemorySite) -> None:
    for resource_id in ("db-1", "db-2"):
        site.world.inside[resource_id] = {"newest_beat_at": None}
    site.clock.advance(timedelta(seconds=20))
    report = site.run(Killer())
    loss = fact(report, "loss")
    assert "upper bound" in loss["how"]
    assert loss["measured_s"] >= 600
    assert fact(report, "outage")["how"] == "begin of the swap to the first login through the endpoint"


def test_a_primary_that_is_gone_is_restored_from_its_kept_backups(site: MemorySite) -> None:
    del site.world.instances["db-1"]
    site.world.copies.add("db-1")
    site.plan = site.make_plan("latest")
    assert "old-aside" not in {step.id for step in site.plan.steps}
    report = site.run(Killer())
    assert report.outcome == "done"
    assert NAME in site.world.names()
    assert "measured_s" not in fact(report, "outage")
    assert report.back.measured_s is None
