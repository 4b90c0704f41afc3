"""Minted tokens, known by the digest of their text alone: the text is shown once and never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Token:
    """What a token may see and until when; `scope` is `org:<slug>` or `app:<name>`."""

    scope: str
    caller: str
    expires_at: datetime | None = None
