"""Snapshots: real copies, taken by a job, kept for days, restored into another region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import volume_snapshots, volumes
from localcloud.fly.model import VolumeState
from localcloud.fly.volumes import life
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import Bare

_DAY_S = 86_400.0


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    bare = Bare(tmp_path, volumes.ROUTES, volume_snapshots.ROUTES)
    bare.call("Volumes_create", {"name": "data", "region": "ams", "size_gb": 4})
    bare.pass_time(1)
    return bare


def _volume_id(bare: Bare) -> str:
    return next(iter(bare.app.volumes))


def _files(bare: Bare, volume_id: str) -> Path:
    return Path(bare.app.volumes[volume_id].content)


def _take(bare: Bare) -> dict[str, Any]:
    assert bare.call("createVolumeSnapshot", volume_id=_volume_id(bare)) is None
    bare.pass_time(1)
    return _list(bare)[0]


def _list(bare: Bare) -> list[dict[str, Any]]:
    found = bare.call("Volumes_list_snapshots", volume_id=_volume_id(bare))
    assert isinstance(found, list)
    return found


def test_a_snapshot_waits_runs_and_is_created_with_the_files_of_that_moment(bare: Bare) -> None:
    (_files(bare, _volume_id(bare)) / "rows").write_text("early")
    bare.call("createVolumeSnapshot", volume_id=_volume_id(bare))
    assert [s["status"] for s in _list(bare)] == ["waiting"]
    bare.pass_time(0.26)
    assert [s["status"] for s in _list(bare)] == ["running"]
    bare.pass_time(0.26)
    (snapshot,) = _list(bare)
    assert (snapshot["status"], snapshot["size"], snapshot["retention_days"]) == ("created", 5, 5)
    assert snapshot["volume_size"] == 4 * 2**30


def test_a_restore_goes_into_another_region_and_shows_the_snapshot_not_the_present(bare: Bare) -> None:
    source = _files(bare, _volume_id(bare))
    (source / "deep").mkdir()
    (source / "deep" / "rows").write_text("then")
    snapshot = _take(bare)
    (source / "deep" / "rows").write_text("now")
    order = {"name": "data", "region": "sjc", "snapshot_id": snapshot["id"], "size_gb": 6}
    restored = bare.call("Volumes_create", order)
    assert (restored["state"], restored["region"], restored["size_gb"]) == ("restoring", "sjc", 6)
    bare.pass_time(0.11)
    assert bare.app.volumes[restored["id"]].state is VolumeState.HYDRATING
    bare.pass_time(0.11)
    assert bare.app.volumes[restored["id"]].state is VolumeState.CREATED
    assert (_files(bare, restored["id"]) / "deep" / "rows").read_text() == "then"


def test_a_restore_needs_the_size_of_the_original_and_a_finished_snapshot(bare: Bare) -> None:
    bare.call("createVolumeSnapshot", volume_id=_volume_id(bare))
    order = {"name": "data", "region": "sjc", "snapshot_id": _list(bare)[0]["id"]}
    for wrong, status in ((order, 412), ({**order, "snapshot_id": "vs_none"}, 404)):
        with pytest.raises(WireError) as caught:
            bare.call("Volumes_create", wrong)
        assert caught.value.status == status
    bare.pass_time(1)
    with pytest.raises(WireError, match="at least 4"):
        bare.call("Volumes_create", {**order, "size_gb": 3})
    assert bare.call("Volumes_create", order)["size_gb"] == 4


def test_a_snapshot_survives_the_loss_of_its_host_and_the_end_of_its_volume(bare: Bare) -> None:
    (_files(bare, _volume_id(bare)) / "rows").write_text("kept")
    snapshot = _take(bare)
    bare.world.records.hosts[bare.app.volumes[_volume_id(bare)].host_id].status = "unreachable"
    bare.call("Volume_delete", volume_id=_volume_id(bare))
    bare.pass_time(_DAY_S + 1)
    assert [s["id"] for s in _list(bare)] == [snapshot["id"]]
    restored = bare.call("Volumes_create", {"name": "data", "region": "sjc", "snapshot_id": snapshot["id"]})
    assert (_files(bare, restored["id"]) / "rows").read_text() == "kept"


def test_the_job_waits_while_the_host_does_not_answer(bare: Bare) -> None:
    host = bare.world.records.hosts[bare.app.volumes[_volume_id(bare)].host_id]
    host.status = "unreachable"
    bare.call("createVolumeSnapshot", volume_id=_volume_id(bare))
    bare.pass_time(30)
    assert [s["status"] for s in _list(bare)] == ["waiting"]
    host.status = "ok"
    bare.pass_time(0.3)
    bare.pass_time(0.3)
    assert [s["status"] for s in _list(bare)] == ["created"]


def test_snapshots_end_with_their_retention_and_their_files_with_them(bare: Bare) -> None:
    bare.call("Volumes_update", {"auto_backup_enabled": False}, volume_id=_volume_id(bare))
    snapshot = _take(bare)
    files = Path(bare.app.volumes[_volume_id(bare)].snapshots[snapshot["id"]].content)
    bare.pass_time(5 * _DAY_S - 60)
    assert files.is_dir()
    bare.pass_time(61)
    assert _list(bare) == []
    assert not files.exists()


def test_a_backup_comes_daily_and_none_for_a_volume_that_opted_out(bare: Bare) -> None:
    bare.call("Volumes_create", {"name": "quiet", "region": "sjc", "auto_backup_enabled": False})
    for _ in range(2):
        bare.pass_time(_DAY_S)
        bare.pass_time(1)
    data, quiet = bare.app.volumes.values()
    assert [s.status for s in data.snapshots.values()] == ["created", "created"]
    assert quiet.snapshots == {}


def test_jobs_expiries_and_daily_backups_go_on_after_a_restart(bare: Bare) -> None:
    bare.call("createVolumeSnapshot", volume_id=_volume_id(bare))
    bare.world.timeline.clear()
    life.resume(bare.world)
    bare.pass_time(1)
    assert [s["status"] for s in _list(bare)] == ["created"]
    bare.world.timeline.clear()
    life.resume(bare.world)
    bare.pass_time(_DAY_S)
    bare.pass_time(1)
    assert len(_list(bare)) == 2
