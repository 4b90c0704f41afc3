"""An emulator in process: a manual clock, a runner without processes, and a client with the local token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.admin import PREFIX, Admin
from localcloud.fly.emulator import Emulator
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport
from tests.fly_emulator.machine_fixtures import live, machines

__all__ = ["live", "machines"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 9, 1, 12, tzinfo=UTC))


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def emulator(tmp_path: Path, clock: ManualClock, runner: FakeRunner) -> Emulator:
    emulator = Emulator(tmp_path / "fly", clock, runner=runner)
    emulator.mount(PREFIX, Admin(emulator))
    return emulator


@pytest.fixture
def transport(emulator: Emulator) -> Iterator[InProcessTransport]:
    """The way into the application; one event loop for the whole test."""
    with InProcessTransport(emulator.app) as transport:
        yield transport


@pytest.fixture
def client(transport: InProcessTransport) -> httpx.Client:
    """A client of the whole application with the operator's token."""
    return httpx.Client(
        transport=transport, base_url="http://localhost", headers={"Authorization": LOCAL_TOKEN}
    )


@pytest.fixture
def app_name(client: httpx.Client) -> str:
    """The name of an app that exists."""
    client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"}).raise_for_status()
    return "web"
