"""What the command line costs before it does anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tools.bench.figure import Command, Figure, interleaved_medians_s
from tools.scratch_project import CHECKOUT

MAX_RATIO = 8.0


def measure_help(rounds: int) -> list[Figure]:
    """Time `lifeboat --help` against a Python that does nothing."""
    python = Command(arguments=(sys.executable, "-c", ""), directory=CHECKOUT, environment=os.environ)
    command = (str(Path(sys.executable).parent / "lifeboat"), "--help")
    shown = Command(arguments=command, directory=CHECKOUT, environment=os.environ)
    python_s, help_s = interleaved_medians_s([python, shown], rounds=rounds)
    return [
        Figure(
            name="lifeboat --help to an empty Python start",
            value=help_s / python_s,
            limit=MAX_RATIO,
            unit="x",
            detail=f"{help_s * 1000:.0f} ms / {python_s * 1000:.0f} ms",
        )
    ]
