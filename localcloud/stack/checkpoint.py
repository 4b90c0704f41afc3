"""A glance at a stack's state without the engine: how many resources, is anything open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from lifeboat.core.contract import OUTPUT_NAME

_STACK = "pulumi:pulumi:Stack"


class _Resource(BaseModel):
    model_config = ConfigDict(frozen=True)

    type: str
    outputs: dict[str, object] = {}


class _Latest(BaseModel):
    model_config = ConfigDict(frozen=True)

    resources: tuple[_Resource, ...] = ()
    pending_operations: tuple[object, ...] = ()


class _Checkpoint(BaseModel):
    model_config = ConfigDict(frozen=True)

    latest: _Latest | None = None


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True)

    checkpoint: _Checkpoint


class CheckpointGlance(BaseModel):
    """What a checkpoint holds; a stack that does not exist, or was never brought up, holds nothing."""

    model_config = ConfigDict(frozen=True)

    resources: int = 0
    pending: int = 0
    contract: dict[str, Any] | None = None


def glance_at(path: Path) -> CheckpointGlance:
    """Return what a checkpoint file holds.

    One that cannot be read counts as nothing here: the engine, which is asked next, says what is wrong with
    it.
    """
    try:
        latest = _Document.model_validate_json(path.read_bytes()).checkpoint.latest
    except (FileNotFoundError, ValidationError):
        return CheckpointGlance()
    if latest is None:
        return CheckpointGlance()
    return CheckpointGlance(
        resources=len(latest.resources),
        pending=len(latest.pending_operations),
        contract=next((_contract(one) for one in latest.resources if one.type == _STACK), None),
    )


def _contract(stack: _Resource) -> dict[str, Any] | None:
    found = stack.outputs.get(OUTPUT_NAME)
    return found if isinstance(found, dict) else None
