"""Fixtures of machine tests: `machines` without processes and by hand, `live` with real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lifeboat.core.clock import ManualClock, SystemClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.process_runner import ProcessRunner
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.in_process import InProcessTransport
from tests.fly_emulator.machine_world import MachineWorld


@pytest.fixture
def machines(
    emulator: Emulator, client: httpx.Client, transport: InProcessTransport, clock: ManualClock
) -> MachineWorld:
    """Machines of a fake runner; time passes by hand."""
    return MachineWorld(emulator, client, transport, clock)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[MachineWorld]:
    """Machines that are processes; time passes by itself."""
    directory = tmp_path / "fly"
    emulator = Emulator(directory, SystemClock(), runner=ProcessRunner(directory))
    with InProcessTransport(emulator.app) as transport:
        client = httpx.Client(
            transport=transport, base_url="http://localhost", headers={"Authorization": LOCAL_TOKEN}
        )
        beating = transport.portal.start_task_soon(_beat, emulator)
        try:
            yield MachineWorld(emulator, client, transport)
        finally:
            beating.cancel()
            transport.portal.call(emulator.life.close)


async def _beat(emulator: Emulator) -> None:
    """Do what is due, as the emulator's own process does."""
    while True:
        emulator.settle()
        await asyncio.sleep(0.02)
