"""Volumes: placed on a host of one region, grown, soft-deleted, restored and forked with their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import volume_snapshots, volumes
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.model import State, VolumeState
from localcloud.fly.volumes import life
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import Bare

_DAY_S = 86_400.0


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path, volumes.ROUTES, volume_snapshots.ROUTES)


def _create(bare: Bare, **fields: Any) -> dict[str, Any]:
    body = bare.call("Volumes_create", {"name": "data", "region": "ams", **fields})
    assert isinstance(body, dict)
    return body


def _settled(bare: Bare, **fields: Any) -> dict[str, Any]:
    volume = _create(bare, **fields)
    bare.pass_time(1)
    return volume


def _refused(bare: Bare, operation: str, body: Any = None, **path: str) -> WireError:
    with pytest.raises(WireError) as caught:
        bare.call(operation, body, **path)
    return caught.value


def test_a_new_volume_is_creating_and_then_created_on_a_host_of_its_region(bare: Bare) -> None:
    volume = _create(bare)
    assert (volume["state"], volume["size_gb"], volume["region"]) == ("creating", 3, "ams")
    assert (volume["encrypted"], volume["snapshot_retention"], volume["fstype"]) == (True, 5, "ext4")
    assert "attached_machine_id" not in volume
    bare.pass_time(0.2)
    assert bare.call("Volumes_get_by_id", volume_id=volume["id"])["state"] == "created"


def test_volumes_of_one_name_need_a_zone_each_unless_told_otherwise(bare: Bare) -> None:
    first, second = _create(bare), _create(bare)
    assert first["zone"] != second["zone"]
    refusal = _refused(bare, "Volumes_create", {"name": "data", "region": "ams"})
    assert (refusal.status, refusal.code) == (422, "insufficient_capacity")
    assert refusal.error == "could not find a candidate host"
    assert _create(bare, require_unique_zone=False)["region"] == "ams"
    assert _create(bare, name="other")["region"] == "ams"
    app_wide = {"name": "third", "region": "ams", "unique_zone_app_wide": True}
    assert _refused(bare, "Volumes_create", app_wide).status == 422


def test_a_full_region_and_a_host_that_cannot_hold_the_machine_are_refused(bare: Bare) -> None:
    for name in ("a", "b", "c", "d"):
        _create(bare, name=name, size_gb=500)
    assert _refused(bare, "Volumes_create", {"name": "e", "region": "ams"}).code == "insufficient_capacity"
    big = {"name": "f", "region": "sjc", "compute": {"cpus": 32, "memory_mb": 1024}}
    assert _refused(bare, "Volumes_create", big).code == "insufficient_capacity"


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "eu"},
        {"region": "ams,sjc"},
        {"region": ""},
        {"name": "Data-1"},
        {"size_gb": 501},
        {"size_gb": -1},
        {"fstype": "btrfs"},
        {"snapshot_retention": 61},
    ],
    ids=str,
)
def test_a_bad_order_is_refused_and_leaves_nothing(bare: Bare, wrong: dict[str, Any]) -> None:
    refusal = _refused(bare, "Volumes_create", {"name": "data", "region": "ams", **wrong})
    assert refusal.status == 400
    assert bare.app.volumes == {}


def test_declared_lack_of_capacity_speaks_as_the_region_or_the_quota(bare: Bare) -> None:
    fault = bare.world.faults.declare(FaultSpec(kind=FaultKind.NO_CAPACITY, region="ams"))
    refusal = _refused(bare, "Volumes_create", {"name": "data", "region": "ams"})
    assert (refusal.status, refusal.error) == (409, "aborted: no capacity")
    assert _create(bare, region="sjc")["region"] == "sjc"
    bare.world.faults.forget(fault)
    bare.world.faults.declare(FaultSpec(kind=FaultKind.NO_CAPACITY, scope="quota", times=1))
    assert _refused(bare, "Volumes_create", {"name": "data", "region": "ams"}).status == 403
    assert _create(bare)["state"] == "creating"


def test_a_volume_only_grows_and_asks_for_a_restart_where_it_is_in_use(bare: Bare) -> None:
    volume = _settled(bare)
    for size in (3, 2, 501):
        assert _refused(bare, "Volumes_extend", {"size_gb": size}, volume_id=volume["id"]).status == 400
    grown = bare.call("Volumes_extend", {"size_gb": 10}, volume_id=volume["id"])
    assert (grown["needs_restart"], grown["volume"]["state"]) == (False, "extending")
    assert grown["volume"]["size_gb"] == 10
    bare.pass_time(1)
    bare.add_machine("m1")
    bare.app.volumes[volume["id"]].attached_machine_id = "m1"
    assert bare.call("Volumes_extend", {"size_gb": 11}, volume_id=volume["id"])["needs_restart"] is True


def test_a_host_without_room_refuses_an_extension(bare: Bare) -> None:
    bare.world.records.hosts["ams-1"].volume_gb = bare.world.records.hosts["ams-2"].volume_gb = 5
    volume = _settled(bare)
    refusal = _refused(bare, "Volumes_extend", {"size_gb": 6}, volume_id=volume["id"])
    assert refusal.status == 409
    assert "on the current host" in refusal.error


def test_retention_and_daily_backups_can_be_changed(bare: Bare) -> None:
    volume = _settled(bare)
    body = {"snapshot_retention": 14, "auto_backup_enabled": False}
    changed = bare.call("Volumes_update", body, volume_id=volume["id"])
    assert (changed["snapshot_retention"], changed["auto_backup_enabled"]) == (14, False)
    kept = bare.call("Volumes_update", {"snapshot_retention": None}, volume_id=volume["id"])
    assert kept["snapshot_retention"] == 14


def test_an_attached_volume_cannot_be_deleted(bare: Bare) -> None:
    volume = _settled(bare)
    bare.add_machine("m1", State.STOPPED)
    bare.app.volumes[volume["id"]].attached_machine_id = "m1"
    refusal = _refused(bare, "Volume_delete", volume_id=volume["id"])
    assert refusal.status == 412
    assert "m1" in refusal.error
    assert bare.call("Volumes_get_by_id", volume_id=volume["id"])["attached_machine_id"] == "m1"


def test_a_deleted_volume_is_pending_for_a_day_and_then_gone_with_its_files(bare: Bare) -> None:
    volume = _settled(bare)
    content = Path(bare.app.volumes[volume["id"]].content)
    assert bare.call("Volume_delete", volume_id=volume["id"])["state"] == "pending_destroy"
    assert _refused(bare, "Volumes_extend", {"size_gb": 9}, volume_id=volume["id"]).status == 412
    bare.pass_time(_DAY_S - 10)
    assert bare.call("Volumes_list")[0]["state"] == "pending_destroy"
    assert content.is_dir()
    bare.pass_time(20)
    assert bare.call("Volumes_list") == []
    assert _refused(bare, "Volumes_get_by_id", volume_id=volume["id"]).status == 404
    assert not content.exists()


def test_a_volume_whose_host_is_lost_shows_it_and_refuses_changes_and_forks(bare: Bare) -> None:
    volume = _settled(bare)
    bare.world.records.hosts[bare.app.volumes[volume["id"]].host_id].status = "unreachable"
    assert bare.call("Volumes_get_by_id", volume_id=volume["id"])["host_status"] == "unreachable"
    assert _refused(bare, "Volumes_extend", {"size_gb": 9}, volume_id=volume["id"]).status == 412
    fork = {"name": "copy", "region": "sjc", "source_volume_id": volume["id"]}
    refusal = _refused(bare, "Volumes_create", fork)
    assert refusal.status == 412
    assert "unreachable" in refusal.error


def test_a_fork_holds_the_files_of_its_source_and_goes_its_own_way(bare: Bare) -> None:
    volume = _settled(bare, size_gb=7)
    source = Path(bare.app.volumes[volume["id"]].content)
    (source / "rows").write_text("one")
    fork = _create(bare, name="copy", region="sjc", source_volume_id=volume["id"])
    assert (fork["state"], fork["size_gb"], fork["bytes_used"]) == ("hydrating", 7, 3)
    (source / "rows").write_text("two")
    assert (Path(bare.app.volumes[fork["id"]].content) / "rows").read_text() == "one"
    beside = _create(bare, name="beside", source_volume_id=volume["id"], region=None)
    assert beside["region"] == "ams"
    small = {"name": "small", "region": "sjc", "source_volume_id": volume["id"], "size_gb": 6}
    assert _refused(bare, "Volumes_create", small).status == 400


def test_pages_follow_the_cursor_in_the_header_until_it_is_absent(bare: Bare) -> None:
    made = {_create(bare, name=f"v{n}")["id"] for n in range(5)}
    seen: list[str] = []
    query = "limit=2"
    for _ in range(3):
        answer = bare.answer("Volumes_list", query=query)
        seen += [volume["id"] for volume in answer.body]
        query = f"limit=2&cursor={answer.headers.get('fly-next-cursor', '')}"
    assert len(seen) == 5
    assert set(seen) == made
    assert "fly-next-cursor" not in answer.headers


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "cursor=abc", "limit=2&cursor=WzEsMl0="]
)
def test_a_bad_limit_or_cursor_is_refused(bare: Bare, query: str) -> None:
    with pytest.raises(WireError) as caught:
        bare.answer("Volumes_list", query=query)
    assert caught.value.status == 400


def test_a_cursor_is_refused_half_an_hour_after_its_first_page(bare: Bare) -> None:
    for n in range(3):
        _create(bare, name=f"v{n}")
    cursor = bare.answer("Volumes_list", query="limit=1").headers["fly-next-cursor"]
    bare.pass_time(1000)
    cursor = bare.answer("Volumes_list", query=f"limit=1&cursor={cursor}").headers["fly-next-cursor"]
    bare.pass_time(1000)
    with pytest.raises(WireError, match="expired"):
        bare.answer("Volumes_list", query=f"limit=1&cursor={cursor}")


def test_what_was_under_way_goes_on_after_a_restart(bare: Bare) -> None:
    creating = _create(bare)["id"]
    doomed = _create(bare, name="doomed")["id"]
    bare.call("Volume_delete", volume_id=doomed)
    bare.world.timeline.clear()
    life.resume(bare.world)
    bare.pass_time(1)
    assert bare.app.volumes[creating].state is VolumeState.CREATED
    bare.pass_time(_DAY_S)
    assert bare.app.volumes[doomed].state is VolumeState.DESTROYED


def test_slow_transitions_slow_volumes_of_the_region_down(bare: Bare) -> None:
    bare.world.faults.declare(FaultSpec(kind=FaultKind.SLOW_TRANSITIONS, region="ams", factor=100))
    slow, quick = _create(bare), _create(bare, region="sjc")
    bare.pass_time(5)
    assert bare.app.volumes[slow["id"]].state is VolumeState.CREATING
    assert bare.app.volumes[quick["id"]].state is VolumeState.CREATED
