"""What the local cloud holds in memory at rest, with the environments that are up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tools.bench.figure import Figure
from tools.scratch_project import CHECKOUT

MAX_MB = 400.0


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
    return [
        Figure(
            name="memory of the local cloud at rest",
            value=data["memory_bytes"] / 1e6,
            limit=MAX_MB,
            unit="MB",
            detail=" + ".join(f"{name} {size / 1e6:.0f}" for name, size in parts.items()),
        )
    ]
