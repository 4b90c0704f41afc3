"""A glance at a stack's state without the engine: how many resources, is anything open."""

from __future__ import annotations

from pathlib import Path

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
    has_contract: bool = False


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
        has_contract=any(OUTPUT_NAME in one.outputs for one in latest.resources if one.type == _STACK),
    )
