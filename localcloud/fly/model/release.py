"""Releases and builds: what flyctl writes down about deploys (the uiex API)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True, kw_only=True)
class Build:
    """A build as flyctl announces it, also for `deploy --image`."""

    id: int
    app_name: str
    status: str
    created_at: datetime
    image: str = ""


@dataclass(slots=True, kw_only=True)
class Release:
    """A deploy; `status` pending, running, complete, failed, interrupted."""

    id: str
    app_name: str
    version: int
    status: str
    strategy: str
    image_ref: str
    created_at: datetime
    definition: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    user_email: str = "operator@localhost"
