"""From a configuration to everything its environment should be: builders first, then the rules.

EnvironmentConfig ─► [build] ─► DesiredEnvironment ─► infra.resources
"""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.desired.account import build_budget, build_tags, build_trail
from infra.desired.alarms import build_alarms, build_composites
from infra.desired.buckets import build_buckets
from infra.desired.database_surroundings import (
    build_backup_replications,
    build_event_subscriptions,
    build_subnet_groups,
)
from infra.desired.databases import build_databases
from infra.desired.fly import build_egress_rules, build_fly_apps
from infra.desired.invariants import require_invariants
from infra.desired.keys import build_keys
from infra.desired.model import DesiredEnvironment
from infra.desired.networks import build_networks
from infra.desired.parameter_groups import build_parameter_groups
from infra.desired.roles import build_policies, build_roles
from infra.desired.secrets import build_secrets
from infra.desired.topics import build_routes, build_topics
from infra.desired.topology import (
    build_backup_plan,
    build_connections,
    build_manifest,
    build_objectives,
    build_topology,
)
from infra.desired.watched_app import build_metrics


def build(config: EnvironmentConfig) -> DesiredEnvironment:
    """Return what an environment should be.

    Raises:
        ConfigError: an invariant does not hold; one line per violation.
    """
    desired = assemble(config)
    require_invariants(desired)
    return desired


def assemble(config: EnvironmentConfig) -> DesiredEnvironment:
    """Return the model without checking it; for those who want to look at a model that breaks a rule."""
    alarms = build_alarms(config)
    return DesiredEnvironment(
        product=config.product,
        environment=config.environment,
        owner=config.owner,
        protected=config.protected,
        topology=build_topology(config),
        objectives=build_objectives(config),
        tags=build_tags(config),
        backups=build_backup_plan(config),
        connections=build_connections(config),
        keys=build_keys(config),
        networks=build_networks(config),
        subnet_groups=build_subnet_groups(config),
        parameter_groups=build_parameter_groups(config),
        databases=build_databases(config),
        backup_replications=build_backup_replications(config),
        event_subscriptions=build_event_subscriptions(config),
        fly_apps=build_fly_apps(config),
        egress_rules=build_egress_rules(config),
        buckets=build_buckets(config),
        secrets=build_secrets(config),
        topics=build_topics(config),
        routes=build_routes(config),
        metrics=build_metrics(config),
        alarms=alarms,
        composites=build_composites(config, alarms),
        roles=build_roles(config),
        policies=build_policies(config),
        trail=build_trail(config),
        budget=build_budget(config),
        manifest=build_manifest(config),
    )
