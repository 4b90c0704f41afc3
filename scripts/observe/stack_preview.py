"""What the next `pulumi up` would do, as `pulumi preview --json` tells it.

Source: pulumi `pkg/backend/display`, PreviewDigest and PreviewStep.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from scripts.observe.pulumi_cli import PulumiFailed, run_pulumi

_NOTHING = frozenset({"same", "read", "refresh"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedChange:
    """One resource that would not stay as it is.

    Args:
        operation: Pulumi's word, such as `update`, `replace` or `delete`.
        type: type token.
        name: logical name.
        properties: what of it would change, where Pulumi says so.
    """

    operation: str
    type: str
    name: str
    properties: tuple[str, ...] = ()


def preview_stack(stack: str, project: Path, *, timeout_s: float) -> tuple[PreviewedChange, ...]:
    """Return everything the next `up` would change; runs the program and changes nothing.

    Raises:
        PulumiFailed: the preview failed.
    """
    arguments = ["preview", "--json", "--stack", stack]
    try:
        document = json.loads(run_pulumi(arguments, project, timeout_s=timeout_s))
    except ValueError:
        raise PulumiFailed("pulumi preview: printed no JSON", retryable=True) from None
    return tuple(
        PreviewedChange(
            operation=str(step["op"]),
            type=str((step.get("newState") or step.get("oldState") or {}).get("type", "")),
            name=str(step["urn"]).rpartition("::")[2],
            properties=tuple(sorted(step.get("detailedDiff") or step.get("diffReasons") or ())),
        )
        for step in document.get("steps", ())
        if step["op"] not in _NOTHING
    )
