"""What earlier runs measured, read from their reports."""

from __future__ import annotations

import json
from collections.abc import Iterator

from scripts.engine.forecast import Sample
from scripts.engine.objects import ObjectStore
from scripts.engine.places import RUNS

NEWEST = 50
"""Reports that are read; older ones say little about today's sizes."""


def read_history(store: ObjectStore) -> tuple[Sample, ...]:
    """Return the steps that the newest ended runs did in one go, newest run first.

    A report that cannot be read is passed over: a forecast is no reason to hold up a recovery.

    Raises:
        StoreUnavailable: the store gave no answer.
    """
    reports = [key for key in store.keys(RUNS) if key.endswith("/report.json")]
    samples: list[Sample] = []
    for key in sorted(reports, reverse=True)[:NEWEST]:
        stored = store.get(key)
        if stored is not None:
            samples.extend(_samples(stored.body))
    return tuple(samples)


def _samples(body: bytes) -> Iterator[Sample]:
    try:
        steps = json.loads(body)["steps"]
        found = [
            Sample(
                kind=str(step["kind"]),
                size=None if step["size"] is None else float(step["size"]),
                duration_s=float(step["actual_s"]),
            )
            for step in steps
            if step["is_measured"]
        ]
    except (ValueError, KeyError, TypeError):
        return
    yield from found
