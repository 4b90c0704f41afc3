"""Machines are processes of the emulator's process: they end with it, and come back with the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fly_emulator.fly_process import FlyProcess
from tests.waiting import soon

Start = Callable[[], FlyProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start processes, all with the same state file."""
    started: list[FlyProcess] = []

    def begin() -> FlyProcess:
        started.append(FlyProcess(tmp_path).wait_until_ready())
        return started[-1]

    yield begin
    for process in started:
        process.stop()


def _start_machine(process: FlyProcess) -> int:
    """Create an app with an address and one machine, and return the pid of its process."""
    service = {"protocol": "tcp", "internal_port": 8080, "ports": [{"port": 80, "handlers": ["http"]}]}
    config = {"image": "registry.fly.io/web:1", "services": [service]}
    with process.client() as client:
        client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"}).raise_for_status()
        client.post("/v1/apps/web/ip_assignments", json={"type": "shared_v4"}).raise_for_status()
        made = client.post("/v1/apps/web/machines", json={"region": "sjc", "config": config})
        made.raise_for_status()
        path = f"/v1/apps/web/machines/{made.json()['id']}/wait"
        client.get(path, params={"state": "started", "timeout": 20}, timeout=30).raise_for_status()
    return _pid(process)


def _pid(process: FlyProcess) -> int:
    (pid,) = process.admin("GET", "processes").values()
    return int(pid)


def _answers(process: FlyProcess) -> bool:
    """Tell whether the app answers through the edge."""
    try:
        answer = httpx.get(
            f"http://127.0.0.1:{process.proxy_port}/health/live",
            headers={"Host": "web.fly.dev"},
            trust_env=False,
        )
    except httpx.TransportError:
        return False
    return answer.status_code == 200


def test_a_machine_answers_through_the_edge_and_is_back_after_a_restart(start: Start) -> None:
    first = start()
    before = _start_machine(first)
    assert soon(lambda: _answers(first))
    assert first.stop() == 0
    assert soon(lambda: not psutil.pid_exists(before))

    second = start()
    assert soon(lambda: _answers(second))
    assert _pid(second) != before
    assert second.admin("GET", "health")["machines"] == {"started": 1}


def test_no_machine_outlives_a_killed_emulator(start: Start) -> None:
    first = start()
    before = _start_machine(first)
    assert soon(lambda: not first.admin("GET", "health")["dirty"])
    first.kill()
    assert soon(lambda: not psutil.pid_exists(before))
    second = start()
    assert soon(lambda: _answers(second))


def test_a_reset_ends_every_machine(start: Start) -> None:
    process = start()
    pid = _start_machine(process)
    process.admin("POST", "reset")
    assert soon(lambda: not psutil.pid_exists(pid))
    assert process.admin("GET", "processes") == {}
    assert process.log.read_text() == ""
