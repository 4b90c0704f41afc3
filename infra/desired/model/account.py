"""What watches the account: the audit trail and the budget."""

from __future__ import annotations

from dataclasses import dataclass

from infra.desired.reference import BucketRef, KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredTrail:
    """A CloudTrail trail of all regions, with object-level events of the buckets in `data_event_buckets`.

    Its bucket's policy must exist before it.
    """

    name: str
    physical_name: str
    region: str
    bucket: BucketRef
    bucket_name: str
    key: KeyRef
    data_event_buckets: tuple[BucketRef, ...]
    multi_region: bool = True
    log_file_validation: bool = True
    global_service_events: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredBudget:
    """A monthly cost budget of everything tagged with this environment.

    Args:
        warn_actual_percent: mail the contacts when this much has been spent.
        warn_forecast_percent: mail them when the month is forecast to end over this.
    """

    name: str
    physical_name: str
    monthly_usd: int
    contacts: tuple[str, ...]
    cost_filter: tuple[str, str]
    warn_actual_percent: int
    warn_forecast_percent: int
