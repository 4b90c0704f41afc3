"""Whether a machine starts again after its process ended by itself. Pure.

Source: docs `machines/guides-examples/machine-restart-policy` (default on-failure, 10 tries in 5 minutes).
The pause between tries is ours: Fly does not document it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DEFAULT_MAX_RETRIES = 10
_WINDOW = timedelta(minutes=5)
_FIRST_PAUSE_S = 0.1
_LONGEST_DOUBLINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether to start again and after how long; `tries` counts the exits of the last five minutes."""

    restart: bool
    pause_s: float
    tries: int


def decide(
    policy: Mapping[str, Any], *, exit_code: int, earlier: Sequence[datetime], now: datetime
) -> Verdict:
    """Decide about an exit that nobody asked for.

    Args:
        policy: the machine's `restart` configuration.
        exit_code: how it ended; a signal counts as 128 and its number.
        earlier: moments of earlier exits.
        now: the moment of this one.
    """
    tries = 1 + sum(1 for moment in earlier if now - moment < _WINDOW)
    kind = policy.get("policy") or "on-failure"
    wanted = kind == "always" or (kind == "on-failure" and exit_code != 0)
    most = policy.get("max_retries") or DEFAULT_MAX_RETRIES
    # `always` never lets a machine rest; only on-failure counts its tries.
    restart = wanted and (kind == "always" or tries <= most)
    return Verdict(
        restart=restart, pause_s=_FIRST_PAUSE_S * 2 ** min(tries - 1, _LONGEST_DOUBLINGS), tries=tries
    )


def recent(moments: Sequence[datetime], now: datetime) -> list[datetime]:
    """Return the exits that still count."""
    return [moment for moment in moments if now - moment < _WINDOW]
