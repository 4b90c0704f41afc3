"""A process that runs one machine, says its pid, and waits to be killed: `this-file directory config`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from lifeboat.core.clock import SystemClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.order import read_order
from localcloud.fly.machines.process_runner import ProcessRunner
from localcloud.fly.model import App


async def main(directory: Path, config: dict[str, Any]) -> None:
    """Start a machine and stay."""
    emulator = Emulator(directory, SystemClock(), runner=ProcessRunner(directory))
    app = App(
        id="app",
        name="web",
        internal_numeric_id=1,
        org_slug="lifeboat",
        network="default",
        created_at=emulator.world.clock.now(),
    )
    emulator.world.apps[app.name] = app
    life = emulator.life
    order = read_order(app, config, images=life.images, regions=("iad",))
    life.create(app, order, regions=("iad",))
    while not emulator.runner.pids():
        emulator.settle()
        await asyncio.sleep(0.02)
    # The image must have read its lifeline's place before the test kills us: it writes when it is ready.
    while not list((directory / "logs").glob("*.jsonl")):
        await asyncio.sleep(0.02)
    sys.stdout.write(f"{next(iter(emulator.runner.pids().values()))}\n")
    sys.stdout.flush()
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
