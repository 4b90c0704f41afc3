"""Fly.io's regions by code, and the retired ones with the nearest that still exists.

Source: Fly.io regions reference and `GET /v1/platform/regions`, read 2026; published runbooks still name
retired codes, so these get a hint instead of "unknown". A table, not a probe: capacity is asked elsewhere.
"""

from __future__ import annotations

FLY_REGIONS = frozenset(
    (
        "ams",
        "arn",
        "bom",
        "cdg",
        "dfw",
        "ewr",
        "fra",
        "gru",
        "iad",
        "jnb",
        "lax",
        "lhr",
        "nrt",
        "ord",
        "sin",
        "sjc",
        "syd",
        "yyz",
    )
)
"""Codes that accept machines."""

RETIRED_FLY_REGIONS = {
    "atl": "iad",
    "bog": "dfw",
    "bos": "ewr",
    "den": "dfw",
    "eze": "gru",
    "gdl": "dfw",
    "gig": "gru",
    "hkg": "sin",
    "mad": "cdg",
    "mia": "iad",
    "otp": "fra",
    "phx": "lax",
    "qro": "dfw",
    "scl": "gru",
    "sea": "sjc",
    "waw": "fra",
    "yul": "yyz",
}
"""Nearest live region by retired code."""


def fly_region_problem(code: str) -> str | None:
    """Say what is wrong with a Fly region code; None when nothing is."""
    if code in FLY_REGIONS:
        return None
    nearest = RETIRED_FLY_REGIONS.get(code)
    if nearest is not None:
        return f"fly region {code!r} was retired; the nearest is {nearest!r}"
    return f"unknown fly region {code!r}; known are {', '.join(sorted(FLY_REGIONS))}"
