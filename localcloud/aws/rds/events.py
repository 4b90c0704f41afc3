"""Events of RDS: their ids, categories and words, and who among the subscribers gets one.

RDS user guide, "Amazon RDS event categories and event messages". A key is the id as RDS writes it; moto's own
names stand beside the id they mean. What RDS words with a name in it is worded without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from localcloud.aws.moto_types import MotoObject

_GUIDE = "http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#"
_KEPT = timedelta(days=14)
_DEFAULT_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event."""

    category: str
    message: str


KINDS: Mapping[str, Kind] = {
    "RDS-EVENT-0001": Kind("backup", "Backing up DB instance"),
    "RDS-EVENT-0002": Kind("backup", "Finished DB instance backup"),
    "RDS-EVENT-0003": Kind("deletion", "DB instance deleted"),
    "RDS-EVENT-0005": Kind("creation", "DB instance created"),
    "RDS-EVENT-0006": Kind("availability", "DB instance restarted"),
    "RDS-EVENT-0007": Kind(
        "low storage", "Allocated storage has been exhausted. Allocate additional storage to resolve."
    ),
    "RDS-EVENT-0011": Kind("configuration change", "Updated to use DBParameterGroup"),
    "RDS-EVENT-0014": Kind("configuration change", "Finished applying modification to DB instance class"),
    "RDS-EVENT-0016": Kind("configuration change", "Reset master credentials"),
    "RDS-EVENT-0017": Kind("configuration change", "Finished applying modification to allocated storage"),
    "RDS-EVENT-0019": Kind("restoration", "Restored from DB instance"),
    "RDS-EVENT-0025": Kind(
        "configuration change", "Finished applying modification to convert to a Multi-AZ DB instance"
    ),
    "RDS-EVENT-0028": Kind("configuration change", "Disabled automated backups"),
    "RDS-EVENT-0029": Kind(
        "configuration change",
        "Finished applying modification to convert to a standard (Single-AZ) DB instance",
    ),
    "RDS-EVENT-0031": Kind(
        "failure",
        "DB instance put into failed state. RDS recommends that you initiate a point-in-time-restore.",
    ),
    "RDS-EVENT-0032": Kind("configuration change", "Enabled automated backups"),
    "RDS-EVENT-0040": Kind("creation", "Creating manual snapshot"),
    "RDS-EVENT-0042": Kind("creation", "Manual snapshot created"),
    "RDS-EVENT-0043": Kind("restoration", "Restored from snapshot"),
    "RDS-EVENT-0049": Kind("failover", "Multi-AZ instance failover completed"),
    "RDS-EVENT-0087": Kind("notification", "DB instance stopped"),
    "RDS-EVENT-0088": Kind("notification", "DB instance started"),
    "RDS-EVENT-0090": Kind("creation", "Creating automated snapshot"),
    "RDS-EVENT-0091": Kind("creation", "Automated snapshot created"),
}

NAMED_BY_MOTO: Mapping[str, str] = {
    "DB_INSTANCE_BACKUP_START": "RDS-EVENT-0001",
    "DB_INSTANCE_BACKUP_FINISH": "RDS-EVENT-0002",
    "DB_INSTANCE_CREATE": "RDS-EVENT-0005",
    "DB_INSTANCE_RESET_MASTER_CREDENTIALS": "RDS-EVENT-0016",
    "DB_INSTANCE_FAILOVER": "RDS-EVENT-0049",
    "DB_SNAPSHOT_CREATE_AUTOMATED_START": "RDS-EVENT-0090",
    "DB_SNAPSHOT_CREATE_AUTOMATED_FINISH": "RDS-EVENT-0091",
    "DB_SNAPSHOT_CREATE_MANUAL_START": "RDS-EVENT-0040",
    "DB_SNAPSHOT_CREATE_MANUAL_FINISH": "RDS-EVENT-0042",
}


def chosen_events(events: list[MotoObject], given: Mapping[str, object], now: datetime) -> list[MotoObject]:
    """Return the events that DescribeEvents asks for: of the last hour unless it says otherwise.

    Args:
        events: all there are.
        given: the request, by moto's names.
        now: the cloud's time.
    """
    start, end = _moment(given.get("start_time")), _moment(given.get("end_time"))
    minutes = given.get("duration")
    if start is None:
        length = timedelta(minutes=minutes if isinstance(minutes, int) else _DEFAULT_MINUTES)
        start = (end or now) - length
    categories = given.get("event_categories") or ()
    return [
        event
        for event in events
        if start <= _utc(event.date) <= (end or now)
        and given.get("source_identifier") in {None, event.source_identifier}
        and given.get("source_type") in {None, event.source_type}
        and (not categories or set(event.event_categories) & set(list(categories)))  # type: ignore[call-overload]  # a list
    ]


def forget_old(events: list[MotoObject], now: datetime) -> None:
    """Drop what RDS does not keep either: events older than 14 days."""
    events[:] = [event for event in events if _utc(event.date) > now - _KEPT]


def wants(subscription: MotoObject, event: MotoObject) -> bool:
    """Tell whether a subscription is about an event."""
    categories, ids = subscription.event_categories, subscription.source_ids
    return bool(
        subscription.enabled
        and subscription.source_type in {None, "", event.source_type}
        and (not ids or event.source_identifier in ids)
        and (not categories or set(categories) & set(event.event_categories))
    )


def notification(event: MotoObject, event_id: str, region: str) -> str:
    """Return what is published for an event."""
    link = f"https://console.aws.amazon.com/rds/home?region={region}#{event.source_type}:id={event.source_identifier}"
    body = {
        "Event Source": event.source_type,
        "Event Time": _utc(event.date).strftime("%Y-%m-%d %H:%M:%S.000"),
        "Identifier Link": link,
        "Source ID": event.source_identifier,
        "Source ARN": event.source_arn,
        "Event ID": f"{_GUIDE}{event_id}",
        "Event Message": event.message,
    }
    return json.dumps(body)


def _moment(value: object) -> datetime | None:
    return _utc(value) if isinstance(value, datetime) else None


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
