"""What the local cloud and its machines hold in memory at rest, with the environments that are up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psutil

from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.services import AWS, FLY
from tools.bench.figure import Figure
from tools.scratch_project import CHECKOUT

MAX_AWS_MB = 400.0
MAX_MACHINE_MB = 40.0


def measure_memory(project: Path) -> list[Figure]:
    """Add up the resident memory of every process of a project's local cloud, its supervisor included."""
    shown = subprocess.run(
        [CHECKOUT / ".venv/bin/lifeboat", "status", "--json"],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    data = json.loads(shown)["data"]
    services = {service["name"]: service["memory_bytes"] for service in data["services"]}
    parts = {"supervisor": data["memory_bytes"] - sum(services.values()), **services}
    detail = " + ".join(f"{name} {size / 1e6:.0f}" for name, size in parts.items())
    aws = parts["supervisor"] + parts[AWS]
    return [
        Figure(
            name="memory of the local AWS at rest",
            value=aws / 1e6,
            limit=MAX_AWS_MB,
            unit="MB",
            detail="its supervisor included; PostgreSQL servers are apart",
        ),
        Figure(
            name="memory of all services of the local cloud",
            value=data["memory_bytes"] / 1e6,
            limit=None,
            unit="MB",
            detail=detail,
        ),
        _machines(next(each["endpoint"] for each in data["services"] if each["name"] == FLY)),
    ]


def _machines(endpoint: str) -> Figure:
    """Return the resident memory of the largest idle machine of the local Fly."""
    pids = AdminApi(endpoint).get("processes").values()
    sizes = [psutil.Process(pid).memory_info().rss / 1e6 for pid in pids]
    return Figure(
        name="memory of the largest idle machine",
        value=max(sizes),
        limit=MAX_MACHINE_MB,
        unit="MB",
        detail=f"{len(sizes)} machines, resident; mean {sum(sizes) / len(sizes):.1f} MB",
    )
