"""A CloudWatch log group with a key and a retention of its own."""

from __future__ import annotations

from dataclasses import dataclass

from infra.desired.reference import KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredLogGroup:
    """A log group; `physical_name` is a path (`/aws/rds/instance/<identifier>/postgresql`)."""

    name: str
    physical_name: str
    region: str
    key: KeyRef
    retention_days: int
