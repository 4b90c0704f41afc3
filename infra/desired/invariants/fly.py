"""Fly apps: the loss of a region leaves machines and addresses standing; nothing waits for the day itself."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import DesiredEnvironment, DesiredFlyApp, DesiredMachineGroup


def fly_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what a recovery on Fly would miss."""
    for app in desired.fly_apps:
        for group in app.groups:
            yield from _group_problems(group, desired)
        yield from _egress_problems(app, desired)


def _group_problems(group: DesiredMachineGroup, desired: DesiredEnvironment) -> Iterator[Problem]:
    active, ready = dict(group.regions), dict(group.standby_regions)
    both = sorted(active.keys() & ready.keys())
    if both:
        yield Problem(path=(group.name,), message=f"is active and standby in {', '.join(both)}")
    if desired.protected and not ready:
        yield Problem(path=(group.name,), message="has no standbys; capacity is not promised on the day")
    volumes = [volume.fly_region for volume in group.volumes]
    for region, count in {**active, **ready}.items():
        if group.volumes and volumes.count(region) < count:
            yield Problem(path=(group.name,), message=f"has {count} machines in {region} and fewer volumes")
    for service in group.config.get("services", []):
        if not service.get("checks"):
            yield Problem(path=(group.name,), message="serves without a check, so nothing gates its requests")


def _egress_problems(app: DesiredFlyApp, desired: DesiredEnvironment) -> Iterator[Problem]:
    """Egress addresses take minutes to work: both regions' must be admitted by both databases beforehand."""
    for egress in app.egress:
        admitted = {rule.network for rule in desired.egress_rules if rule.egress == egress.name}
        for network in desired.networks:
            if network.name not in admitted:
                yield Problem(path=(egress.name,), message=f"is not admitted by {network.name}")
    regions = {egress.fly_region for egress in app.egress}
    machines = {region for group in app.groups for region, _ in (*group.regions, *group.standby_regions)}
    if app.egress and not machines <= regions:
        missing = ", ".join(sorted(machines - regions))
        yield Problem(path=(app.name,), message=f"has machines and no egress address in {missing}")
