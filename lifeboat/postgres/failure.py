"""What a server or a program of PostgreSQL says when it cannot do its work."""

from __future__ import annotations

from lifeboat.core.errors import StepFailed


class ServerFailed(StepFailed):
    """A server did not start, ended by itself, or a program that prepares one failed; none is running."""
