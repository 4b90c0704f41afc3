"""Moments that look drawn by lot and are the same for the same seed."""

from __future__ import annotations

import hashlib


def drawn(seed: str, number: int) -> float:
    """Return the number-th share of a length, from 0 up to 1."""
    digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
