"""Builds the Fly apps: active machines beside the primary database, standbys beside the recovery region."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.fly import App, Group
from infra.config.secrets import SecretEntry
from infra.desired.databases import database_name
from infra.desired.fly_machine import machine_config
from infra.desired.model import (
    DesiredAddress,
    DesiredAppSecret,
    DesiredCertificate,
    DesiredEgress,
    DesiredEgressRule,
    DesiredFlyApp,
    DesiredMachineGroup,
    DesiredVolume,
)
from infra.desired.names import Names
from infra.desired.networks import network_name
from infra.desired.reference import DatabaseRef


def build_fly_apps(config: EnvironmentConfig) -> tuple[DesiredFlyApp, ...]:
    """Return the apps in the order of the environment file."""
    if config.fly is None:
        return ()
    return tuple(_app(config, config.fly.organization, key, app) for key, app in config.fly.apps.items())


def build_egress_rules(config: EnvironmentConfig) -> tuple[DesiredEgressRule, ...]:
    """Return what admits every app's egress addresses to the databases of both regions.

    Of both, from both: an address takes minutes to work and a failover must not wait for a security group.
    """
    if config.database is None or config.network is None:
        return ()
    port = config.database.port
    return tuple(
        DesiredEgressRule(
            name=f"{network_name(region)}-from-{egress.name}",
            network=network_name(region),
            region=region,
            egress=egress.name,
            port=port,
            description=f"{app.physical_name} in {egress.fly_region}",
        )
        for app in build_fly_apps(config)
        for egress in app.egress
        for region in config.topology.regions
    )


def _app(config: EnvironmentConfig, organization: str, key: str, app: App) -> DesiredFlyApp:
    name = f"fly-{key}"
    return DesiredFlyApp(
        name=name,
        key=key,
        physical_name=app.name,
        organization=organization,
        image=app.image,
        groups=tuple(_group(config, app, f"{name}-{group}", group) for group in app.groups),
        secrets_name=f"{name}-secrets",
        secrets=_secrets(config, app),
        addresses=_addresses(name, app),
        certificates=tuple(
            DesiredCertificate(name=f"{name}-{hostname}", hostname=hostname) for hostname in app.certificates
        ),
        egress=_egress(config, name) if app.egress else (),
        protected=config.protected,
    )


def _addresses(name: str, app: App) -> tuple[DesiredAddress, ...]:
    if all(group.service is None for group in app.groups.values()):
        return ()
    ipv4 = "v4" if app.ipv4 else "shared_v4"
    kinds = (ipv4, "v6")
    return tuple(DesiredAddress(name=f"{name}-{kind.replace('_', '-')}", type=kind) for kind in kinds)


def _egress(config: EnvironmentConfig, name: str) -> tuple[DesiredEgress, ...]:
    # In the order of topology.regions, not of roles: a failover must not rename anything.
    codes = (config.topology.fly_regions[region] for region in config.topology.regions)
    return tuple(DesiredEgress(name=f"{name}-egress-{code}", fly_region=code) for code in codes)


def _secrets(config: EnvironmentConfig, app: App) -> tuple[DesiredAppSecret, ...]:
    return tuple(
        _secret(config, entry, entry.fly_name)
        for entry in config.secrets
        if entry.fly_name and (app.secrets is None or entry.name in app.secrets)
    )


def _secret(config: EnvironmentConfig, entry: SecretEntry, fly_name: str) -> DesiredAppSecret:
    template = entry.fly_template
    asks = template is not None and "{database}" in template
    return DesiredAppSecret(
        fly_name=fly_name,
        secret=Names.of(config).secret(entry.name),
        regions=config.topology.regions,
        template=template,
        database=DatabaseRef(database_name(config.topology.primary_region)) if asks else None,
    )


def _group(config: EnvironmentConfig, app: App, name: str, key: str) -> DesiredMachineGroup:
    group, topology = app.groups[key], config.topology
    active = topology.fly_regions[topology.primary_region]
    ready = topology.fly_regions[topology.recovery_region]
    return DesiredMachineGroup(
        name=name,
        group=key,
        regions=((active, group.count),),
        standby_regions=((ready, group.standbys),) if group.standbys else (),
        fallback_regions=group.fallback_regions,
        config=machine_config(config, app, group),
        strategy=group.strategy.value,
        max_unavailable=group.max_unavailable,
        owner=app.owner.value,
        volumes=_volumes(config, group, name),
        has_service=group.service is not None,
    )


def _volumes(config: EnvironmentConfig, group: Group, name: str) -> tuple[DesiredVolume, ...]:
    """Return as many volumes in either region as the fuller one needs, so that a failover takes none away."""
    volume, topology = group.volume, config.topology
    if volume is None:
        return ()
    return tuple(
        DesiredVolume(
            name=f"{name}-{volume.name}-{code}-{number}",
            volume_name=f"{volume.name}_{number}",
            fly_region=code,
            size_gib=volume.size_gib,
            snapshot_retention_days=volume.snapshot_retention_days,
            protected=config.protected,
        )
        for code in (topology.fly_regions[region] for region in topology.regions)
        for number in range(1, max(group.count, group.standbys) + 1)
    )
