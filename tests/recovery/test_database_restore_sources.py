"""A restore from a snapshot that was asked for: planned, refused, and killed at every moment, in memory."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, Refused
from scripts.engine.interruptions import Stale
from scripts.engine.json_values import plain
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.plans import MADE_AT
from tests.recovery.restore_in_memory import NAME, MemorySite

TAKEN_AT = MADE_AT - timedelta(days=3)
SNAPSHOT = "rds:nightly"


@pytest.fixture
def site(tmp_path: Path) -> MemorySite:
    return with_snapshot(MemorySite(tmp_path))


def with_snapshot(site: MemorySite) -> MemorySite:
    site.world.add_snapshot(SNAPSHOT, site.world.named(NAME), TAKEN_AT)
    site.plan = site.make_plan(SNAPSHOT)
    return site


def test_a_snapshot_asked_for_by_name_is_restored_with_its_own_moment(site: MemorySite) -> None:
    assert site.plan.loss.expected_s == timedelta(days=3).total_seconds()
    assert [(point.at, point.detail) for point in site.plan.candidates if point.chosen] == [
        (TAKEN_AT, "manual snapshot in us-west-1")
    ]
    assert site.run(Killer()).outcome == "done"
    restored = site.world.named(NAME)
    assert restored["RestoreTime"] == TAKEN_AT
    assert restored["MonitoringInterval"] == 60


def test_killed_anywhere_one_instance_is_made_of_the_snapshot(tmp_path: Path) -> None:
    counting = Killer()
    with_snapshot(MemorySite(tmp_path / "count")).run(counting)
    begins = counting.names.index("before restore")
    for moment in range(begins - 4, begins + 12):
        site = with_snapshot(MemorySite(tmp_path / str(moment)))
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        assert site.come_back().outcome == "done", counting.names[moment - 1]
        assert site.world.calls["restore"] == 1, counting.names[moment - 1]
        assert len(site.world.instances) == 2


def test_the_snapshot_of_another_database_never_takes_the_place_of_the_primary(site: MemorySite) -> None:
    site.world.add_snapshot("other", site.world.add("somebody-elses"), TAKEN_AT)
    with pytest.raises(Refused, match="is of somebody-elses, not of") as caught:
        site.make_plan("other")
    assert "--into NAME" in caught.value.hint
    assert site.make_plan("other", into="beside").step("restore").kind == "database-from-snapshot"


def test_a_snapshot_in_the_recovery_region_is_restored_beside_there_without_the_primary(
    site: MemorySite,
) -> None:
    site.away.add_snapshot("copied", site.world.named(NAME), TAKEN_AT)
    with pytest.raises(Refused, match="cannot take the place"):
        site.make_plan("copied")
    site.world.unreachable = True
    template = site.contract.databases["us-west-1"]
    site.contract = site.contract.model_copy(
        update={"databases": {**site.contract.databases, "us-east-2": template}}
    )
    with pytest.raises(Refused, match="us-west-1 cannot be reached"):
        site.make_plan("copied")
    site.plan = site.make_plan("copied", into="rescued")
    assert plain(site.plan.step("restore").parameters["given"])["DBSnapshotIdentifier"] == "copied"
    assert site.run(Killer()).outcome == "done"
    assert site.away.names() == ["rescued"]


def test_a_name_nobody_has_is_told_from_one_that_nobody_can_look_for(site: MemorySite) -> None:
    with pytest.raises(ConfigError, match="no snapshot has the name gone"):
        site.make_plan("gone")
    site.away.unreachable = True
    with pytest.raises(Refused, match="where somebody answers\nus-east-2"):
        site.make_plan("gone")


def test_a_snapshot_deleted_after_the_plan_makes_it_stale(site: MemorySite) -> None:
    del site.world.snapshots[SNAPSHOT]
    with pytest.raises((Stale, ConfigError)):
        site.run(Killer())
    assert site.world.calls == {}


def test_without_a_chain_the_refusal_names_the_newest_snapshot_and_never_takes_it(site: MemorySite) -> None:
    site.world.add_snapshot("newer", site.world.named(NAME), TAKEN_AT + timedelta(days=1))
    site.world.chains = False
    with pytest.raises(Refused, match="no automated backup to restore from") as caught:
        site.make_plan("latest")
    assert "`--to newer`: manual snapshot in us-west-1, of 2026-11-20T08:00:00.000Z" in caught.value.hint
    assert site.make_plan("newer").step("restore").kind == "database-from-snapshot"
