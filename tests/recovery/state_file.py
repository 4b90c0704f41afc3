"""The checkpoint file of a stack, where a recovery finds it without any CLI."""

from __future__ import annotations

import json
from pathlib import Path

from lifeboat.core.identity import PROJECT
from scripts.plans.reconcile import INSTANCE


def lay_state(directory: Path, stack: str = "production", database: str = "") -> str:
    """Write the checkpoint of a stack, unless it is there, and return the address of its backend.

    Args:
        directory: of the backend.
        stack: its name.
        database: resource id of the one database it follows; it follows nothing when there is none.
    """
    file = directory / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"
    if not file.exists():
        file.parent.mkdir(parents=True)
        urn = f"urn:pulumi:{stack}::{PROJECT}::{INSTANCE}::database"
        resources = [{"urn": urn, "type": INSTANCE, "id": database}] if database else []
        latest = {"resources": resources}
        file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": stack, "latest": latest}}))
    return f"file://{directory}"
