"""What a host tells the engine when it cannot do what it was asked."""

from __future__ import annotations


class HostFailure(Exception):
    """A condition the user can repair; its text reaches them through the engine, so it says how."""
