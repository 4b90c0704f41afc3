"""How fast a fleet comes up under Fly's rate limits, against the bound that the limits themselves set.

The machines are light: records without a process, so that the figure is about requests and not about this
machine's processors. Everything else is as always: the provider's handlers, the client with its own buckets,
HTTP, and an emulated Fly that refuses what comes too fast.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.fly.provider.provider import FlyProvider
from lifeboat.providerkit.requests import CheckRequest, CreateRequest, Subject
from lifeboat.providerkit.urn import parse_urn
from localcloud.fly.tokens import LOCAL_TOKEN
from tools.bench.figure import Figure
from tools.bench.local_service import local_service

APPS = 10
REGIONS = {"sjc": 4, "ord": 3, "fra": 3}
# Docs `machines/api/working-with-machines-api`: one create per second and app, three at once.
BURST, PER_S = 3, 1.0
MAX_RATIO = 1.2


def measure_fly_fleet() -> list[Figure]:
    """Bring up ten apps of ten machines in three regions and compare with the bound."""
    machines = sum(REGIONS.values())
    bound_s = (machines - BURST) / PER_S
    clock = SystemClock()
    with (
        tempfile.TemporaryDirectory(prefix="lifeboat-fleet-") as scratch,
        _emulator(Path(scratch)) as environment,
    ):
        provider = FlyProvider(environment)
        start_s = clock.monotonic_s()
        with ThreadPoolExecutor(APPS) as pool:
            made = sum(pool.map(lambda number: _bring_up(provider, f"fleet-{number}"), range(APPS)))
        taken_s = clock.monotonic_s() - start_s
    if made != APPS * machines:
        msg = f"{made} machines came up, {APPS * machines} were asked for"
        raise RuntimeError(msg)
    return [
        Figure(
            name=f"fleet of {APPS} apps x {machines} machines, against Fly's limits",
            value=taken_s / bound_s,
            limit=MAX_RATIO,
            unit="x",
            detail=f"{taken_s:.1f} s; the limits allow {bound_s:.1f} s; light machines, without a process",
        )
    ]


def _bring_up(provider: FlyProvider, app: str) -> int:
    """Make an app and its machines through the handlers; return how many machines are started."""
    _create(provider, "App", app, {"name": app, "org": "lifeboat"})
    group = {"app": app, "group": "web", "config": _CONFIG, "regions": REGIONS}
    outputs = _create(provider, "MachineGroup", app, group)
    return sum(machine["state"] == "started" for machine in outputs["machines"])


_CONFIG = {
    "image": "registry.fly.io/lifeboat-light:v1",
    "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
    "services": [
        {
            "protocol": "tcp",
            "internal_port": 8080,
            "ports": [{"port": 80, "handlers": ["http"]}],
            "checks": [{"type": "http", "port": 8080, "path": "/", "interval": "2s", "timeout": "1s"}],
        }
    ],
}


def _create(provider: FlyProvider, kind: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    token = f"fly:index:{kind}"
    urn = parse_urn(f"urn:pulumi:local::bench::{token}::{name}")
    subject = Subject(urn=urn, clock=SystemClock(), log=_hush)
    handler = provider.handler(token)
    checked = handler.check(CheckRequest(subject=subject, inputs=inputs, old_inputs={}))
    if checked.failures:
        raise RuntimeError(str(checked.failures))
    return dict(handler.create(CreateRequest(subject=subject, inputs=checked.inputs)).outputs)


def _hush(_line: str) -> None:
    """A hundred lines about a hundred machines say nothing here."""


@contextmanager
def _emulator(directory: Path) -> Iterator[dict[str, str]]:
    """Run an emulated Fly and yield the variables that lead to it."""
    options = {"--proxy-port": 0, "--directory": directory / "data"}
    with local_service("localcloud.fly", directory / "fly", options) as fly:
        names = ("FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL")
        yield {**dict.fromkeys(names, fly.url), "FLY_API_TOKEN": LOCAL_TOKEN}
