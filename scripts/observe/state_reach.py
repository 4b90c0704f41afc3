"""Whether the Pulumi state of a stack can be read: through the CLI, or its checkpoint without any."""

from __future__ import annotations

from pathlib import Path

from scripts.observe.checkpoint import checkpoint_digest
from scripts.observe.pulumi_cli import run_pulumi

_TIMEOUT_S = 20.0
"""A preflight is over within seconds; whoever has to have the state waits longer."""
_CHECKPOINTS = ("file://", "s3://")


def reach_state(stack: str, backend_url: str, project: Path, *, through_cli: bool = False) -> str:
    """Read the state and return where it was found.

    Args:
        stack: name of the stack.
        backend_url: PULUMI_BACKEND_URL; empty for the backend the CLI is logged in to.
        project: the folder that holds Pulumi.yaml.
        through_cli: whether the CLI has to be able to, because the run will need it.

    Raises:
        LifeboatError: it cannot be read now; the message says why.
    """
    if backend_url.startswith(_CHECKPOINTS) and not through_cli:
        digest = checkpoint_digest(stack, backend_url)
        return f"checkpoint {digest[:12]} in {backend_url.split('?', maxsplit=1)[0]}"
    exported = run_pulumi(["stack", "export", "--stack", stack], project, timeout_s=_TIMEOUT_S)
    return f"`pulumi stack export` gives {len(exported):,} characters"
