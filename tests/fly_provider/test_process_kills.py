"""The provider's process itself is killed in the middle of its work, and started again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.providerkit.protos import provider_pb2_grpc
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fly_process import FlyProcess
from tests.providerkit.running_provider import EngineResource

APP = "shop-web"
INPUTS: dict[str, Any] = {
    "app": APP,
    "group": "web",
    "config": {"image": "registry.fly.io/lifeboat-light:1"},
    "regions": {"sjc": 4},
    "maxUnavailable": 2,
}


class ProviderProcess:
    """One plugin process, as the engine starts it."""

    def __init__(self, fly: FlyProcess) -> None:
        addresses = ("FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL")
        environment = {**os.environ, **dict.fromkeys(addresses, fly.url), "FLY_API_TOKEN": LOCAL_TOKEN}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lifeboat.fly.provider"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.group = EngineResource(stub, "fly:index:MachineGroup", "web")

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._channel.close()
        if self._process.stdout is not None:
            self._process.stdout.close()


@pytest.fixture
def fly(tmp_path: Path) -> Iterator[FlyProcess]:
    """An emulated Fly with an app."""
    process = FlyProcess(tmp_path, "--port", "0", "--proxy-port", "0").wait_until_ready()
    with process.client() as client:
        client.post("/v1/apps", json={"name": APP, "org_slug": "lifeboat"}).raise_for_status()
    yield process
    process.stop()


def shown(fly: FlyProcess) -> list[tuple[str, str]]:
    """Name and image of every machine that counts."""
    with fly.client() as client:
        found = client.get(f"/v1/apps/{APP}/machines").json()
    living = [one for one in found if one["state"] not in ("destroying", "destroyed")]
    return sorted((one["name"], one["config"]["image"][-1]) for one in living)


def killed_while(fly: FlyProcess, after_s: float, work: Any) -> None:
    """Do something in a provider process that is killed after a while."""
    process = ProviderProcess(fly)
    with ThreadPoolExecutor(max_workers=1) as pool:
        doing = pool.submit(work, process.group)
        SystemClock().sleep(after_s)
        process.kill()
        assert isinstance(doing.exception(timeout=30), grpc.RpcError)


def test_a_killed_process_leaves_nothing_that_the_next_one_cannot_finish(fly: FlyProcess) -> None:
    changed = {**INPUTS, "config": {"image": "registry.fly.io/lifeboat-light:2"}}
    killed_while(fly, 0.6, lambda group: group.create(group.check(INPUTS)))
    assert 0 < len(shown(fly)) < 4, "Fly's rate limit lets three be made at once"
    process = ProviderProcess(fly)
    checked = process.group.check(INPUTS)
    group_id, outputs = process.group.create(checked)
    assert shown(fly) == [(f"web-sjc-{number}", "1") for number in range(1, 5)]
    process.kill()
    killed_while(
        fly, 1.0, lambda group: group.update(group_id, checked, outputs, group.check(changed, checked))
    )
    assert 0 < [image for _, image in shown(fly)].count("2") < 4
    process = ProviderProcess(fly)
    wanted = process.group.check(changed, checked)
    outputs = process.group.update(group_id, checked, outputs, wanted)
    process.kill()
    assert shown(fly) == [(f"web-sjc-{number}", "2") for number in range(1, 5)]
    assert len(outputs["machines"]) == 4
