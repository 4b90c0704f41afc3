"""The contract of an environment, from the best source that answers."""

from __future__ import annotations

import os
from pathlib import Path

from lifeboat.core.identity import environment_of
from lifeboat.core.project import ENVIRONMENTS
from scripts.observe.checkpoint import read_checkpoint
from scripts.observe.environment_data import manifest_places
from scripts.observe.manifest import read_manifest
from scripts.observe.reading import Reading, first_readable
from scripts.observe.stack_output import read_stack_output


def observe_contract(stack: str, project: Path) -> Reading:
    """Return the contract of a stack: manifest object, then stack output, then checkpoint.

    The order is that of what still works when a region, the state backend or the CLI is gone. The state
    backend is the one of PULUMI_BACKEND_URL.

    Args:
        stack: name of the stack.
        project: the folder that holds Pulumi.yaml and environments/.

    Raises:
        Refused: no source answered; the message says why, source by source.
    """
    environment = environment_of(stack)
    return first_readable(
        (
            ("manifest", lambda: read_manifest(manifest_places(environment, project / ENVIRONMENTS))),
            ("stack output", lambda: read_stack_output(stack, project)),
            ("checkpoint", lambda: read_checkpoint(stack, os.environ.get("PULUMI_BACKEND_URL", ""))),
        )
    )
