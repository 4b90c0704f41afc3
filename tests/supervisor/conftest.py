"""Each test has its own cloud directory, and leaves no process of it behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifeboat.core.clock import SystemClock
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.down import end_cloud
from localcloud.supervisor.record import CloudRecord, read_record
from localcloud.supervisor.up import Hold, hold_cloud
from tests.waiting import processes_at, soon

ROOT = Path(__file__).resolve().parents[2]
CLOCK = SystemClock()


def table(name: str) -> str:
    return f"tests.supervisor.tables:{name}"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudDirectory]:
    # Supervisors run elsewhere and must still find the tables of these tests.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cloud = CloudDirectory(tmp_path / "cloud")
    yield cloud
    end_cloud(cloud)
    assert soon(lambda: not processes_of(cloud)), processes_of(cloud)


def bring_up(directory: CloudDirectory, name: str = "STEADY", *, new_ports: bool = False) -> Hold:
    """Start or join a cloud that stays."""
    with hold_cloud(directory, table=table(name), timeout_s=20.0, new_ports=new_ports) as hold:
        hold.keep()
    return hold


def starter(directory: CloudDirectory, name: str, *words: str) -> subprocess.Popen[str]:
    """Start a process that starts a cloud."""
    script = Path(__file__).with_name("starter.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(directory.root), table(name), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def record_of(directory: CloudDirectory) -> CloudRecord:
    record = read_record(directory.record)
    assert record is not None
    return record


def processes_of(directory: CloudDirectory) -> list[str]:
    """Return the command lines of living processes that name the directory."""
    return processes_at(str(directory.root))
