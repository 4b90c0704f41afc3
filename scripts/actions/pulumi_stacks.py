"""What a recovery does with the state of a Pulumi stack, through the CLI; nothing here runs an update."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scripts.observe.pulumi_cli import run_pulumi
from scripts.observe.stack_preview import PreviewedChange, preview_stack
from scripts.observe.stack_state import StackState, read_stack_state

_IMPORT_S = 120.0


class Stacks(Protocol):
    """What the step kinds need of Pulumi."""

    def state(self, stack: str) -> StackState:
        """Return the state of a stack."""
        ...

    def write(self, stack: str, state: StackState) -> None:
        """Make a state the stack's."""
        ...

    def refresh(self, stack: str, urns: Sequence[str], timeout_s: float) -> None:
        """Let the state say what the world is like, for some resources."""
        ...

    def preview(self, stack: str, timeout_s: float) -> tuple[PreviewedChange, ...]:
        """Return what the next `up` would change."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PulumiStacks:
    """The real ones.

    Args:
        project: the folder that holds Pulumi.yaml.
    """

    project: Path

    def state(self, stack: str) -> StackState:
        """As `Stacks.state`."""
        return read_stack_state(stack, self.project)

    def write(self, stack: str, state: StackState) -> None:
        """As `Stacks.write`; the backend keeps the one before as its backup.

        Effects: `pulumi stack import`.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(state.document, file)
            file.flush()
            arguments = ["stack", "import", "--stack", stack, "--file", file.name]
            run_pulumi(arguments, self.project, timeout_s=_IMPORT_S)

    def refresh(self, stack: str, urns: Sequence[str], timeout_s: float) -> None:
        """As `Stacks.refresh`.

        Effects: `pulumi refresh`, which writes the state and nothing else.
        """
        targets = [text for urn in urns for text in ("--target", urn)]
        arguments = ["refresh", "--yes", "--skip-preview", "--stack", stack, *targets]
        run_pulumi(arguments, self.project, timeout_s=timeout_s)

    def preview(self, stack: str, timeout_s: float) -> tuple[PreviewedChange, ...]:
        """As `Stacks.preview`."""
        return preview_stack(stack, self.project, timeout_s=timeout_s)
