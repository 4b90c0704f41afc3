"""Takes stock: the newest backups that count, the window of the recovery region, the alarms' thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError
from lifeboat.core.metrics import environment_dimension
from lifeboat.core.units import format_duration
from scripts.actions.backup_fetching import missing_or_resized
from scripts.actions.metrics import Reported, publish
from scripts.backup.freshness import Freshness, freshness
from scripts.backup.gauges import Gauge, Limit, gauges
from scripts.backup.listing import Listing
from scripts.backup.provider import ProviderView, provider_view
from scripts.backup.store import BackupStore
from scripts.cli.backup_places import read_backups
from scripts.observe.aws import Clients, SaidNo, boto_clients
from scripts.observe.databases import SeenRegion, observe_databases
from scripts.observe.thresholds import observe_thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What there is at a moment.

    Args:
        at: on the bucket's clock.
        where: the bucket.
        found: by database.
        gauges: the values of it.
        provider: what RDS keeps.
    """

    at: datetime
    where: str
    found: tuple[Freshness, ...]
    gauges: tuple[Gauge, ...]
    provider: ProviderView

    def findings(self) -> tuple[str, ...]:
        """Return what somebody has to be told."""
        return tuple(gauge.sentence() for gauge in self.gauges if gauge.is_over)

    def lines(self) -> list[str]:
        """Return it as people read it."""
        lines = []
        for each in self.found:
            age = each.age(self.at)
            name = each.newest.id if each.newest else "no backup that counts"
            lines.append(f"{each.database:<20} {name}{f'  {format_duration(age)} old' if age else ''}")
            lines += [f"{'':<20} not counted: {reason}" for reason in each.passed_over]
        return lines + [gauge.sentence() for gauge in self.gauges]

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "at": self.at.isoformat(),
            "where": self.where,
            "databases": [
                {
                    "database": each.database,
                    "backup": each.newest.id if each.newest else None,
                    "age_s": _seconds(each.age(self.at)),
                    "tested_at": each.tested.at.isoformat() if each.tested else None,
                    "not_counted": list(each.passed_over),
                }
                for each in self.found
            ],
            "metrics": [
                {
                    "name": gauge.metric.name,
                    "value_s": gauge.value_s,
                    "limit_s": gauge.limit.seconds if gauge.limit else None,
                    "limit_from": gauge.limit.source if gauge.limit else None,
                    "over": gauge.is_over,
                }
                for gauge in self.gauges
            ],
            "provider": self.provider.data(),
        }


def take_stock(
    contract: Contract,
    warn: Callable[[str], None],
    *,
    read: tuple[BackupStore, Listing] | None = None,
) -> Stock:
    """Look at everything.

    Args:
        contract: the environment.
        warn: is told what did not answer.
        read: a bucket that was read already.

    Raises:
        StoreUnavailable: no bucket answered.

    Effects: reads the bucket, RDS of both regions, alarms of the recovery region.
    """
    clients = boto_clients()
    store, listing = read or read_backups(contract, "", warn)
    at = listing.read_at or SystemClock().now()
    declared = contract.databases.get(contract.topology.primary_region)
    expected = (declared.name,) if declared is not None and declared.name else ()
    found = freshness(listing, expected, lambda manifest: missing_or_resized(store, manifest))
    provider = provider_view(contract, _world(contract, clients))
    thresholds = _thresholds(contract, clients, warn)
    values: tuple[Gauge, ...] = ()
    if contract.databases:
        values = gauges(
            found,
            provider.recoverable(is_expected=contract.backups.automated_backups_arn is not None),
            thresholds,
            rpo=timedelta(minutes=contract.objectives.rpo_minutes),
            now=at,
        )
    return Stock(at=at, where=store.where, found=found, gauges=values, provider=provider)


def report_stock(contract: Contract, stock: Stock) -> tuple[Reported, ...]:
    """Put the values where the alarms look.

    Effects: CloudWatch PutMetricData in both regions.
    """
    away = contract.topology.recovery_region
    regions = sorted(contract.topology.regions, key=lambda region: region != away)
    values = [(gauge.metric, gauge.value_s) for gauge in stock.gauges if gauge.value_s is not None]
    dimension = environment_dimension(contract.product, contract.environment)
    return publish(boto_clients(), regions, values, dimension=dimension)


def _world(contract: Contract, clients: Clients) -> dict[str, SeenRegion]:
    """Return what RDS shows; a refusal is told like silence, for the ages of copies must be known."""
    world: dict[str, SeenRegion] = {}
    for region in contract.topology.regions:
        try:
            world |= observe_databases([region], clients)
        except SaidNo as error:
            world[region] = SeenRegion(region=region, unreachable=f"{error.message} ({error.code})")
    return world


def _thresholds(contract: Contract, clients: Clients, warn: Callable[[str], None]) -> dict[str, Limit]:
    region = contract.topology.recovery_region
    names = contract.alarms.names.get(region, [])
    dimension = environment_dimension(contract.product, contract.environment)
    try:
        found = observe_thresholds(clients, region, names, dimension)
    except LifeboatError as error:
        warn(f"{error.message}; the RPO is taken for the limit")
        return {}
    return {name: Limit(seconds=value, source=alarm) for name, (value, alarm) in found.items()}


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
