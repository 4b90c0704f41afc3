"""Where the objects of a run lie in the store; the store's own prefix comes before these keys."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

from lifeboat.core.errors import ConfigError

RUNS = "runs/"
_RUN_ID = re.compile(r"run-\d{8}-\d{6}-[0-9a-f]{6}")
_SEQUENCE = re.compile(r"/journal/(\d{6})\.json$")


def new_run_id(now: datetime) -> str:
    """Return an id such as `run-20261122-080000-4f3a9c`; ids sort by time and fit into names and tags."""
    return f"run-{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def check_run_id(text: str) -> str:
    """Return a run id that somebody typed.

    Raises:
        ConfigError: it is not one.
    """
    if _RUN_ID.fullmatch(text) is None:
        raise ConfigError(f"{text!r} is not a run id", hint="`lifeboat run list` shows them")
    return text


def lease_key(environment: str) -> str:
    """Return the key of an environment's lease."""
    return f"leases/{environment}.json"


def plan_key(run_id: str) -> str:
    """Return the key of a run's plan."""
    return f"{RUNS}{run_id}/plan.json"


def report_key(run_id: str) -> str:
    """Return the key of an ended run's report."""
    return f"{RUNS}{run_id}/report.json"


def journal_prefix(run_id: str) -> str:
    """Return what the keys of all events of a run start with."""
    return f"{RUNS}{run_id}/journal/"


def event_key(run_id: str, sequence: int) -> str:
    """Return the key of one event."""
    return f"{journal_prefix(run_id)}{sequence:06d}.json"


def sequence_of(key: str) -> int:
    """Return the number in an event's key; 0 when the key is not one of an event."""
    found = _SEQUENCE.search(key)
    return int(found[1]) if found else 0
