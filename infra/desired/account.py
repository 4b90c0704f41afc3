"""Builds the audit trail, the budget and the tags both are read by."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.desired.buckets import TRAIL_BUCKET_NAME, backup_bucket_name, trail_bucket_name
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import DesiredBudget, DesiredTrail
from infra.desired.names import Names
from infra.desired.reference import BucketRef
from lifeboat.core.identity import PROJECT

_COST_TAG = "Lifeboat"
_WARN_ACTUAL_PERCENT, _WARN_FORECAST_PERCENT = 80, 100


def build_tags(config: EnvironmentConfig) -> tuple[tuple[str, str], ...]:
    """Return the tags everything gets; the cost tag is what the budget counts."""
    return (
        ("Product", config.product),
        ("Environment", config.environment),
        ("Owner", config.owner),
        ("ManagedBy", f"pulumi-{PROJECT}"),
        ("Protected", str(config.protected).lower()),
        (_COST_TAG, Names.of(config).prefix),
    )


def build_trail(config: EnvironmentConfig) -> DesiredTrail | None:
    """Return the trail, None when the environment does without."""
    if not config.audit.enabled:
        return None
    home = config.topology.home_region
    return DesiredTrail(
        name="trail",
        physical_name=Names.of(config).account("trail"),
        region=home,
        bucket=BucketRef(TRAIL_BUCKET_NAME),
        bucket_name=trail_bucket_name(config),
        key=key_ref(KeyPurpose.OPERATIONS, home),
        data_event_buckets=tuple(BucketRef(backup_bucket_name(region)) for region in config.topology.regions),
    )


def build_budget(config: EnvironmentConfig) -> DesiredBudget | None:
    """Return the budget, None when the environment has none."""
    if config.budget is None:
        return None
    prefix = Names.of(config).prefix
    return DesiredBudget(
        name="budget",
        physical_name=prefix,
        monthly_usd=config.budget.monthly_usd,
        contacts=config.budget.contacts,
        cost_filter=("TagKeyValue", f"user:{_COST_TAG}${prefix}"),
        warn_actual_percent=_WARN_ACTUAL_PERCENT,
        warn_forecast_percent=_WARN_FORECAST_PERCENT,
    )
