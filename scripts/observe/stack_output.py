"""Reads the contract from the Pulumi state through the CLI: right for any backend, but needs the backend."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from lifeboat.core.contract import OUTPUT_NAME, parse_contract
from scripts.observe.pulumi_cli import PulumiFailed, run_pulumi
from scripts.observe.reading import Reading, SourceUnreadable

_TIMEOUT_S = 60


def read_stack_output(stack: str, project: Path) -> Reading:
    """Return the contract among the outputs of a stack; secrets are never asked for.

    Args:
        stack: name of the stack.
        project: the folder that holds Pulumi.yaml.

    Raises:
        SourceUnreadable: no CLI, no backend, no such stack, or a stack without the output.
        ConfigError: the output is not a contract of this version.
    """
    outputs = _pulumi(["stack", "output", "--json", "--stack", stack], project)
    if not isinstance(outputs, dict) or OUTPUT_NAME not in outputs:
        raise SourceUnreadable(f"stack {stack} has no output {OUTPUT_NAME!r}: was it ever brought up?")
    return Reading(
        contract=parse_contract(outputs[OUTPUT_NAME], source=f"stack output of {stack}"),
        source=f"stack output of {stack}",
        written_at=_last_update(stack, project),
    )


def _last_update(stack: str, project: Path) -> datetime | None:
    history = _pulumi(["stack", "history", "--json", "--page-size", "1", "--stack", stack], project)
    if not isinstance(history, list) or not history:
        return None
    ended = history[0].get("endTime")
    return datetime.fromisoformat(ended) if ended else None


def _pulumi(arguments: list[str], project: Path) -> object:
    try:
        return json.loads(run_pulumi(arguments, project, timeout_s=_TIMEOUT_S))
    except PulumiFailed as error:
        raise SourceUnreadable(error.message) from error
