"""How objects are written beside a backup: their content and its digest, so that damage shows at reading."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from lifeboat.core.errors import Refused


class BackupUnreadable(Refused):
    """An object of a backup is not what it should be."""


class Piece(BaseModel):
    """The base of everything that is written beside a backup: frozen, no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def encode(piece: Piece) -> bytes:
    """Return the body of an object, the digest of its content beside it."""
    content = piece.model_dump(mode="json")
    return json.dumps({"content": content, "sha256": _digest(content)}, indent=1).encode()


def decode(body: bytes, source: str) -> Any:  # noqa: ANN401  # JSON, which each model checks
    """Return the content of an object that `encode` wrote.

    Raises:
        BackupUnreadable: not JSON, or not the bytes that were written.
    """
    try:
        document = json.loads(body)
        content, digest = document["content"], document["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupUnreadable(f"{source}: not an object of a backup") from error
    if _digest(content) != digest:
        raise BackupUnreadable(f"{source}: altered since it was written", hint="its sha-256 does not fit")
    return content


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
