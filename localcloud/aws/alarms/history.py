"""A region's alarm history, kept on moto's backend: saved with it, and there after an alarm is gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from localcloud.aws.moto_types import MotoObject

_SLOT = "lifeboat_alarm_history"
_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One entry; the attributes are the names of the API's answer."""

    alarm_name: str
    alarm_type: str
    timestamp: datetime
    history_item_type: str
    history_summary: str
    history_data: str


def record(
    backend: MotoObject, alarm: MotoObject, at: datetime, kind: str, summary: str, data: dict[str, object]
) -> None:
    """Add an entry of kind ConfigurationUpdate, StateUpdate or Action."""
    entries = entries_of(backend)
    entries.append(
        HistoryEntry(
            alarm_name=alarm.name,
            alarm_type="MetricAlarm" if alarm.rule is None else "CompositeAlarm",
            timestamp=at,
            history_item_type=kind,
            history_summary=summary,
            history_data=json.dumps({"version": "1.0", **data}),
        )
    )
    del entries[:-_MOST]


def entries_of(backend: MotoObject) -> list[HistoryEntry]:
    """Return a region's entries, oldest first; the list is the store itself."""
    found: list[HistoryEntry] = backend.__dict__.setdefault(_SLOT, [])
    return found
