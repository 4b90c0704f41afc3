"""What is saved comes back as it was: a whole world, and nothing of what is not meant to last."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import Refused
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.persistence import Persistence
from localcloud.fly.state_file import Saved, StateFile
from localcloud.fly.world import Records
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport


@pytest.fixture
def full(client: httpx.Client, app_name: str, emulator: Emulator, clock: ManualClock) -> Records:
    """The records of a world with one of everything."""
    base = f"/v1/apps/{app_name}"
    requests: tuple[tuple[str, dict[str, object]], ...] = (
        (f"{base}/deploy_token", {}),
        (f"{base}/secrets", {"values": {"KEY": "välue\u0000\n"}}),
        (f"{base}/secretkeys/signing/generate", {"type": "hs256"}),
        (f"{base}/volumes", {"name": "data", "region": "sjc", "size_gb": 1}),
        (f"{base}/ip_assignments", {"type": "shared_v4"}),
        (f"{base}/certificates/acme", {"hostname": "www.example.com"}),
        (f"{base}/machines", {"region": "sjc", "config": {"image": "web:1", "env": {"A": "1"}}}),
    )
    for path, body in requests:
        assert client.post(path, json=body).is_success, path
    for _ in range(3):
        clock.advance(timedelta(seconds=1))
        client.post("/_lifeboat/clock", json={"advance_s": 0})
    (machine,) = emulator.world.machines()
    client.post(f"{base}/machines/{machine.id}/lease?ttl=60").raise_for_status()
    (volume,) = emulator.world.volumes()
    client.post(f"{base}/volumes/{volume.id}/snapshots").raise_for_status()
    return emulator.world.records


def _save(transport: InProcessTransport, emulator: Emulator, path: Path) -> StateFile:
    file = StateFile(path=path)

    async def save() -> None:
        await Persistence(file, emulator.world).save()

    transport.portal.call(save)
    return file


def test_a_whole_world_comes_back(
    transport: InProcessTransport, emulator: Emulator, full: Records, tmp_path: Path
) -> None:
    emulator.world.clock.advance(timedelta(hours=5))
    saved = _save(transport, emulator, tmp_path / "state").read()
    assert saved is not None
    assert saved.records == full
    assert saved.advanced_s == 5 * 3600


def test_a_restarted_world_goes_on(
    transport: InProcessTransport, emulator: Emulator, full: Records, tmp_path: Path, clock: ManualClock
) -> None:
    saved = _save(transport, emulator, tmp_path / "state").read()
    assert saved is not None
    runner = FakeRunner()
    again = Emulator(tmp_path / "fly", clock, runner=runner, records=saved.records)

    async def resume() -> None:
        again.resume()
        for _ in range(4):
            clock.advance(timedelta(seconds=1))
            again.settle()

    with InProcessTransport(again.app) as other:
        other.portal.call(resume)
    (machine,) = again.world.machines()
    assert machine.state.value == "started"
    assert list(runner.environments) == [machine.id]
    assert again.world.records.ids.machine() not in {machine.id for machine in emulator.world.machines()}


def test_faults_are_not_saved(
    transport: InProcessTransport, emulator: Emulator, full: Records, tmp_path: Path
) -> None:
    del full
    emulator.faults.declare(FaultSpec(kind=FaultKind.API_DOWN))
    file = _save(transport, emulator, tmp_path / "state")
    assert b"api_down" not in file.path.read_bytes()


def test_the_file_is_for_its_owner_alone(
    transport: InProcessTransport, emulator: Emulator, tmp_path: Path
) -> None:
    file = _save(transport, emulator, tmp_path / "state")
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_failed_save_keeps_the_previous_file(
    transport: InProcessTransport, emulator: Emulator, tmp_path: Path
) -> None:
    blocked = tmp_path / "state"
    blocked.mkdir()
    (blocked / "in-the-way").touch()
    with pytest.raises(OSError, match="state"):
        _save(transport, emulator, blocked)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".state")] == []


def test_wrong_records_are_refused_without_their_values(tmp_path: Path) -> None:
    payload = json.dumps({"records": {"ids": "s3cr3t"}}).encode()
    file = StateFile(path=tmp_path / "state")
    file.write(payload)
    with pytest.raises(Refused, match="cannot be loaded: records") as refused:
        file.read()
    assert "s3cr3t" not in str(refused.value)


def test_no_file_is_an_empty_cloud(tmp_path: Path) -> None:
    assert StateFile(path=tmp_path / "none").read() is None


def test_an_unknown_part_of_the_file_is_refused(tmp_path: Path, emulator: Emulator) -> None:
    saved = json.loads(Saved(records=emulator.world.records).model_dump_json())
    file = StateFile(path=tmp_path / "state")
    file.write(json.dumps({**saved, "more": 1}).encode())
    with pytest.raises(Refused, match="more"):
        file.read()
