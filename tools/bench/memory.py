"""What the local cloud holds in memory at rest, with the environments that are up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tools.bench.figure import Figure

ROOT = Path(__file__).resolve().parents[2]
MAX_MB = 400.0


def measure_memory() -> list[Figure]:
    """Add up the resident memory of every process of the local cloud, its supervisor included."""
    shown = subprocess.run(
        [ROOT / ".venv/bin/lifeboat", "cloud", "status", "--json"], check=True, capture_output=True, text=True
    ).stdout
    processes = json.loads(shown)["data"]["processes"]
    total_mb = sum(process["rss_bytes"] for process in processes) / 1e6
    parts = " + ".join(f"{process['name']} {process['rss_bytes'] / 1e6:.0f}" for process in processes)
    return [
        Figure(
            name="memory of the local cloud at rest", value=total_mb, limit=MAX_MB, unit="MB", detail=parts
        )
    ]
