"""The checkpoint file of a stack, where a recovery finds it without any CLI."""

from __future__ import annotations

import json
from pathlib import Path

from lifeboat.core.identity import PROJECT


def lay_state(directory: Path, stack: str = "production") -> str:
    """Write the checkpoint of a stack without resources and return the address of its backend."""
    file = directory / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": stack, "latest": {"resources": []}}}))
    return f"file://{directory}"
